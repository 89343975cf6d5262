//! What can happen in a room.

use std::time::{Duration, Instant};

use rtvi_core::{ConnectParams, ErrorKind, Phase, TransportState};
use rtvi_tests::{
    Session,
    livekit::{Site, Token},
};
use serde_json::json;
use tokio::time::sleep;

use super::{Call, asks_its_language, assert_no_loss, joined, new_room, shared_site};

/// The parameters of a user in a room.
fn user(site: &Site, room: &str, identity: &str) -> ConnectParams {
    given(site, &Token::user(room, identity))
}

fn given(site: &Site, token: &Token) -> ConnectParams {
    ConnectParams::default().with("url", site.server.url()).with("token", token.sign())
}

/// The session ends as if the bot had left, without another attempt.
async fn ends(session: &mut Session) {
    let ended = session.wait_for("disconnected").await;
    assert_eq!(ended["reason"], json!("botLeft"), "{ended}");
    assert_eq!(session.all("reconnecting"), [json!(null); 0]);
    assert_eq!(session.client.state(), TransportState::Disconnected);
}

#[tokio::test]
async fn the_bot_is_removed() {
    let site = shared_site().await;
    let mut call = Call::start(&site).await;
    let room = site.room(&call.room);
    room.kick(&room.identity(true).await).await;
    ends(&mut call.session).await;
}

#[tokio::test]
async fn the_user_is_removed() {
    let site = shared_site().await;
    let mut call = Call::start(&site).await;
    let room = site.room(&call.room);
    room.kick(&room.identity(false).await).await;
    ends(&mut call.session).await;
}

#[tokio::test]
async fn the_room_is_deleted() {
    let site = shared_site().await;
    let mut call = Call::start(&site).await;
    site.room(&call.room).delete().await;
    ends(&mut call.session).await;
}

/// The first client does not come back, or the two would evict each other without end.
#[tokio::test]
async fn a_second_client_has_the_same_identity() {
    let site = shared_site().await;
    let room = new_room();
    site.send_bot(json!({"room": room})).await;
    let mut first = joined(user(&site, &room, "Ada")).await;
    let second = Session::new();
    let joining = second.client.connect(user(&site, &room, "Ada"));
    let (joining, ()) = tokio::join!(joining, ends(&mut first));
    // Pipecat's example bots end with the first client; then no bot is left for the second.
    drop(joining);
}

/// A client that may not send is not lost: it hears the bot, and talks again when it may.
#[tokio::test]
async fn the_permission_to_send_is_withdrawn() {
    let site = shared_site().await;
    let mut call = Call::start(&site).await;
    let room = site.room(&call.room);
    let user = room.identity(false).await;
    let may = |data: bool| json!({"canSubscribe": true, "canPublish": data, "canPublishData": data});
    room.permit(&user, may(false)).await;
    sleep(Duration::from_secs(1)).await;
    let limit = Some(Duration::from_secs(2));
    let unheard = call.session.client.send_client_request("get-language", None, limit).await;
    assert_eq!(unheard.expect_err("nobody hears it").kind(), ErrorKind::Timeout);
    let packet = br#"{"label":"rtvi-ai","type":"server-message","data":{"still":"here"}}"#;
    room.send(&user, packet).await;
    assert_eq!(call.session.wait_for("serverMessage").await, json!({"still": "here"}));
    room.permit(&user, may(true)).await;
    sleep(Duration::from_secs(1)).await;
    asks_its_language(&call.session).await;
    assert_no_loss(&call.session);
    call.session.client.disconnect().await.expect("the client disconnects");
}

/// An app's own server can send messages into the room.
#[tokio::test]
async fn a_message_of_the_room_api() {
    let site = shared_site().await;
    let mut call = Call::start(&site).await;
    let room = site.room(&call.room);
    let user = room.identity(false).await;
    for packet in [
        br#"{"label":"another","type":"server-message","data":{"from":"another protocol"}}"#.as_slice(),
        br"not JSON",
        br#"{"label":"rtvi-ai","type":"server-message","data":{"from":"the API"}}"#,
    ] {
        room.send(&user, packet).await;
    }
    assert_eq!(call.session.wait_for("serverMessage").await, json!({"from": "the API"}));
    asks_its_language(&call.session).await;
    assert_no_loss(&call.session);
    call.session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn a_bot_that_is_ten_seconds_late() {
    let site = shared_site().await;
    let begin = Instant::now();
    let session = joined(site.send_bot(json!({"room": new_room(), "delay": 10})).await).await;
    assert!(begin.elapsed() > Duration::from_secs(10));
    asks_its_language(&session).await;
    session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn a_bot_that_never_comes() {
    let site = shared_site().await;
    let session = Session::with(|options| options.client.timeouts.open = Some(Duration::from_secs(7)));
    let params = user(&site, &new_room(), "Ada");
    let error = session.client.connect(params).await.expect_err("nobody is there");
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Some(Phase::TransportOpen)), "{error}");
}

/// Another human speaks in the room before the bot comes. The client waits for the bot.
#[tokio::test]
async fn a_second_human_is_first() {
    let site = shared_site().await;
    let room = new_room();
    let params = site.send_bot(json!({"room": room, "delay": 4})).await;
    let _human = site.admit(&Token::user(&room, "Human 2"));
    site.room(&room).participant(|participant| participant["identity"] == "Human 2").await;
    let session = joined(params).await;
    asks_its_language(&session).await;
    assert_no_loss(&session);
    session.client.disconnect().await.expect("the client disconnects");
}

/// A bot whose token does not say so: the first participant that speaks, after five seconds.
#[tokio::test]
async fn a_bot_that_does_not_say_so() {
    let site = shared_site().await;
    let session = joined(site.send_bot(json!({"room": new_room(), "agent": false})).await).await;
    asks_its_language(&session).await;
    session.client.disconnect().await.expect("the client disconnects");
}

/// The first bot stays the bot when another agent comes.
#[tokio::test]
async fn two_bots() {
    let site = shared_site().await;
    let mut call = Call::start(&site).await;
    let room = site.room(&call.room);
    let first = room.identity(true).await;
    let _second = site.admit(&Token::user(&call.room, "Agent 2").agent());
    room.participant(|one| one["identity"] == "Agent 2" && one["tracks"][0]["sid"].is_string()).await;
    sleep(Duration::from_secs(1)).await;
    asks_its_language(&call.session).await;
    assert_no_loss(&call.session);
    room.kick(&first).await;
    ends(&mut call.session).await;
}

/// Tokens that the server refuses: its own words, and no token in them.
#[tokio::test]
async fn refused_tokens() {
    let site = shared_site().await;
    let room = new_room();
    for (token, words) in [
        (Token::user(&room, "Ada").expired().sign(), "expired"),
        (Token::user(&room, "Ada").forged().sign(), "token"),
        (Token::user(&room, "Ada").with("roomJoin", false).sign(), ""),
        ("garbage".to_owned(), "token"),
    ] {
        let params = ConnectParams::default().with("url", site.server.url()).with("token", token.as_str());
        let begin = Instant::now();
        let session = Session::new();
        let error = session.client.connect(params).await.expect_err("it is refused");
        assert_eq!((error.kind(), error.status()), (ErrorKind::ConnectionFailed, Some(401)), "{error}");
        assert!(error.message().contains(words), "{error}");
        let said = format!("{error} {error:?} {:?}", session.heard());
        assert!(!said.contains(token.split('.').next_back().unwrap_or_default()), "{said}");
        assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
    }
}
