//! Microphone and speaker: when they run, and what happens when they fail.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use rtvi_core::{
    Error, ErrorKind, Event, TransportState,
    client::{DeviceState, MIC_RELEASE, PushToTalk},
    media::{AudioFormat, AudioFrame, AudioSink, AudioSource, MUTE_SILENCE},
    transport::{CloseReason, scripted::ScriptedConnection},
};
use serde_json::json;
use tokio::time::sleep;

use crate::stage::{FRAME, Stage, name, say, serve_close, settle};

pub(crate) const FORMAT: AudioFormat = AudioFormat::mono(16_000);

/// The calls that a fake device received.
#[derive(Debug, Default)]
struct Asked {
    starts: AtomicUsize,
    stops: AtomicUsize,
    flushes: AtomicUsize,
    fails: AtomicBool,
}

impl Asked {
    fn start(&self) -> Result<(), Error> {
        self.starts.fetch_add(1, Ordering::Relaxed);
        if self.fails.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Device, "the device is in use"));
        }
        Ok(())
    }

    fn started_stopped(&self) -> (usize, usize) {
        (self.starts.load(Ordering::Relaxed), self.stops.load(Ordering::Relaxed))
    }
}

/// A microphone with a loud signal, or a speaker that discards its audio.
struct Device(Arc<Asked>);

impl AudioSource for Device {
    fn format(&self) -> AudioFormat {
        FORMAT
    }

    fn start(&mut self) -> Result<(), Error> {
        self.0.start()
    }

    fn available(&self) -> Option<usize> {
        None
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        out.fill(20_000);
        out.len()
    }

    fn is_finished(&self) -> bool {
        false
    }

    fn stop(&mut self) {
        self.0.stops.fetch_add(1, Ordering::Relaxed);
    }
}

impl AudioSink for Device {
    fn format(&self) -> AudioFormat {
        FORMAT
    }

    fn start(&mut self) -> Result<(), Error> {
        self.0.start()
    }

    fn wanted(&self) -> Option<usize> {
        None
    }

    fn write(&mut self, _samples: &[i16]) {}

    fn flush(&mut self) {
        self.0.flushes.fetch_add(1, Ordering::Relaxed);
    }

    fn stop(&mut self) {
        self.0.stops.fetch_add(1, Ordering::Relaxed);
    }
}

/// A client with a microphone and a speaker.
fn stage(enable_mic: bool) -> (Stage, Arc<Asked>, Arc<Asked>) {
    let (mic, speaker) = <(Arc<Asked>, Arc<Asked>)>::default();
    let stage = Stage::with(|options| {
        options.microphone = Some(Box::new(Device(Arc::clone(&mic))));
        options.speaker = Some(Box::new(Device(Arc::clone(&speaker))));
        options.client.enable_mic = enable_mic;
    });
    (stage, mic, speaker)
}

/// Takes the available frames of the microphone and returns their number.
pub(crate) fn frames(connection: &mut ScriptedConnection) -> usize {
    std::iter::from_fn(|| connection.port.mic.try_recv().ok()).count()
}

fn is_local_track(event: &Event, started: bool) -> bool {
    match event {
        Event::TrackStarted(track) => started && track.participant.local,
        Event::TrackStopped(track) => !started && track.participant.local,
        _ => false,
    }
}

#[tokio::test(start_paused = true)]
async fn a_microphone_that_is_off_is_never_started() {
    let (mut stage, mic, _speaker) = stage(false);
    let mut connection = stage.ready().await;
    assert!(!connection.mic_enabled && !stage.client.is_mic_enabled());
    sleep(Duration::from_secs(1)).await;
    assert_eq!(frames(&mut connection), 0);
    let (ended, ()) = tokio::join!(stage.client.disconnect(), serve_close(connection));
    ended.unwrap();
    assert_eq!(mic.started_stopped().0, 0);
    assert!(!stage.drain().await.iter().any(|event| is_local_track(event, true)));
}

#[tokio::test(start_paused = true)]
async fn turning_the_microphone_on_starts_it() {
    let (mut stage, mic, _speaker) = stage(false);
    let mut connection = stage.ready().await;
    stage.client.enable_mic(true).await.unwrap();
    assert!(stage.client.is_mic_enabled());
    stage.wait_for("trackStarted").await;
    assert_eq!(mic.started_stopped().0, 1);
    assert_eq!(stage.client.tracks().len(), 1);
    frames(&mut connection);
    sleep(10 * FRAME).await;
    assert!((9..=11).contains(&frames(&mut connection)), "one frame every 20 ms");
}

