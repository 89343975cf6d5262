//! Links to servers that carry packets, or fail in every way there is. That a relay is really used is tested with coturn.

use std::{net::Ipv4Addr, pin::pin};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UdpSocket,
    sync::oneshot,
    time::timeout,
};
use webrtc::runtime::{AsyncUdpSocket, Runtime, TokioRuntime};

use super::*;
use crate::transport::test_servers::{Authority, closed_port, listen};

/// A request to relay with a user's name in it, as the crate sends it.
const REQUEST: &[u8] = b"\0\x03\0\x08\x21\x12\xa4\x42transaction1\0\x06\0\x02me\0\0";
/// Its refusal: 401.
const REFUSAL: &[u8] = b"\x01\x13\0\x08\x21\x12\xa4\x42transaction1\0\x09\0\x04\0\0\x04\x01";
/// Its success.
const SUCCESS: &[u8] = b"\x01\x03\0\0\x21\x12\xa4\x42transaction1";
/// Channel data that needs padding on a stream.
const DATA: &[u8] = b"\x40\0\0\x05hello";
const PADDED: &[u8] = b"\x40\0\0\x05hello\0\0\0";

fn server(url: &str) -> IceServer {
    IceServer { urls: vec![url.to_owned()], username: "me".to_owned(), credential: "secret".to_owned() }
}

/// A stand-in for a peer connection.
struct Rig {
    turn: Option<Turn>,
    socket: Arc<dyn AsyncUdpSocket>,
    told: Vec<RTCIceServer>,
    lost: oneshot::Receiver<Error>,
}

impl Rig {
    fn start(servers: &[IceServer], tls: &TlsOptions) -> Self {
        let (sender, lost) = oneshot::channel();
        let (turn, told) = Turn::start(servers.to_vec(), tls, move |error| sender.send(error).unwrap());
        let socket = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let socket = TokioRuntime.wrap_udp_socket(socket).unwrap();
        let routes = turn.as_ref().unwrap().routes();
        Self { socket: Arc::new(RelaySocket::new(socket, routes)), turn, told, lost }
    }

    /// Sends a packet to the server with this number, from 1.
    async fn send(&self, number: u8, packet: &[u8]) {
        self.socket.send_to(packet, (Ipv4Addr::new(240, 0, 0, number), 3478).into()).await.unwrap();
    }

    async fn receive(&self) -> Vec<u8> {
        let mut buffer = [0; 100];
        let (length, from) = self.socket.recv_from(&mut buffer).await.unwrap();
        assert_eq!(from.ip(), Ipv4Addr::new(240, 0, 0, 1));
        buffer[..length].to_vec()
    }
}

/// The error of a server at this URL after the first packet.
async fn error_of(url: &str) -> Error {
    let rig = Rig::start(&[server(url)], &TlsOptions::default());
    rig.send(1, REQUEST).await;
    let error = rig.lost.await.unwrap();
    assert!(error.message().contains(&TurnUrl::parse(url).unwrap().to_string()), "{error}");
    assert!(!error.message().contains("secret"), "{error}");
    error
}

/// A server that takes a request and answers with the bytes, then leaves.
async fn answering(answer: &'static [u8]) -> String {
    let address = listen(move |mut stream| async move {
        let mut request = [0; REQUEST.len()];
        stream.read_exact(&mut request).await.unwrap();
        stream.write_all(answer).await.unwrap();
    });
    format!("turn:{}?transport=tcp", address.await)
}

async fn carries(url: &str, tls: &TlsOptions) {
    let rig = Rig::start(&[server(url)], tls);
    for packet in [REQUEST, DATA, REQUEST] {
        rig.send(1, packet).await;
        assert_eq!(rig.receive().await, packet);
    }
}

#[tokio::test]
async fn packets_go_both_ways_over_a_stream() {
    let expected = [REQUEST, PADDED, REQUEST].concat();
    let address = listen(move |mut stream| {
        let mut rest = expected.clone();
        async move {
            while !rest.is_empty() {
                let mut byte = [0];
                stream.read_exact(&mut byte).await.unwrap();
                assert_eq!(byte[0], rest.remove(0));
                stream.write_all(&byte).await.unwrap();
            }
            std::future::pending().await
        }
    });
    carries(&format!("turn:{}?transport=tcp", address.await), &TlsOptions::default()).await;
}

#[tokio::test]
async fn packets_go_both_ways_over_tls() {
    let authority = Authority::new("ours");
    let acceptor = authority.server("localhost");
    let address = listen(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let (mut read, mut write) = tokio::io::split(stream);
            let _ = tokio::io::copy(&mut read, &mut write).await;
        }
    });
    let url = format!("turns:localhost:{}", address.await.port());
    carries(&url, &TlsOptions::default().with_root_der(authority.der())).await;
    let error = error_of(&url).await;
    assert_eq!(error.kind(), ErrorKind::Tls);
    assert!(error.message().contains("unknown authority"), "{error}");
}

#[tokio::test]
async fn packets_go_both_ways_over_udp() {
    let echo = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = echo.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 100];
        while let Ok((length, from)) = echo.recv_from(&mut buffer).await {
            echo.send_to(&buffer[..length], from).await.unwrap();
        }
    });
    carries(&format!("turn:{address}"), &TlsOptions::default()).await;
}

