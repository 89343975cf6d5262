//! Whole WebRTC calls.

use std::time::Duration;

use rtvi_bot::{BotOptions, DemoBot, IceServer};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::{
    common::{PATIENCE, bot, session},
    peer::{Peer, request},
};

const OFFER: &str = "/api/offer";

/// Loudness above which audio is speech.
const LOUD: f32 = 500.0;

async fn started(bot: &DemoBot, body: Value) -> String {
    let (_, answer) = request(bot, "POST", "/start", &body).await;
    answer["sessionId"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_spoken_conversation() {
    let bot = bot(BotOptions { pace: 1.0, ..BotOptions::default() }).await;
    let mut peer = Peer::ready(&bot, OFFER).await;
    peer.text("ping: 1").await;
    peer.hears(|loudness| loudness < LOUD).await;
    peer.speak(600, 8000.0).await;
    peer.message("user-started-speaking").await;
    peer.speak(800, 0.0).await;
    assert_eq!(peer.message("user-transcription").await["data"]["final"], false);
    peer.message("bot-started-speaking").await;
    peer.forget();
    peer.hears(|loudness| loudness > LOUD).await;
    peer.tell("send-text", json!({ "content": "Stop", "options": { "audio_response": false } })).await;
    peer.message("bot-interrupted").await;
    peer.forget();
    assert!(peer.hears(|loudness| loudness < 50.0).await < 10, "silence at once");
    let record = session(&bot, |record| record.turns == 1).await;
    assert_eq!((record.audio_rate, record.pings, record.channels), (16_000, 1, 1));
    assert!((1.3..1.5).contains(&record.audio_seconds), "{}", record.audio_seconds);
}

#[tokio::test]
async fn audio_leaves_in_real_time_and_silence_between() {
    let bot = bot(BotOptions { greeting: Some("Hello, I am ready.".into()), ..BotOptions::default() }).await;
    let mut peer = Peer::ready(&bot, OFFER).await;
    peer.hears(|loudness| loudness > LOUD).await;
    let began = Instant::now();
    for _ in 0..50 {
        peer.loudness(Duration::from_millis(500)).await.expect("audio goes on");
    }
    let took = began.elapsed();
    assert!((900..1400).contains(&took.as_millis()), "50 packets of 20 ms took {took:?}");
    peer.hears(|loudness| loudness < 50.0).await;
}

#[tokio::test]
async fn the_answer_is_the_servers() {
    let bot = bot(BotOptions::default()).await;
    let mut peer = Peer::new("127.0.0.1:0").await;
    let offer = peer.offer().await;
    let (status, answer) = request(&bot, "POST", OFFER, &offer).await;
    assert_eq!((status, &answer["type"]), (200, &json!("answer")));
    assert!(answer["pc_id"].as_str().is_some_and(|id| id.starts_with("SmallWebRTCConnection#0-")));
    let sdp = answer["sdp"].as_str().expect("SDP");
    let kinds = |sdp: &str| -> Vec<String> {
        let lines = sdp.lines().filter_map(|line| line.strip_prefix("m="));
        lines.map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(kinds(sdp), kinds(offer["sdp"].as_str().expect("SDP")));
    assert_eq!(sdp.matches("a=setup:active").count(), 3, "{sdp}");
    assert!(sdp.contains(" 127.0.0.1 ") && sdp.contains("a=end-of-candidates"), "{sdp}");
    assert!(sdp.contains("opus/48000/2"));
}

#[tokio::test]
async fn a_started_session_knows_what_it_is_for() {
    let bot = bot(BotOptions::default()).await;
    let id = started(&bot, json!({ "body": { "name": "Ada" } })).await;
    let peer = Peer::ready(&bot, &format!("/sessions/{id}/api/offer")).await;
    peer.request("session", json!({})).await;
    let about = peer.message("server-response").await["data"]["d"].clone();
    assert_eq!(about, json!({ "id": id, "body": { "name": "Ada" } }));

    let mut peer = Peer::new("127.0.0.1:0").await;
    let mut offer = peer.offer().await;
    offer["requestData"] = json!({ "name": "Grace" });
    peer.take(request(&bot, "POST", OFFER, &offer).await).await;
    assert_eq!(session(&bot, |_| true).await.body, json!({ "name": "Grace" }));
}

#[tokio::test]
async fn candidates_may_come_later() {
    let bot = bot(BotOptions::default()).await;
    let id = started(&bot, json!({})).await;
    let path = format!("/sessions/{id}/api/offer");
    let mut peer = Peer::new("127.0.0.1:0").await;
    let offer = peer.offer().await;
    let sdp = offer["sdp"].as_str().expect("SDP");
    let is_candidate = |line: &&str| line.starts_with("a=candidate:") || line.starts_with("a=end-of");
    let bare: String =
        sdp.lines().filter(|line| !is_candidate(line)).map(|line| format!("{line}\r\n")).collect();
    // As a browser hides its address.
    let hidden = "a=mid:0\r\na=candidate:1 1 udp 2113937151 0f0e.local 50000 typ host\r\n";
    let bare = bare.replacen("a=mid:0\r\n", hidden, 1);
    let candidate = sdp.lines().find_map(|line| line.strip_prefix("a=candidate:")).expect("a candidate");
    peer.take(request(&bot, "POST", &path, &json!({ "sdp": bare, "type": "offer" })).await).await;
    let candidates = json!([
        { "candidate": format!("candidate:{candidate}"), "sdp_mid": "0", "sdp_mline_index": 0 },
        { "candidate": "candidate:1 1 udp 1 here.local 9 typ host", "sdp_mid": "0", "sdp_mline_index": 0 },
        { "candidate": "", "sdp_mid": "0", "sdp_mline_index": 0 },
    ]);
    let patch = json!({ "pc_id": peer.pc_id, "candidates": candidates });
    assert_eq!(request(&bot, "PATCH", &path, &patch).await, (200, json!({ "status": "success" })));
    peer.opened().await;
    let patch = json!({ "pc_id": peer.pc_id, "candidates": [{ "candidate": "candidate:x" }] });
    assert_eq!(request(&bot, "PATCH", OFFER, &patch).await.0, 500);
    assert_eq!(request(&bot, "PATCH", &path, &patch).await, (400, json!("Invalid WebRTC request")));
}

#[tokio::test]
async fn senseless_requests_are_refused_as_the_server_does() {
    let bot = bot(BotOptions::default()).await;
    let unknown = (404, json!("Invalid or not-yet-ready session_id"));
    let nope = "/sessions/nope/api/offer";
    assert_eq!(request(&bot, "POST", nope, &json!({ "sdp": "x", "type": "offer" })).await, unknown);
    assert_eq!(request(&bot, "PATCH", nope, &json!({ "pc_id": "x", "candidates": [] })).await, unknown);
    let (status, answer) = request(&bot, "POST", OFFER, &json!({ "sdp": "x" })).await;
    assert!(
        status == 422 && answer["detail"].as_str().is_some_and(|text| text.contains("`type`")),
        "{answer}"
    );
    assert_eq!(request(&bot, "POST", OFFER, &json!([])).await.0, 422);
    assert_eq!(request(&bot, "POST", OFFER, &json!({ "sdp": 1, "type": "offer" })).await.0, 422);
    let (status, answer) = request(&bot, "POST", OFFER, &json!({ "sdp": "x", "type": "offer" })).await;
    assert!(status == 200 && !answer["sdp"].as_str().is_none_or(|sdp| sdp.contains("m=")), "{answer}");
    for (sdp, kind) in [("m=audio nonsense", "offer"), ("v=0\r\nm=audio 9 x 0\r\n", "offer"), ("x", "answer")]
    {
        let offer = json!({ "sdp": sdp, "type": kind });
        assert_eq!(
            request(&bot, "POST", OFFER, &offer).await,
            (500, json!("Internal Server Error")),
            "{sdp}"
        );
    }
    let (status, answer) = request(&bot, "PATCH", OFFER, &json!({ "pc_id": "x", "candidates": [] })).await;
    assert_eq!((status, answer), (404, json!({ "detail": "Peer connection not found" })));
    assert_eq!(request(&bot, "PATCH", OFFER, &json!({ "pc_id": "x" })).await.0, 422);
    let id = started(&bot, json!({})).await;
    let path = format!("/sessions/{id}/api/offer");
    assert_eq!(request(&bot, "POST", &path, &json!({})).await, (400, json!("Invalid WebRTC request")));
    assert!(bot.sessions().is_empty());
}

#[tokio::test]
async fn another_offer_on_the_same_connection_keeps_it() {
    let bot = bot(BotOptions::default()).await;
    let mut peer = Peer::ready(&bot, OFFER).await;
    peer.request("misbehave", json!("renegotiate")).await;
    assert_eq!(peer.signal().await, "renegotiate");
    let id = peer.pc_id.clone();
    let mut offer = peer.offer().await;
    offer["pc_id"] = json!(id);
    peer.take(request(&bot, "POST", OFFER, &offer).await).await;
    assert_eq!(peer.pc_id, id);
    peer.forget();
    peer.loudness(Duration::from_secs(1)).await.expect("audio goes on");
    peer.speak(400, 8000.0).await;
    peer.message("user-started-speaking").await;
    assert_eq!(bot.sessions().len(), 1);
}

#[tokio::test]
async fn a_client_may_restart_ice() {
    let bot = bot(BotOptions::default()).await;
    let mut peer = Peer::ready(&bot, OFFER).await;
    for _ in 0..2 {
        let (id, before) = (peer.pc_id.clone(), peer.answer.clone());
        peer.restart_ice().await;
        let mut offer = peer.offer().await;
        offer["pc_id"] = json!(id);
        peer.take(request(&bot, "POST", OFFER, &offer).await).await;
        let ufrag = |sdp: &str| sdp.lines().find(|line| line.starts_with("a=ice-ufrag:")).map(str::to_owned);
        assert_ne!(ufrag(&peer.answer), ufrag(&before));
        peer.forget();
        peer.loudness(Duration::from_secs(1)).await.expect("audio goes on");
    }
    peer.speak(400, 8000.0).await;
    peer.message("user-started-speaking").await;
    assert_eq!(bot.sessions().len(), 1);
}

#[tokio::test]
async fn a_session_goes_on_over_another_connection() {
    let bot = bot(BotOptions::default()).await;
    let first = Peer::ready(&bot, OFFER).await;
    let mut second = Peer::new("127.0.0.1:0").await;
    let mut offer = second.offer().await;
    offer["pc_id"] = json!(first.pc_id);
    offer["restart_pc"] = json!(true);
    second.take(request(&bot, "POST", OFFER, &offer).await).await;
    assert_ne!(second.pc_id, first.pc_id);
    second.opened().await;
    second.tell("send-text", json!({ "content": "Hello" })).await;
    second.message("bot-started-speaking").await;
    second.hears(|loudness| loudness > LOUD).await;
    let record = session(&bot, |record| record.restarts == 1).await;
    assert_eq!((record.number, record.channels, record.ended), (0, 2, false));
}

#[tokio::test]
async fn a_client_that_leaves_ends_its_session() {
    let bot = bot(BotOptions::default()).await;
    let id = started(&bot, json!({})).await;
    let path = format!("/sessions/{id}/api/offer");
    let peer = Peer::ready(&bot, &path).await;
    peer.pc.close().await.expect("a close");
    session(&bot, |record| record.ended).await;
    assert_eq!(request(&bot, "POST", &path, &json!({})).await.0, 404);
}

#[tokio::test]
async fn clients_that_leave_at_once_are_noticed() {
    let bot = bot(BotOptions::default()).await;
    for _ in 0..5 {
        let peer = Peer::connect(&bot, OFFER).await;
        peer.pc.close().await.expect("a close");
    }
    session(&bot, |_| bot.sessions().iter().filter(|record| record.ended).count() == 5).await;
}

#[tokio::test]
async fn a_client_without_a_channel_hears_the_bot_until_it_leaves() {
    let bot = bot(BotOptions::default()).await;
    let mut peer = Peer::without_channel("127.0.0.1:0").await;
    let offer = peer.offer().await;
    peer.take(request(&bot, "POST", OFFER, &offer).await).await;
    peer.loudness(PATIENCE).await.expect("audio");
    peer.pc.close().await.expect("a close");
    session(&bot, |record| record.ended).await;
}

#[tokio::test]
async fn a_bot_that_leaves_says_so_and_closes() {
    let bot = bot(BotOptions::default()).await;
    let peer = Peer::ready(&bot, OFFER).await;
    peer.tell("disconnect-bot", json!({})).await;
    assert_eq!(peer.signal().await, "peerLeft");
    assert_eq!(timeout(Duration::from_secs(1), peer.next()).await, Ok(None), "the channel closes");
    session(&bot, |record| record.ended).await;
}

#[tokio::test]
async fn a_client_without_pings_is_not_served() {
    let bot = bot(BotOptions::default()).await;
    let peer = Peer::ready(&bot, OFFER).await;
    peer.text("ping: 1").await;
    tokio::time::sleep(Duration::from_millis(3100)).await;
    peer.request("echo", json!(1)).await;
    peer.text("ping: 2").await;
    peer.request("echo", json!(2)).await;
    assert_eq!(peer.message("server-response").await["data"]["d"], 2, "the first request is lost");
}

#[tokio::test]
async fn the_client_tells_that_its_microphone_is_off() {
    let bot = bot(BotOptions::default()).await;
    let peer = Peer::ready(&bot, OFFER).await;
    let status = json!({ "type": "trackStatus", "receiver_index": 0, "enabled": false });
    peer.text(&json!({ "type": "signalling", "message": status }).to_string()).await;
    session(&bot, |record| record.microphone == Some(false)).await;
}

#[tokio::test]
async fn an_echo_comes_back_soon() {
    let bot = bot(BotOptions { echo: true, ..BotOptions::default() }).await;
    let mut peer = Peer::ready(&bot, OFFER).await;
    peer.speak(200, 0.0).await;
    peer.forget();
    let began = Instant::now();
    let (mut loud, mut quiet) = (None, 0);
    while loud.is_none() && quiet < 100 {
        peer.speak(20, 12_000.0).await;
        while let Some(loudness) = peer.loudness(Duration::from_millis(1)).await {
            loud = loud.or((loudness > LOUD).then(|| began.elapsed()));
            quiet += 1;
        }
    }
    let took = loud.expect("an echo");
    assert!(took < Duration::from_millis(300), "{took:?}");
}

#[tokio::test]
async fn an_ice_server_that_does_not_answer_only_delays() {
    let servers = vec![IceServer { urls: vec!["stun:127.0.0.1:9".into()], ..IceServer::default() }];
    let bot = bot(BotOptions { ice_servers: servers, ..BotOptions::default() }).await;
    Peer::connect(&bot, OFFER).await;
}

#[tokio::test]
async fn ipv6_loopback_works() {
    let bot = bot(BotOptions::default()).await;
    let mut peer = Peer::new("[::1]:0").await;
    let offer = peer.offer().await;
    peer.take(request(&bot, "POST", OFFER, &offer).await).await;
    peer.opened().await;
}

#[tokio::test]
async fn a_stopped_bot_ends_its_calls() {
    let bot = bot(BotOptions::default()).await;
    let mut peer = Peer::ready(&bot, OFFER).await;
    bot.stop().await;
    peer.forget();
    tokio::time::sleep(Duration::from_millis(50)).await;
    peer.forget();
    assert_eq!(peer.loudness(Duration::from_millis(200)).await, None);
}
