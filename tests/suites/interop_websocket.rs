//! The current Pipecat, over WebSocket.

use std::{sync::Arc, time::Duration};

use rtvi_tests::{
    PipecatServer, ServerKind, Session, Shared,
    exchange::{field, session},
};

/// A server of the test's own.
async fn server() -> PipecatServer {
    PipecatServer::start(ServerKind::Voice, &[]).await
}

/// The server of the tests that leave it as it is.
async fn shared() -> Arc<PipecatServer> {
    static SERVER: Shared<PipecatServer> = Shared::new();
    SERVER.get(server).await
}

rtvi_tests::every_exchange!(shared);
rtvi_tests::every_spoken_exchange!(shared, understands_words: true);

#[tokio::test]
async fn start_bot_and_connect() {
    let server = shared().await;
    session::start_bot_and_connect(&server.target()).await;
}

#[tokio::test]
async fn a_killed_server_is_noticed_at_once() {
    let mut server = server().await;
    let target = server.target();
    session::killed_server_is_noticed(&mut server, &target, Duration::from_secs(1)).await;
}

#[tokio::test]
async fn a_frozen_server_is_noticed_within_six_seconds() {
    let server = server().await;
    session::frozen_server_is_noticed(&server, &server.target()).await;
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
    field::one_id_for_every_call(&shared().await.target()).await;
}

#[tokio::test]
async fn half_characters_and_numbers_that_json_does_not_have() {
    field::odd_json(&shared().await.target()).await;
}

#[tokio::test]
async fn a_bot_whose_event_loop_stands_still() {
    field::a_bot_that_stands_still(&server().await.target()).await;
}
