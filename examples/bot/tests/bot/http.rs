//! `/start`, `/status`, and who may open the WebSocket.

use std::time::Duration;

#[cfg(feature = "webrtc")]
use rtvi_bot::IceServer;
use rtvi_bot::{BotOptions, DemoBot, StartTransport};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Error;

use crate::common::{Client, PATIENCE, bot, http};

async fn start(bot: &DemoBot, body: &str) -> (String, Value) {
    let (head, body) = http(bot, "POST", "/start", body, PATIENCE).await;
    let status = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
    (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

async fn upgrade_status(bot: &DemoBot, query: &str) -> u16 {
    match Client::open(bot, query).await {
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
        Ok(_) => 101,
    }
}

fn only(transport: StartTransport) -> BotOptions {
    BotOptions { transport: Some(transport), ..BotOptions::default() }
}

#[tokio::test]
async fn start_answers_as_a_runner_of_websockets() {
    let bot = bot(only(StartTransport::Websocket)).await;
    let url = bot.ws_url().replace("/ws", "/ws-client").replace("ws-client:", "ws:");
    for body in ["{}", r#"{"transport":"websocket","body":{"name":"Ada"}}"#, "not json", ""] {
        let (status, answer) = start(&bot, body).await;
        assert_eq!(
            (status.as_str(), &answer["wsUrl"], &answer["token"]),
            ("200", &json!(url), &Value::Null),
            "{body}"
        );
        assert!(answer["sessionId"].as_str().is_some_and(|id| id.len() == 36));
    }
    for transport in ["webrtc", "bogus"] {
        let (status, answer) = start(&bot, &json!({ "transport": transport }).to_string()).await;
        let detail = format!(
            "Transport '{transport}' is not allowed. Server is configured for 'websocket' only (-t websocket)."
        );
        assert_eq!((status.as_str(), answer), ("400", json!({ "detail": detail })));
    }
    for (body, detail) in
        [("[]", "the body is not an object"), (r#"{"transport":7}"#, "transport is not a string")]
    {
        let (status, answer) = start(&bot, body).await;
        assert_eq!((status.as_str(), answer), ("422", json!({ "detail": detail })));
    }
    assert_eq!(bot.start_requests(), 8);
    let (_, body) = http(&bot, "GET", "/status", "", PATIENCE).await;
    assert_eq!(body, r#"{"status":"ready","transports":["websocket"]}"#);
    let (head, _) = http(&bot, "GET", "/nowhere", "", PATIENCE).await;
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
}

#[cfg(feature = "webrtc")]
#[tokio::test]
async fn start_answers_as_a_runner_of_everything() {
    let bot = bot(BotOptions::default()).await;
    for body in ["{}", "", r#"{"transport":"webrtc"}"#] {
        let (status, answer) = start(&bot, body).await;
        assert_eq!(
            (status.as_str(), answer.as_object().map(|answer| answer.len())),
            ("200", Some(1)),
            "{body}"
        );
        assert!(answer["sessionId"].as_str().is_some_and(|id| id.len() == 36));
    }
    let (_, answer) = start(&bot, r#"{"enableDefaultIceServers":true}"#).await;
    let expected = json!({ "iceServers": [{ "urls": ["stun:stun.l.google.com:19302"] }] });
    assert_eq!(answer["iceConfig"], expected);
    let (_, answer) = start(&bot, r#"{"transport":"websocket"}"#).await;
    assert!(answer["wsUrl"].is_string());
    let disabled = "is disabled in this runner environment. Check the startup banner for enabled transports.";
    for (body, detail) in [
        (r#"{"transport":"daily"}"#, format!("Transport 'daily' {disabled}")),
        (r#"{"createDailyRoom":true}"#, format!("Transport 'daily' {disabled}")),
        (r#"{"transport":"bogus"}"#, "Unknown transport 'bogus'.".to_owned()),
    ] {
        assert_eq!(start(&bot, body).await, ("400".into(), json!({ "detail": detail })));
    }
    let (_, body) = http(&bot, "GET", "/status", "", PATIENCE).await;
    assert_eq!(body, r#"{"status":"ready","transports":["webrtc","websocket"]}"#);
}

#[cfg(feature = "webrtc")]
#[tokio::test]
async fn start_hands_out_the_bots_ice_servers() {
    let server = IceServer {
        urls: vec!["turn:192.0.2.1:3478".into()],
        username: Some("ada".into()),
        credential: Some("x".into()),
    };
    let options = BotOptions { ice_servers: vec![server], ..only(StartTransport::Webrtc) };
    let bot = bot(options).await;
    let expected = json!([{ "urls": ["turn:192.0.2.1:3478"], "username": "ada", "credential": "x" }]);
    let (_, answer) = start(&bot, r#"{"enableDefaultIceServers":true}"#).await;
    assert_eq!(answer["iceConfig"]["iceServers"], expected);
    assert_eq!(start(&bot, r#"{"transport":"websocket"}"#).await.0, "400");
}

#[tokio::test]
async fn pages_of_any_origin_are_let_in() {
    let bot = bot(BotOptions::default()).await;
    let ask = async |method: &str, more: &str| {
        let path = format!("/start HTTP/1.1\r\norigin: http://app.test\r\n{more}x: y\r\nignored:");
        http(&bot, method, &path, "", PATIENCE).await
    };
    let asks = "access-control-request-method: POST\r\naccess-control-request-headers: authorization\r\n";
    let (head, body) = ask("OPTIONS", asks).await;
    assert!(head.starts_with("HTTP/1.1 200") && body == "OK", "{head}");
    assert!(head.contains("access-control-allow-headers: authorization"), "{head}");
    assert!(head.contains("access-control-allow-methods: DELETE, GET"), "{head}");
    let (head, body) = ask("POST", "").await;
    assert!(head.contains("access-control-allow-origin: http://app.test"), "{head}");
    assert!(body.contains("sessionId"), "{body}");
    let (head, _) = http(&bot, "POST", "/start", "", PATIENCE).await;
    assert!(!head.contains("access-control"), "{head}");
}

#[tokio::test]
async fn the_token_opens_the_socket() {
    let bot = bot(BotOptions { token: Some("secret".into()), ..only(StartTransport::Websocket) }).await;
    assert_eq!(start(&bot, "{}").await.1["token"], "secret");
    assert_eq!(upgrade_status(&bot, "").await, 403);
    assert_eq!(upgrade_status(&bot, "?token=wrong").await, 403);
    assert_eq!(upgrade_status(&bot, "?token=secret").await, 101);
}

#[tokio::test]
async fn the_required_header_is_required() {
    let required = Some(("x-key".to_owned(), "1".to_owned()));
    let bot = bot(BotOptions { required_header: required, ..BotOptions::default() }).await;
    assert_eq!(start(&bot, "{}").await.0, "403");
    assert_eq!(upgrade_status(&bot, "").await, 403);
}

#[tokio::test]
async fn a_plain_get_is_no_upgrade() {
    let bot = bot(BotOptions::default()).await;
    let (head, _) = http(&bot, "GET", "/ws", "", PATIENCE).await;
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
    assert_eq!(upgrade_status(&bot, "?fault=explode").await, 400);
}

#[tokio::test]
async fn start_misbehaves_on_request() {
    let bot = bot(BotOptions::default()).await;
    let ask = |fault: &str| json!({ "fault": fault }).to_string();
    assert_eq!(start(&bot, &ask("start-status")).await.0, "503");
    assert_eq!(start(&bot, &ask("explode")).await.0, "400");
    let (status, html) = start(&bot, &ask("start-html")).await;
    assert!(status == "200" && html.as_str().is_some_and(|text| text.starts_with("<!DOCTYPE")));
    assert_eq!(start(&bot, &ask("start-empty")).await, ("200".into(), json!("")));
    let (head, _) = http(&bot, "POST", "/start", &ask("start-redirect"), PATIENCE).await;
    assert!(head.starts_with("HTTP/1.1 307") && head.contains("location: /start"), "{head}");
    let slow = r#"{"fault":{"kind":"start","answer":"slow","ms":100}}"#;
    assert_eq!(http(&bot, "POST", "/start", slow, Duration::from_millis(20)).await.0, "");
    assert_eq!(start(&bot, slow).await.0, "200");
    let (_, body) = http(&bot, "POST", "/start", &ask("start-endless"), Duration::from_millis(200)).await;
    assert!(body.matches("endless").count() > 2, "{body}");
}

#[tokio::test]
async fn start_hands_a_fault_of_the_session_on() {
    let bot = bot(only(StartTransport::Websocket)).await;
    let (_, answer) = start(&bot, r#"{"fault":{"kind":"http-status","status":404}}"#).await;
    let query =
        answer["wsUrl"].as_str().and_then(|url| url.split_once('?')).map(|(_, query)| format!("?{query}"));
    assert_eq!(upgrade_status(&bot, &query.unwrap_or_default()).await, 404);
}
