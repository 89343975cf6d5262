//! Who is in a room, and what the server does to their microphones.

use std::time::Duration;

use rtvi_core::TransportState;
use rtvi_tests::{Session, exchange::session::assert_in_order, livekit::Token, speech};
use serde_json::json;
use tokio::time::sleep;

use super::{Call, asks_its_language, assert_no_loss, new_room, shared_site};

/// The server mutes the user: nobody hears the microphone until the app turns it on again.
#[tokio::test]
async fn the_user_is_muted() {
    let site = shared_site().await;
    let words = speech("good morning").await;
    let mut call = Call::start(&site).await;
    let room = site.room(&call.room);
    let user = room.identity(false).await;
    room.participant(|one| one["identity"] == user.as_str() && one["tracks"][0]["sid"].is_string()).await;
    room.mute(&user, true).await;
    call.session.wait_until("mediaStateUpdated", |media| media["micMuted"] == true).await;
    assert!(call.session.client.is_mic_enabled(), "the app's own choice stays");
    call.session.microphone.say(&words).await;
    assert!(!call.session.names().contains(&"userStartedSpeaking".to_owned()), "nobody hears a muted user");
    call.session.client.enable_mic(true).await.expect("the microphone is on");
    call.session.wait_until("mediaStateUpdated", |media| media["micMuted"] == false).await;
    call.session.microphone.say(&words).await;
    call.session.wait_for("userStartedSpeaking").await;
    assert_no_loss(&call.session);
    call.session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn somebody_comes_and_goes() {
    let site = shared_site().await;
    let mut call = Call::start(&site).await;
    let room = site.room(&call.room);
    let guest = site.admit(&Token::user(&call.room, "Ada"));
    let came = call.session.wait_until("participantConnected", |one| one["name"] == "Ada").await;
    assert_eq!(came["local"], json!(false), "{came}");
    room.kick("Ada").await;
    assert_eq!(call.session.wait_for("participantLeft").await, came);
    drop(guest);
    asks_its_language(&call.session).await;
    assert_no_loss(&call.session);
    call.session.client.disconnect().await.expect("the client disconnects");
}

/// With `disconnect_on_bot_disconnect` off, the client stays for the next bot and greets it.
#[tokio::test]
async fn the_bot_comes_back() {
    let site = shared_site().await;
    let name = new_room();
    let mut session = Session::with(|options| options.client.disconnect_on_bot_disconnect = false);
    let params = site.send_bot(json!({"room": name})).await;
    session.client.connect(params).await.expect("the client connects");
    let room = site.room(&name);
    room.kick(&room.identity(true).await).await;
    session.wait_for("botDisconnected").await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(session.client.state(), TransportState::Ready);
    site.send_bot(json!({"room": name})).await;
    session.wait_for("botReady").await;
    asks_its_language(&session).await;
    assert_in_order(
        &session.names(),
        &["botConnected", "botReady", "botDisconnected", "participantLeft", "botConnected", "botReady"],
    );
    assert_eq!(session.all("botReady").len(), 2);
    assert_no_loss(&session);
    session.client.disconnect().await.expect("the client disconnects");
}
