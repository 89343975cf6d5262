//! Pipecat's own development runner.

use std::{net::SocketAddr, sync::Arc};

use rtvi_core::{
    ApiRequest, Error, ErrorKind, PipecatClient,
    transport::{Connection, OpenRequest, Transport, WebSocketTransport},
};
use rtvi_tests::{
    Gate, Mode, PipecatServer, Session,
    front::{Front, Request, Verdict, answer},
};
use serde_json::json;

const PORT: u16 = 17_860;
const PORT_WITH_TOKEN: u16 = 17_861;
const PORT_WITH_TOKENS: u16 = 17_862;
const PORT_BEHIND: u16 = 17_863;

async fn asks_its_language(client: &PipecatClient) {
    let answer = client.send_client_request("get-language", None, None).await;
    assert_eq!(answer, Ok(Some(json!({"language": "en-US"}))));
}

#[tokio::test]
async fn the_runners_answer_is_all_that_is_needed() {
    let server = PipecatServer::start_runner(PORT, &[]).await;
    let session = Session::new();
    let request = ApiRequest::new(server.target().start_url).with_data(json!({"transport": "websocket"}));
    session.client.start_bot_and_connect(request).await.expect("the bot starts");
    asks_its_language(&session.client).await;
    session.client.disconnect().await.expect("the client disconnects");

    let refused = ApiRequest::new(server.target().start_url).with_data(json!({"transport": "webrtc"}));
    let error = session.client.start_bot(refused).await.expect_err("the runner serves WebSocket only");
    assert_eq!((error.kind(), error.status()), (ErrorKind::StartBotFailed, Some(400)));
    assert!(error.message().contains("is not allowed"), "{error}");
}

#[tokio::test]
async fn a_token_is_passed_on() {
    let server = PipecatServer::start_runner(PORT_WITH_TOKEN, &["--ws-auth", "token"]).await;
    let session = Session::new();
    let request = ApiRequest::new(server.target().start_url).with_data(json!({"transport": "websocket"}));
    let params = session.client.start_bot(request).await.expect("the bot starts");
    session.client.connect(params.clone()).await.expect("the token is good");
    asks_its_language(&session.client).await;
    session.client.disconnect().await.expect("the client disconnects");

    let error = session.client.connect(params.clone()).await.expect_err("a token is good once");
    assert_eq!((error.kind(), error.status()), (ErrorKind::ConnectionFailed, Some(403)));
    let token = params.get(&["token"]).and_then(|token| token.as_str()).expect("there is a token");
    assert!(!error.message().contains(token), "no token in errors");
}

/// Reaches the bot through the gate, whatever address the runner returns.
struct ThroughGate {
    gate: SocketAddr,
    websocket: WebSocketTransport,
}

impl Transport for ThroughGate {
    fn name(&self) -> &'static str {
        "websocket through a gate"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        let params = request.params.clone().with("wsUrl", format!("ws://{}/ws-client", self.gate));
        self.websocket.create(OpenRequest { params: &params, ..request })
    }
}

#[tokio::test]
async fn a_lost_connection_is_restored_with_a_new_token() {
    let server = PipecatServer::start_runner(PORT_WITH_TOKENS, &["--ws-auth", "token"]).await;
    let gate = Gate::start(SocketAddr::from(([127, 0, 0, 1], PORT_WITH_TOKENS))).await;
    let through = ThroughGate { gate: gate.address(), websocket: WebSocketTransport::default() };
    let mut session = Session::with(|options| options.transport = Arc::new(through));
    let request = ApiRequest::new(server.target().start_url).with_data(json!({"transport": "websocket"}));
    session.client.start_bot_and_connect(request).await.expect("the token is good");
    session.wait_for("botReady").await;
    gate.set(Mode::Reset);
    session.wait_for("reconnecting").await;
    session.wait_for("botReady").await;
    asks_its_language(&session.client).await;
    let attempts = session.all("reconnecting");
    assert!(
        attempts.len() == 1 && attempts[0]["reason"]["status"].is_null(),
        "no 403 on the way: {attempts:?}"
    );
    let tokens: Vec<_> = session.all("botStarted").iter().map(|answer| answer["token"].clone()).collect();
    assert!(tokens.len() == 2 && tokens[0].is_string() && tokens[0] != tokens[1], "two tokens: {tokens:?}");
    session.client.disconnect().await.expect("the client disconnects");
}

/// A load balancer in front of the runner. It moves the start endpoint and the WebSocket, requires
/// a name and a password for a start, and sets a cookie, without which it finds no session.
fn balance(request: &Request) -> Verdict {
    let is_known = request.header("cookie").is_some_and(|cookies| cookies.contains("lb=node-7"));
    match (request.path.as_str(), request.header("authorization")) {
        ("/start/", _) => Verdict::Answer(answer("308 Permanent Redirect", &["location: /start"], "")),
        ("/start", Some("Basic bWU6cGFzcyB3b3Jk")) => {
            Verdict::PassWith("set-cookie: lb=node-7; Path=/; HttpOnly")
        }
        ("/start", _) => Verdict::Answer(answer("401 Unauthorized", &[], "who are you?")),
        _ if !is_known => Verdict::Answer(answer("404 Not Found", &[], "no session here")),
        ("/moved", _) => Verdict::PassTo("/ws-client".to_owned()),
        _ => Verdict::Answer(answer("307 Temporary Redirect", &["location: moved"], "")),
    }
}

#[tokio::test]
async fn a_load_balancer_before_the_runner() {
    let server = PipecatServer::start_runner(PORT_BEHIND, &[]).await;
    let front = Front::before(([127, 0, 0, 1], PORT_BEHIND).into(), balance).await;
    let session = Session::new();
    let url = front.url("http", "/start/").replace("://", "://me:pass%20word@");
    let request = ApiRequest::new(url).with_data(json!({"transport": "websocket"}));
    session.client.start_bot_and_connect(request).await.expect("the bot starts");
    asks_its_language(&session.client).await;
    session.client.disconnect().await.expect("the client disconnects");
    let paths: Vec<_> = front.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/start/", "/start", "/ws-client", "/moved"]);
    drop(server);
}
