//! The demo bot in the rooms of a scripted LiveKit server, which also gives answers that no real
//! server gives.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking and looks at the real clock"
)]

use std::time::{Duration, Instant};

use rtvi_core::{Error, ErrorKind, TransportState};
use rtvi_tests::{
    Demo, Session, Target,
    room_server::{Oddity, RoomServer},
};
use serde_json::json;
use tokio::time::sleep;

/// The token of every client.
const TOKEN: &str = "a-token-for-the-room";

/// A bot and the server with its rooms.
struct Room {
    demo: Demo,
    server: RoomServer,
}

impl Room {
    async fn with(oddities: impl Into<Vec<Oddity>>) -> Self {
        let demo = Demo::over_websocket().await;
        let server = RoomServer::start(demo.bot.ws_url(), oddities).await;
        Self { demo, server }
    }

    fn target(&self) -> Target {
        let room_url = Some(format!("ws://{}", self.server.address()));
        Target { room_url, room_token: Some(TOKEN.to_owned()), ..self.demo.target() }
    }
}

async fn room() -> Room {
    Room::with([]).await
}

rtvi_tests::every_short_exchange!(room);

/// The client and the bot talk although the server is odd.
async fn talks_although(oddities: impl Into<Vec<Oddity>>) {
    let room = Room::with(oddities).await;
    let session = Session::connected(&room.target()).await;
    let echo = session.client.send_client_request("echo", Some(json!("here")), None).await;
    assert_eq!(echo, Ok(Some(json!("here"))));
    assert_eq!(room.server.attempts().len(), 1, "no second join: {:?}", room.server.attempts());
    assert!(!session.names().contains(&"reconnecting".to_owned()), "{:?}", session.names());
    session.client.disconnect().await.expect("the client disconnects");
}

/// The client does not connect, and the error comes before its deadline.
async fn refuses(oddities: impl Into<Vec<Oddity>>) -> Error {
    let room = Room::with(oddities).await;
    let session = Session::with(|options| options.client.timeouts.open = Some(Duration::from_secs(5)));
    let begin = Instant::now();
    let error = session.client.connect(room.target().params().await).await.expect_err("it can't connect");
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    assert_eq!(session.client.state(), TransportState::Disconnected);
    error
}

#[tokio::test]
async fn candidates_before_the_answer() {
    talks_although([Oddity::LateAnswers]).await;
}

#[tokio::test]
async fn answers_with_other_numbers() {
    talks_although([Oddity::OldAnswers, Oddity::LateAnswers]).await;
}

#[tokio::test]
async fn messages_that_livekit_does_not_have() {
    talks_although([Oddity::UnknownMessages]).await;
}

#[tokio::test]
async fn tracks_that_nobody_has() {
    talks_although([Oddity::WrongIds]).await;
}

/// Bytes that are no protobuf cost that message alone.
#[tokio::test]
async fn garbage() {
    for bytes in [vec![], vec![0xff; 64], vec![0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], b"{\"json\":1}".to_vec()]
    {
        talks_although([Oddity::Bytes(bytes)]).await;
    }
}

#[tokio::test]
async fn a_thousand_sections() {
    talks_although([Oddity::Sections(1_000)]).await;
}

#[tokio::test]
async fn a_message_of_a_megabyte() {
    talks_although([Oddity::Bytes(vec![0; 1 << 20])]).await;
}

#[tokio::test]
async fn a_join_without_a_participant() {
    let error = refuses([Oddity::NoParticipant]).await;
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
}

/// The servers of LiveKit repeat a refused token.
#[tokio::test]
async fn a_refused_token_is_not_repeated() {
    let error = refuses([Oddity::Refuses(401)]).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::ConnectionFailed, Some(401)), "{error}");
    assert!(error.message().contains("token is expired"), "{error}");
    assert!(!format!("{error} {error:?}").contains(TOKEN), "{error:?}");
}

#[tokio::test]
async fn the_token_is_in_no_url() {
    let room = room().await;
    let session = Session::connected(&room.target()).await;
    session.client.disconnect().await.expect("the client disconnects");
    for attempt in room.server.attempts() {
        assert!(!attempt.path.contains(TOKEN), "{attempt:?}");
        assert_eq!(attempt.authorization, format!("Bearer {TOKEN}"));
    }
}

/// `leave` with the action to take up the session again: one new socket, and nobody notices.
#[tokio::test]
async fn told_to_resume() {
    let room = room().await;
    let session = Session::connected(&room.target()).await;
    room.server.dismiss(0, 1).await;
    sleep(Duration::from_secs(1)).await;
    let echo = session.client.send_client_request("echo", Some(json!("here")), None).await;
    assert_eq!(echo, Ok(Some(json!("here"))));
    let resumes: Vec<bool> = room.server.attempts().iter().map(|attempt| attempt.is_resume).collect();
    assert_eq!(resumes, [false, true]);
    let authorization = &room.server.attempts()[1].authorization;
    assert_eq!(*authorization, format!("Bearer {TOKEN}-refreshed"), "the newer token is used");
    assert!(!session.names().contains(&"reconnecting".to_owned()), "{:?}", session.names());
    session.client.disconnect().await.expect("the client disconnects");
}

/// `leave` with the action to join once more.
#[tokio::test]
async fn told_to_join_again() {
    let room = room().await;
    let mut session = Session::connected(&room.target()).await;
    room.server.dismiss(0, 2).await;
    session.wait_for("reconnecting").await;
    session.wait_for("botReady").await;
    let resumes: Vec<bool> = room.server.attempts().iter().map(|attempt| attempt.is_resume).collect();
    assert_eq!(resumes, [false, false]);
    session.client.disconnect().await.expect("the client disconnects");
}

/// `leave` with the action to end: another client has the same name, the client was removed, the
/// room was deleted or closed. To join once more would undo what somebody wanted.
#[tokio::test]
async fn sent_away() {
    for reason in [2, 4, 5, 10] {
        let room = room().await;
        let mut session = Session::connected(&room.target()).await;
        room.server.dismiss(reason, 0).await;
        let ended = session.wait_for("disconnected").await;
        assert_eq!(ended["reason"], json!("botLeft"), "reason {reason}: {ended}");
        assert!(!session.names().contains(&"reconnecting".to_owned()), "{:?}", session.names());
        assert_eq!(room.server.attempts().len(), 1);
    }
}

/// A server that shuts down or closes the session for reasons of its own.
#[tokio::test]
async fn sent_away_by_a_server_in_trouble() {
    for reason in [3, 6, 8, 9] {
        let room = room().await;
        let mut session = Session::connected(&room.target()).await;
        room.server.dismiss(reason, 0).await;
        session.wait_for("reconnecting").await;
        session.wait_for("botReady").await;
        session.client.disconnect().await.expect("the client disconnects");
    }
}

/// Storms of messages while the session runs cost neither it nor much memory.
#[tokio::test]
async fn a_storm_of_messages() {
    let room = room().await;
    let session = Session::connected(&room.target()).await;
    for count in 0..1_000_u32 {
        // `media_sections_requirement { num_audios: 1 }`, and garbage.
        room.server
            .write(if count % 2 == 0 { &[0xca, 0x01, 0x02, 0x08, 0x01] } else { &[0x0a, 0x05, 0x01] })
            .await;
    }
    let echo = session.client.send_client_request("echo", Some(json!("here")), None).await;
    assert_eq!(echo, Ok(Some(json!("here"))));
    assert_eq!(session.client.state(), TransportState::Ready);
    session.client.disconnect().await.expect("the client disconnects");
}
