//! Sessions: how they begin and end.

use std::time::{Duration, Instant};

use rtvi_core::{ApiRequest, ErrorKind, TransportState};
use serde_json::json;

use crate::{PipecatServer, Session, Target};

/// Connecting and disconnecting, event by event.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn connect_and_disconnect(target: &Target) {
    let session = Session::new();
    let bot = session.client.connect(target.params().await).await.expect("the client connects");
    assert_eq!(bot.version.as_deref(), Some("2.2.0"));
    assert_eq!(session.client.state(), TransportState::Ready);
    session.client.disconnect().await.expect("the client disconnects");
    assert_eq!(session.client.state(), TransportState::Disconnected);
    let order = [
        "=initializing",
        "=initialized",
        "=connecting",
        "=connected",
        "connected",
        "botConnected",
        "=ready",
        "botReady",
        "=disconnecting",
        "botDisconnected",
        "=disconnected",
        "disconnected",
    ];
    assert_in_order(&session.names(), &order);
    assert_eq!(session.names().last().map(String::as_str), Some("disconnected"));
    assert_eq!(session.all("disconnected"), [json!({"reason": "requested"})]);
    assert_eq!(session.all("error"), [json!(null); 0]);
}

/// The start endpoint's answer is sufficient to connect.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn start_bot_and_connect(target: &Target) {
    let session = Session::new();
    let request = ApiRequest::new(&target.start_url).with_data(json!({"transport": "websocket", "body": {}}));
    session.client.start_bot_and_connect(request).await.expect("the bot starts");
    let answer = session.all("botStarted");
    assert!(answer[0]["wsUrl"].is_string(), "{answer:?}");
    session.client.disconnect().await.expect("the client disconnects");
    let order = [
        "=authenticating",
        "=authenticated",
        "botStarted",
        "=connecting",
        "=connected",
        "=ready",
        "=disconnected",
    ];
    assert_in_order(&session.names(), &order);
}

/// One client runs several sessions, one after another.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn connect_again(target: &Target) {
    let mut session = Session::new();
    for _ in 0..3 {
        session.connect(target).await;
        let answer =
            session.client.send_client_request("get-language", None, None).await.expect("the bot answers");
        assert_eq!(answer, Some(json!({"language": "en-US"})));
        session.client.disconnect().await.expect("the client disconnects");
    }
    assert_eq!(session.all("botReady").len(), 3);
}

/// A second connect is refused without side effects, and calls in a wrong state explain the reason.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn calls_in_a_wrong_state(target: &Target) {
    let mut session = Session::new();
    let early = session.client.send_text("hello", rtvi_core::protocol::SendTextOptions::default()).await;
    assert_eq!(early.expect_err("there is no bot").kind(), ErrorKind::NotReady);
    session.client.disconnect().await.expect("there is nothing to disconnect");
    session.connect(target).await;
    let second = session.client.connect(target.params().await).await;
    assert_eq!(second.expect_err("one session is enough").kind(), ErrorKind::AlreadyStarted);
    let start = session.client.start_bot(ApiRequest::new(&target.start_url)).await;
    assert_eq!(start.expect_err("one session is enough").kind(), ErrorKind::AlreadyStarted);
    assert_eq!(session.client.state(), TransportState::Ready);
    let (first, second) = tokio::join!(session.client.disconnect(), session.client.disconnect());
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(session.all("disconnected").len(), 1);
}

/// The bot leaves on request: no error, no reconnecting.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn bot_leaves(target: &Target) {
    let mut session = Session::connected(target).await;
    session.client.disconnect_bot().await.expect("the message is sent");
    assert_bot_left(&mut session, target).await;
}

/// Bots leave and close while the clients' thread is busy. The clients find the close frame and the
/// end of the connection at the same moment, and may read either first.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn bots_leave_busy_clients(target: &Target) {
    let mut sessions = futures_util::future::join_all((0..6).map(|_| Session::connected(target))).await;
    for session in &sessions {
        session.client.disconnect_bot().await.expect("the message is sent");
    }
    // Pipecat's bots take two seconds to leave.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    std::thread::sleep(Duration::from_millis(1_500));
    for session in &mut sessions {
        assert_bot_left(session, target).await;
    }
}

