//! A secure connection over a link that is slow but alive, in virtual time.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, duplex, split},
    sync::mpsc,
    time::{Instant, sleep},
};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::{accept_async, tungstenite::Message};
use tokio_util::sync::CancellationToken;
use url::Host;

use super::*;
use crate::{
    media::Playout,
    transport::{
        ConnectParams, Cookies, TlsOptions, TransportEvent,
        test_servers::Authority,
        websocket::{dial, protobuf::Protobuf, target::Target},
    },
};

const STALL: Duration = Duration::from_millis(3_500);
/// The bytes that the link carries each way per [`PACE`]: 2000 a second.
const CARRIED: usize = 200;
const PACE: Duration = Duration::from_millis(100);
/// The length of a message. It is sent as TLS records of 16 KiB, each of which takes 8 s.
const LARGE: usize = 100_000;

async fn carry(mut from: ReadHalf<DuplexStream>, mut to: WriteHalf<DuplexStream>) {
    let mut buffer = [0; CARRIED];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        sleep(PACE).await;
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}

/// The two ends of the link.
fn link() -> (DuplexStream, DuplexStream) {
    let ((near, left), (right, far)) = (duplex(CARRIED), duplex(CARRIED));
    let ((from_left, to_left), (from_right, to_right)) = (split(left), split(right));
    tokio::spawn(carry(from_left, to_right));
    tokio::spawn(carry(from_right, to_left));
    (near, far)
}

/// Sends one word, receives a large message, and sends a large one.
async fn serve(acceptor: TlsAcceptor, far: DuplexStream) {
    let secure = acceptor.accept(far).await.expect("the client trusts us");
    let mut socket = accept_async(secure).await.expect("the client wants a WebSocket");
    socket.send(Message::text("first")).await.expect("the client is there");
    while !matches!(socket.next().await, Some(Ok(Message::Binary(heard))) if heard.len() >= LARGE) {}
    socket.send(Message::text("x".repeat(LARGE))).await.expect("the client is still there");
    while let Some(Ok(_)) = socket.next().await {}
}

async fn message(events: &mut mpsc::Receiver<TransportEvent>) -> usize {
    match events.recv().await {
        Some(TransportEvent::Message(text)) => text.len(),
        other => panic!("{other:?} is not a message"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_link_with_tls_is_no_dead_one() {
    let authority = Authority::new("ours");
    let (near, far) = link();
    tokio::spawn(serve(authority.server("localhost"), far));
    let target = Target::new(&ConnectParams::websocket("wss://localhost/"), None, &[]).unwrap();
    let tls = TlsOptions::default().with_root_der(authority.der());
    let cookies = Cookies::default();
    let opened = dial::open_on(&target, &Host::Domain("localhost"), &tls, &cookies, near).await.unwrap();
    let dial::Upgrade::Open(socket) = opened else { panic!("redirected") };

    let (commands, command_rx) = mpsc::channel(4);
    let (event_tx, mut events) = mpsc::channel(4);
    let (_mic, mic) = mpsc::channel(4);
    let (speaker, cancel) = (Arc::new(Playout::default()), CancellationToken::new());
    let port = TransportPort { commands: command_rx, events: event_tx, mic, speaker, cancel };
    let running = tokio::spawn(run(socket, Protobuf::default(), port, STALL));
    assert!(matches!(events.recv().await, Some(TransportEvent::Opened { .. })));
    assert_eq!(message(&mut events).await, "first".len());
    let begin = Instant::now();
    commands.send(TransportCommand::Send("y".repeat(LARGE))).await.unwrap();
    assert_eq!(message(&mut events).await, LARGE);
    assert!(begin.elapsed() > Duration::from_secs(90), "the link is not slow");
    assert!(!running.is_finished());
}
