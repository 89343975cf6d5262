//! Sessions on Pipecat Cloud, as documented: complete clients over both transports.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{process::Stdio, time::Duration};

use rtvi_core::{ApiRequest, Error, ErrorKind, Phase, TransportState};
use rtvi_tests::{
    Gate, Mode, Program, Session,
    pipecat_cloud::{AGENT, CloudOptions, KEY, PipecatCloud, Refusal, Refusals},
};
use serde_json::{Value, json};
use tokio::process::Command;

const TRANSPORTS: [&str; 2] = ["websocket", "webrtc"];

/// A request that starts the agent at this server, over this transport.
fn request(address: std::net::SocketAddr, transport: &str) -> ApiRequest {
    let mut request = ApiRequest::pipecat_cloud(AGENT, KEY).expect("a good name and key");
    request.endpoint = PipecatCloud::start_url(address, AGENT);
    request.with_data(json!({"transport": transport, "enableDefaultIceServers": true}))
}

fn keeps_secrets(error: &Error) {
    let shown = format!("{error:?} {error} {}", json!(error));
    for secret in [KEY, "token-of-"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn a_session_begins_over_both_transports() {
    let cloud = PipecatCloud::start(CloudOptions::default()).await;
    for transport in TRANSPORTS {
        let session = Session::new();
        let started = session.client.start_bot_and_connect(request(cloud.address(), transport)).await;
        started.unwrap_or_else(|error| panic!("{transport}: {error}"));
        let answer = session.client.send_client_request("get-language", None, None).await;
        assert_eq!(answer, Ok(Some(json!({"language": "en-US"}))), "{transport}");
        session.client.disconnect().await.expect("the client disconnects");
    }
}

#[tokio::test]
async fn the_body_reaches_the_bot_over_a_websocket() {
    let cloud = PipecatCloud::start(CloudOptions::default()).await;
    let session = Session::new();
    let body = json!({"user": "Jörg +/=&?", "n": [1, null]});
    let mut request = request(cloud.address(), "websocket");
    request.request_data = Some(json!({"transport": "websocket", "body": body}));
    session.client.start_bot_and_connect(request).await.expect("the bot is ready");
    assert_eq!(cloud.seen().bodies, [body]);
    session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_anything_is_sent() {
    let cloud = PipecatCloud::start(CloudOptions::default()).await;
    for (transport, limit) in [("websocket", 4_096), ("webrtc", 1_048_576)] {
        let with = |size: usize| {
            let mut request = request(cloud.address(), transport);
            request.request_data = Some(json!({"transport": transport, "body": "x".repeat(size - 2)}));
            request
        };
        let session = Session::new();
        let error = session.client.start_bot(with(limit + 1)).await.expect_err("it is too large");
        assert_eq!((error.kind(), error.phase()), (ErrorKind::InvalidArgument, Some(Phase::StartRequest)));
        assert!(error.message().contains(&(limit + 1).to_string()), "{error}");
        assert!(error.message().contains(&limit.to_string()), "{error}");
        let before = cloud.seen().starts;
        assert_eq!(before, if transport == "websocket" { 0 } else { 1 });
        session.client.start_bot_and_connect(with(limit)).await.expect("that much is taken");
        session.client.disconnect().await.expect("the client disconnects");
    }
}

#[tokio::test]
async fn codes_and_waits_reach_the_app_wherever_the_server_refuses() {
    let check = |error: &Error, kind: ErrorKind, phase: Phase| {
        assert_eq!(
            (error.kind(), error.phase(), error.status()),
            (kind, Some(phase), Some(429)),
            "{error:?}"
        );
        let said = (error.code(), error.retry_after());
        assert_eq!(said, (Some("PCC-AGENT-AT-CAPACITY"), Some(Duration::from_secs(7))), "{error:?}");
        assert!(error.message().contains("maximum agent instances"), "{error}");
        keeps_secrets(error);
    };
    let full = || Some(Refusal::at_capacity());
    let cloud = PipecatCloud::start(CloudOptions::default()).await;
    for (refusals, transport, kind, phase) in [
        (
            Refusals { start: full(), ..Refusals::default() },
            "webrtc",
            ErrorKind::StartBotFailed,
            Phase::StartRequest,
        ),
        (
            Refusals { offer: full(), ..Refusals::default() },
            "webrtc",
            ErrorKind::ConnectionFailed,
            Phase::TransportOpen,
        ),
        (
            Refusals { websocket: full(), ..Refusals::default() },
            "websocket",
            ErrorKind::ConnectionFailed,
            Phase::TransportOpen,
        ),
    ] {
        cloud.set(CloudOptions { refusals, ..CloudOptions::default() });
        let mut session = Session::new();
        let error = session.client.start_bot_and_connect(request(cloud.address(), transport)).await;
        check(&error.expect_err("the server refuses"), kind, phase);
        let event = session.wait_for("error").await;
        assert_eq!(
            (&event["code"], &event["retryAfterMs"]),
            (&json!("PCC-AGENT-AT-CAPACITY"), &json!(7_000))
        );
        let end = session.wait_for("disconnected").await;
        assert_eq!(end["error"]["code"], "PCC-AGENT-AT-CAPACITY", "{end}");
        cloud.set(CloudOptions::default());
        session
            .client
            .start_bot_and_connect(request(cloud.address(), transport))
            .await
            .expect("it is usable");
        session.client.disconnect().await.expect("the client disconnects");
    }
}

#[tokio::test]
async fn refusals_of_start_requests_are_distinguished_by_their_codes() {
    let cloud = PipecatCloud::start(CloudOptions::default()).await;
    let session = Session::new();
    let refused = async |request: ApiRequest| {
        let error = session.client.start_bot(request).await.expect_err("the server refuses");
        keeps_secrets(&error);
        (error.kind(), error.status().unwrap_or_default(), error.code().unwrap_or_default().to_owned())
    };
    let failed = |status: u16, code: &str| (ErrorKind::StartBotFailed, status, code.to_owned());
    let mut no_key = request(cloud.address(), "webrtc");
    no_key.headers.clear();
    assert_eq!(refused(no_key).await, failed(400, "PCC-1002"));
    let mut other_key = request(cloud.address(), "webrtc");
    other_key.headers = vec![("Authorization".to_owned(), format!("Bearer {KEY}x"))];
    assert_eq!(refused(other_key).await, failed(401, "401"));
    let mut other_agent = request(cloud.address(), "webrtc");
    other_agent.endpoint = PipecatCloud::start_url(cloud.address(), "nobody");
    assert_eq!(refused(other_agent).await, failed(404, "404"));
    for (status, body, code) in [
        (402, json!({"error": "Billing credentials not set.", "code": "PCC-1004"}), "PCC-1004"),
        (429, json!({"status": 429, "code": "429", "message": "Rate limit exceeded."}), "429"),
        (429, json!({"status": 429, "code": 429}), "429"),
        (500, json!({"error": {"code": "PCC_UNKNOWN_ERROR", "message": "no image"}}), "PCC_UNKNOWN_ERROR"),
        (500, json!({"error": "no code"}), ""),
        (401, json!({"error": "no", "code": KEY}), ""),
    ] {
        let start = Some(Refusal { status, body: body.clone(), retry_after: None });
        cloud.set(CloudOptions {
            refusals: Refusals { start, ..Refusals::default() },
            ..CloudOptions::default()
        });
        assert_eq!(refused(request(cloud.address(), "webrtc")).await, failed(status, code), "{body}");
    }
}

#[tokio::test]
async fn a_lost_websocket_is_restored_with_a_token_of_its_own() {
    let cloud = PipecatCloud::start(CloudOptions::default()).await;
    let gate = Gate::start(cloud.address()).await;
    let mut session = Session::new();
    session
        .client
        .start_bot_and_connect(request(gate.address(), "websocket"))
        .await
        .expect("the bot is ready");
    for round in 2..=4 {
        gate.set(Mode::Reset);
        let attempt = session.wait_for("reconnecting").await;
        assert_eq!(
            attempt["attempt"],
            round - 1,
            "each by the first attempt since the last, not by a second"
        );
        session.wait_for("botReady").await;
        assert_eq!((cloud.seen().starts, cloud.seen().refused_tokens), (round, 0));
        gate.set(Mode::Open);
    }
    session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn an_agent_that_has_to_start_is_waited_for_over_both_transports() {
    let cold_start = Duration::from_secs(17);
    let cloud = PipecatCloud::start(CloudOptions { cold_start, ..CloudOptions::default() }).await;
    let begin = async |transport| {
        let session = Session::new();
        let start = session.client.start_bot_and_connect(request(cloud.address(), transport));
        let state = async {
            tokio::time::sleep(cold_start - Duration::from_secs(1)).await;
            session.client.state()
        };
        let (started, state) = tokio::join!(start, state);
        assert_eq!(state, TransportState::Connecting, "{transport}");
        started.unwrap_or_else(|error| panic!("{transport}: {error}"));
        session.client.disconnect().await.expect("the client disconnects");
    };
    tokio::join!(begin("websocket"), begin("webrtc"));
}

#[tokio::test]
async fn an_app_may_wait_less() {
    let cold_start = Duration::from_secs(60);
    let cloud = PipecatCloud::start(CloudOptions { cold_start, ..CloudOptions::default() }).await;
    for transport in TRANSPORTS {
        let limit = Duration::from_millis(500);
        let session = Session::with(|options| options.client.timeouts.open = Some(limit));
        let error = session.client.start_bot_and_connect(request(cloud.address(), transport)).await;
        let error = error.expect_err("it is too late");
        assert_eq!(
            (error.kind(), error.phase()),
            (ErrorKind::Timeout, Some(Phase::TransportOpen)),
            "{transport}"
        );
    }
}

#[tokio::test]
async fn the_bots_own_endpoints_are_asked_within_the_session() {
    let cloud = PipecatCloud::start(CloudOptions::default()).await;
    for transport in TRANSPORTS {
        let session = Session::new();
        let client = &session.client;
        let refused =
            client.session_request("GET", "list", None, None).await.expect_err("there is no session");
        assert_eq!((refused.kind(), refused.phase()), (ErrorKind::InvalidState, Some(Phase::Request)));
        client.start_bot_and_connect(request(cloud.address(), transport)).await.expect("the bot is ready");

        let answer = client.session_request("get", "/list", None, None).await.expect("an answer");
        assert_eq!((answer.status, answer.body), (200, json!([1, "two", null])));
        let answer = client.session_request("DELETE", "nothing", None, None).await.expect("an answer");
        assert_eq!((answer.status, answer.body), (204, Value::Null));
        let answer = client.session_request("HEAD", "list", None, None).await.expect("an answer");
        assert_eq!((answer.status, answer.body), (200, Value::Null));
        for (method, body) in [
            ("POST", Some(json!({"a": [1]}))),
            ("PUT", Some(json!("x"))),
            ("PATCH", Some(Value::Null)),
            ("GET", None),
        ] {
            let answer =
                client.session_request(method, "echo?x=1", body.clone(), None).await.expect("an answer");
            let kind = body.as_ref().map(|_| "application/json");
            let said = json!({"method": method, "query": "x=1", "type": kind, "body": body});
            assert_eq!((answer.status, answer.body), (202, said));
        }
        client.disconnect().await.expect("the client disconnects");
        let late = client
            .session_request("GET", "list", None, None)
            .await
            .expect_err("there is no session any more");
        assert_eq!(late.kind(), ErrorKind::InvalidState);
    }
}

#[tokio::test]
async fn what_a_session_refuses_is_reported_and_nothing_leaves_it() {
    let cloud = PipecatCloud::start(CloudOptions::default()).await;
    let session = Session::new();
    let client = &session.client;
    client.start_bot_and_connect(request(cloud.address(), "websocket")).await.expect("the bot is ready");
    let refused = async |method: &str, path: &str| {
        let error = client.session_request(method, path, None, Some(Duration::from_secs(1))).await;
        let error = error.expect_err("it is refused");
        assert_eq!(error.phase(), Some(Phase::Request), "{path}");
        keeps_secrets(&error);
        error
    };
    let error = refused("GET", "full").await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::RequestFailed, Some(429)));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    let error = refused("GET", "no-such").await;
    assert_eq!((error.kind(), error.code()), (ErrorKind::RequestFailed, Some("NO-ENDPOINT")));
    let error = refused("GET", "text").await;
    assert!(error.kind() == ErrorKind::RequestFailed && error.message().contains("\"hello\""), "{error}");
    let error = refused("GET", "away").await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::RequestFailed, Some(307)), "{error}");
    assert_eq!(refused("GET", "slow").await.kind(), ErrorKind::Timeout);
    for path in ["../../../other/start", "%2e%2e/x", "//host/x", "http://host/x", "api/offer", "ws", "a\\b"] {
        assert_eq!(refused("POST", path).await.kind(), ErrorKind::InvalidArgument, "{path}");
    }
    assert_eq!(refused("TRACE", "list").await.kind(), ErrorKind::InvalidArgument);
    let (pending, ended) = tokio::join!(client.session_request("GET", "slow", None, None), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        client.disconnect().await
    });
    assert_eq!((pending.map_err(|error| error.kind()), ended), (Err(ErrorKind::Cancelled), Ok(())));
}

