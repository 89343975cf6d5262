//! Whole sessions with everything logged that debug level allows: no secret may appear in any line,
//! or in the sessions' traces.
//!
//! Secrets are tokens, values of headers, cookies, passwords in URLs, queries, data of requests,
//! spoken text, passwords of TURN servers, and from SDP the ICE passwords, their user fragments and
//! the addresses of candidates.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod eavesdropper;
mod lines;
mod parrot;

use std::time::Duration;

use rtvi_bot::{BotOptions, DemoBot};
use rtvi_core::{
    ApiRequest, ConnectParams, Error, PipecatClient,
    client::{ClientOptions, ReconnectPolicy, trace::SessionTrace},
    media::{AudioFormat, ToneSource},
    protocol::{SendTextOptions, object_from_value},
    transport,
};
use rtvi_tests::{
    Session,
    front::{Front, Verdict},
    room_server::{Oddity, RoomServer},
};
use serde_json::json;

use eavesdropper::Eavesdropper;
use lines::Lines;
use parrot::Parrot;

/// Part of every secret, and of nothing else.
const SECRET: &str = "s3cret";

/// A bot that requires secrets, behind an eavesdropper.
struct Scene {
    _bot: DemoBot,
    wire: Eavesdropper,
}

impl Scene {
    async fn build() -> Self {
        let bot = DemoBot::start(BotOptions {
            token: Some(format!("{SECRET}-token")),
            required_header: Some(("x-key".to_owned(), format!("{SECRET}-header"))),
            prompts: vec![format!("My word is {SECRET}.")],
            pace: 0.1,
            ..BotOptions::default()
        });
        let bot = bot.await.expect("the bot starts");
        let cookie: &'static str = format!("set-cookie: lb={SECRET}-cookie; Path=/").leak();
        let front = Front::before(bot.address(), move |_| Verdict::PassWith(cookie)).await;
        let wire = Eavesdropper::start(front.address()).await;
        Self { _bot: bot, wire }
    }

    fn url(&self, scheme: &str, path: &str) -> String {
        format!("{scheme}://me:{SECRET}-password@localhost:{}{path}?query={SECRET}-query", self.wire.port())
    }

    fn start_request(&self, transport: &str) -> ApiRequest {
        let data = json!({"transport": transport, "body": {"key": format!("{SECRET}-data")}});
        self.with_header(ApiRequest::new(self.url("http", "/start"))).with_data(data)
    }

    fn with_header(&self, request: ApiRequest) -> ApiRequest {
        request.with_header("x-key", format!("{SECRET}-header"))
    }

    fn websocket(&self) -> ConnectParams {
        ConnectParams::websocket(self.url("ws", "/ws"))
            .with("token", format!("{SECRET}-token"))
            .with("headers", json!({"x-key": format!("{SECRET}-header")}))
    }

    fn webrtc(&self) -> ConnectParams {
        self.webrtc_at(&self.url("http", "/api/offer"))
    }

    /// Parameters for a server whose candidates the WebRTC stack complains about.
    fn odd_webrtc(&self) -> ConnectParams {
        self.webrtc_at(&format!("{}&fault=offer-bad-candidates", self.url("http", "/api/offer")))
    }

    fn webrtc_at(&self, endpoint: &str) -> ConnectParams {
        let offer = json!({
            "endpoint": endpoint,
            "headers": {"x-key": format!("{SECRET}-header")},
            "requestData": {"key": format!("{SECRET}-data")},
        });
        let relay = json!({"urls": "turn:localhost:9", "username": format!("{SECRET}-user"), "credential": format!("{SECRET}-turn")});
        ConnectParams::default()
            .with("webrtcRequestParams", offer)
            .with("iceConfig", json!({"iceServers": [relay]}))
            .with("unknownKey", format!("{SECRET}-value"))
    }
}

fn session() -> Session {
    Session::with(|options| {
        options.client.reconnect =
            ReconnectPolicy { first_delay: Duration::from_millis(20), ..ReconnectPolicy::default() };
        let tone =
            ToneSource::new(AudioFormat::mono(16_000), 220.0, 0.5).expect("the tone is one that can be");
        options.microphone = Some(Box::new(tone));
    })
}

