//! Opens connections over real sockets: what the server receives, and every way in which opening
//! can fail.

use std::{net::SocketAddr, sync::Arc};

use futures_util::StreamExt;
use serde_json::json;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    sync::mpsc,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::handshake::server::{Request, Response},
};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    Phase,
    media::{AudioFormat, AudioFrame, Playout},
    transport::{
        CloseReason, ConnectParams, TransportCommand, TransportEvent,
        test_servers::{Authority, answer, answer_once, closed_port, listen},
    },
};

struct Client {
    commands: mpsc::Sender<TransportCommand>,
    events: mpsc::Receiver<TransportEvent>,
    _mic: mpsc::Sender<AudioFrame>,
    cancel: CancellationToken,
    running: JoinHandle<Closed>,
}

fn connect_with(options: WebSocketTransportOptions, params: &ConnectParams) -> Client {
    let request = OpenRequest {
        params,
        start: None,
        attempt: 0,
        mic_enabled: true,
        cookies: &Cookies::default(),
        tls: &TlsOptions::default(),
        open_timeout: Duration::from_secs(15),
    };
    let transport = WebSocketTransport::new(options).create(request).unwrap();
    let (commands, command_rx) = mpsc::channel(8);
    let (event_tx, events) = mpsc::channel(8);
    let (mic, mic_rx) = mpsc::channel(8);
    let cancel = CancellationToken::new();
    let port = TransportPort {
        commands: command_rx,
        events: event_tx,
        mic: mic_rx,
        speaker: Arc::new(Playout::default()),
        cancel: cancel.clone(),
    };
    Client { commands, events, _mic: mic, cancel, running: tokio::spawn(transport.run(port)) }
}

fn connect(url: &str) -> Client {
    connect_with(WebSocketTransportOptions::default(), &ConnectParams::websocket(url))
}

impl Client {
    async fn open_error(self) -> Error {
        match self.running.await.unwrap().reason {
            CloseReason::OpenFailed(error) => error,
            other => panic!("{other:?} is not an error of opening"),
        }
    }
}

/// Asserts that opening `url` fails with this kind, phase and text.
async fn fails(url: &str, kind: ErrorKind, said: &str) -> Error {
    let error = connect(url).open_error().await;
    assert_eq!((error.kind(), error.phase()), (kind, Some(Phase::TransportOpen)), "{error}");
    assert!(error.message().contains(said), "{error}");
    error
}

/// Serves one WebSocket: returns the upgrade request's URI and header `x-key`, then reads until the
/// client closes.
#[expect(clippy::result_large_err, reason = "the callback's type is tungstenite's")]
async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, requests: mpsc::Sender<(String, String)>) {
    let seen = |request: &Request, response: Response| {
        let key = request.headers().get("x-key").map_or("", |value| value.to_str().unwrap());
        requests.try_send((request.uri().to_string(), key.to_owned())).unwrap();
        Ok(response)
    };
    let mut socket = accept_hdr_async(stream, seen).await.unwrap();
    while let Some(Ok(_)) = socket.next().await {}
}

#[tokio::test]
async fn token_and_headers_reach_the_server() {
    let (requests, mut seen) = mpsc::channel(1);
    let address = listen(move |stream| serve(stream, requests.clone())).await;
    let params = ConnectParams::websocket(format!("ws://localhost:{}/ws?a=1", address.port()))
        .with("token", "se cret")
        .with("sessionId", "s")
        .with("headers", json!({"X-Key": "value"}));
    let mut client = connect_with(WebSocketTransportOptions::default(), &params);
    assert!(matches!(client.events.recv().await, Some(TransportEvent::Opened { .. })));
    assert_eq!(seen.recv().await.unwrap(), ("/ws?a=1&token=se+cret".to_owned(), "value".to_owned()));
    client.commands.send(TransportCommand::Close).await.unwrap();
    assert_eq!(client.running.await.unwrap().reason, CloseReason::Requested);
}

