//! Sessions that Pipecat Cloud begins: agents that have to start first, tokens that are good once,
//! requests within a session.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::bench::{Bench, SECOND, kind};
use crate::{
    client::{
        BOT_READY_TIMEOUT, CLOUD_BOT_READY_TIMEOUT, CLOUD_OPEN_TIMEOUT, Event, OPEN_TIMEOUT, TransportState,
        machine::{Asked, CallId, Command, Input, Output, Reply},
    },
    error::{Error, ErrorKind, Phase},
    transport::{ApiRequest, CloseReason, ConnectParams, SessionAnswer},
};

const MILLI: Duration = Duration::from_millis(1);

fn cloud() -> ApiRequest {
    ApiRequest::pipecat_cloud("agent", "pk_key").expect("a good name")
}

fn answer(token: &str) -> Map<String, Value> {
    let Value::Object(answer) =
        json!({"wsUrl": "wss://host/ws/generic/agent.org", "token": token, "sessionId": "1"})
    else {
        unreachable!()
    };
    answer
}

fn started(bench: &mut Bench, token: &str) {
    bench.feed(Input::StartAnswered { epoch: bench.epoch, result: Ok(answer(token)) });
}

/// A session of this start request, whose bot is ready.
fn ready(start: ApiRequest, token: &str) -> Bench {
    let mut bench = Bench::new();
    bench.call(Command::StartBotAndConnect(start));
    started(&mut bench, token);
    bench.open();
    bench.bot_ready("2.2.0");
    assert_eq!(bench.state(), TransportState::Ready);
    bench.take();
    bench
}

fn asks_start(outputs: &[Output]) -> bool {
    outputs.iter().any(|output| matches!(output, Output::RequestStart { .. }))
}

fn opened_token(outputs: &[Output]) -> Option<Value> {
    outputs.iter().find_map(|output| match output {
        Output::Open(open) => open.params.get(&["token"]).cloned(),
        _ => None,
    })
}

#[test]
fn an_agent_that_starts_for_40_seconds_is_waited_for_while_connecting() {
    for (start, open, ready) in [
        (cloud(), CLOUD_OPEN_TIMEOUT, CLOUD_BOT_READY_TIMEOUT),
        (ApiRequest::new("https://host/start"), OPEN_TIMEOUT, BOT_READY_TIMEOUT),
    ] {
        let mut bench = Bench::new();
        let call = bench.call(Command::StartBotAndConnect(start.clone()));
        started(&mut bench, "t");
        bench.pass(open - MILLI);
        assert_eq!(bench.state(), TransportState::Connecting, "{start:?}");
        assert!(bench.replies.is_empty());
        bench.open();
        bench.pass(ready - MILLI);
        assert_eq!(bench.state(), TransportState::Connected, "{start:?}");
        bench.bot_ready("2.2.0");
        assert!(matches!(bench.reply(call), Ok(Reply::BotReady(_))));

        let mut bench = Bench::new();
        let call = bench.call(Command::StartBotAndConnect(start));
        started(&mut bench, "t");
        bench.pass(open);
        let error = bench.reply(call).expect_err("it is too late");
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Some(Phase::TransportOpen)));
        assert!(error.message().contains(&format!("{open:?}")), "{error}");
    }
}

#[test]
fn what_the_app_chooses_goes_before_the_defaults() {
    let mut bench = Bench::with(|config| {
        config.deadlines.open = Some(2 * SECOND);
        config.deadlines.bot_ready = Some(3 * SECOND);
    });
    let call = bench.call(Command::StartBotAndConnect(cloud()));
    started(&mut bench, "t");
    bench.pass(2 * SECOND);
    assert_eq!(bench.reply(call).unwrap_err().phase(), Some(Phase::TransportOpen));
    let call = bench.call(Command::StartBotAndConnect(cloud()));
    started(&mut bench, "t");
    bench.open();
    bench.pass(3 * SECOND);
    assert_eq!(bench.reply(call).unwrap_err().phase(), Some(Phase::BotReady));
}

