//! WebRTC through coturn, relay-only and as a STUN server. The bot is a real Pipecat server, or the
//! demo bot in tests of unavailable TURN servers.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use rtvi_core::{
    ConnectParams, Error, ErrorKind, Phase, PipecatClientOptions,
    transport::{IceServer, SmallWebRtcTransport, SmallWebRtcTransportOptions, TlsOptions},
};
use rtvi_tests::{Demo, PipecatServer, ServerKind, Session, Target, free_port, network::TurnServer, speech};
use serde_json::json;
use tokio::{io::AsyncReadExt, net::TcpListener};

fn turn_server(turn: &TurnServer, transport: &str) -> IceServer {
    IceServer {
        urls: vec![turn.turn_url(transport)],
        username: TurnServer::USERNAME.to_owned(),
        credential: TurnServer::CREDENTIAL.to_owned(),
    }
}

/// A client with these servers.
fn session(ice_servers: Vec<IceServer>, relay_only: bool) -> Session {
    session_with(SmallWebRtcTransportOptions { ice_servers, relay_only, ..Default::default() })
}

fn session_with(transport: SmallWebRtcTransportOptions) -> Session {
    Session::with(|options| {
        let microphone = options.microphone.take();
        *options = PipecatClientOptions::new(SmallWebRtcTransport::new(transport));
        options.microphone = microphone;
    })
}

/// The error of a relay-only client with only this server.
async fn refused(ice_server: IceServer) -> Error {
    let bot = Demo::over_webrtc().await;
    let session = session(vec![ice_server], true);
    let error = session.client.connect(bot.target().params().await).await.expect_err("nobody relays");
    assert_eq!(error.phase(), Some(Phase::TransportOpen));
    error
}

/// The bot hears the user, and the user hears the bot.
async fn call(mut session: Session, target: &Target) {
    let words = speech("Hello, can you hear me?").await;
    session.connect(target).await;
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
    call(session(vec![turn_server(&turn, "udp")], true), &server.webrtc_target()).await;
}

/// Pipecat's server offers no TCP candidate, and ignores ours.
#[tokio::test]
async fn ice_over_tcp_does_no_harm_to_a_server_without_it() {
    let server = PipecatServer::start(ServerKind::Voice, &[]).await;
    let session = session_with(SmallWebRtcTransportOptions { ice_tcp: true, ..Default::default() });
    call(session, &server.webrtc_target()).await;
}

/// The first request to a server that does not answer it.
async fn request(listener: TcpListener) -> String {
    let (mut stream, _) = listener.accept().await.expect("the client comes");
    let mut request = String::new();
    while !request.ends_with('}') {
        let mut buffer = [0; 4096];
        let length = stream.read(&mut buffer).await.expect("the client sends");
        assert!(length > 0, "the request ends early: {request}");
        request.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
    request
}

/// The offer names the relay and nothing about this machine, not even in the relay's candidate.
#[tokio::test]
async fn relay_only_hides_the_address() {
    let turn = TurnServer::start().await;
    let session = session_with(SmallWebRtcTransportOptions {
        ice_servers: vec![turn_server(&turn, "udp")],
        relay_only: true,
        wait_for_ice_gathering: true,
        ..Default::default()
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let url = format!("http://{}/api/offer", listener.local_addr().expect("it is bound"));
    let offer = tokio::select! {
        end = session.client.connect(ConnectParams::default().with("webrtcUrl", url)) => panic!("{end:?}"),
        offer = request(listener) => offer,
    };
    assert!(offer.contains("typ relay raddr 0.0.0.0 rport 0"), "{offer}");
    assert!(!offer.contains("typ host") && !offer.contains("typ srflx"), "{offer}");
}

#[tokio::test]
async fn relay_only_over_tcp() {
    let (turn, server) = (TurnServer::start().await, PipecatServer::start(ServerKind::Voice, &[]).await);
    call(session(vec![turn_server(&turn, "tcp")], true), &server.webrtc_target()).await;
}

#[tokio::test]
async fn relay_only_over_tls() {
    let (turn, server) = (TurnServer::start().await, PipecatServer::start(ServerKind::Voice, &[]).await);
    let secure = IceServer { urls: vec![turn.secure_url()], ..turn_server(&turn, "tcp") };
    let tls = TlsOptions::default().with_root_der(turn.certificate());
    let options = SmallWebRtcTransportOptions {
        ice_servers: vec![secure],
        relay_only: true,
        tls: Some(tls),
        ..Default::default()
    };
    call(session_with(options), &server.webrtc_target()).await;
}

/// The form that hosted services use: several ways to one server, some of them blocked.
#[tokio::test]
async fn one_way_of_many_is_enough() {
    let (turn, bot) = (TurnServer::start().await, Demo::over_webrtc().await);
    let dead = format!("turn:127.0.0.1:{}?transport=tcp", free_port());
    let urls = vec![dead, turn.secure_url(), turn.turn_url("tcp"), turn.turn_url("udp")];
    call(session(vec![IceServer { urls, ..turn_server(&turn, "udp") }], true), &bot.target()).await;
}

#[tokio::test]
async fn a_stun_server_does_no_harm() {
    let (turn, server) = (TurnServer::start().await, PipecatServer::start(ServerKind::Voice, &[]).await);
    call(session(vec![IceServer::new(turn.stun_url())], false), &server.webrtc_target()).await;
}

/// Wrong credentials leave a relay-only client without any path to the bot: the error states the
/// reason, at once.
#[tokio::test]
async fn wrong_credentials_are_an_error() {
    let turn = TurnServer::start().await;
    for transport in ["udp", "tcp"] {
        let wrong = IceServer { credential: "mistaken".to_owned(), ..turn_server(&turn, transport) };
        let error = refused(wrong).await;
        assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
        assert!(
            error.message().contains("401") && error.message().contains(&turn.turn_url(transport)),
            "{error}"
        );
        assert!(!error.message().contains("mistaken"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error() {
    let address = format!("127.0.0.1:{}", free_port());
    let user = TurnServer::USERNAME.to_owned();
    for url in [format!("turn:{address}"), format!("turn:{address}?transport=tcp")] {
        let server = IceServer { urls: vec![url], username: user.clone(), credential: user.clone() };
        let error = refused(server).await;
        assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
        assert!(error.message().contains(&address) && error.message().contains("refused"), "{error}");
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_an_error() {
    let turn = TurnServer::start().await;
    let error = refused(IceServer { urls: vec![turn.secure_url()], ..turn_server(&turn, "tcp") }).await;
    assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
}

/// The call goes only through the server. When the server dies, the client notices at once and
/// reports it.
#[tokio::test]
async fn a_server_that_dies_ends_the_call() {
    let (mut turn, bot) = (TurnServer::start().await, Demo::over_webrtc().await);
    let mut session = session(vec![turn_server(&turn, "tcp")], true);
    session.connect(&bot.target()).await;
    turn.kill().await;
    session.wait_for("reconnecting").await;
    let error = session.wait_for("error").await;
    assert!(error.to_string().contains(&turn.turn_url("tcp")), "{error}");
    session.wait_for("disconnected").await;
}

/// If there is another path to the bot, a server that does not relay is no error.
#[tokio::test]
async fn a_server_that_refuses_does_no_harm_when_there_is_another_way() {
    let (turn, bot) = (TurnServer::start().await, Demo::over_webrtc().await);
    let wrong = IceServer { credential: "mistaken".to_owned(), ..turn_server(&turn, "udp") };
    call(session(vec![wrong], false), &bot.target()).await;
}
