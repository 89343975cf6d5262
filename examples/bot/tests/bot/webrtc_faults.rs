//! The bot misbehaving on WebRTC, as a client meets it.

use std::time::Duration;

use rtvi_bot::{BotOptions, DemoBot};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};
use webrtc::peer_connection::{RTCPeerConnectionState as State, RTCSessionDescription};

use crate::{
    common::{bot, http, session},
    peer::{Peer, request},
};

const OFFER: &str = "/api/offer";
const WHILE: Duration = Duration::from_millis(250);

async fn misbehaving(fault: Value) -> (DemoBot, Peer) {
    let bot = bot(BotOptions::default()).await;
    let peer = Peer::ready(&bot, OFFER).await;
    peer.request("misbehave", fault).await;
    (bot, peer)
}

/// Waits until no packet has come for a while.
async fn falls_silent(peer: &mut Peer) {
    let silence = async { while peer.loudness(WHILE).await.is_some() {} };
    timeout(Duration::from_secs(5), silence).await.expect("the audio ends");
}

fn at(fault: &Value) -> String {
    let text: String = fault.to_string().bytes().map(|byte| format!("%{byte:02x}")).collect();
    format!("{OFFER}?fault={text}")
}

#[tokio::test]
async fn a_dropped_connection_ends_without_a_word() {
    let (bot, mut peer) = misbehaving(json!("drop")).await;
    falls_silent(&mut peer).await;
    assert!(timeout(WHILE, peer.next()).await.is_err(), "no goodbye");
    assert_eq!(*peer.state.borrow(), State::Connected);
    session(&bot, |record| record.ended).await;
}

#[tokio::test]
async fn a_frozen_connection_is_silent_until_another_takes_over() {
    let (bot, mut peer) = misbehaving(json!("freeze")).await;
    falls_silent(&mut peer).await;
    peer.request("echo", json!(1)).await;
    assert!(timeout(WHILE, peer.next()).await.is_err());
    let mut other = Peer::new("127.0.0.1:0").await;
    let mut offer = other.offer().await;
    (offer["pc_id"], offer["restart_pc"]) = (json!(peer.pc_id), json!(true));
    other.take(request(&bot, "POST", OFFER, &offer).await).await;
    other.opened().await;
    other.request("echo", json!(2)).await;
    assert_eq!(other.message("server-response").await["data"]["d"], 2);
    other.loudness(Duration::from_secs(2)).await.expect("audio again");
}

#[tokio::test]
async fn a_stalled_connection_only_lacks_audio() {
    let (_bot, mut peer) = misbehaving(json!("stall")).await;
    falls_silent(&mut peer).await;
    peer.request("echo", json!(1)).await;
    peer.message("server-response").await;
}

#[tokio::test]
async fn goodbyes_come_alone_or_with_the_end() {
    let (_bot, peer) = misbehaving(json!("peer-left")).await;
    assert_eq!(peer.signal().await, "peerLeft");
    peer.request("echo", json!(1)).await;
    peer.message("server-response").await;
    let (bot, peer) = misbehaving(json!("close")).await;
    assert_eq!(peer.signal().await, "peerLeft");
    assert_eq!(timeout(WHILE, peer.next()).await, Ok(None), "the channel closes");
    session(&bot, |record| record.ended).await;
}

#[tokio::test]
async fn nonsense_does_not_end_the_call() {
    let (_bot, peer) = misbehaving(json!("malformed")).await;
    assert!(peer.next().await.is_some_and(|message| message.is_string()), "not JSON");
    assert_eq!(peer.next().await, Some(json!("{not json")));
    assert_eq!(peer.message("bot-output").await["data"], json!({ "text": 7 }));
    peer.request("misbehave", json!({ "kind": "oversized", "n": 50_000 })).await;
    assert_eq!(peer.message("server-message").await["data"].as_str().map(str::len), Some(50_000));
    peer.request("misbehave", json!({ "kind": "oversized", "n": 5_000_000 })).await;
    peer.request("misbehave", json!({ "kind": "flood", "n": 2000 })).await;
    for i in 0..2000 {
        assert_eq!(peer.message("server-message").await["data"], json!({ "i": i }));
    }
}

#[tokio::test]
async fn offers_are_answered_with_a_status_or_late_or_never() {
    let bot = bot(BotOptions::default()).await;
    let mut peer = Peer::new("127.0.0.1:0").await;
    let offer = peer.offer().await;
    for fault in [
        json!({ "kind": "offer", "answer": "status", "status": 418 }),
        json!({ "kind": "http-status", "status": 418 }),
    ] {
        assert_eq!(request(&bot, "POST", &at(&fault), &offer).await.0, 418);
    }
    assert_eq!(request(&bot, "POST", &format!("{OFFER}?fault=explode"), &offer).await.0, 400);
    let (head, _) =
        http(&bot, "POST", &format!("{OFFER}?fault=offer-never"), &offer.to_string(), WHILE).await;
    assert_eq!(head, "");
    let began = Instant::now();
    let slow = at(&json!({ "kind": "offer", "answer": "slow", "ms": 200 }));
    peer.take(request(&bot, "POST", &slow, &offer).await).await;
    assert!(began.elapsed() >= Duration::from_millis(200));
    peer.opened().await;
}

#[tokio::test]
async fn a_session_is_gone_after_its_offers() {
    let bot = bot(BotOptions::default()).await;
    let (_, answer) = request(&bot, "POST", "/start", &json!({ "fault": "offer-gone" })).await;
    let path = format!("/sessions/{}/api/offer", answer["sessionId"].as_str().expect("an id"));
    let first = Peer::ready(&bot, &path).await;
    let mut second = Peer::new("127.0.0.1:0").await;
    let mut offer = second.offer().await;
    (offer["pc_id"], offer["restart_pc"]) = (json!(first.pc_id), json!(true));
    assert_eq!(request(&bot, "POST", &path, &offer).await.0, 404);
    assert!(!session(&bot, |_| true).await.ended);
}

#[tokio::test]
async fn answers_are_spoilt() {
    let bot = bot(BotOptions::default()).await;
    let answer = async |name: &str| {
        let mut peer = Peer::new("127.0.0.1:0").await;
        let offer = peer.offer().await;
        let (status, answer) = request(&bot, "POST", &format!("{OFFER}?fault={name}"), &offer).await;
        assert_eq!(status, 200);
        (peer, answer["sdp"].as_str().expect("a string").to_owned())
    };
    let (_, sdp) = answer("offer-bad-sdp").await;
    assert!(RTCSessionDescription::answer(sdp).is_err());
    let (peer, sdp) = answer("offer-no-audio").await;
    assert!(sdp.contains("m=audio 0 "));
    let described = RTCSessionDescription::answer(sdp).expect("SDP");
    peer.pc.set_remote_description(described).await.expect("an answer that fits");
    let (peer, sdp) = answer("offer-wrong-fingerprint").await;
    let described = RTCSessionDescription::answer(sdp).expect("SDP");
    peer.pc.set_remote_description(described).await.expect("an answer that fits");
    assert!(timeout(WHILE * 4, peer.opened()).await.is_err(), "no encryption");
    assert_ne!(*peer.state.borrow(), State::Connected);
}
