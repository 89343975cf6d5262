//! When camera and screen are on, and what is reported about video.

use serde_json::{Value, json};

use super::bench::{Bench, SECOND, kind};
use crate::{
    client::{
        DeviceState, Event, Track, TrackKind, TransportState,
        machine::{
            Command, DeviceKind, Input, Output, Reply, Shown, VideoConfig, VideoSourceKind, VideoStream,
        },
    },
    error::{DeviceErrorKind, Error, ErrorKind},
};

const BOTH: VideoConfig = VideoConfig {
    cam: VideoSourceKind::OfApp,
    screen: VideoSourceKind::OfSystem,
    cam_enabled: false,
    screen_enabled: false,
};

/// A machine whose bot is ready, over a connection that carries video.
fn ready(video: VideoConfig) -> Bench {
    ready_with(video, json!({}))
}

fn ready_with(video: VideoConfig, capabilities: Value) -> Bench {
    let mut bench = Bench::with(|config| config.video = video);
    bench.connect();
    carry_on(&mut bench, capabilities);
    bench
}

/// The connection that opens carries video, and its bot is ready.
fn carry_on(bench: &mut Bench, capabilities: Value) {
    bench.feed(Input::VideoCarried { epoch: bench.epoch });
    bench.open();
    let data = json!({"version": "2.2.0", "capabilities": capabilities});
    bench.message(json!({"type": "bot-ready", "id": "1", "data": data}));
    assert_eq!(bench.state(), TransportState::Ready);
}

/// What was turned on and off since last asked.
fn shown(bench: &mut Bench) -> Vec<(Shown, bool)> {
    let shown = |output| if let Output::ShowVideo { shown, on } = output { Some((shown, on)) } else { None };
    bench.take().into_iter().filter_map(shown).collect()
}

fn enable(shown: Shown, enable: bool) -> Command {
    Command::EnableVideo { shown, enable }
}

#[test]
fn what_is_wanted_is_shown_while_the_bot_is_ready() {
    let mut bench = ready(VideoConfig { cam_enabled: true, ..BOTH });
    assert_eq!(shown(&mut bench), [(Shown::Cam, true)]);
    let call = bench.call(enable(Shown::Screen, true));
    assert_eq!((bench.reply(call), shown(&mut bench)), (Ok(Reply::Done), vec![(Shown::Screen, true)]));
    bench.lose();
    assert_eq!(shown(&mut bench), [(Shown::Cam, false), (Shown::Screen, false)]);
    bench.call(enable(Shown::Cam, false));
    assert_eq!(shown(&mut bench), [], "nothing is shown while the connection is being restored");
    bench.pass(SECOND);
    carry_on(&mut bench, json!({}));
    assert_eq!(shown(&mut bench), [(Shown::Screen, true)]);
    bench.call(Command::Disconnect);
    assert_eq!(shown(&mut bench), [(Shown::Cam, false), (Shown::Screen, false)]);
}

#[test]
fn what_is_not_there_is_reported_once() {
    let mut bench = Bench::with(|config| {
        config.video = VideoConfig { cam_enabled: true, screen_enabled: true, ..VideoConfig::default() };
    });
    bench.connect();
    let reported: Vec<String> =
        bench.events().into_iter().filter(|name| name == "unsupportedFeature").collect();
    assert_eq!(reported.len(), 2);
    let call = bench.call(enable(Shown::Cam, true));
    let error = bench.reply(call).unwrap_err();
    assert!(error.message().starts_with("enable_cam: the client has no source"), "{error}");
    let call = bench.call(enable(Shown::Cam, false));
    assert_eq!(bench.reply(call), Ok(Reply::Done));
}

