//! Event callbacks: what they may do to the client that calls them.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use rtvi_core::{Event, PipecatClient, client::DisconnectReason};
use serde_json::json;
use tokio::sync::mpsc;

use crate::stage::{Stage, next_message, say, serve_close, settle};

#[tokio::test(start_paused = true)]
async fn a_callback_may_call_the_client() {
    let mut stage = Stage::new();
    let client = stage.client.clone();
    let _subscription = stage.client.on_event(move |event| {
        if event.name() == "botStartedSpeaking" {
            assert!(client.is_connected() && client.bot().is_some());
            let client = client.clone();
            tokio::spawn(async move { client.send_client_message("heard", None).await });
        }
    });
    let mut connection = stage.ready().await;
    say(&connection, json!({"type": "bot-started-speaking"})).await;
    assert_eq!(next_message(&mut connection).await["data"]["t"], "heard");
}

#[tokio::test(start_paused = true)]
async fn a_callback_may_disconnect() {
    let mut stage = Stage::new();
    let client = stage.client.clone();
    let _subscription = stage.client.on_event(move |event| {
        if event.name() == "botReady" {
            let client = client.clone();
            tokio::spawn(async move { client.disconnect().await });
        }
    });
    let connection = stage.ready().await;
    let ((), end) = tokio::join!(serve_close(connection), stage.end());
    assert_eq!(end, DisconnectReason::Requested);
}

#[tokio::test(start_paused = true)]
async fn a_callback_may_drop_the_client() {
    let mut stage = Stage::new();
    let held: Arc<Mutex<Option<PipecatClient>>> = Arc::default();
    let dropped = Arc::clone(&held);
    let (gone, mut all_gone) = mpsc::channel::<()>(1);
    stage
        .client
        .on_event(move |event| {
            let _ends_with_the_callback = &gone;
            if event.name() == "botStartedSpeaking" {
                drop(dropped.lock().unwrap().take());
            }
        })
        .detach();
    let mut connection = stage.ready().await;
    let Stage { client, mut events, .. } = stage;
    *held.lock().unwrap() = Some(client);
    say(&connection, json!({"type": "bot-started-speaking"})).await;
    connection.dropped().await;
    while events.next().await.is_some() {}
    assert_eq!(all_gone.recv().await, None, "the callback is dropped too");
}

#[tokio::test(start_paused = true)]
async fn a_callback_that_panics_is_called_no_more_and_harms_nothing_else() {
    let mut stage = Stage::new();
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    let _subscription = stage.client.on_event(move |event| {
        counter.fetch_add(1, Ordering::Relaxed);
        assert!(event != Event::Connected, "a mistake of the app");
    });
    let connection = stage.ready().await;
    settle().await;
    let called = calls.load(Ordering::Relaxed);
    let (ended, ()) = tokio::join!(stage.client.disconnect(), serve_close(connection));
    ended.unwrap();
    stage.end().await;
    stage.is_usable().await;
    assert_eq!(calls.load(Ordering::Relaxed), called);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_subscription_is_called_no_more() {
    let mut stage = Stage::new();
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    let subscription = stage.client.on_event(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    });
    drop(subscription);
    stage.is_usable().await;
    assert_eq!(calls.load(Ordering::Relaxed), 0);
}
