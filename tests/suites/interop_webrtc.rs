//! The current Pipecat, over WebRTC.
#![expect(clippy::disallowed_methods, reason = "a test fails by panicking")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rtvi_core::{ApiRequest, ConnectParams, ErrorKind};
use rtvi_tests::{
    PipecatServer, ServerKind, Session, Shared, Target,
    exchange::{conversation, field, session},
    free_port,
};
use serde_json::json;

const RUNNER_PORT: u16 = 17_862;

/// A server of the test's own.
async fn server() -> PipecatServer {
    PipecatServer::start(ServerKind::Voice, &[]).await
}

/// The server of the tests that leave it as it is.
async fn shared() -> Arc<PipecatServer> {
    static SERVER: Shared<PipecatServer> = Shared::new();
    SERVER.get(server).await
}

/// A server, reached over WebRTC.
struct OverWebRtc(Arc<PipecatServer>);

impl OverWebRtc {
    fn target(&self) -> Target {
        self.0.webrtc_target()
    }
}

async fn over_webrtc() -> OverWebRtc {
    OverWebRtc(shared().await)
}

rtvi_tests::every_exchange!(over_webrtc);
rtvi_tests::every_spoken_exchange!(over_webrtc, understands_words: true);

/// The client is ready before the bot's pipeline: the server asks it to renegotiate.
#[tokio::test]
async fn spoken_turn_with_a_slow_bot() {
    let server = PipecatServer::start(ServerKind::Voice, &["--start-delay", "1.5"]).await;
    let heard = conversation::spoken_turn(&server.webrtc_target(), "Hello, can you hear me?").await;
    assert_eq!(heard.to_lowercase().trim_end_matches(['.', '?']), "hello can you hear me");
}

#[tokio::test]
async fn bots_leave_busy_clients() {
    let server = server().await;
    session::bots_leave_busy_clients(&server.webrtc_target()).await;
}

#[tokio::test]
async fn a_killed_server_is_noticed_within_one_and_a_half_seconds() {
    let mut server = server().await;
    let target = server.webrtc_target();
    session::killed_server_is_noticed(&mut server, &target, Duration::from_millis(1_500)).await;
}

#[tokio::test]
async fn a_frozen_server_is_noticed_within_six_seconds() {
    let server = server().await;
    session::frozen_server_is_noticed(&server, &server.webrtc_target()).await;
}

#[tokio::test]
async fn a_server_that_shuts_down_is_lost() {
    let server = server().await;
    let mut client = Session::connected(&server.webrtc_target()).await;
    let begin = Instant::now();
    server.terminate();
    let lost = client.wait_for("reconnecting").await;
    assert_eq!(lost["reason"]["kind"], json!("connectionLost"), "{lost}");
    let noticed = session::delay(&client, begin, "reconnecting");
    assert!(noticed < Duration::from_secs(3), "noticed after {noticed:?}");
    client.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn a_short_freeze_heals_by_itself() {
    let server = server().await;
    let client = Session::connected(&server.webrtc_target()).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    server.freeze();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    server.thaw();
    let answer = client.client.send_client_request("get-language", None, None).await;
    assert_eq!(answer.expect("the bot answers"), Some(json!({"language": "en-US"})));
    assert!(!client.names().contains(&"reconnecting".to_owned()), "{:?}", client.names());
    client.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn a_restarted_server_is_found_again() {
    let port = free_port().to_string();
    let flags = ["--port", port.as_str()];
    let mut server = PipecatServer::start(ServerKind::Voice, &flags).await;
    let mut client = Session::with(|options| options.client.reconnect.max_attempts = 8);
    client.connect(&server.webrtc_target()).await;
    server.kill().await;
    client.wait_for("reconnecting").await;
    let _again = PipecatServer::start(ServerKind::Voice, &flags).await;
    client.wait_for("botReady").await;
    let answer = client.client.send_client_request("get-language", None, None).await;
    assert_eq!(answer.expect("the bot answers"), Some(json!({"language": "en-US"})));
    client.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn several_calls_at_once() {
    let server = shared().await;
    let target = server.webrtc_target();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let target = target.clone();
        calls.spawn(async move {
            let client = Session::connected(&target).await;
            tokio::time::sleep(Duration::from_secs(2)).await;
            let answer = client.client.send_client_request("get-language", None, None).await;
            client.client.disconnect().await.expect("the client disconnects");
            assert_eq!(answer.expect("the bot answers"), Some(json!({"language": "en-US"})));
            assert!(client.client.audio_stats().received > Duration::from_secs(1));
        });
    }
    while let Some(call) = calls.join_next().await {
        call.expect("the call works");
    }
}

/// Pipecat's own development runner: the client starts a session, then sends it an offer.
#[tokio::test]
async fn the_runners_start_answer_is_all_that_is_needed() {
    let server = PipecatServer::start_runner(RUNNER_PORT, &["-t", "webrtc"]).await;
    let session = Session::new();
    let request = ApiRequest::new(server.target().start_url).with_data(json!({"transport": "webrtc"}));
    session.client.start_bot_and_connect(request.clone()).await.expect("the bot starts");
    let answer = session.client.send_client_request("get-language", None, None).await;
    assert_eq!(answer, Ok(Some(json!({"language": "en-US"}))));
    session.client.disconnect().await.expect("the client disconnects");

    session.client.start_bot(request).await.expect("the bot starts");
    let gone = ConnectParams::default().with("sessionId", "gone");
    let error = session.client.connect(gone).await.expect_err("there is no such session");
    assert_eq!((error.kind(), error.status()), (ErrorKind::ConnectionFailed, Some(404)), "{error}");
    assert!(error.message().contains("session_id"), "{error}");
}

#[tokio::test]
async fn a_refused_offer_fails_at_once_with_the_servers_words() {
    let server = shared().await;
    let session = Session::new();
    let wrong = format!("{}/nothing-here", server.target().start_url);
    let params = ConnectParams::default().with("webrtcRequestParams", json!({"endpoint": wrong}));
    let begin = Instant::now();
    let error = session.client.connect(params).await.expect_err("nothing is there");
    assert_eq!((error.kind(), error.status()), (ErrorKind::ConnectionFailed, Some(404)));
    assert!(error.message().contains("Not Found"), "{error}");
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn an_llm_that_gives_every_call_the_same_id_or_none() {
    field::one_id_for_every_call(&shared().await.webrtc_target()).await;
}

#[tokio::test]
async fn half_characters_and_numbers_that_json_does_not_have() {
    field::odd_json(&shared().await.webrtc_target()).await;
}

#[tokio::test]
async fn a_bot_whose_event_loop_stands_still() {
    field::a_bot_that_stands_still(&server().await.webrtc_target()).await;
}
