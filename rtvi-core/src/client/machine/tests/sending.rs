//! What the app sends and asks.

use std::time::Duration;

use serde_json::{Value, json};

use super::bench::{Bench, SECOND, kind, request};
use crate::{
    client::machine::{Command, Output, Reply},
    error::ErrorKind,
    protocol::ClientMessage,
};

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