fn rtvi(args: &[&str]) -> Command {
    let mut command = Command::new(Program::path());
    command.args(args).env_remove("PIPECAT_CLOUD_API_KEY").stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// The program's output on both streams, and its exit code.
async fn ran(mut command: Command) -> (String, Option<i32>) {
    let output = command.output().await.expect("rtvi is built");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains(KEY), "{said}");
    (said, output.status.code())
}

#[tokio::test]
async fn rtvi_talks_to_an_agent() {
    let cloud = PipecatCloud::start(CloudOptions::default()).await;
    let server = format!("http://{}", cloud.address());
    for transport in TRANSPORTS {
        let line = [
            "talk",
            "--agent",
            AGENT,
            "--cloud",
            &server,
            "--transport",
            transport,
            "--request",
            "get-language",
            "--json",
        ];
        let mut with_variable = rtvi(&line);
        with_variable.env("PIPECAT_CLOUD_API_KEY", KEY);
        let (said, code) = ran(with_variable).await;
        assert!(code == Some(0) && said.contains("en-US"), "{said}");
    }
    let line = ["talk", "--agent", AGENT, "--cloud", &server, "--json", "--log", "debug"];
    let (said, code) = ran(rtvi(&line)).await;
    assert!(code == Some(2) && said.contains("PIPECAT_CLOUD_API_KEY"), "{said}");
    let start = Some(Refusal::at_capacity());
    cloud
        .set(CloudOptions { refusals: Refusals { start, ..Refusals::default() }, ..CloudOptions::default() });
    let (said, code) = ran(rtvi(&[&line[..], &["--key", KEY]].concat())).await;
    assert!(code == Some(3) && said.contains("PCC-AGENT-AT-CAPACITY") && said.contains("7000"), "{said}");
    let (help, _) = ran({
        let mut help = rtvi(&["talk", "--help"]);
        help.env("PIPECAT_CLOUD_API_KEY", KEY);
        help
    })
    .await;
    assert!(help.contains("--agent"), "{help}");
}

