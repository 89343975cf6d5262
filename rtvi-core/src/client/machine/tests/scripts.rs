//! Sessions as they happen, and as they go wrong.

use std::time::Duration;

use serde_json::{Value, json};

use super::bench::Bench;
use crate::{
    client::{
        BOT_READY_TIMEOUT, DISCONNECT_TIMEOUT, DeviceState, Event, FUNCTION_TIMEOUT, MediaDevice, MediaState,
        OPEN_TIMEOUT, START_TIMEOUT, TransportState,
        machine::{Command, Device, Devices, Input, Output, Reply},
    },
    error::{DeviceErrorKind, Error, ErrorKind, Phase},
    media::{DeviceInfo, DeviceNews},
    protocol::ClientMessage,
    transport::{ApiRequest, CloseReason, TransportFact},
};

const SECOND: Duration = Duration::from_secs(1);

fn request(timeout: Duration) -> Command {
    Command::Request { t: "get".to_owned(), d: None, timeout }
}

fn kind(result: Result<Reply, Error>) -> ErrorKind {
    result.expect_err("the call fails").kind()
}

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
    bench.feed(Input::Transport { epoch: late, fact: TransportFact::BotAudioStarted });
    bench.lose();
    assert_eq!(bench.events(), [""; 0], "facts of the old connection are dropped");
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
        bench.fact(TransportFact::BotLeft);
        assert_eq!(bench.state(), state);
        assert!(bench.events().contains(&"botDisconnected".to_owned()));
    }
}

#[test]
fn requests_are_settled_exactly_once_by_answer_error_or_deadline() {
    let mut bench = Bench::ready();
    let answered = bench.call(request(SECOND));
    let id = bench.sent()[0]["id"].clone();
    bench.message(json!({"type": "server-response", "id": id, "data": {"t": "get", "d": 5}}));
    assert_eq!(bench.reply(answered), Ok(Reply::Answer(Some(json!(5)))));

    let rejected = bench.call(request(SECOND));
    let id = bench.sent()[0]["id"].clone();
    bench.message(json!({"type": "error-response", "id": id, "data": {"error": "unknown"}}));
    let error = bench.reply(rejected).expect_err("the server said no");
    assert_eq!((error.kind(), error.message()), (ErrorKind::RequestFailed, "unknown"));

    let late = bench.call(request(SECOND));
    let id = bench.sent()[0]["id"].clone();
    bench.pass(SECOND - Duration::from_millis(1));
    assert!(bench.replies.is_empty());
    bench.pass(Duration::from_millis(1));
    assert_eq!(kind(bench.reply(late)), ErrorKind::Timeout);
    bench.message(json!({"type": "server-response", "id": id, "data": {"t": "get"}}));
    assert_eq!(bench.events(), ["serverResponse"], "a late answer is still an event");
}

#[test]
fn an_answer_that_cannot_be_read_fails_its_request() {
    let mut bench = Bench::ready();
    let call = bench.call(request(SECOND));
    let id = bench.sent()[0]["id"].clone();
    bench.message(json!({"type": "server-response", "id": id, "data": 5}));
    assert_eq!(kind(bench.reply(call)), ErrorKind::Protocol);
    assert_eq!(bench.events(), ["protocolError"]);
}

#[test]
fn nothing_is_sent_before_the_bot_is_ready() {
    let mut bench = Bench::new();
    bench.connect();
    bench.open();
    bench.take();
    for command in [
        request(SECOND),
        Command::SendDtmf("1".to_owned()),
        Command::Send { method: "send", message: ClientMessage::DisconnectBot },
    ] {
        let call = bench.call(command);
        assert_eq!(kind(bench.reply(call)), ErrorKind::NotReady);
    }
    assert_eq!(bench.sent(), [json!(null); 0]);
}

#[test]
fn a_message_larger_than_the_transport_carries_is_refused() {
    let mut bench = Bench::ready();
    let call = bench.call(Command::Send {
        method: "send",
        message: ClientMessage::ClientMessage { t: "x".repeat(1000), d: None },
    });
    assert_eq!(kind(bench.reply(call)), ErrorKind::MessageTooLarge);
    assert_eq!(bench.sent(), [json!(null); 0]);
}

#[test]
fn keys_are_sent_in_the_form_the_bot_understands() {
    for (version, messages) in [
        ("2.2.0", vec![json!({"buttons": ["1", "#"]})]),
        ("2.0.0", vec![json!({"button": "1"}), json!({"button": "#"})]),
    ] {
        let mut bench = Bench::new();
        bench.connect();
        bench.open();
        bench.bot_ready(version);
        bench.take();
        let call = bench.call(Command::SendDtmf("1#".to_owned()));
        let outputs = bench.take();
        let (last, first) = outputs.split_last().expect("keys are sent");
        assert!(matches!(last, Output::Send { call: Some(of), .. } if *of == call));
        assert!(first.iter().all(|output| matches!(output, Output::Send { call: None, .. })));
        let data = |output: &Output| match output {
            Output::Send { text, .. } => {
                serde_json::from_str::<Value>(text).map(|message| message["data"].clone()).ok()
            }
            _ => None,
        };
        assert_eq!(outputs.iter().filter_map(data).collect::<Vec<_>>(), messages);
    }
}

