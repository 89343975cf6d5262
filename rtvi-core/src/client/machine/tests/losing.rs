//! Connections that are lost and restored, and bots that leave.

use serde_json::{Value, json};

use super::bench::{Bench, SECOND, kind, request};
use crate::{
    client::{
        Event, START_TIMEOUT, TransportState,
        machine::{Command, Input, Output},
    },
    error::{Error, ErrorKind, Phase},
    transport::{ApiRequest, CloseReason, TransportEvent},
};

#[test]
fn a_lost_connection_is_restored_with_a_new_handshake() {
    let mut bench = Bench::ready();
    let pending = bench.call(request(SECOND));
    bench.take();
    bench.lose();
    assert_eq!(kind(bench.reply(pending)), ErrorKind::ConnectionLost);
    assert_eq!(bench.events(), ["botDisconnected", "participantLeft", "=connecting", "reconnecting"]);
    let refused = bench.call(request(SECOND));
    assert_eq!(kind(bench.reply(refused)), ErrorKind::NotReady);
    bench.pass(SECOND);
    assert!(bench.take().iter().any(|output| matches!(output, Output::Open(open) if open.attempt == 1)));
    bench.open();
    assert_eq!(bench.sent()[0]["type"], "client-ready");
    bench.bot_ready("2.2.0");
    assert_eq!(bench.events(), ["=ready", "botReady"]);
}

#[test]
fn a_connection_that_stays_lost_ends_the_session_after_three_attempts() {
    let refused = || CloseReason::OpenFailed(Error::new(ErrorKind::ConnectionFailed, "refused"));
    let mut bench = Bench::ready();
    bench.lose();
    for attempt in 1..=3 {
        assert!(bench.events().contains(&"reconnecting".to_owned()), "attempt {attempt}");
        bench.pass(SECOND);
        bench.close(refused());
    }
    let outputs = bench.take();
    let last = outputs.iter().rev().find_map(|output| match output {
        Output::Emit(Event::Error { error, fatal: true }) => Some(error.clone()),
        _ => None,
    });
    let last = last.expect("the session's end has a reason");
    assert_eq!((last.kind(), last.phase()), (ErrorKind::ConnectionLost, Some(Phase::Reconnect)));
    assert!(last.message().contains("refused"), "{last}");
    assert_eq!(bench.state(), TransportState::Disconnected);
    bench.make_ready();
}

#[test]
fn a_connection_that_breaks_at_once_again_and_again_is_not_restored_for_ever() {
    let mut bench = Bench::ready();
    for _ in 0..3 {
        bench.lose();
        bench.pass(SECOND);
        bench.open();
        bench.bot_ready("2.2.0");
    }
    bench.lose();
    assert_eq!(bench.state(), TransportState::Disconnected);
}

#[test]
fn a_session_that_held_gets_its_attempts_back() {
    let mut bench = Bench::ready();
    for _ in 0..5 {
        bench.pass(10 * SECOND);
        bench.lose();
        bench.pass(SECOND);
        bench.open();
        bench.bot_ready("2.2.0");
    }
    assert_eq!(bench.state(), TransportState::Ready);
}

#[test]
fn a_session_the_server_has_forgotten_is_started_again() {
    let mut bench = Bench::new();
    bench.call(Command::StartBotAndConnect(ApiRequest::new("http://host/start")));
    bench.feed(Input::StartAnswered { epoch: bench.epoch, result: Ok(serde_json::Map::new()) });
    bench.open();
    bench.bot_ready("2.2.0");
    bench.lose();
    bench.pass(SECOND);
    let refused =
        Error::new(ErrorKind::ConnectionFailed, "token used").with_status(403).in_phase(Phase::TransportOpen);
    bench.close(CloseReason::OpenFailed(refused));
    bench.take();
    bench.pass(SECOND);
    assert!(bench.take().iter().any(|output| matches!(output, Output::RequestStart { .. })));
    assert_eq!(bench.state(), TransportState::Connecting);
    let Value::Object(answer) = json!({"wsUrl": "ws://host/new"}) else { unreachable!() };
    bench.feed(Input::StartAnswered { epoch: bench.epoch, result: Ok(answer) });
    let opened = bench.take().into_iter().find_map(|output| match output {
        Output::Open(open) => open.params.get(&["wsUrl"]).cloned(),
        _ => None,
    });
    assert_eq!(opened, Some(json!("ws://host/new")));
    bench.open();
    bench.bot_ready("2.2.0");
    assert_eq!(bench.state(), TransportState::Ready);
}

#[test]
fn starting_again_may_fail_too() {
    let mut bench = Bench::new();
    bench.call(Command::StartBotAndConnect(ApiRequest::new("http://host/start")));
    bench.feed(Input::StartAnswered { epoch: bench.epoch, result: Ok(serde_json::Map::new()) });
    bench.open();
    bench.bot_ready("2.2.0");
    bench.lose();
    bench.pass(SECOND);
    let refused =
        Error::new(ErrorKind::ConnectionFailed, "gone").with_status(404).in_phase(Phase::TransportOpen);
    bench.close(CloseReason::OpenFailed(refused));
    bench.pass(SECOND);
    bench.feed(Input::StartAnswered {
        epoch: bench.epoch,
        result: Err(Error::new(ErrorKind::StartBotFailed, "no capacity").with_status(503)),
    });
    bench.pass(2 * SECOND);
    bench.pass(START_TIMEOUT);
    assert_eq!(bench.state(), TransportState::Disconnected, "the last attempt has timed out");
}

#[test]
fn a_bot_that_leaves_is_no_error() {
    let mut bench = Bench::ready();
    bench.close(CloseReason::BotLeft { code: Some(1000), reason: String::new() });
    assert_eq!(
        bench.events(),
        ["botDisconnected", "participantLeft", "=disconnecting", "=disconnected", "disconnected"]
    );
}

#[test]
fn a_bot_that_leaves_before_it_is_ready_fails_the_call() {
    let mut bench = Bench::new();
    let call = bench.connect();
    bench.open();
    bench.close(CloseReason::BotLeft { code: Some(1000), reason: "full".to_owned() });
    let error = bench.reply(call).expect_err("connect fails");
    assert_eq!(
        (error.kind(), error.phase(), error.status()),
        (ErrorKind::ConnectionFailed, Some(Phase::BotReady), Some(1000))
    );
    assert!(error.message().contains("full"));
}

#[test]
fn a_bot_that_leaves_a_room_ends_the_session_unless_told_otherwise() {
    for (option, state) in [(true, TransportState::Disconnecting), (false, TransportState::Ready)] {
        let mut bench = Bench::with(|config| config.disconnect_on_bot_disconnect = option);
        bench.make_ready();
        bench.event(TransportEvent::BotLeft);
        assert_eq!(bench.state(), state);
        assert!(bench.events().contains(&"botDisconnected".to_owned()));
    }
}
