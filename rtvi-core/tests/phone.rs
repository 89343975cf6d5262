//! Phone calls to servers that misbehave, over real sockets.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use rtvi_core::{
    ConnectParams, Error, ErrorKind, Event, EventStream, PipecatClient, PipecatClientOptions,
    protocol::telephony::PhoneProvider,
    transport::{PhoneTransport, PhoneTransportOptions},
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{WebSocketStream, accept_async, tungstenite::Message};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server that does one thing with its first call.
async fn serve<F>(then: impl FnOnce(WebSocketStream<TcpStream>) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
    let address = listener.local_addr().expect("the socket is bound");
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("the caller connects");
        then(accept_async(stream).await.expect("the caller wants a WebSocket")).await;
    });
    address
}

/// Calls the server without dialling again.
async fn call(provider: PhoneProvider, server: SocketAddr) -> (Result<(), Error>, EventStream) {
    let options = PhoneTransportOptions { provider, ..PhoneTransportOptions::default() };
    let mut options = PipecatClientOptions::new(PhoneTransport::new(options));
    options.client.reconnect.max_attempts = 0;
    options.client.timeouts.open = Some(Duration::from_secs(2));
    let client = PipecatClient::new(options).expect("there is a runtime");
    let events = client.events();
    let params = ConnectParams::websocket(format!("ws://{server}/ws"));
    let result = timeout(PATIENCE, client.connect(params)).await.expect("the call settles");
    // The client lives as long as its events are read.
    tokio::spawn(async move {
        let _client = client;
        tokio::time::sleep(PATIENCE).await;
    });
    (result.map(drop), events)
}

/// The events of a call until its end.
async fn until_the_end(mut events: EventStream) -> Vec<Event> {
    let mut seen = Vec::new();
    let all = async {
        while let Some(event) = events.next().await {
            let is_end = matches!(event, Event::Disconnected(_));
            seen.push(event);
            if is_end {
                return;
            }
        }
    };
    timeout(PATIENCE, all).await.expect("the call ends");
    seen
}

fn fatal(events: &[Event]) -> Option<&Error> {
    events.iter().find_map(|event| match event {
        Event::Error { error, fatal: true } => Some(error),
        _ => None,
    })
}

#[tokio::test]
async fn a_bot_that_vanishes_at_any_step_is_a_typed_error() {
    for provider in PhoneProvider::ALL {
        for messages in 0..4 {
            let server = serve(move |mut socket| async move {
                for _ in 0..messages {
                    let _next = timeout(Duration::from_secs(1), socket.next()).await;
                }
            });
            let (result, events) = call(provider, server.await).await;
            let kind = match result {
                Err(error) => error.kind(),
                Ok(()) => fatal(&until_the_end(events).await).expect("an error ends it").kind(),
            };
            assert_eq!(kind, ErrorKind::ConnectionLost, "{provider} after {messages} messages");
        }
    }
}

#[tokio::test]
async fn a_bot_of_genesys_that_does_not_take_the_call_is_given_up() {
    let server = serve(|mut socket| async move { while let Some(Ok(_)) = socket.next().await {} }).await;
    let (result, _) = call(PhoneProvider::Genesys, server).await;
    let error = result.expect_err("nobody takes the call");
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
}

#[tokio::test]
async fn a_bot_of_genesys_that_speaks_before_it_takes_the_call_is_refused() {
    let server = serve(|mut socket| async move {
        let _open = socket.next().await;
        socket.send(Message::binary(vec![0xFF; 160])).await.expect("the caller is there");
        while let Some(Ok(_)) = socket.next().await {}
    });
    let (result, _) = call(PhoneProvider::Genesys, server.await).await;
    let error = result.expect_err("the call is not taken");
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    assert!(error.message().contains("audio before opened"), "{error}");
}

#[tokio::test]
async fn garbage_is_reported_and_the_bot_hangs_up() {
    for provider in PhoneProvider::ALL.into_iter().filter(|provider| *provider != PhoneProvider::Genesys) {
        let server = serve(|mut socket| async move {
            let _first = socket.next().await;
            for text in ["nonsense", "[]", "{\"event\":\"dance\"}", "{\"event\":\"media\",\"media\":{}}"] {
                socket.send(Message::text(text)).await.expect("the caller is there");
            }
            socket.close(None).await.expect("the caller is there");
            while let Some(Ok(_)) = socket.next().await {}
        });
        let (result, events) = call(provider, server.await).await;
        result.expect("the call is taken");
        let events = until_the_end(events).await;
        let refused = events.iter().filter(|event| matches!(event, Event::ProtocolError { .. })).count();
        assert_eq!(refused, 4, "{provider}: {events:?}");
        assert_eq!(fatal(&events), None);
    }
}

#[tokio::test]
async fn frames_flow_without_a_microphone() {
    let (done, counted) = tokio::sync::oneshot::channel();
    let server = serve(|mut socket| async move {
        let mut frames = 0;
        while frames < 50 {
            let Some(Ok(message)) = socket.next().await else { return };
            frames += u32::from(message.to_text().is_ok_and(|text| text.contains("\"payload\"")));
        }
        let _sent = done.send(());
    });
    let (result, _events) = call(PhoneProvider::Twilio, server.await).await;
    result.expect("the call is taken");
    timeout(PATIENCE, counted).await.expect("a second of silence is sent").expect("the server counts");
}
