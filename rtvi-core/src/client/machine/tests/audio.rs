//! When audio is recorded and played, and how the machine reports speech, levels and an app that
//! does not read its events.

use std::time::Duration;

use serde_json::json;

use super::bench::{Bench, SECOND, kind};
use crate::{
    client::{
        BotAudioHeard, DISCONNECT_TIMEOUT, Event, STALL_LIMIT, TransportState,
        machine::{BotSpeech, Command, Input, Levels, Output},
    },
    error::ErrorKind,
    transport::{ApiRequest, TransportEvent},
};

/// The outputs since last asked that are for the audio task, with the states between them.
fn audio(bench: &mut Bench) -> Vec<String> {
    let outputs = bench.take().into_iter().filter_map(|output| match output {
        Output::Emit(Event::TransportStateChanged(state)) => Some(format!("={state}")),
        Output::StartPlayback
        | Output::StopPlayback
        | Output::StartCapture(_)
        | Output::StopCapture
        | Output::StartPreConnect
        | Output::StopPreConnect => {
            Some(format!("{output:?}").split('(').next().unwrap_or_default().to_owned())
        }
        _ => None,
    });
    outputs.collect()
}

#[test]
fn each_state_begins_and_ends_the_audio_that_belongs_to_it() {
    let mut bench = Bench::new();
    bench.call(Command::StartBotAndConnect(ApiRequest::new("http://h")));
    let expected = ["=initializing", "=initialized", "StartPreConnect", "=authenticating"];
    assert_eq!(audio(&mut bench), expected);
    bench.feed(Input::StartAnswered { epoch: bench.epoch, result: Ok(serde_json::Map::new()) });
    let expected = ["=authenticated", "StartPreConnect", "=connecting", "StartPlayback"];
    assert_eq!(audio(&mut bench), expected);
    bench.open();
    bench.bot_ready("2.2.0");
    assert_eq!(audio(&mut bench), ["=connected", "=ready", "StartCapture"]);
    bench.lose();
    assert_eq!(
        audio(&mut bench),
        ["=connecting", "StopCapture"],
        "nothing is recorded for a bot that was ready"
    );
    bench.call(Command::Disconnect);
    let expected = [
        "StopPreConnect",
        "=disconnecting",
        "StopCapture",
        "StopPreConnect",
        "=disconnected",
        "StopPlayback",
    ];
    assert_eq!(audio(&mut bench), expected);
}

#[test]
fn a_transport_without_audio_gets_none() {
    let mut bench = Bench::new();
    bench.capture = None;
    bench.make_ready();
    bench.lose();
    bench.pass(SECOND);
    bench.open();
    bench.bot_ready("2.2.0");
    assert!(!audio(&mut bench).contains(&"StartCapture".to_owned()));
}

#[test]
fn the_servers_word_on_the_bots_speech_goes_to_the_audio_before_the_app() {
    let cases = [
        ("bot-started-speaking", BotSpeech::Began),
        ("bot-stopped-speaking", BotSpeech::Ended),
        ("bot-interrupted", BotSpeech::Interrupted),
    ];
    for (wire_type, speech) in cases {
        let mut bench = Bench::ready();
        bench.message(json!({ "type": wire_type }));
        let outputs = bench.take();
        let place = outputs.iter().position(|output| *output == Output::BotSpeech(speech)).expect(wire_type);
        assert!(matches!(outputs.get(place + 1), Some(Output::Emit(Event::Server(_)))), "{outputs:?}");
    }
    let mut bench = Bench::new();
    bench.connect();
    bench.open();
    bench.bot_ready("1.0.0");
    bench.event(TransportEvent::Interrupted);
    assert!(bench.take().contains(&Output::BotSpeech(BotSpeech::Interrupted)), "bots before RTVI 2");
}

#[test]
fn levels_are_told_when_they_change_and_are_zero_at_the_end() {
    let mut bench = Bench::ready();
    let levels = |local, remote| Input::Levels(Levels { local, remote });
    bench.feed(levels(0.5, 0.0));
    bench.feed(levels(0.5, 0.25));
    bench.feed(levels(0.5, 0.25));
    let told = bench.take();
    assert_eq!(
        told,
        [Output::Emit(Event::LocalAudioLevel(0.5)), Output::Emit(Event::RemoteAudioLevel(0.25))]
    );
    bench.call(Command::Disconnect);
    bench.close(crate::transport::CloseReason::Requested);
    let events = bench.events();
    let end = ["=disconnected", "localAudioLevel", "remoteAudioLevel", "disconnected"];
    assert!(events.ends_with(&end.map(str::to_owned)), "{events:?}");
    bench.feed(levels(0.5, 0.5));
    assert_eq!(bench.events(), [""; 0], "nothing follows the last event");
}

#[test]
fn speech_and_what_was_heard_are_told_within_sessions_only() {
    let inputs = || {
        let ms = Duration::from_millis;
        let heard = BotAudioHeard { heard: ms(1), received: ms(2), interrupted: false };
        [
            Input::LocalSpeech { speaking: true },
            Input::LocalSpeech { speaking: false },
            Input::BotAudioHeard(heard),
        ]
    };
    let mut bench = Bench::new();
    inputs().into_iter().for_each(|input| bench.feed(input));
    assert_eq!(bench.events(), [""; 0]);
    bench.make_ready();
    inputs().into_iter().for_each(|input| bench.feed(input));
    assert_eq!(bench.events(), ["localSpeechStarted", "localSpeechStopped", "botAudioHeard"]);
}

#[test]
fn an_app_that_does_not_read_loses_the_session() {
    let mut bench = Bench::ready();
    bench.feed(Input::EventQueue { full: true });
    bench.pass(STALL_LIMIT - SECOND);
    bench.feed(Input::EventQueue { full: false });
    bench.pass(STALL_LIMIT);
    assert_eq!(bench.state(), TransportState::Ready, "it read in time");
    bench.feed(Input::EventQueue { full: true });
    let request = bench.call(super::bench::request(2 * STALL_LIMIT));
    bench.pass(STALL_LIMIT);
    assert_eq!(bench.state(), TransportState::Disconnecting);
    assert_eq!(kind(bench.reply(request)), ErrorKind::Cancelled);
    let stalled = |output: &Output| matches!(output, Output::Emit(Event::Error { error, fatal: true }) if error.kind() == ErrorKind::ConsumerStalled);
    assert_eq!(bench.take().iter().filter(|output| stalled(output)).count(), 1);
    bench.pass(DISCONNECT_TIMEOUT);
    assert_eq!(bench.state(), TransportState::Disconnected);
}

#[test]
fn the_time_of_an_app_that_does_not_read_begins_with_the_connection() {
    let mut bench = Bench::new();
    bench.feed(Input::EventQueue { full: true });
    bench.pass(2 * STALL_LIMIT);
    bench.make_ready();
    bench.pass(STALL_LIMIT - SECOND);
    assert_eq!(bench.state(), TransportState::Ready);
    bench.pass(SECOND);
    assert_eq!(bench.state(), TransportState::Disconnecting);
}
