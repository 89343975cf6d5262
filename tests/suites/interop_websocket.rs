//! The current Pipecat, over WebSocket.
#![expect(clippy::disallowed_methods, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use rtvi_tests::{
    PipecatServer, ServerKind, Session,
    exchange::{conversation, field, session},
};

async fn server() -> PipecatServer {
    PipecatServer::start(ServerKind::Voice, &[]).await
}

rtvi_tests::every_exchange!(server);

#[tokio::test]
async fn start_bot_and_connect() {
    let server = server().await;
    session::start_bot_and_connect(&server.target()).await;
}

#[tokio::test]
async fn spoken_turn() {
    let server = server().await;
    let heard = conversation::spoken_turn(&server.target(), "Hello, can you hear me?").await;
    assert_eq!(heard.to_lowercase().trim_end_matches(['.', '?']), "hello can you hear me");
}

#[tokio::test]
async fn spoken_interruption() {
    let server = server().await;
    conversation::spoken_interruption(&server.target(), "Stop, that is enough.").await;
}

#[tokio::test]
async fn muting() {
    let server = server().await;
    conversation::muting(&server.target(), "Hello, can you hear me?").await;
}

#[tokio::test]
async fn a_killed_server_is_noticed_at_once() {
    let mut server = server().await;
    let mut client = Session::connected(&server.target()).await;
    let begin = Instant::now();
    server.kill().await;
    session::server_vanishes(&mut client).await;
    let noticed = session::delay(&client, begin, "reconnecting");
    assert!(noticed < Duration::from_secs(1), "noticed after {noticed:?}");
}

#[tokio::test]
async fn a_frozen_server_is_noticed_within_six_seconds() {
    let server = server().await;
    let mut client = Session::connected(&server.target()).await;
    let begin = Instant::now();
    server.freeze();
    client.wait_for("reconnecting").await;
    let noticed = session::delay(&client, begin, "reconnecting");
    // Six by the rules, which unit tests verify; a busy machine adds to that.
    assert!(noticed < Duration::from_secs(8), "noticed after {noticed:?}");
    client.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn a_server_that_shuts_down_is_lost_with_its_close_code() {
    let server = server().await;
    let mut client = Session::connected(&server.target()).await;
    server.terminate();
    let lost = client.wait_for("reconnecting").await;
    assert_eq!(lost["reason"]["status"], serde_json::json!(1012), "{lost}");
    client.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn an_llm_that_gives_every_call_the_same_id_or_none() {
    field::one_id_for_every_call(&server().await.target()).await;
}

#[tokio::test]
async fn half_characters_and_numbers_that_json_does_not_have() {
    field::odd_json(&server().await.target()).await;
}

#[tokio::test]
async fn a_bot_whose_event_loop_stands_still() {
    field::a_bot_that_stands_still(&server().await.target()).await;
}