#[test]
fn a_function_call_announced_twice_runs_once_and_gets_one_result() {
    let mut bench = Bench::ready();
    let in_progress = json!({"type": "llm-function-call-in-progress", "data": {
        "tool_call_id": "c1", "function_name": "weather", "arguments": {"city": "Lisbon"}}});
    let legacy = json!({"type": "llm-function-call", "data": {
        "tool_call_id": "c1", "function_name": "weather", "args": {"city": "Lisbon"}}});
    bench.message(in_progress);
    bench.message(legacy);
    let runs = bench.take().into_iter().filter(|output| matches!(output, Output::RunFunction(_))).count();
    assert_eq!(runs, 1);
    for _ in 0..2 {
        bench.feed(Input::FunctionFinished {
            tool_call_id: "c1".to_owned(),
            result: Ok(json!({"sunny": true})),
        });
    }
    let sent = bench.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["data"]["result"], json!({"sunny": true}));
    assert_eq!(sent[0]["data"]["arguments"], json!({"city": "Lisbon"}));
}

#[test]
fn a_handler_that_hangs_or_fails_is_answered_with_an_error() {
    let call = json!({"type": "llm-function-call-in-progress", "data": {"tool_call_id": "c1", "function_name": "f"}});
    let mut bench = Bench::ready();
    bench.message(call.clone());
    bench.take();
    bench.pass(FUNCTION_TIMEOUT);
    let outputs = bench.take();
    assert!(outputs.iter().any(|output| matches!(output, Output::CancelFunction { .. })));
    assert!(
        outputs
            .iter()
            .any(|output| matches!(output, Output::Send { text, .. } if text.contains("did not finish")))
    );

    let mut bench = Bench::ready();
    bench.message(call);
    bench.take();
    bench.feed(Input::FunctionFinished {
        tool_call_id: "c1".to_owned(),
        result: Err("no network".to_owned()),
    });
    assert_eq!(bench.sent()[0]["data"]["result"], json!({"error": "no network"}));
}

#[test]
fn a_cancelled_function_call_is_given_up_without_a_result() {
    let mut bench = Bench::ready();
    bench.message(json!({"type": "llm-function-call-in-progress", "data": {"tool_call_id": "c1", "function_name": "f"}}));
    bench.take();
    bench.message(
        json!({"type": "llm-function-call-stopped", "data": {"tool_call_id": "c1", "cancelled": true}}),
    );
    assert!(bench.take().iter().any(|output| matches!(output, Output::CancelFunction { .. })));
    bench.feed(Input::FunctionFinished { tool_call_id: "c1".to_owned(), result: Ok(json!(1)) });
    assert_eq!(bench.sent(), [json!(null); 0]);
}

#[test]
fn a_function_without_a_handler_gets_no_result() {
    let mut bench = Bench::ready();
    bench.message(json!({"type": "llm-function-call-in-progress", "data": {"tool_call_id": "c1", "function_name": "f"}}));
    bench.take();
    bench.feed(Input::FunctionUnhandled { tool_call_id: "c1".to_owned() });
    bench.pass(FUNCTION_TIMEOUT);
    assert_eq!(bench.sent(), [json!(null); 0]);
}

#[test]
fn a_fatal_error_of_the_bot_ends_the_session() {
    let mut bench = Bench::ready();
    bench.message(json!({"type": "error", "data": {"error": "warming", "fatal": false}}));
    assert_eq!(bench.events(), ["error"]);
    bench.message(json!({"type": "error", "data": {"message": "out of memory", "fatal": true}}));
    bench.close(CloseReason::Requested);
    let events = bench.events();
    assert_eq!(events[..3], ["error", "error", "=disconnecting"]);
    assert_eq!(events.last().map(String::as_str), Some("disconnected"));
}

#[test]
fn an_interruption_flushes_the_speaker() {
    let mut bench = Bench::ready();
    bench.message(json!({"type": "bot-interrupted"}));
    assert!(bench.take().contains(&Output::FlushAudio));
    bench.message(json!({"type": "user-started-speaking"}));
    assert!(!bench.take().contains(&Output::FlushAudio), "current servers say it themselves");
}

#[test]
fn a_late_message_does_not_drop_the_audio_that_came_after_the_interruption() {
    let mut bench = Bench::ready();
    bench.fact(TransportFact::Interrupted);
    assert_eq!(bench.take(), [Output::FlushSpeaker]);
    bench.message(json!({"type": "bot-interrupted"}));
    assert!(!bench.take().contains(&Output::FlushAudio));
}

