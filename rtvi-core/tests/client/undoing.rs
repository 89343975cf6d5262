//! Dropped calls: at each stage, dropping the future undoes what the call began.

use std::{future::Future, time::Duration};

use rtvi_core::{
    ApiRequest, TransportState,
    client::DisconnectReason,
    transport::{CloseReason, TransportCommand, scripted::ScriptedConnection},
};
use serde_json::json;
use tokio::{io::AsyncReadExt, net::TcpListener, time::timeout};

use crate::stage::{Stage, answer, next_message, params, serve_handshake, settle};

/// Polls a call until `until` is done, then drops it.
async fn drop_after<T>(call: impl Future<Output = T>, until: impl Future<Output = ()>) {
    tokio::select! {
        biased;
        _ = call => panic!("the call was done before it could be dropped"),
        () = until => {}
    }
}

/// Lets a connect succeed after the app has last polled its call.
async fn succeed_unheard<T>(stage: &mut Stage, call: impl Future<Output = T>) -> ScriptedConnection {
    drop_after(call, async {}).await;
    let connection = serve_handshake(&mut stage.bot).await;
    stage.wait_for("botReady").await;
    settle().await;
    connection
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_never_polled_has_begun_nothing() {
    let mut stage = Stage::new();
    drop(stage.client.connect(params()));
    assert_eq!(stage.names().await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn dropped_at_once() {
    let mut stage = Stage::new();
    drop_after(stage.client.connect(params()), async {}).await;
    assert_eq!(stage.end().await, DisconnectReason::Requested);
    stage.is_usable().await;
}

#[tokio::test(start_paused = true)]
async fn dropped_while_the_transport_opens() {
    let mut stage = Stage::new();
    let client = stage.client.clone();
    let bot = &mut stage.bot;
    let mut opening = None;
    drop_after(client.connect(params()), async { opening = bot.accept().await }).await;
    let mut connection = opening.unwrap();
    assert_eq!(stage.end().await, DisconnectReason::Requested);
    assert_eq!(connection.command().await, Some(TransportCommand::Close));
    connection.dropped().await;
    stage.is_usable().await;
}

#[tokio::test(start_paused = true)]
async fn dropped_before_the_bot_is_ready() {
    let mut stage = Stage::new();
    let client = stage.client.clone();
    let bot = &mut stage.bot;
    let mut opened = None;
    let handshake = async {
        let mut connection = bot.accept().await.unwrap();
        connection.open().await;
        next_message(&mut connection).await;
        opened = Some(connection);
    };
    drop_after(client.connect(params()), handshake).await;
    let mut connection = opened.unwrap();
    assert_eq!(connection.command().await, Some(TransportCommand::Close));
    assert_eq!(client.state(), TransportState::Disconnecting);
    connection.end(CloseReason::Requested);
    assert_eq!(stage.end().await, DisconnectReason::Requested);
    stage.is_usable().await;
}

/// The bot is ready, but the app has not polled its call since.
#[tokio::test(start_paused = true)]
async fn dropped_when_it_has_succeeded_already() {
    let mut stage = Stage::new();
    let client = stage.client.clone();
    let mut call = Box::pin(client.connect(params()));
    let mut connection = succeed_unheard(&mut stage, &mut call).await;
    drop(call);
    assert_eq!(connection.command().await, Some(TransportCommand::Close));
    connection.end(CloseReason::Requested);
    assert_eq!(stage.end().await, DisconnectReason::Requested);
    stage.is_usable().await;
}

/// The same, while the maximum number of calls is waiting.
#[tokio::test(start_paused = true)]
async fn dropped_when_it_has_succeeded_and_many_calls_wait() {
    let mut stage = Stage::new();
    let client = stage.client.clone();
    let mut call = Box::pin(client.connect(params()));
    let mut connection = succeed_unheard(&mut stage, &mut call).await;
    let mut others: Vec<_> = (0..100).map(|_| Box::pin(client.enable_mic(true))).collect();
    for other in &mut others {
        drop_after(other, async {}).await;
    }
    drop(call);
    for other in others {
        other.await.unwrap();
    }
    while connection.command().await != Some(TransportCommand::Close) {}
    connection.end(CloseReason::Requested);
    assert_eq!(stage.end().await, DisconnectReason::Requested);
    stage.is_usable().await;
}

/// In real time: the request goes over a real socket.
#[tokio::test]
async fn dropped_while_the_start_endpoint_is_asked() {
    let server = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let request = ApiRequest::new(format!("http://{}/start", server.local_addr().unwrap()));
    let mut stage = Stage::new();
    let client = stage.client.clone();
    let mut asked = None;
    let accept = async {
        let mut stream = server.accept().await.unwrap().0;
        stream.read_exact(&mut [0; 4]).await.unwrap();
        asked = Some(stream);
    };
    drop_after(client.start_bot_and_connect(request), accept).await;
    assert_eq!(stage.end().await, DisconnectReason::Requested);
    let mut rest = Vec::new();
    let closed = timeout(Duration::from_secs(10), asked.unwrap().read_to_end(&mut rest)).await;
    assert!(closed.is_ok(), "the request is given up");
    stage.is_usable().await;
}

#[tokio::test(start_paused = true)]
async fn the_answer_to_a_dropped_request_is_an_event() {
    let mut stage = Stage::new();
    let mut connection = stage.ready().await;
    let client = stage.client.clone();
    let mut asked = None;
    let until = async { asked = Some(next_message(&mut connection).await) };
    drop_after(client.send_client_request("slow", None, None), until).await;
    stage.drain().await;
    answer(&connection, &asked.unwrap(), &json!(1)).await;
    assert_eq!(stage.names().await, ["serverResponse"]);
    assert_eq!(client.state(), TransportState::Ready);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_disconnect_goes_on() {
    let mut stage = Stage::new();
    let mut connection = stage.ready().await;
    let client = stage.client.clone();
    let until = async { assert_eq!(connection.command().await, Some(TransportCommand::Close)) };
    drop_after(client.disconnect(), until).await;
    connection.end(CloseReason::Requested);
    assert_eq!(stage.end().await, DisconnectReason::Requested);
    stage.is_usable().await;
}
