//! Starting a bot, connecting and disconnecting.

use std::time::Duration;

use serde_json::{Value, json};

use super::bench::{Bench, SECOND, kind, request};
use crate::{
    client::{
        BOT_READY_TIMEOUT, DISCONNECT_TIMEOUT, OPEN_TIMEOUT, ReconnectPolicy, START_TIMEOUT, Timeouts,
        TransportState,
        machine::{Command, Input, Output, Reply},
    },
    error::{Error, ErrorKind, Phase},
    transport::{ApiRequest, CloseReason, TransportEvent},
};

#[test]
fn connecting_walks_through_the_states_in_the_order_of_client_js() {
    let mut bench = Bench::new();
    let call = bench.connect();
    assert_eq!(
        bench.events(),
        ["=initializing", "mediaStateUpdated", "mediaStateUpdated", "=initialized", "=connecting"]
    );
    bench.open();
    assert_eq!(bench.events(), ["=connected", "connected", "botConnected", "participantConnected"]);
    bench.bot_ready("2.2.0");
    let Ok(Reply::BotReady(bot)) = bench.reply(call) else { panic!("connect gives the bot's data") };
    assert_eq!(bot.version.as_deref(), Some("2.2.0"));
    assert_eq!(bench.events(), ["=ready", "botReady"]);
}

#[test]
fn client_ready_is_the_first_message_and_says_who_we_are() {
    let mut bench = Bench::new();
    bench.connect();
    bench.open();
    let sent = bench.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["type"], "client-ready");
    assert_eq!(sent[0]["data"], json!({"version": "2.2.0", "about": {"library": "test"}}));
}

#[test]
fn start_bot_and_connect_goes_on_with_the_answer() {
    let mut bench = Bench::new();
    let call = bench.call(Command::StartBotAndConnect(ApiRequest::new("http://host/start")));
    assert_eq!(bench.state(), TransportState::Authenticating);
    bench.take();
    let Value::Object(answer) = json!({"wsUrl": "ws://host/ws"}) else { unreachable!() };
    bench.feed(Input::StartAnswered { epoch: bench.epoch, result: Ok(answer) });
    let outputs = bench.take();
    let open = outputs.iter().find_map(|output| match output {
        Output::Open(open) => Some(open),
        _ => None,
    });
    let open = open.expect("the transport is opened");
    assert_eq!(open.params.get(&["wsUrl"]), Some(&json!("ws://host/ws")));
    assert_eq!(open.start.as_ref().map(|start| start.endpoint.as_str()), Some("http://host/start"));
    bench.open();
    bench.bot_ready("2.2.0");
    assert!(matches!(bench.reply(call), Ok(Reply::BotReady(_))));
}

#[test]
fn start_bot_alone_ends_authenticated_and_connect_goes_on_from_there() {
    let mut bench = Bench::new();
    let start = bench.call(Command::StartBot(ApiRequest::new("http://host/start")));
    bench.feed(Input::StartAnswered { epoch: bench.epoch, result: Ok(serde_json::Map::new()) });
    assert!(matches!(bench.reply(start), Ok(Reply::Started(_))));
    assert_eq!(bench.state(), TransportState::Authenticated);
    bench.connect();
    assert_eq!(bench.state(), TransportState::Connecting);
}

#[test]
fn a_failed_start_ends_disconnected_and_the_client_is_usable_again() {
    let mut bench = Bench::new();
    let call = bench.call(Command::StartBot(ApiRequest::new("http://host/start")));
    bench.take();
    let error = Error::new(ErrorKind::StartBotFailed, "no capacity").with_status(503);
    bench.feed(Input::StartAnswered { epoch: bench.epoch, result: Err(error) });
    assert_eq!(bench.events(), ["error", "=error", "=disconnected", "disconnected"]);
    let error = bench.reply(call).expect_err("start_bot fails");
    assert_eq!(
        (error.kind(), error.phase(), error.status()),
        (ErrorKind::StartBotFailed, Some(Phase::StartRequest), Some(503))
    );
    bench.make_ready();
}

#[test]
fn every_phase_has_a_deadline_of_its_own() {
    type Walk = fn(&mut Bench) -> u64;
    let walks: [(Walk, Duration, Phase); 3] = [
        (
            |bench| bench.call(Command::StartBot(ApiRequest::new("http://host"))),
            START_TIMEOUT,
            Phase::StartRequest,
        ),
        (Bench::connect, OPEN_TIMEOUT, Phase::TransportOpen),
        (
            |bench| {
                let call = bench.connect();
                bench.open();
                call
            },
            BOT_READY_TIMEOUT,
            Phase::BotReady,
        ),
    ];
    for (walk, limit, phase) in walks {
        let mut bench = Bench::new();
        let call = walk(&mut bench);
        bench.pass(limit - Duration::from_millis(1));
        assert!(bench.replies.is_empty(), "{phase:?} is not over yet");
        bench.pass(Duration::from_millis(1));
        let error = bench.reply(call).expect_err("the deadline has passed");
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Some(phase)));
        assert_eq!(bench.state(), TransportState::Disconnected);
        assert_eq!(bench.machine.poll_timeout(), None);
    }
}