#[test]
fn a_bot_that_runs_is_not_waited_for_so_long() {
    // Without a token, the same session is connected to again.
    let mut bench = ready(cloud(), "");
    bench.lose();
    bench.pass(SECOND);
    assert!(
        bench
            .take()
            .iter()
            .any(|output| matches!(output, Output::Open(open) if open.timeout == OPEN_TIMEOUT))
    );
    bench.pass(OPEN_TIMEOUT);
    assert!(bench.events().contains(&"reconnecting".to_owned()));
}

#[test]
fn a_token_is_used_once() {
    let mut bench = ready(ApiRequest::new("https://host/start"), "first");
    for next in ["second", "third"] {
        bench.lose();
        bench.take();
        bench.pass(SECOND);
        let outputs = bench.take();
        assert!(asks_start(&outputs) && opened_token(&outputs).is_none(), "{outputs:?}");
        assert_eq!(bench.state(), TransportState::Connecting);
        started(&mut bench, next);
        assert_eq!(opened_token(&bench.take()), Some(json!(next)));
        bench.open();
        bench.bot_ready("2.2.0");
        bench.pass(20 * SECOND);
    }
    // An attempt that failed has used its token, too.
    bench.lose();
    bench.pass(SECOND);
    started(&mut bench, "fourth");
    bench.take();
    bench.close(CloseReason::OpenFailed(Error::new(ErrorKind::ConnectionFailed, "refused")));
    bench.pass(SECOND);
    assert!(asks_start(&bench.take()));
}

#[test]
fn only_tokens_of_a_start_request_are_replaced() {
    for (token, start) in [("", true), ("mine", false)] {
        let mut bench = if start {
            ready(ApiRequest::new("https://host/start"), token)
        } else {
            let mut bench = Bench::new();
            bench.call(Command::Connect(ConnectParams::new(answer(token))));
            bench.open();
            bench.bot_ready("2.2.0");
            bench
        };
        bench.lose();
        bench.take();
        bench.pass(SECOND);
        let outputs = bench.take();
        assert!(!asks_start(&outputs) && opened_token(&outputs) == Some(json!(token)), "{outputs:?}");
    }
}

#[test]
fn a_change_of_network_does_not_spend_a_token_twice() {
    let mut bench = Bench::new();
    let call = bench.call(Command::StartBotAndConnect(ApiRequest::new("https://host/start")));
    started(&mut bench, "first");
    bench.take();
    bench.call(Command::NetworkChanged);
    assert!(asks_start(&bench.take()));
    started(&mut bench, "second");
    assert_eq!(opened_token(&bench.take()), Some(json!("second")));
    bench.open();
    bench.bot_ready("2.2.0");
    assert!(matches!(bench.reply(call), Ok(Reply::BotReady(_))));
}

#[test]
fn a_change_of_network_gives_the_start_request_no_more_time() {
    let mut bench = Bench::new();
    let call = bench.call(Command::StartBotAndConnect(ApiRequest::new("https://host/start")));
    started(&mut bench, "first");
    let deadline = bench.machine.poll_timeout();
    bench.call(Command::NetworkChanged);
    assert_eq!(bench.machine.poll_timeout(), deadline);
    bench.pass(OPEN_TIMEOUT);
    assert_eq!(kind(bench.reply(call)), ErrorKind::Timeout);
}