#[tokio::test]
async fn every_failure_has_its_reason() {
    let (_socket, closed) = closed_port();
    for (url, kind, said) in [
        (
            answering(b"\x16\x03\x01\0\0\0\0\0").await,
            ErrorKind::Protocol,
            "does not speak TURN: it sent something",
        ),
        (answering(b"\x40\0\xff\xff").await, ErrorKind::Protocol, "a message of 65540 bytes"),
        (answering(SUCCESS).await, ErrorKind::ConnectionFailed, "is gone"),
        (answering(REFUSAL).await, ErrorKind::ConnectionFailed, "refuses to relay: 401"),
        (format!("turn:{closed}?transport=tcp"), ErrorKind::ConnectionFailed, "can't be reached"),
        (format!("turn:{closed}"), ErrorKind::ConnectionFailed, "refused"),
        ("turn:no-such-host.invalid".to_owned(), ErrorKind::ConnectionFailed, "was not found"),
    ] {
        let error = error_of(&url).await;
        assert!(error.message().contains(said), "{error}");
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_answer_is_unreachable() {
    let silent = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let error = error_of(&format!("turn:{}", silent.local_addr().unwrap())).await;
    assert!(error.message().contains("does not answer"), "{error}");
}

#[tokio::test]
async fn only_the_last_failure_counts_and_all_are_named() {
    let servers = [server(&answering(REFUSAL).await), server(&answering(b"HTTP/1.1 400 Bad Request").await)];
    let mut rig = Rig::start(&servers, &TlsOptions::default());
    rig.send(1, REQUEST).await;
    assert_eq!(rig.receive().await, REFUSAL, "the peer connection hears it too");
    assert!(timeout(LINGER, &mut rig.lost).await.is_err(), "there is another server");
    rig.send(2, REQUEST).await;
    let error = rig.lost.await.unwrap();
    assert!(error.message().contains("401") && error.message().contains("does not speak TURN"), "{error}");
}

#[tokio::test]
async fn links_end_with_the_call_and_say_nothing() {
    let (closed, waits) = oneshot::channel();
    let closed = std::sync::Mutex::new(Some(closed));
    let address = listen(move |mut stream| {
        let closed = closed.lock().unwrap().take().unwrap();
        async move {
            let mut received = Vec::new();
            stream.read_to_end(&mut received).await.unwrap();
            closed.send(received).unwrap();
        }
    });
    let mut rig =
        Rig::start(&[server(&format!("turn:{}?transport=tcp", address.await))], &TlsOptions::default());
    rig.send(1, REQUEST).await;
    rig.turn = None;
    assert_eq!(waits.await.unwrap(), REQUEST, "what was sent last still goes out");
    assert!(rig.lost.await.is_err(), "there was no failure");
}

#[tokio::test]
async fn what_can_not_be_used_is_not_passed_on() {
    let stun = IceServer { urls: vec!["stun:s".to_owned(), "turn:t".to_owned()], ..server("x") };
    let many = vec![server("turn:t"); 2 * MOST_SERVERS];
    let servers =
        [&[stun, IceServer::new("turn:t"), server("turns:t?transport=udp")], many.as_slice()].concat();
    let rig = Rig::start(&servers, &TlsOptions::default());
    let told: Vec<_> = rig.told.iter().flat_map(|server| server.urls.clone()).collect();
    assert_eq!(told.len(), 1 + MOST_SERVERS);
    assert_eq!(told[..2], ["stun:s:3478", "turn:240.0.0.1:3478?transport=udp"]);
    let (none, told) = Turn::start(vec![IceServer::new("stun:s")], &TlsOptions::default(), |_| {});
    assert!(none.is_none() && told.len() == 1);
    let waiting = pin!(rig.receive());
    assert!(futures_util::poll!(waiting).is_pending(), "an unused link sends nothing");
}

/// What a token service gives, and what else was seen in such lists: the peer connection gets those that it can use, and no error.
#[tokio::test]
async fn good_servers_of_a_list_are_used_though_others_are_not() {
    let urls = [
        "stun:a.example:3478?transport=udp",
        "stun:b.example?transport=tcp",
        "stuns:c.example",
        "http://d.example/",
        "e.example",
        "",
        "stun:f.example:99999",
        "turn:g.example",
        "stun:h.example",
    ];
    let mut servers = vec![IceServer::default(), IceServer { urls: Vec::new(), ..server("x") }];
    servers.extend(urls.map(IceServer::new));
    let (none, told) = Turn::start(servers, &TlsOptions::default(), |_| {});
    let told: Vec<_> = told.into_iter().flat_map(|server| server.urls).collect();
    assert!(none.is_none());
    assert_eq!(told, ["stun:a.example:3478", "stun:h.example:3478"]);
    let many = vec![IceServer::new("stun:s.example"); 2 * MOST_SERVERS];
    let (_, told) = Turn::start(many, &TlsOptions::default(), |_| {});
    assert_eq!(told.first().map(|server| server.urls.len()), Some(MOST_SERVERS));
}

/// The log line names what is passed over, without what may be secret.
#[test]
fn a_server_that_is_passed_over_is_named_in_the_log() {
    let lines = log::lines_of(|| {
        let servers =
            ["stuns:s.example?token=secret", "turn:t.example", "gopher:u.example"].map(IceServer::new);
        plan(servers.to_vec(), &mut Routes::default());
    });
    for (line, said) in lines.iter().zip([
        "'stuns:s.example' is passed over: it is STUN over TLS",
        "'turn:t.example' is passed over: it has no username or no credential",
        "'gopher:u.example' is passed over: it is neither a STUN nor a TURN server",
    ]) {
        assert!(line.contains(said) && !line.contains("secret"), "{line}");
    }
    assert_eq!(lines.len(), 3);
}
