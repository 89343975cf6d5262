//! A real Pipecat server over WebRTC with coturn in between: relay-only, and as a STUN server.
#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use rtvi_core::{
    ErrorKind, PipecatClientOptions,
    transport::{IceServer, SmallWebRtcTransport, SmallWebRtcTransportOptions},
};
use rtvi_tests::{PipecatServer, ServerKind, Session, network::TurnServer, speech};
use serde_json::json;

/// How long a relay-only connection may take on a busy machine, from the call to bot-ready. It takes 0.4 s on an idle one; the wait
/// that an ICE agent makes before it takes a relay, unless told otherwise, would be 2 s alone.
const RELAYED: Duration = Duration::from_millis(1_500);

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

/// The user is heard and hears the bot. Gives how long connecting took.
async fn call(mut session: Session, server: &PipecatServer) -> Duration {
    let words = speech("Hello, can you hear me?").await;
    let begin = Instant::now();
    session.client.connect(server.webrtc_target().params()).await.expect("the client connects");
    let connecting = begin.elapsed();
    session.microphone.say(&words).await;
    session.wait_for("userStartedSpeaking").await;
    session.wait_for_answer().await;
    let audio = session.client.audio_stats();
    assert!(audio.received > Duration::from_millis(500) && audio.sent > Duration::from_secs(1), "{audio:?}");
    assert_eq!(session.all("reconnecting"), [json!(null); 0]);
    session.client.disconnect().await.expect("the client disconnects");
    connecting
}

/// Twice, as the server loads its models during the first call.
#[tokio::test]
async fn relay_only_over_udp() {
    let (turn, server) = (TurnServer::start().await, PipecatServer::start(ServerKind::Voice, &[]).await);
    for attempt in ["cold", "warm"] {
        let connecting = call(session(vec![turn_server(&turn, "udp")], true), &server).await;
        println!("relay-only over UDP, server {attempt}: {connecting:?}");
        assert!(attempt == "cold" || connecting < RELAYED, "{connecting:?}");
    }
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
