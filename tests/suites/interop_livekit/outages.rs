//! Connections that break: what can be resumed is resumed in place, and the bot notices nothing.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use rtvi_core::{TransportState, client::ReconnectPolicy, protocol::SendTextOptions};
use rtvi_tests::{
    Gate, Mode, Session,
    exchange::session::delay,
    livekit::{self, Shape, Site},
};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::{Call, asks_its_language, assert_no_loss, joined, new_room, shared_site};

/// A client whose signalling goes through a gate. Its media goes directly to the server.
struct Gated {
    gate: Gate,
    room: String,
    session: Session,
}

impl Gated {
    /// The signalling goes to this address, the server's or that of something in front of it.
    async fn start(site: &Site, signalling: SocketAddr) -> Self {
        let (gate, room) = (Gate::start(signalling).await, new_room());
        let params = site.send_bot(json!({"room": room})).await;
        let session = joined(params.with("url", format!("ws://{}", gate.address()))).await;
        Self { gate, room, session }
    }
}

/// The bots of a room have seen nobody leave.
async fn assert_unnoticed(site: &Site, room: &str) {
    let seen = site.seen_by_bots(room).await;
    assert!(!seen.iter().any(|event| event.contains("disconnected")), "{seen:?}");
    assert!(seen.iter().any(|event| event.starts_with("on_participant_connected")), "{seen:?}");
}

/// Counts in both directions over an outage: nothing is lost, and nothing comes twice.
async fn without_a_loss(session: &Session, outage: impl Future<Output = ()>) {
    let counting = async {
        for number in 0..40 {
            let message =
                session.client.send_client_message("server-message", Some(json!({"number": number})));
            message.await.expect("the message is sent");
            sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::join!(outage, counting);
    let everything: Vec<Value> = (0..40).map(|number| json!({"number": number})).collect();
    let begin = Instant::now();
    while session.all("serverMessage").len() < everything.len() && begin.elapsed() < Duration::from_secs(20) {
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(session.all("serverMessage"), everything);
}

/// The signalling socket is gone for a while.
async fn resumes(mode: Mode, outage: Duration) {
    let site = shared_site().await;
    resumes_at(&site, site.server.address(), mode, outage).await;
}

async fn resumes_at(site: &Site, signalling: SocketAddr, mode: Mode, outage: Duration) {
    let gated = Gated::start(site, signalling).await;
    counts(&gated.session).await;
    let before = gated.session.client.audio_stats().received;
    let cut = async {
        sleep(Duration::from_millis(500)).await;
        gated.gate.set(mode);
        sleep(outage).await;
        gated.gate.set(Mode::Open);
    };
    without_a_loss(&gated.session, cut).await;
    let heard = gated.session.client.audio_stats().received - before;
    assert!(heard > outage / 4, "the bot is heard: {heard:?}");
    asks_its_language(&gated.session).await;
    assert_no_loss(&gated.session);
    assert_unnoticed(site, &gated.room).await;
    // The new socket does its work: the bot leaves, and the client hears of it.
    gated.session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn the_socket_is_reset() {
    resumes(Mode::Reset, Duration::from_millis(10)).await;
}

#[tokio::test]
async fn no_socket_for_one_and_a_half_seconds() {
    resumes(Mode::Refusing, Duration::from_millis(1_500)).await;
}

/// How many clients resume, one after another: `RTVI_RESUMES`, a few by default.
fn clients() -> usize {
    std::env::var("RTVI_RESUMES").map_or(2, |count| count.parse().expect("RTVI_RESUMES is a number"))
}

#[tokio::test]
async fn no_socket_for_twelve_seconds() {
    for _ in 0..clients() {
        resumes(Mode::Refusing, Duration::from_secs(12)).await;
    }
}

#[tokio::test]
async fn a_silent_socket_for_twelve_seconds() {
    resumes(Mode::Dark, Duration::from_secs(12)).await;
}

#[tokio::test]
async fn no_socket_for_twelve_seconds_with_two_connections() {
    let site = shared_site().await;
    let front = livekit::two_connections(&site.server).await;
    resumes_at(&site, front.address(), Mode::Refusing, Duration::from_secs(12)).await;
}

/// Makes the bot speak for a while. A silent bot sends little: LiveKit's SDK leaves out silence.
async fn counts(session: &Session) {
    session.client.send_text("Please count", SendTextOptions::default()).await.expect("the text is sent");
}

/// The bot is heard for another half second, soon.
async fn hears_more(session: &Session) {
    let enough = session.client.audio_stats().received + Duration::from_millis(500);
    let heard = async {
        while session.client.audio_stats().received < enough {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(5), heard).await.expect("the bot's audio goes on");
}

/// The app reports another network: the session goes on over it.
async fn moves_on(url: &str) {
    let site = shared_site().await;
    let room = new_room();
    let session = joined(site.send_bot(json!({"room": room})).await.with("url", url)).await;
    counts(&session).await;
    // The bot's track is new to the client. A server with two connections that adds it while the
    // client changes its network sends it in a form that nobody has agreed on.
    hears_more(&session).await;
    for _ in 0..3 {
        session.client.network_changed().await.expect("the client lives");
        sleep(Duration::from_secs(1)).await;
        asks_its_language(&session).await;
        hears_more(&session).await;
    }
    assert_no_loss(&session);
    assert_unnoticed(&site, &room).await;
    session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn another_network() {
    moves_on(&shared_site().await.server.url()).await;
}

#[tokio::test]
async fn another_network_with_two_connections() {
    let site = shared_site().await;
    moves_on(&livekit::two_connections(&site.server).await.url("ws", "")).await;
}

#[tokio::test]
async fn a_server_that_stands_still_for_eight_seconds() {
    let site = Site::start(Shape::Full).await;
    let call = Call::start(&site).await;
    sleep(Duration::from_secs(1)).await;
    site.server.freeze();
    sleep(Duration::from_secs(8)).await;
    site.server.thaw();
    asks_its_language(&call.session).await;
    assert_no_loss(&call.session);
    assert_unnoticed(&site, &call.room).await;
    call.session.client.disconnect().await.expect("the client disconnects");
}

/// Nothing can be resumed: after 15 s the connection counts as lost.
#[tokio::test]
async fn a_killed_server() {
    let site = Site::start(Shape::Full).await;
    let params = site.send_bot(json!({"room": new_room()})).await;
    let mut session = Session::with(|options| {
        options.client.reconnect = ReconnectPolicy { max_attempts: 1, ..ReconnectPolicy::default() };
    });
    session.client.connect(params).await.expect("the client connects");
    let begin = Instant::now();
    site.server.kill();
    session.wait_for("reconnecting").await;
    let noticed = delay(&session, begin, "reconnecting");
    assert!(noticed > Duration::from_secs(14) && noticed < Duration::from_secs(20), "{noticed:?}");
    let ended = session.wait_for("disconnected").await;
    assert_eq!(ended["error"]["kind"], json!("connectionLost"), "{ended}");
    assert_eq!(session.client.state(), TransportState::Disconnected);
}