#[tokio::test(start_paused = true)]
async fn muting_sends_silence_for_a_while_and_then_nothing() {
    let (mut stage, mic, _speaker) = stage(true);
    let mut connection = stage.ready().await;
    stage.wait_for("trackStarted").await;
    stage.client.enable_mic(false).await.unwrap();
    stage.wait_for("trackStopped").await;
    assert!(stage.client.tracks().is_empty());
    let mut silent = Vec::new();
    for _ in 0..300 {
        sleep(FRAME).await;
        silent.extend(std::iter::from_fn(|| connection.port.mic.try_recv().ok()));
    }
    let expected = MUTE_SILENCE.as_millis() / FRAME.as_millis();
    let count = silent.len() as u128;
    assert!((expected - 2..=expected + 3).contains(&count), "{count} frames after muting");
    let quiet = |frame: &AudioFrame| frame.samples.iter().all(|sample| *sample == 0);
    assert!(silent.iter().rev().take(100).all(quiet), "it is silence");
    stage.client.enable_mic(true).await.unwrap();
    stage.wait_for("trackStarted").await;
    assert_eq!(mic.started_stopped(), (1, 0), "a microphone that is muted for a moment goes on");
}

/// A client in a session, with a microphone that is released this long after muting, and the calls
/// that the microphone received.
async fn ready_with_release(after: Option<Duration>) -> (Stage, ScriptedConnection, Arc<Asked>) {
    let mic = Arc::<Asked>::default();
    let mut stage = Stage::with(|options| {
        options.microphone = Some(Box::new(Device(Arc::clone(&mic))));
        options.client.voice.mic_release_after = after;
    });
    let connection = stage.ready().await;
    stage.wait_for("trackStarted").await;
    (stage, connection, mic)
}

/// Whether anything but silence reaches the transport within the next 400 ms.
pub(crate) async fn is_heard(connection: &mut ScriptedConnection) -> bool {
    frames(connection);
    sleep(Duration::from_millis(400)).await;
    std::iter::from_fn(|| connection.port.mic.try_recv().ok())
        .any(|frame| frame.samples.iter().any(|sample| *sample != 0))
}