#[tokio::test]
async fn the_doctor_knows_pipecat_cloud() {
    let cloud = PipecatCloud::start(CloudOptions::default()).await;
    let server = format!("http://{}", cloud.address());
    let doctor = async |agent: &str, key: &str| {
        ran(rtvi(&["doctor", "--agent", agent, "--key", key, "--cloud", &server])).await
    };
    let (said, code) = doctor(AGENT, KEY).await;
    assert!(code == Some(0) && said.contains("agent on Pipecat Cloud"), "{said}");
    let (said, code) = doctor("nobody", KEY).await;
    assert!(code == Some(3) && said.contains("no agent 'nobody'"), "{said}");
    let (said, _) = doctor(AGENT, &format!("{KEY}x")).await;
    assert!(said.contains("does not take the key"), "{said}");
    let start = Some(Refusal::at_capacity());
    cloud
        .set(CloudOptions { refusals: Refusals { start, ..Refusals::default() }, ..CloudOptions::default() });
    let (said, _) = doctor(AGENT, KEY).await;
    assert!(said.contains("max-agents") && said.contains("in 7 s"), "{said}");
    cloud.set(CloudOptions { only_daily: true, ..CloudOptions::default() });
    let (said, _) = doctor(AGENT, KEY).await;
    assert!(said.contains("Daily room"), "{said}");
}
