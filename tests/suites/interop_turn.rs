//! A real Pipecat server over WebRTC with coturn in between: relay-only, and as a STUN server.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use rtvi_core::{
    ErrorKind, PipecatClientOptions,
    transport::{IceServer, SmallWebRtcTransport, SmallWebRtcTransportOptions},
};
use rtvi_tests::{PipecatServer, ServerKind, Session, network::TurnServer, speech};
use serde_json::json;

fn turn_server(turn: &TurnServer, transport: &str) -> IceServer {
    IceServer {
        urls: vec![turn.turn_url(transport)],
        username: TurnServer::USERNAME.to_owned(),
        credential: TurnServer::CREDENTIAL.to_owned(),
    }
}

/// A client with these servers.
fn session(ice_servers: Vec<IceServer>, relay_only: bool) -> Session {
    Session::with(|options| {
        let transport = SmallWebRtcTransportOptions { ice_servers, relay_only, ..Default::default() };
        let microphone = options.microphone.take();
        *options = PipecatClientOptions::new(SmallWebRtcTransport::new(transport));
        options.microphone = microphone;
    })
}

/// The user is heard and hears the bot.
async fn call(mut session: Session, server: &PipecatServer) {
    let words = speech("Hello, can you hear me?").await;
    session.client.connect(server.webrtc_target().params()).await.expect("the client connects");
    session.microphone.say(&words).await;
    session.wait_for("userStartedSpeaking").await;
    session.wait_for_answer().await;
    let audio = session.client.audio_stats();
    assert!(audio.received > Duration::from_millis(500) && audio.sent > Duration::from_secs(1), "{audio:?}");
    assert_eq!(session.all("reconnecting"), [json!(null); 0]);
    session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn relay_only_over_udp() {
    let (turn, server) = (TurnServer::start().await, PipecatServer::start(ServerKind::Voice, &[]).await);
    call(session(vec![turn_server(&turn, "udp")], true), &server).await;
}

/// The client has no TURN over TCP: it says so at once.
#[tokio::test]
async fn relay_only_over_tcp_is_refused_by_name() {
    let (turn, server) = (TurnServer::start().await, PipecatServer::start(ServerKind::Voice, &[]).await);
    let session = session(vec![turn_server(&turn, "tcp")], true);
    let error = session
        .client
        .connect(server.webrtc_target().params())
        .await
        .expect_err("TURN over TCP is not there");
    assert_eq!(error.kind(), ErrorKind::UnsupportedFeature, "{error}");
}

#[tokio::test]
async fn a_stun_server_does_no_harm() {
    let (turn, server) = (TurnServer::start().await, PipecatServer::start(ServerKind::Voice, &[]).await);
    call(session(vec![IceServer::new(turn.stun_url())], false), &server).await;
}

/// Wrong credentials leave a relay-only client without any way to the server: an error in time, not a hang.
#[tokio::test]
async fn wrong_credentials_are_an_error() {
    let (turn, server) = (TurnServer::start().await, PipecatServer::start(ServerKind::Voice, &[]).await);
    let wrong = IceServer { credential: "wrong".to_owned(), ..turn_server(&turn, "udp") };
    let session = session(vec![wrong], true);
    let error = session.client.connect(server.webrtc_target().params()).await.expect_err("nobody relays");
    assert!(!error.to_string().contains("wrong"), "{error}");
}