#[test]
fn what_the_bot_does_not_take_is_refused() {
    let mut bench = ready_with(VideoConfig { cam_enabled: true, ..BOTH }, json!({"video_in": false}));
    assert!(bench.take().contains(&Output::Emit(Event::UnsupportedFeature(
        "enable_cam: the bot reports video_in as false".to_owned()
    ))));
    let call = bench.call(enable(Shown::Cam, true));
    assert_eq!(kind(bench.reply(call)), ErrorKind::UnsupportedFeature);
    let call = bench.call(enable(Shown::Screen, true));
    assert_eq!(bench.reply(call), Ok(Reply::Done), "nothing is known about the screen");
    let mut bench = ready_with(BOTH, json!({"video_in": true, "screen_in": false}));
    let call = bench.call(enable(Shown::Screen, true));
    let error = bench.reply(call).unwrap_err();
    assert!(error.message().contains("screen_in"), "{error}");
}

#[test]
fn a_connection_without_video_shows_nothing() {
    let mut bench = Bench::with(|config| config.video = VideoConfig { cam_enabled: true, ..BOTH });
    bench.make_ready();
    assert_eq!(shown(&mut bench), []);
    let call = bench.call(enable(Shown::Screen, true));
    let error = bench.reply(call).unwrap_err();
    assert!(error.message().contains("carries no video"), "{error}");
}

#[test]
fn tracks_begin_and_end_with_their_pictures() {
    let mut bench = ready(BOTH);
    bench.take();
    let flow = |stream, flows| Input::VideoFlow { stream, flows };
    for (input, events) in [
        (flow(VideoStream::Cam, true), vec!["trackStarted"]),
        (flow(VideoStream::Cam, true), vec![]),
        (flow(VideoStream::Screen, true), vec!["screenTrackStarted"]),
        (flow(VideoStream::Bot, true), vec!["trackStarted"]),
        (flow(VideoStream::Cam, false), vec!["trackStopped"]),
        (flow(VideoStream::Cam, false), vec![]),
    ] {
        bench.feed(input);
        assert_eq!(bench.events(), events);
    }
    bench.lose();
    let events = bench.take();
    let stopped = events.iter().filter_map(|output| match output {
        Output::Emit(Event::TrackStopped(Track { kind, participant })) => Some((*kind, participant.local)),
        Output::Emit(Event::ScreenTrackStopped(Track { kind, participant })) => {
            Some((*kind, participant.local))
        }
        _ => None,
    });
    assert_eq!(stopped.collect::<Vec<_>>(), [(TrackKind::Video, false), (TrackKind::ScreenVideo, true)]);
    bench.feed(flow(VideoStream::Bot, true));
    assert_eq!(bench.events(), [""; 0], "late reports change nothing");
}

#[test]
fn a_screen_that_fails_is_off_and_a_camera_that_fails_keeps_its_wish() {
    let mut bench = ready(BOTH);
    bench.call(enable(Shown::Screen, true));
    bench.call(enable(Shown::Cam, true));
    bench.take();
    let lost = Error::device(DeviceErrorKind::NotFound, "the window was closed");
    bench.feed(Input::DeviceFailed { device: DeviceKind::Screen, error: lost.clone() });
    let expected = [
        Output::ShowVideo { shown: Shown::Screen, on: false },
        Output::Emit(Event::ScreenShareError(lost.clone())),
    ];
    assert_eq!(bench.take(), expected);
    bench.feed(Input::DeviceFailed { device: DeviceKind::Cam, error: lost.clone() });
    let outputs = bench.take();
    assert!(outputs.contains(&Output::Emit(Event::DeviceError(lost.clone()))));
    assert_eq!(bench.machine.media.cam, DeviceState::failed(&lost));
    bench.feed(Input::VideoFlow { stream: VideoStream::Cam, flows: true });
    assert_eq!(bench.machine.media.cam, DeviceState::Granted, "it works again");
    bench.lose();
    bench.pass(SECOND);
    bench.take();
    carry_on(&mut bench, json!({}));
    assert_eq!(shown(&mut bench), [(Shown::Cam, true)]);
}