#[tokio::test]
async fn servers_that_cant_be_reached_are_named() {
    let (_taken, address) = closed_port();
    let port = address.port();
    fails(
        &format!("ws://127.0.0.1:{port}/"),
        ErrorKind::ConnectionFailed,
        &format!("127.0.0.1:{port} can't be reached"),
    )
    .await;
    fails(&format!("ws://localhost:{port}/"), ErrorKind::ConnectionFailed, "localhost").await;
    fails("wss://no-such-host.invalid/", ErrorKind::ConnectionFailed, "'no-such-host.invalid' was not found")
        .await;
}

#[test]
fn what_is_not_encrypted_stays_near() {
    let create = |tls: TlsOptions, url: &str| {
        let params = ConnectParams::websocket(url);
        let request = OpenRequest {
            params: &params,
            start: None,
            attempt: 0,
            mic_enabled: true,
            cookies: &Cookies::default(),
            tls: &TlsOptions::default(),
            open_timeout: Duration::from_secs(15),
        };
        let options = WebSocketTransportOptions { tls: Some(tls), ..WebSocketTransportOptions::default() };
        WebSocketTransport::new(options).create(request).map(drop)
    };
    for url in ["ws://bot.example/ws?token=secret", "http://bot.example/ws"] {
        let error = create(TlsOptions::default(), url).expect_err("it is far away");
        assert_eq!(error.kind(), ErrorKind::Tls);
        assert!(error.message().contains("ws://bot.example/ws is neither encrypted"), "{error}");
        create(TlsOptions::default().allow_plaintext(), url).expect("the app allows it");
    }
    for url in ["wss://bot.example/ws", "ws://192.168.1.7/ws", "ws://localhost:7860/ws"] {
        create(TlsOptions::default(), url).expect("it is secure or near");
    }
}

#[tokio::test]
async fn servers_that_answer_something_else_are_named() {
    for (sent, status, said) in [
        (answer("404 Not Found", r#"{"detail":"no such bot"}"#), Some(404), "404 Not Found: no such bot"),
        (answer("200 OK", "<html>hello</html>"), Some(200), "200 OK: an HTML page"),
        (answer("403 Forbidden", ""), Some(403), "403 Forbidden"),
        (
            answer("401 Unauthorized", "unknown: secret"),
            Some(401),
            "401 Unauthorized: the text \"unknown: …\"",
        ),
        ("SSH-2.0-OpenSSH\r\n".to_owned(), None, "does not speak HTTP"),
        (String::new(), None, "closed the connection during the WebSocket handshake"),
        (format!("HTTP/1.1 200 OK\r\n{}", "x: y\r\n".repeat(50_000)), None, "too much"),
    ] {
        let (address, _server) = answer_once(sent).await;
        let error =
            fails(&format!("ws://{address}/ws?token=secret"), ErrorKind::ConnectionFailed, said).await;
        assert_eq!(error.status(), status);
        assert!(!error.message().contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_never_answers_can_be_given_up() {
    let silent = || {
        listen(|stream| async move {
            std::future::pending::<()>().await;
            drop(stream)
        })
    };
    let client = connect(&format!("ws://{}/", silent().await));
    client.commands.send(TransportCommand::MicEnabled(false)).await.unwrap();
    client.commands.send(TransportCommand::Close).await.unwrap();
    assert_eq!(client.running.await.unwrap().reason, CloseReason::Requested);
    let client = connect(&format!("ws://{}/", silent().await));
    client.cancel.cancel();
    assert_eq!(client.running.await.unwrap().reason, CloseReason::Requested);
}

async fn secure_server(acceptor: TlsAcceptor) -> SocketAddr {
    listen(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            // A client that does not trust the server aborts here.
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(stream, mpsc::channel(1).0).await;
            }
        }
    })
    .await
}

fn trusting(authority: &Authority) -> WebSocketTransportOptions {
    let tls = TlsOptions::default().with_root_der(authority.der());
    WebSocketTransportOptions { tls: Some(tls), ..Default::default() }
}

#[tokio::test]
async fn an_authority_of_the_app_is_trusted() {
    let authority = Authority::new("ours");
    let port = secure_server(authority.server("localhost")).await.port();
    let pem = TlsOptions::default().with_roots_pem(authority.pem()).unwrap();
    for options in [trusting(&authority), WebSocketTransportOptions { tls: Some(pem), ..Default::default() }]
    {
        let mut client = connect_with(options, &ConnectParams::websocket(format!("wss://localhost:{port}/")));
        assert!(matches!(client.events.recv().await, Some(TransportEvent::Opened { .. })));
    }
    let port = secure_server(authority.server("127.0.0.1")).await.port();
    let params = ConnectParams::websocket(format!("https://127.0.0.1:{port}/"));
    let mut client = connect_with(trusting(&authority), &params);
    assert!(matches!(client.events.recv().await, Some(TransportEvent::Opened { .. })));
}

#[tokio::test]
async fn untrustworthy_servers_are_named_with_the_reason() {
    let authority = Authority::new("ours");
    for (acceptor, options, said) in [
        (authority.server("localhost"), WebSocketTransportOptions::default(), "unknown authority"),
        (authority.server("localhost"), trusting(&Authority::new("somebody else")), "unknown authority"),
        (authority.server("other.example"), trusting(&authority), "for another host name"),
        (authority.expired_server("localhost"), trusting(&authority), "expired"),
    ] {
        let port = secure_server(acceptor).await.port();
        let params = ConnectParams::websocket(format!("wss://localhost:{port}/"));
        let error = connect_with(options, &params).open_error().await;
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Tls, Some(Phase::TransportOpen)));
        assert!(error.message().contains(said), "{error}");
        assert!(error.message().contains(&format!("localhost:{port}")), "{error}");
    }
}

