//! Lost connections: how they are restored or given up, and what happens to pending work.

use std::time::Duration;

use rtvi_core::{
    Error, ErrorKind, Event, Phase, TransportState,
    client::{DisconnectReason, ReconnectPolicy},
    transport::CloseReason,
};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::stage::{Stage, next_message, say, serve_close, serve_handshake};

fn lost() -> CloseReason {
    CloseReason::Lost(Error::new(ErrorKind::ConnectionLost, "the cable was cut"))
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_is_restored() {
    let mut stage = Stage::new();
    let connection = stage.ready().await;
    stage.drain().await;
    let begun = Instant::now();
    connection.end(lost());
    let connection = serve_handshake(&mut stage.bot).await;
    assert_eq!(begun.elapsed(), ReconnectPolicy::default().first_delay);
    assert_eq!((connection.attempt, &connection.params), (1, &crate::stage::params()));
    let expected = [
        "botDisconnected",
        "participantLeft",
        "=connecting",
        "reconnecting",
        "=connected",
        "connected",
        "botConnected",
        "participantConnected",
        "=ready",
        "botReady",
    ];
    assert_eq!(stage.names().await, expected);
    let (ended, ()) = tokio::join!(stage.client.disconnect(), serve_close(connection));
    ended.unwrap();
    assert_eq!(stage.end().await, DisconnectReason::Requested);
    stage.is_usable().await;
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_settled_and_new_messages_are_refused() {
    let mut stage = Stage::new();
    let mut connection = stage.ready().await;
    stage.drain().await;
    let client = stage.client.clone();
    let (reply, ()) = tokio::join!(client.send_client_request("never", None, None), async {
        next_message(&mut connection).await;
        connection.end(lost());
    });
    let error = reply.expect_err("the connection is lost");
    assert_eq!((error.kind(), error.phase()), (ErrorKind::ConnectionLost, Some(Phase::Session)));
    assert!(error.message().contains("the cable was cut"), "{error}");
    let error = client.send_client_message("note", None).await.expect_err("there is no connection");
    assert_eq!(error.kind(), ErrorKind::NotReady);
    assert!(error.message().contains("being restored"), "{error}");
    let error = client.connect(crate::stage::params()).await.expect_err("the session is not over");
    assert_eq!(error.kind(), ErrorKind::AlreadyStarted);
    let _connection = serve_handshake(&mut stage.bot).await;
    stage.wait_for("botReady").await;
    client.send_client_message("note", None).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn after_three_attempts_the_session_ends_with_the_reason() {
    let mut stage = Stage::new();
    let connection = stage.ready().await;
    stage.drain().await;
    connection.end(lost());
    for attempt in 1..=3 {
        let connection = stage.bot.accept().await.unwrap();
        assert_eq!(connection.attempt, attempt);
        let refused = Error::new(ErrorKind::ConnectionFailed, "nobody is at home");
        connection.end(CloseReason::OpenFailed(refused));
        let Event::Reconnecting { attempt: reported, max_attempts, .. } =
            stage.wait_for("reconnecting").await
        else {
            panic!("another event of this name")
        };
        assert_eq!((reported, max_attempts), (attempt, 3));
    }
    let DisconnectReason::Failed(error) = stage.end().await else { panic!("it did not fail") };
    assert_eq!((error.kind(), error.phase()), (ErrorKind::ConnectionLost, Some(Phase::Reconnect)));
    assert!(error.message().contains("3 attempts: nobody is at home"), "{error}");
    stage.is_usable().await;
}

#[tokio::test(start_paused = true)]
async fn disconnecting_ends_the_wait_for_the_next_attempt() {
    let mut stage = Stage::new();
    let connection = stage.ready().await;
    connection.end(lost());
    stage.wait_for("reconnecting").await;
    let begun = Instant::now();
    stage.client.disconnect().await.unwrap();
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(stage.end().await, DisconnectReason::Requested);
    stage.is_usable().await;
}

#[tokio::test(start_paused = true)]
async fn a_session_that_held_counts_its_attempts_anew() {
    let mut stage = Stage::new();
    let mut connection = stage.ready().await;
    stage.drain().await;
    for _ in 0..5 {
        sleep(ReconnectPolicy::STABLE_AFTER).await;
        connection.end(lost());
        connection = serve_handshake(&mut stage.bot).await;
        assert_eq!(connection.attempt, 1);
        stage.wait_for("botReady").await;
    }
    assert_eq!(stage.client.state(), TransportState::Ready);
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_leaves_is_no_loss() {
    let mut stage = Stage::new();
    let connection = stage.ready().await;
    connection.end(CloseReason::BotLeft { code: Some(1000), reason: "good night".into() });
    let left = DisconnectReason::BotLeft { code: Some(1000), reason: "good night".into() };
    assert_eq!(stage.end().await, left);
    stage.is_usable().await;
}

#[tokio::test(start_paused = true)]
async fn a_fatal_error_of_the_bot_ends_the_session() {
    let mut stage = Stage::new();
    let connection = stage.ready().await;
    say(&connection, json!({"type": "error", "data": {"error": "out of memory", "fatal": true}})).await;
    let ((), end) = tokio::join!(serve_close(connection), stage.end());
    let DisconnectReason::Failed(error) = end else { panic!("{end:?}") };
    assert_eq!((error.kind(), error.phase()), (ErrorKind::BotError, Some(Phase::Session)));
    stage.is_usable().await;
}