async fn assert_bot_left(session: &mut Session, target: &Target) {
    let reason = session.wait_for("disconnected").await;
    // Only a WebSocket has a close code.
    let code = target.is_websocket().then_some(1000);
    assert_eq!((&reason["reason"], &reason["code"]), (&json!("botLeft"), &json!(code)));
    assert!(session.names().contains(&"botDisconnected".to_owned()));
    assert!(
        !session.names().iter().any(|name| name == "error" || name == "reconnecting"),
        "{:?}",
        session.names()
    );
}

/// A fatal error of the bot ends the session with a reason.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn bot_fails(target: &Target) {
    let mut session = Session::connected(target).await;
    let message = json!({"message": "out of thoughts"});
    session.client.send_client_message("error", Some(message.clone())).await.expect("the message is sent");
    let error = session.wait_for("error").await;
    assert_eq!(error["fatal"], json!(false));
    assert_eq!(session.client.state(), TransportState::Ready);
    session.client.send_client_message("fatal", Some(message)).await.expect("the message is sent");
    let reason = session.wait_for("disconnected").await;
    // Over WebRTC, Pipecat may close the connection before it sends its last message.
    if reason["reason"] != "botLeft" {
        assert_eq!(reason["error"]["kind"], json!("botError"));
        assert!(session.all("error").iter().any(|error| error["kind"] == "botError"));
    }
}

/// The server disappears without a close frame. The client notices at once, makes three attempts,
/// then ends with the reason.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn server_vanishes(session: &mut Session) {
    let lost = session.wait_for("reconnecting").await;
    assert_eq!((&lost["attempt"], &lost["maxAttempts"]), (&json!(1), &json!(3)));
    session.wait_until("reconnecting", |again| again["attempt"] == 3).await;
    let end = session.wait_for("disconnected").await;
    assert_eq!(end["error"]["kind"], json!("connectionLost"));
    assert_eq!(end["error"]["phase"], json!("reconnect"));
    assert_eq!(session.client.state(), TransportState::Disconnected);
}

/// The time from `since` to the first event of this name.
///
/// # Panics
/// If there was no such event.
pub fn delay(session: &Session, since: Instant, name: &str) -> Duration {
    let heard = session.heard();
    let first = heard.iter().find(|heard| heard.at >= since && heard.event.name() == name);
    first.unwrap_or_else(|| panic!("{name} came")).at - since
}

/// Checks that `order` is a subsequence of `names`.
///
/// # Panics
/// If it is not; the message names the first missing one.
pub fn assert_in_order(names: &[String], order: &[&str]) {
    let mut rest = names.iter();
    for expected in order {
        assert!(rest.any(|name| name == expected), "{expected} is missing or out of order in {names:?}");
    }
}

/// A server that is killed counts as lost, soon enough.
///
/// # Panics
/// When anything is not as it should be.
pub async fn killed_server_is_noticed(server: &mut PipecatServer, target: &Target, within: Duration) {
    let mut session = Session::connected(target).await;
    let begin = Instant::now();
    server.kill().await;
    server_vanishes(&mut session).await;
    let noticed = delay(&session, begin, "reconnecting");
    assert!(noticed < within, "noticed after {noticed:?}");
}

/// A server that stands still counts as lost within six seconds.
///
/// # Panics
/// When anything is not as it should be.
pub async fn frozen_server_is_noticed(server: &PipecatServer, target: &Target) {
    let mut session = Session::connected(target).await;
    let begin = Instant::now();
    server.freeze();
    session.wait_for("reconnecting").await;
    let noticed = delay(&session, begin, "reconnecting");
    // Six by the rules, which unit tests hold; a busy machine adds to that.
    assert!(noticed < Duration::from_secs(8), "noticed after {noticed:?}");
    session.client.disconnect().await.expect("the client disconnects");
}