#[test]
fn what_a_server_says_for_programs_goes_through_every_end() {
    let full = || {
        let error =
            Error::new(ErrorKind::StartBotFailed, "full").with_status(429).with_code("PCC-AGENT-AT-CAPACITY");
        error.with_retry_after(SECOND)
    };
    let told = |error: &Error| {
        let said = (error.status(), error.code(), error.retry_after());
        assert_eq!(said, (Some(429), Some("PCC-AGENT-AT-CAPACITY"), Some(SECOND)), "{error:?}");
    };
    // The first start request.
    let mut bench = Bench::new();
    let call = bench.call(Command::StartBotAndConnect(cloud()));
    bench.feed(Input::StartAnswered { epoch: bench.epoch, result: Err(full()) });
    told(&bench.reply(call).unwrap_err());
    // The one of every attempt to restore the session, and its end.
    let mut bench = ready(cloud(), "t");
    let pending = bench.call(super::bench::request(100 * SECOND));
    bench.close(CloseReason::Lost(full()));
    told(&bench.reply(pending).unwrap_err());
    for _ in 0..3 {
        bench.pass(2 * SECOND);
        bench.feed(Input::StartAnswered { epoch: bench.epoch, result: Err(full()) });
    }
    let mut events = 0;
    for output in bench.take() {
        let Output::Emit(event) = output else { continue };
        match &event {
            Event::Reconnecting { reason: error, .. } | Event::Error { error, .. } => told(error),
            Event::Disconnected(crate::client::DisconnectReason::Failed(error)) => told(error),
            _ => continue,
        }
        let json = event.data().unwrap();
        let error =
            [&json["reason"], &json["error"], &json].into_iter().find(|part| part["code"].is_string());
        let error = error.unwrap_or_else(|| panic!("no code in {json}"));
        assert_eq!(
            (&error["code"], &error["retryAfterMs"]),
            (&json!("PCC-AGENT-AT-CAPACITY"), &json!(1_000))
        );
        events += 1;
    }
    assert_eq!(events, 5, "three attempts, an error and the end");
}

fn ask(bench: &mut Bench) -> CallId {
    let (method, path) = ("GET".to_owned(), "status".to_owned());
    bench.call(Command::SessionRequest(Asked { method, path, body: None, timeout: SECOND }))
}

fn answered(bench: &mut Bench, call: CallId) {
    bench.feed(Input::SessionAnswered { call, result: Ok(SessionAnswer { status: 200, body: json!(7) }) });
}

#[test]
fn a_session_of_a_start_request_takes_requests_until_its_end() {
    let mut bench = Bench::new();
    let refused = ask(&mut bench);
    assert_eq!(kind(bench.reply(refused)), ErrorKind::InvalidState);
    bench.call(Command::StartBot(cloud()));
    let refused = ask(&mut bench);
    assert_eq!(kind(bench.reply(refused)), ErrorKind::InvalidState, "there is no answer yet");
    started(&mut bench, "t");
    bench.take();
    let call = ask(&mut bench);
    let asked = bench.take().into_iter().find_map(|output| match output {
        Output::RequestSession { request, .. } => Some(request),
        _ => None,
    });
    let asked = asked.expect("it is made");
    assert_eq!((asked.start, asked.params.as_object()), (cloud(), &answer("t")));
    answered(&mut bench, call);
    assert_eq!(bench.reply(call), Ok(Reply::SessionAnswer(SessionAnswer { status: 200, body: json!(7) })));
    answered(&mut bench, call);
    assert!(bench.replies.iter().all(|(other, _)| *other != call), "a late answer changes nothing");

    let mut bench = ready(cloud(), "t");
    let call = ask(&mut bench);
    bench.lose();
    answered(&mut bench, call);
    assert!(bench.reply(call).is_ok(), "a lost connection does not touch it");
    let (dropped, call) = (ask(&mut bench), ask(&mut bench));
    bench.feed(Input::CallDropped(dropped));
    assert!(bench.take().contains(&Output::CancelSessionRequest { call: dropped }));
    bench.call(Command::Disconnect);
    assert_eq!(kind(bench.reply(call)), ErrorKind::Cancelled);
    assert!(bench.take().contains(&Output::CancelSessionRequest { call }));
    let late = ask(&mut bench);
    assert_eq!(kind(bench.reply(late)), ErrorKind::InvalidState);
}

#[test]
fn a_session_without_a_start_request_takes_none() {
    let mut bench = Bench::ready();
    let call = ask(&mut bench);
    let error = bench.reply(call).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::InvalidState, Some(Phase::Request)));
    assert!(error.message().contains("ready without one"), "{error}");
}

#[test]
fn too_many_requests_at_once_are_refused() {
    let mut bench = ready(cloud(), "t");
    let calls: Vec<_> = (0..64).map(|_| ask(&mut bench)).collect();
    let call = ask(&mut bench);
    assert_eq!(kind(bench.reply(call)), ErrorKind::Busy);
    answered(&mut bench, calls[0]);
    ask(&mut bench);
    assert_eq!(bench.replies.len(), 1 + 1, "the connect and the one that was answered");
}