#[test]
fn the_request_may_set_its_own_start_timeout() {
    let mut bench = Bench::new();
    let mut start = ApiRequest::new("http://host");
    start.timeout = Some(SECOND);
    let call = bench.call(Command::StartBot(start));
    bench.pass(SECOND);
    assert_eq!(kind(bench.reply(call)), ErrorKind::Timeout);
}

#[test]
fn a_second_connect_is_refused_and_disturbs_nothing() {
    let mut bench = Bench::new();
    let first = bench.connect();
    let second = bench.connect();
    assert_eq!(kind(bench.reply(second)), ErrorKind::AlreadyStarted);
    bench.open();
    bench.bot_ready("2.2.0");
    assert!(bench.reply(first).is_ok());
}

#[test]
fn disconnect_while_connecting_cancels_the_call_and_needs_no_transport() {
    let mut bench = Bench::new();
    let connect = bench.connect();
    let disconnect = bench.call(Command::Disconnect);
    assert_eq!(kind(bench.reply(connect)), ErrorKind::Cancelled);
    assert_eq!(bench.reply(disconnect), Ok(Reply::Done));
    assert_eq!(bench.state(), TransportState::Disconnected);
    let late = bench.epoch;
    bench.take();
    bench.feed(Input::Transport { epoch: late, event: TransportEvent::BotAudioStarted });
    bench.lose();
    assert_eq!(bench.events(), [""; 0], "capabilities of the old connection are dropped");
}

#[test]
fn disconnect_closes_the_transport_and_all_callers_wait_for_it() {
    let mut bench = Bench::ready();
    let pending = bench.call(request(SECOND));
    let first = bench.call(Command::Disconnect);
    let second = bench.call(Command::Disconnect);
    assert_eq!(kind(bench.reply(pending)), ErrorKind::Cancelled);
    assert!(bench.take().iter().any(|output| matches!(output, Output::Close { .. })));
    assert!(bench.replies.is_empty());
    bench.close(CloseReason::Requested);
    assert_eq!((bench.reply(first), bench.reply(second)), (Ok(Reply::Done), Ok(Reply::Done)));
    assert_eq!(bench.events(), ["botDisconnected", "participantLeft", "=disconnected", "disconnected"]);
    let third = bench.call(Command::Disconnect);
    assert_eq!(bench.reply(third), Ok(Reply::Done));
    assert_eq!(bench.events(), [""; 0]);
}

#[test]
fn a_transport_that_does_not_close_is_dropped_after_two_seconds() {
    let mut bench = Bench::ready();
    let call = bench.call(Command::Disconnect);
    bench.pass(DISCONNECT_TIMEOUT);
    assert_eq!(bench.reply(call), Ok(Reply::Done));
    assert!(bench.take().iter().any(|output| matches!(output, Output::Discard { .. })));
}

#[test]
fn a_connect_whose_reply_nobody_received_is_undone() {
    let mut bench = Bench::new();
    let call = bench.connect();
    bench.open();
    bench.bot_ready("2.2.0");
    assert!(bench.reply(call).is_ok());
    bench.feed(Input::CallDropped(call + 1));
    assert_eq!(bench.state(), TransportState::Ready, "that was another call");
    bench.feed(Input::CallDropped(call));
    assert_eq!(bench.state(), TransportState::Disconnecting);
}

#[test]
fn dropping_the_future_of_connect_undoes_it() {
    let mut bench = Bench::new();
    let call = bench.connect();
    bench.open();
    bench.feed(Input::CallDropped(call));
    assert_eq!(bench.state(), TransportState::Disconnecting);
    bench.close(CloseReason::Requested);
    assert_eq!(bench.state(), TransportState::Disconnected);
    assert!(bench.replies.is_empty());
}

#[test]
fn a_deadline_may_be_as_long_as_there_are() {
    let ever = Duration::MAX;
    let mut bench = Bench::with(|config| {
        config.deadlines = Timeouts {
            devices: ever,
            start: ever,
            open: Some(ever),
            bot_ready: Some(ever),
            function_call: ever,
        };
        config.reconnect = ReconnectPolicy { max_attempts: 1, first_delay: ever, max_delay: ever };
    });
    let start =
        bench.call(Command::StartBot(ApiRequest { timeout: Some(ever), ..ApiRequest::new("http://host") }));
    bench.feed(Input::CallDropped(start));
    bench.make_ready();
    let function = json!({"tool_call_id": "c1", "function_name": "f"});
    bench.message(json!({"type": "llm-function-call-in-progress", "data": function}));
    bench.call(request(ever));
    assert!(bench.machine.poll_timeout().is_some(), "a deadline was set");
    bench.lose();
    assert_eq!(bench.state(), TransportState::Connecting);
}