#[tokio::test]
async fn a_secure_handshake_is_not_redirected_to_a_plain_one() {
    let authority = Authority::new("ours");
    for location in ["ws://localhost/other?token=secret", "http://me:secret@localhost/other"] {
        let acceptor = authority.server("localhost");
        let secure = listen(move |stream| {
            let acceptor = acceptor.clone();
            async move {
                let mut stream = acceptor.accept(stream).await.unwrap();
                let redirect =
                    format!("HTTP/1.1 307 Elsewhere\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(redirect.as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        });
        let params = ConnectParams::websocket(format!("wss://localhost:{}/", secure.await.port()));
        let error = connect_with(trusting(&authority), &params).open_error().await;
        assert_eq!((error.kind(), error.status()), (ErrorKind::ConnectionFailed, Some(307)));
        assert!(
            error.message().contains("from wss to ws (ws://localhost/other), which is not followed"),
            "{error}"
        );
        assert!(!error.message().contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn plain_and_secure_servers_are_distinguished() {
    let plain = listen(|mut stream| async move {
        stream.write_all(answer("400 Bad Request", "").as_bytes()).await.unwrap();
        std::future::pending().await
    });
    fails(&format!("wss://{}/", plain.await), ErrorKind::Tls, "does not speak TLS").await;
}

#[test]
fn parameters_and_options_are_checked_as_the_transport_is_made() {
    let create = |options: WebSocketTransportOptions, params: ConnectParams| {
        let request = OpenRequest {
            params: &params,
            start: None,
            attempt: 0,
            mic_enabled: true,
            cookies: &Cookies::default(),
            tls: &TlsOptions::default(),
            open_timeout: Duration::from_secs(15),
        };
        WebSocketTransport::new(options).create(request)
    };
    let good = ConnectParams::websocket("ws://b/");
    let options = |sample_rate| WebSocketTransportOptions { sample_rate, ..Default::default() };
    for (options, params) in [(options(16_000), ConnectParams::default()), (options(100), good.clone())] {
        assert_eq!(create(options, params).err().map(|e| e.kind()), Some(ErrorKind::InvalidTransportParams));
    }
    let capabilities = create(options(24_000), good).unwrap().capabilities();
    let capture = CaptureFormat { format: AudioFormat::mono(24_000), frame: Duration::from_millis(20) };
    assert_eq!(capabilities, TransportCapabilities { max_message_size: 1_048_576, capture: Some(capture) });
}

#[test]
fn unreadable_authorities_are_refused() {
    for pem in ["", "-----BEGIN CERTIFICATE-----\n!", "text"] {
        let error = TlsOptions::default().with_roots_pem(pem).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    }
}