#[tokio::test(start_paused = true)]
async fn a_muted_microphone_is_released_after_a_while_and_opened_again() {
    let (mut stage, mut connection, mic) = ready_with_release(Some(MIC_RELEASE)).await;
    stage.client.enable_mic(false).await.unwrap();
    stage.wait_for("trackStopped").await;
    sleep(MIC_RELEASE - 3 * FRAME).await;
    assert_eq!(mic.started_stopped(), (1, 0));
    sleep(6 * FRAME).await;
    assert_eq!(mic.started_stopped(), (1, 1), "ten seconds by default");
    sleep(10 * MIC_RELEASE).await;
    assert!(!is_heard(&mut connection).await);
    stage.client.enable_mic(true).await.unwrap();
    stage.wait_for("trackStarted").await;
    assert_eq!(mic.started_stopped(), (2, 1));
    assert!(is_heard(&mut connection).await);
    let (ended, ()) = tokio::join!(stage.client.disconnect(), serve_close(connection));
    ended.unwrap();
    assert_eq!(mic.started_stopped(), (2, 2));
    assert_eq!(stage.names().await.iter().filter(|name| *name == "trackStopped").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_microphone_that_was_released_is_not_stopped_twice() {
    let (mut stage, connection, mic) = ready_with_release(Some(MIC_RELEASE)).await;
    stage.client.enable_mic(false).await.unwrap();
    sleep(2 * MIC_RELEASE).await;
    stage.drain().await;
    let (ended, ()) = tokio::join!(stage.client.disconnect(), serve_close(connection));
    ended.unwrap();
    assert_eq!(mic.started_stopped(), (1, 1));
    assert!(!stage.drain().await.iter().any(|event| is_local_track(event, false)), "it had stopped before");
}

#[tokio::test(start_paused = true)]
async fn a_muted_microphone_may_stay_open_while_the_session_lasts() {
    let (mut stage, mut connection, mic) = ready_with_release(None).await;
    stage.client.enable_mic(false).await.unwrap();
    sleep(6 * MIC_RELEASE).await;
    stage.client.enable_mic(true).await.unwrap();
    assert!(is_heard(&mut connection).await);
    assert_eq!(mic.started_stopped(), (1, 0));
    stage.drain().await;
    let (ended, ()) = tokio::join!(stage.client.disconnect(), serve_close(connection));
    ended.unwrap();
    assert_eq!(mic.started_stopped(), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_microphone_that_is_released_at_once_leaves_the_silence_that_ends_a_turn() {
    let (mut stage, mut connection, mic) = ready_with_release(Some(Duration::ZERO)).await;
    frames(&mut connection);
    stage.client.enable_mic(false).await.unwrap();
    stage.wait_for("trackStopped").await;
    assert_eq!(mic.started_stopped(), (1, 1));
    let mut silent = 0;
    for _ in 0..300 {
        sleep(FRAME).await;
        silent += frames(&mut connection);
    }
    let expected = (MUTE_SILENCE.as_millis() / FRAME.as_millis()) as usize;
    assert!((expected - 2..=expected + 3).contains(&silent), "{silent} frames after muting");
}

#[tokio::test(start_paused = true)]
async fn muting_and_unmuting_in_any_haste_ends_as_the_last_call_says() {
    for after in [Some(Duration::ZERO), Some(MIC_RELEASE), None] {
        let (mut stage, mut connection, mic) = ready_with_release(after).await;
        let calls =
            [false, true, false, true, true, false, false, true].map(|on| stage.client.enable_mic(on));
        for settled in futures_util::future::join_all(calls).await {
            settled.unwrap();
        }
        settle().await;
        let (starts, stops) = mic.started_stopped();
        assert_eq!(starts, stops + 1, "{after:?}: it is open");
        sleep(3 * MIC_RELEASE).await;
        assert!(is_heard(&mut connection).await, "{after:?}: and stays so");
        assert_eq!(mic.started_stopped(), (starts, stops), "{after:?}");
        stage.drain().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_mute_counts_from_its_own_beginning() {
    let (mut stage, _connection, mic) = ready_with_release(Some(MIC_RELEASE)).await;
    for _ in 0..5 {
        stage.client.enable_mic(false).await.unwrap();
        sleep(MIC_RELEASE * 3 / 4).await;
        stage.client.enable_mic(true).await.unwrap();
        sleep(FRAME).await;
    }
    stage.drain().await;
    assert_eq!(mic.started_stopped(), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_microphone_that_can_not_be_opened_again_is_reported_and_the_session_goes_on() {
    let (mut stage, mut connection, mic) = ready_with_release(Some(Duration::ZERO)).await;
    stage.client.enable_mic(false).await.unwrap();
    stage.wait_for("trackStopped").await;
    mic.fails.store(true, Ordering::Relaxed);
    stage.client.enable_mic(true).await.unwrap();
    let Event::DeviceError(error) = stage.wait_for("deviceError").await else { panic!() };
    assert_eq!(error.message(), "the device is in use");
    assert_eq!(stage.client.state(), TransportState::Ready);
    sleep(2 * MUTE_SILENCE).await;
    assert_eq!(
        (is_heard(&mut connection).await, frames(&mut connection)),
        (false, 0),
        "it is as it was: muted"
    );
    mic.fails.store(false, Ordering::Relaxed);
    stage.client.enable_mic(false).await.unwrap();
    stage.client.enable_mic(true).await.unwrap();
    stage.wait_for("trackStarted").await;
    assert!(is_heard(&mut connection).await);
    assert_eq!(mic.started_stopped(), (3, 1), "one start has failed");
}

#[tokio::test(start_paused = true)]
async fn with_push_to_talk_only_muting_releases_the_microphone() {
    let mic = Arc::<Asked>::default();
    let mut stage = Stage::with(|options| {
        options.microphone = Some(Box::new(Device(Arc::clone(&mic))));
        options.client.voice.push_to_talk = Some(PushToTalk::default());
        options.client.voice.mic_release_after = Some(Duration::ZERO);
    });
    let mut connection = stage.ready().await;
    stage.wait_for("trackStarted").await;
    sleep(2 * MIC_RELEASE).await;
    assert_eq!(mic.started_stopped(), (1, 0), "what is said before a press is wanted");
    stage.client.enable_mic(false).await.unwrap();
    stage.wait_for("trackStopped").await;
    stage.client.press_to_talk().await.unwrap();
    assert!(!is_heard(&mut connection).await);
    assert_eq!(mic.started_stopped(), (1, 1), "a press does not open a muted microphone");
    stage.client.enable_mic(true).await.unwrap();
    assert!(is_heard(&mut connection).await, "the button is still pressed");
    assert_eq!(mic.started_stopped(), (2, 1));
    stage.drain().await;
}

#[tokio::test(start_paused = true)]
async fn levels_come_ten_times_a_second_and_end_at_zero() {
    let (mut stage, _mic, _speaker) = stage(true);
    let mut connection = stage.ready().await;
    stage.drain().await;
    for level in [0.2_f32, 0.9, 0.2, 0.9] {
        sleep(Duration::from_millis(250)).await;
        frames(&mut connection);
        let samples: Vec<i16> =
            (0..4_000).map(|n| (level * if n % 2 == 0 { 20_000.0 } else { -20_000.0 }) as i16).collect();
        connection.port.speaker.push(AudioFrame::new(FORMAT, samples));
    }
    sleep(Duration::from_millis(250)).await;
    let heard = stage.drain().await;
    let count = |wanted: &str| heard.iter().filter(|event| event.name() == wanted).count();
    assert!((1..=13).contains(&count("localAudioLevel")), "{heard:?}");
    assert!((3..=13).contains(&count("remoteAudioLevel")), "{heard:?}");
    let (ended, ()) = tokio::join!(stage.client.disconnect(), serve_close(connection));
    ended.unwrap();
    let last = stage.drain().await;
    assert!(last.contains(&Event::LocalAudioLevel(0.0)) && last.contains(&Event::RemoteAudioLevel(0.0)));
}

#[tokio::test(start_paused = true)]
async fn nothing_comes_after_the_end_of_a_session() {
    for end in ["bot leaves", "disconnect", "bot error", "lost"] {
        let (mut stage, mic, speaker) = stage(true);
        let connection = stage.ready().await;
        connection.port.events.send(rtvi_core::transport::TransportEvent::BotAudioStarted).await.unwrap();
        sleep(Duration::from_secs(1)).await;
        match end {
            "bot leaves" => connection.end(CloseReason::BotLeft { code: None, reason: String::new() }),
            "disconnect" => {
                let (ended, ()) = tokio::join!(stage.client.disconnect(), serve_close(connection));
                ended.unwrap();
            }
            "bot error" => {
                say(&connection, json!({"type": "error", "data": {"error": "x", "fatal": true}})).await;
                serve_close(connection).await;
            }
            _ => {
                drop(connection);
                for _ in 0..3 {
                    drop(stage.bot.accept().await);
                }
            }
        }
        sleep(Duration::from_secs(1)).await;
        let names: Vec<_> = stage.drain().await.iter().map(name).collect();
        assert_eq!(names.last().map(String::as_str), Some("disconnected"), "{end}: {names:?}");
        let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
        assert_eq!((count("trackStarted"), count("trackStopped")), (2, 2), "{end}: {names:?}");
        assert_eq!((mic.started_stopped(), speaker.started_stopped()), ((1, 1), (1, 1)), "{end}");
        assert!(stage.client.tracks().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn flushing_empties_the_speaker() {
    let (mut stage, _mic, speaker) = stage(false);
    let connection = stage.ready().await;
    let second = AudioFrame::new(FORMAT, [0x0101; 16_000]);
    connection.port.speaker.push(second);
    stage.client.flush_bot_audio().await.unwrap();
    settle().await;
    assert_eq!(speaker.flushes.load(Ordering::Relaxed), 1);
    sleep(Duration::from_secs(1)).await;
    let stats = stage.client.audio_stats();
    assert!(stats.flushed >= Duration::from_millis(900), "{stats:?}");
    say(&connection, json!({"type": "bot-interrupted"})).await;
    stage.wait_for("botInterrupted").await;
    settle().await;
    assert_eq!(speaker.flushes.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_microphone_that_fails_is_reported_and_the_session_goes_on() {
    let (mut stage, mic, _speaker) = stage(true);
    mic.fails.store(true, Ordering::Relaxed);
    let mut connection = stage.ready().await;
    let Event::DeviceError(error) = stage.wait_for("deviceError").await else { panic!() };
    assert_eq!((error.kind(), error.message()), (ErrorKind::Device, "the device is in use"));
    let state = stage.client.media_state();
    assert!(
        matches!(state.mic, DeviceState::Error { .. }) && state.speaker == DeviceState::Granted,
        "{state:?}"
    );
    assert_eq!(stage.client.state(), TransportState::Ready);
    assert_eq!(frames(&mut connection), 0);

    mic.fails.store(false, Ordering::Relaxed);
    stage.client.enable_mic(false).await.unwrap();
    stage.client.enable_mic(true).await.unwrap();
    stage.wait_for("trackStarted").await;
    assert_eq!(stage.client.media_state().mic, DeviceState::Granted);
}

#[tokio::test(start_paused = true)]
async fn a_speaker_that_fails_is_reported_and_the_session_goes_on() {
    let (mut stage, _mic, speaker) = stage(true);
    speaker.fails.store(true, Ordering::Relaxed);
    let _connection = stage.ready().await;
    stage.wait_for("deviceError").await;
    let state = stage.client.media_state();
    assert!(
        matches!(state.speaker, DeviceState::Error { .. }) && state.mic == DeviceState::Granted,
        "{state:?}"
    );
    assert_eq!(stage.client.state(), TransportState::Ready);
}

#[tokio::test(start_paused = true)]
async fn a_microphone_is_released_between_sessions() {
    let (mut stage, mic, speaker) = stage(true);
    stage.is_usable().await;
    settle().await;
    assert_eq!((mic.started_stopped(), speaker.started_stopped()), ((1, 1), (1, 1)));
    stage.is_usable().await;
    settle().await;
    assert_eq!((mic.started_stopped(), speaker.started_stopped()), ((2, 2), (2, 2)));
}
