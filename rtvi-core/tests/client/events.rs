//! Event streams: their order, and the effect of a slow app.

use std::time::Duration;

use rtvi_core::{
    ErrorKind, Event, EventStream, Phase, TransportState,
    client::{DISCONNECT_TIMEOUT, DisconnectReason, EVENT_QUEUE, STALL_LIMIT},
    media::ToneSource,
    protocol::ServerMessage,
    transport::scripted::ScriptedConnection,
};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    audio::{FORMAT, frames},
    stage::{Stage, answer, name, next_message, say, serve_close, settle},
};

const SESSION: [&str; 18] = [
    "=initializing",
    "mediaStateUpdated",
    "mediaStateUpdated",
    "=initialized",
    "=connecting",
    "=connected",
    "connected",
    "botConnected",
    "participantConnected",
    "=ready",
    "botReady",
    "botStartedSpeaking",
    "botStoppedSpeaking",
    "=disconnecting",
    "botDisconnected",
    "participantLeft",
    "=disconnected",
    "disconnected",
];

#[tokio::test(start_paused = true)]
async fn every_subscriber_hears_a_session_in_this_order() {
    let mut stage = Stage::new();
    let mut second = stage.client.events();
    let connection = stage.ready().await;
    assert_eq!(stage.client.state(), TransportState::Ready, "as soon as connect is done");
    say(&connection, json!({"type": "bot-started-speaking"})).await;
    say(&connection, json!({"type": "bot-stopped-speaking"})).await;
    settle().await;
    let mut late = stage.client.events();
    let (ended, ()) = tokio::join!(stage.client.disconnect(), serve_close(connection));
    ended.unwrap();
    assert_eq!(stage.names().await, SESSION);
    let others = |stream: &mut EventStream| -> Vec<String> {
        std::iter::from_fn(|| stream.try_next()).map(|event| name(&event)).collect()
    };
    assert_eq!(others(&mut second), SESSION);
    assert_eq!(others(&mut late), SESSION[13..]);
}

fn number(event: Event) -> Option<Value> {
    match event {
        Event::Server(ServerMessage::ServerMessage(data)) => Some(data.into()),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_subscriber_misses_nothing() {
    let mut stage = Stage::new();
    let connection = stage.ready().await;
    let total = 4 * EVENT_QUEUE;
    let mut heard = Vec::new();
    tokio::join!(
        async {
            for number in 0..total {
                say(&connection, json!({"type": "server-message", "data": number})).await;
            }
        },
        async {
            while heard.len() < total {
                sleep(Duration::from_millis(1)).await;
                heard.extend(stage.events.next().await.and_then(number));
            }
        }
    );
    let expected: Vec<Value> = (0..total).map(|number| json!(number)).collect();
    assert_eq!(heard, expected);
}

/// Sends messages for as long as the client accepts them without delay. Returns how many it
/// accepted.
async fn flood_with(connection: &ScriptedConnection, data: impl Fn(usize) -> Value) -> usize {
    for number in 0..10_000 {
        let message = say(connection, json!({"type": "server-message", "data": data(number)}));
        if timeout(Duration::from_millis(10), message).await.is_err() {
            return number;
        }
    }
    panic!("a client that nobody listens to takes everything");
}

async fn flood(connection: &ScriptedConnection) {
    flood_with(connection, |number| json!(number)).await;
}

#[tokio::test(start_paused = true)]
async fn few_large_messages_wait_for_an_app_that_does_not_read() {
    let mut stage = Stage::new();
    let connection = stage.ready().await;
    let large = "x".repeat(1024 * 1024);
    let taken = flood_with(&connection, |_| json!(large)).await;
    assert!((9..=9 + 32).contains(&taken), "{taken} of 1 MiB were taken");
    stage.drain().await;
    say(&connection, json!({"type": "server-message", "data": "more"})).await;
    stage.wait_for("serverMessage").await;
}

#[tokio::test(start_paused = true)]
async fn an_app_that_does_not_read_stops_messages_but_not_calls_timers_and_audio() {
    let source = ToneSource::new(FORMAT, 440.0, 0.5).unwrap();
    let mut stage = Stage::with(|options| options.microphone = Some(Box::new(source)));
    let mut connection = stage.ready().await;
    flood(&connection).await;
    frames(&mut connection);

    stage.client.send_client_message("note", None).await.unwrap();
    assert_eq!(next_message(&mut connection).await["data"]["t"], "note");
    let begun = Instant::now();
    let error = stage
        .client
        .send_client_request("never", None, Some(Duration::from_secs(1)))
        .await
        .expect_err("nobody answers");
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Some(Phase::Request)));
    assert_eq!(begun.elapsed(), Duration::from_secs(1));
    assert!((20..=51).contains(&frames(&mut connection)), "the microphone goes on");

    let mut left = 0;
    for _ in 0..50 {
        left += stage.drain().await.len();
    }
    assert!(left > EVENT_QUEUE / 2, "{left} events waited");
    next_message(&mut connection).await;
    let (reply, ()) = tokio::join!(stage.client.send_client_request("more", None, None), async {
        let request = next_message(&mut connection).await;
        answer(&connection, &request, &json!(true)).await;
    });
    assert_eq!(reply, Ok(Some(json!(true))), "messages flow again");
}

#[tokio::test(start_paused = true)]
async fn an_app_that_never_reads_loses_the_session_after_ten_seconds() {
    let mut stage = Stage::new();
    let stalled = stage.client.events();
    let connection = stage.ready().await;
    let begun = Instant::now();
    let (_, end) = tokio::join!(flood(&connection), stage.end());
    let DisconnectReason::Failed(error) = end else { panic!("{end:?}") };
    assert_eq!((error.kind(), error.phase()), (ErrorKind::ConsumerStalled, Some(Phase::Session)));
    let waited = begun.elapsed();
    let most = STALL_LIMIT + DISCONNECT_TIMEOUT + Duration::from_secs(1);
    assert!((STALL_LIMIT..most).contains(&waited), "{waited:?}");
    assert_eq!(stage.client.state(), TransportState::Disconnected);
    drop((stalled, connection));
    stage.is_usable().await;
}

#[tokio::test(start_paused = true)]
async fn an_app_that_drops_its_full_stream_frees_the_others() {
    let mut stage = Stage::new();
    let stalled = stage.client.events();
    let mut connection = stage.ready().await;
    tokio::join!(flood(&connection), async {
        while timeout(Duration::from_millis(50), stage.events.next()).await.is_ok() {}
    });
    drop(stalled);
    let (reply, ()) = tokio::join!(stage.client.send_client_request("more", None, None), async {
        let request = next_message(&mut connection).await;
        answer(&connection, &request, &json!(true)).await;
    });
    assert_eq!(reply, Ok(Some(json!(true))));
}
