//! The bot misbehaving, as a client meets it.

use std::time::Duration;

use futures_util::SinkExt;
use rtvi_bot::{BotOptions, Fault, FaultPlan};
use serde_json::{Value, json};
use tokio::{
    io::AsyncWriteExt,
    time::{Instant, timeout},
};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::common::{Client, Got, bot, types};

async fn misbehaving(fault: Value) -> (rtvi_bot::DemoBot, Client) {
    let bot = bot(BotOptions::default()).await;
    let mut client = Client::ready(&bot, "").await;
    client.request("misbehave", fault).await;
    (bot, client)
}

#[tokio::test]
async fn the_connection_ends_without_a_close() {
    for fault in ["drop", "reset"] {
        let (_bot, mut client) = misbehaving(json!({ "kind": fault })).await;
        assert_eq!(client.next().await, Got::Broken, "{fault}");
    }
}

#[tokio::test]
async fn the_connection_closes_with_code_and_reason() {
    let (_bot, mut client) = misbehaving(json!({ "kind": "close", "code": 4001, "reason": "bye" })).await;
    assert_eq!(client.next().await, Got::Closed(Some((4001, "bye".into()))));
}

#[tokio::test]
async fn a_stalled_bot_still_answers_pings_and_a_frozen_one_does_not() {
    let (_bot, mut client) = misbehaving(json!("stall")).await;
    client.request("get-language", json!({})).await;
    client.socket.send(Message::Ping(vec![1].into())).await.expect("open");
    assert_eq!(client.next().await, Got::Pong);
    assert!(client.is_silent().await);
    let (_bot, mut client) = misbehaving(json!("freeze")).await;
    client.socket.send(Message::Ping(vec![1].into())).await.expect("open");
    assert!(client.is_silent().await);
}

#[tokio::test]
async fn nonsense_does_not_end_the_session() {
    let (_bot, mut client) = misbehaving(json!("malformed")).await;
    assert_eq!([client.next().await, client.next().await], [Got::Unreadable, Got::Unreadable]);
    assert_eq!(client.message("bot-output").await["data"], json!({ "text": 7 }));
    client.request("misbehave", json!("unknown")).await;
    client.message("from-the-future").await;
    assert_eq!(client.next().await, Got::Unreadable);
    client.request("misbehave", json!("wrong-label")).await;
    assert_eq!(client.message("server-message").await["label"], "not-rtvi");
    client.request("misbehave", json!({ "kind": "oversized", "n": 100_000 })).await;
    assert_eq!(client.message("server-message").await["data"].as_str().map(str::len), Some(100_000));
    client.request("get-language", json!({})).await;
    client.message("server-response").await;
}

#[tokio::test]
async fn a_flood_comes_whole_and_in_order() {
    let (_bot, mut client) = misbehaving(json!({ "kind": "flood", "n": 2000 })).await;
    for i in 0..2000 {
        let Got::Message(message) = client.next().await else { panic!("no message {i}") };
        assert_eq!(message["data"], json!({ "i": i }));
    }
}

#[tokio::test]
async fn the_handshake_goes_wrong() {
    let bot = bot(BotOptions::default()).await;
    let mut client = Client::open(&bot, "?fault=no-bot-ready").await.expect("upgrade");
    client.tell("client-ready", json!({ "version": "2.2.0" })).await;
    assert!(client.is_silent().await);
    let mut client = Client::ready(&bot, "?fault=twice-bot-ready").await;
    assert_eq!(types(&[client.next().await]), ["bot-ready"]);
}

#[tokio::test]
async fn the_upgrade_goes_wrong() {
    let bot = bot(BotOptions::default()).await;
    for status in [200, 404, 503] {
        let query = format!("?fault=%7B%22kind%22:%22http-status%22,%22status%22:{status}%7D");
        let Err(Error::Http(response)) = Client::open(&bot, &query).await else { panic!("upgraded") };
        assert_eq!(response.status().as_u16(), status);
    }
    let slow = "?fault=%7B%22kind%22:%22slow-upgrade%22,%22ms%22:100%7D";
    let began = Instant::now();
    Client::open(&bot, slow).await.expect("upgrade");
    assert!(began.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn the_first_connections_drop_and_the_next_one_holds() {
    let fault = FaultPlan { connections: Some(2), ..FaultPlan::new(Fault::Drop) };
    let bot = bot(BotOptions { fault: Some(fault), ..BotOptions::default() }).await;
    for _ in 0..2 {
        let mut client = Client::ready(&bot, "").await;
        assert_eq!(client.next().await, Got::Broken);
    }
    let mut client = Client::ready(&bot, "").await;
    assert!(client.is_silent().await);
    assert_eq!(bot.sessions().len(), 3);
}

#[tokio::test]
async fn a_dropped_bot_ends_frozen_sessions() {
    let (bot, mut client) = misbehaving(json!("freeze")).await;
    assert!(client.is_silent().await);
    drop(bot);
    assert_eq!(timeout(Duration::from_secs(5), client.next()).await, Ok(Got::Broken));
}

#[tokio::test]
async fn a_frozen_session_ends_when_its_client_has_gone() {
    let (_bot, mut client) = misbehaving(json!("freeze")).await;
    client.socket.send(Message::Ping(vec![1].into())).await.expect("open");
    assert!(client.is_silent().await);
    client.socket.get_mut().shutdown().await.expect("open");
    assert_eq!(timeout(Duration::from_secs(5), client.next()).await, Ok(Got::Broken));
}