#[test]
fn a_bot_of_rtvi_1_is_interrupted_by_the_user_speaking() {
    let mut bench = Bench::new();
    bench.connect();
    bench.open();
    bench.bot_ready("1.1.0");
    bench.take();
    bench.message(json!({"type": "user-started-speaking"}));
    assert!(bench.take().contains(&Output::FlushAudio));
    bench.fact(TransportFact::Interrupted);
    assert_eq!(bench.events(), ["botInterrupted"]);
}

#[test]
fn append_to_context_explains_what_the_server_said() {
    let data = serde_json::from_value(json!({"role": "user", "content": "hi"})).unwrap();
    let mut bench = Bench::ready();
    let call = bench.call(Command::AppendToContext(ClientMessage::AppendToContext(data)));
    let id = bench.sent()[0]["id"].clone();
    bench.message(
        json!({"type": "error-response", "id": id, "data": {"error": "Unsupported type append-to-context"}}),
    );
    let error = bench.reply(call).expect_err("it is gone");
    assert_eq!(error.kind(), ErrorKind::UnsupportedFeature);
    assert!(error.message().contains("Unsupported type append-to-context"), "{error}");
}

#[test]
fn a_second_bot_ready_changes_nothing_and_a_foreign_label_is_reported() {
    let mut bench = Bench::ready();
    bench.bot_ready("2.2.0");
    assert_eq!(bench.events(), [""; 0]);
    bench.fact(TransportFact::Message(r#"{"label":"other","type":"bot-ready"}"#.into()));
    assert_eq!(bench.events(), ["protocolError"]);
}

#[test]
fn an_app_that_does_not_read_loses_its_session() {
    let mut bench = Bench::ready();
    bench.feed(Input::ConsumerStalled);
    assert_eq!(bench.state(), TransportState::Disconnecting);
    bench.pass(DISCONNECT_TIMEOUT);
    assert_eq!(bench.state(), TransportState::Disconnected);
}

/// A device of the machine, by its id.
fn device(id: &str) -> DeviceInfo {
    DeviceInfo { id: id.to_owned(), label: id.to_uppercase(), is_default: false }
}

fn news(device: Device, news: DeviceNews) -> Input {
    Input::DeviceNews { device, news }
}

fn no_microphone() -> Error {
    Error::device(DeviceErrorKind::NotFound, "there is no microphone")
}

#[test]
fn a_missing_device_is_an_error_of_init_devices_alone() {
    let mut bench = Bench::new();
    bench.opens_devices = false;
    let call = bench.call(Command::InitDevices);
    bench.feed(news(Device::Speaker, DeviceNews::Using(device("s"))));
    bench.feed(news(Device::Mic, DeviceNews::Listed(vec![])));
    bench.feed(news(Device::Mic, DeviceNews::Failed(no_microphone())));
    bench.feed(Input::DevicesOpened(Devices::default()));
    let error = bench.reply(call).expect_err("there is no microphone");
    assert_eq!((error.device_kind(), error.phase()), (Some(DeviceErrorKind::NotFound), Some(Phase::Devices)));
    assert_eq!(bench.state(), TransportState::Initialized);
    let again = bench.call(Command::InitDevices);
    assert!(bench.reply(again).is_err(), "it still is not there");
    bench.feed(news(Device::Mic, DeviceNews::Using(device("m"))));
    let then = bench.call(Command::InitDevices);
    assert_eq!(bench.reply(then), Ok(Reply::Done));
}

#[test]
fn devices_come_and_go_in_a_session() {
    let mut bench = Bench::ready();
    bench.take();
    bench.feed(news(Device::Mic, DeviceNews::Listed(vec![device("b")])));
    bench.feed(news(Device::Mic, DeviceNews::Failed(no_microphone())));
    bench.feed(news(Device::Mic, DeviceNews::Using(device("b"))));
    let mut media = MediaState { mic: DeviceState::failed(&no_microphone()), ..MediaState::default() };
    let failed = Output::Emit(Event::MediaStateChanged(media.clone()));
    media.mic = DeviceState::Granted;
    let b = MediaDevice::from(device("b"));
    let expected = [
        Output::Emit(Event::AvailableMicsUpdated(vec![b.clone()])),
        failed,
        Output::Emit(Event::DeviceError(no_microphone())),
        Output::Emit(Event::MediaStateChanged(media)),
        Output::Emit(Event::MicUpdated(b)),
    ];
    assert_eq!((bench.take(), bench.state()), (expected.into(), TransportState::Ready));
    let call = bench.call(Command::SelectDevice { device: Device::Speaker, id: "x".into() });
    assert_eq!(bench.reply(call), Ok(Reply::Done));
}