/// The traces of all sessions.
#[derive(Default)]
struct Traces(Vec<String>);

impl Traces {
    /// Keeps that of the client's last session.
    fn keep(&mut self, client: &PipecatClient) {
        let text = client.session_trace();
        let trace = SessionTrace::parse(&text).expect("a client's own trace is read");
        assert!(!trace.rows().is_empty(), "{text}");
        self.0.push(text);
    }

    /// The lines that contain one of these texts.
    fn holding<'a>(&'a self, secrets: impl Iterator<Item = &'a String> + Clone) -> Vec<&'a str> {
        let lines = self.0.iter().flat_map(|text| text.lines());
        lines.filter(|line| secrets.clone().any(|secret| line.contains(secret))).collect()
    }
}

/// Everything that can happen in a session, and its end.
async fn talk(session: &mut Session) {
    let client = session.client.clone();
    session.wait_for("userStartedSpeaking").await;
    client.enable_mic(false).await.expect("the client runs");
    session.wait_until("userTranscript", |said| said.to_string().contains(SECRET)).await;
    session.wait_for_answer().await;
    client.register_function_call_handler("get_weather", |_| async { Err(format!("{SECRET}-failure")) });
    let text = format!("How is the weather in {SECRET}?");
    client.send_text(&text, SendTextOptions::default()).await.expect("the text is sent");
    session.wait_for("llmFunctionCallStopped").await;
    session.wait_for_answer().await;
    let echo = client.send_client_request("echo", Some(json!(SECRET)), None).await;
    assert_eq!(echo, Ok(Some(json!(SECRET))));
    client.send_client_request(SECRET, None, None).await.expect_err("the bot does not know it");
    for fault in ["malformed", "unknown", "wrong-label"] {
        client.send_client_message("misbehave", Some(json!(fault))).await.expect("the session is ready");
    }
    session.wait_for("protocolError").await;
    client.send_client_message("misbehave", Some(json!("drop"))).await.expect("the session is ready");
    session.wait_for("reconnecting").await;
    session.wait_for("botReady").await;
    client.disconnect().await.expect("the client disconnects");
}

/// Calls that fail.
async fn fail(scene: &Scene, traces: &mut Traces) {
    let client = session().client;
    let mut refused = |result: Result<(), Error>| {
        let error = result.expect_err("it can't be");
        assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
        traces.keep(&client);
    };
    let wrong = ApiRequest::new(scene.url("http", "/start")).with_header("x-key", format!("{SECRET}-wrong"));
    refused(client.start_bot(wrong).await.map(drop));
    refused(client.start_bot(ApiRequest::new(scene.url("http", "/nowhere"))).await.map(drop));
    refused(client.connect(ConnectParams::websocket(scene.url("ws", "/ws"))).await.map(drop));
    refused(client.connect(ConnectParams::websocket(scene.url("ftp", "/ws"))).await.map(drop));
    let offer = json!({"endpoint": scene.url("http", "/nowhere")});
    refused(client.connect(ConnectParams::default().with("webrtcRequestParams", offer)).await.map(drop));
}

/// Calls to a server that repeats the request: its text is in the errors, without the secrets.
async fn be_repeated(traces: &mut Traces) {
    let client = session().client;
    for error in Parrot::start().await.refusals(&client).await {
        let text = format!("{error} {error:?}");
        assert!(text.contains("Unknown: ") && text.contains('…'), "it has the server's words: {text}");
        assert!(!text.contains(SECRET), "{text}");
        assert!(error.code().is_none() && !json!(error).to_string().contains(SECRET), "{error:?}");
    }
    traces.keep(&client);
}

/// A LiveKit server that refuses the token, and repeats it; then a session in a room, which is taken
/// up again with a newer token.
async fn stay_in_a_room(traces: &mut Traces) {
    let prompts = vec![format!("My word is {SECRET}.")];
    let bot = DemoBot::start(BotOptions { prompts, pace: 0.1, ..BotOptions::default() });
    let bot = bot.await.expect("the bot starts");
    let token = format!("{SECRET}-token");
    let refusing = RoomServer::start(bot.ws_url(), [Oddity::Refuses(401)]).await;
    let client = session().client;
    let error = client.connect(refusing.params(&token)).await.expect_err("it is refused");
    assert!(error.message().contains("token is expired"), "it has the server's words: {error}");
    assert!(!format!("{error} {error:?} {}", json!(error)).contains(SECRET), "{error:?}");
    traces.keep(&client);
    let rooms = RoomServer::start(bot.ws_url(), [Oddity::UnknownMessages, Oddity::LateAnswers]).await;
    let client = session().client;
    client.connect(rooms.params(&token)).await.expect("the client connects");
    rooms.dismiss(0, 1).await;
    let text = format!("How is the weather in {SECRET}?");
    client.send_text(&text, SendTextOptions::default()).await.expect("the text is sent");
    let echo = client.send_client_request("echo", Some(json!(SECRET)), None).await;
    assert_eq!(echo, Ok(Some(json!(SECRET))));
    assert!(rooms.attempts().iter().any(|attempt| attempt.is_resume), "{:?}", rooms.attempts());
    assert!(!rooms.attempts().iter().any(|attempt| attempt.path.contains(SECRET)), "no token in a URL");
    client.disconnect().await.expect("the client disconnects");
    traces.keep(&client);
}

/// Options and requests that don't fit: an error names the place, and never the value.
#[test]
fn what_does_not_fit_is_not_repeated() {
    let wrong = [
        json!(format!("wss://h?token={SECRET}")),
        json!([SECRET]),
        json!({"headers": format!("Bearer {SECRET}")}),
        json!({"headers": [{"name": "x-key", "value": [SECRET]}]}),
        json!({"url": {"token": SECRET}}),
        json!({"tls": {"pinnedKeys": [SECRET]}}),
    ];
    for value in wrong {
        let refused = [
            transport::named("websocket", &value.to_string()).err(),
            object_from_value::<ApiRequest>("the request", &value).err(),
            object_from_value::<ClientOptions>("the options", &value).err(),
        ];
        for error in refused.into_iter().map(|error| error.expect("it does not fit")) {
            assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
        }
    }
}

#[tokio::test]
async fn no_line_of_a_log_or_a_trace_holds_a_secret() {
    let lines = Lines::install();
    let scene = Scene::build().await;
    let mut traces = Traces::default();
    fail(&scene, &mut traces).await;
    be_repeated(&mut traces).await;
    stay_in_a_room(&mut traces).await;
    for params in [scene.websocket(), scene.webrtc()] {
        let mut session = session();
        session.client.connect(params).await.expect("the client connects");
        talk(&mut session).await;
        traces.keep(&session.client);
    }
    for transport in ["websocket", "webrtc"] {
        let session = session();
        let started = session.client.start_bot_and_connect(scene.start_request(transport)).await;
        // The answer contains the token of a WebSocket, but not the header that this bot requires.
        assert_eq!(started.is_ok(), transport == "webrtc", "{started:?}");
        session.client.disconnect().await.expect("the client disconnects");
        traces.keep(&session.client);
    }
    let odd = session();
    odd.client.connect(scene.odd_webrtc()).await.expect("the good candidates do");
    odd.client.disconnect().await.expect("the client disconnects");
    traces.keep(&odd.client);
    let secrets = scene.wire.session_secrets();
    assert!(secrets.len() > 8, "the descriptions were read along: {secrets:?}");
    let known = [SECRET.to_owned()];
    let leaks = lines.holding(known.iter().chain(&secrets));
    assert!(lines.count("rtvi") > 0, "something was logged");
    assert!(leaks.is_empty(), "{} lines:\n{}", leaks.len(), leaks.join("\n"));
    let leaks = traces.holding(known.iter().chain(&secrets));
    assert!(leaks.is_empty(), "{} lines of traces:\n{}", leaks.len(), leaks.join("\n"));
}
