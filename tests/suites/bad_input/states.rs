//! Calls that are impossible in the current state, and disconnecting, which is always possible.

use std::{future::Future, time::Duration};

use rtvi_core::{
    ApiRequest, ConnectParams, Error,
    ErrorKind::{self, *},
    PipecatClient,
    TransportState::{self, *},
    protocol::SendTextOptions,
};
use rtvi_tests::misbehaving::Servers;
use tokio::time::sleep;

use crate::row::{
    Expected,
    How::{Idle, Ready as InSession},
    Outcome, Row,
};

const fn fails(kind: ErrorKind, says: &'static str) -> Outcome {
    Outcome::Fails(Expected::new(kind, None, says))
}

#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    Row::new("message without a session", Idle(|client, _| Box::pin(client.send_client_message("note", None))), fails(NotReady, "the client is disconnected")),
    Row::new("text without a session", Idle(|client, _| Box::pin(client.send_text("hello", SendTextOptions::default()))), fails(NotReady, "the client is disconnected")),
    Row::new("request without a session", Idle(|client, _| Box::pin(request(client))), fails(NotReady, "the client is disconnected")),
    Row::new("DTMF without a session", Idle(|client, _| Box::pin(client.send_dtmf("1"))), fails(NotReady, "the client is disconnected")),
    Row::new("disconnect_bot without a session", Idle(|client, _| Box::pin(client.disconnect_bot())), fails(NotReady, "the client is disconnected")),
    Row::new("message before the bot is ready", Idle(|client, servers| Box::pin(during(client, unready(client, servers), Connected, client.send_client_message("note", None)))), fails(NotReady, "the client is connected")),
    Row::new("message while disconnecting", Idle(|client, servers| Box::pin(while_disconnecting(client, servers, client.send_client_message("note", None)))), fails(NotReady, "the client is disconnecting")),
    Row::new("connect while a bot is being started", Idle(|client, servers| Box::pin(during(client, starting(client, servers), Authenticating, connect(client, servers)))), fails(AlreadyStarted, "while authenticating")),
    Row::new("connect while connecting", Idle(|client, servers| Box::pin(during(client, opening(client, servers), Connecting, connect(client, servers)))), fails(AlreadyStarted, "while connecting")),
    Row::new("connect before the bot is ready", Idle(|client, servers| Box::pin(during(client, unready(client, servers), Connected, connect(client, servers)))), fails(AlreadyStarted, "while connected")),
    Row::new("connect in a session", InSession(|client, servers| Box::pin(connect(client, servers))), fails(AlreadyStarted, "while ready")),
    Row::new("connect while disconnecting", Idle(|client, servers| Box::pin(while_disconnecting(client, servers, connect(client, servers)))), fails(InvalidState, "while disconnecting")),
    Row::new("start_bot in a session", InSession(|client, servers| Box::pin(start(client, servers))), fails(AlreadyStarted, "start_bot is not possible while ready")),
    Row::new("init_devices in a session", InSession(|client, _| Box::pin(client.init_devices())), fails(AlreadyStarted, "init_devices is not possible while ready")),
    Row::new("disconnect without a session", Idle(|client, _| Box::pin(disconnect_twice(client))), Outcome::Succeeds),
    Row::new("disconnect with devices open", Idle(|client, _| Box::pin(disconnect_initialized(client))), Outcome::Succeeds),
    Row::new("disconnect while a bot is being started", Idle(|client, servers| Box::pin(disconnected_during(client, starting(client, servers), Authenticating))), fails(Cancelled, "was given up: the session was closed")),
    Row::new("disconnect after a bot was started", Idle(|client, servers| Box::pin(disconnect_started(client, servers))), Outcome::Succeeds),
    Row::new("disconnect while connecting", Idle(|client, servers| Box::pin(disconnected_during(client, opening(client, servers), Connecting))), fails(Cancelled, "was given up: the session was closed")),
    Row::new("disconnect before the bot is ready", Idle(|client, servers| Box::pin(disconnected_during(client, unready(client, servers), Connected))), fails(Cancelled, "was given up: the session was closed")),
    Row::new("disconnect in a session, twice at once and once more", InSession(|client, _| Box::pin(disconnect_twice(client))), Outcome::Succeeds),
    Row::new("disconnect after a failure", Idle(|client, servers| Box::pin(disconnect_failed(client, servers))), Outcome::Succeeds),
];

async fn request(client: &PipecatClient) -> Result<(), Error> {
    client.send_client_request("get-language", None, None).await.map(drop)
}

async fn connect(client: &PipecatClient, servers: &Servers) -> Result<(), Error> {
    client.connect(ConnectParams::websocket(servers.good_url())).await.map(drop)
}

async fn start(client: &PipecatClient, servers: &Servers) -> Result<(), Error> {
    client.start_bot(ApiRequest::new(servers.fill("http://{bot}/start"))).await.map(drop)
}

/// A start request that is never answered.
async fn starting(client: &PipecatClient, servers: &Servers) -> Result<(), Error> {
    client.start_bot_and_connect(ApiRequest::new(servers.fill("http://{odd}/silent"))).await.map(drop)
}

/// A connection that never opens.
async fn opening(client: &PipecatClient, servers: &Servers) -> Result<(), Error> {
    client.connect(ConnectParams::websocket(servers.fill("ws://{odd}/silent"))).await.map(drop)
}

/// A connection on which the bot sends nothing, not even a close frame.
async fn unready(client: &PipecatClient, servers: &Servers) -> Result<(), Error> {
    client.connect(ConnectParams::websocket(servers.fill("ws://{odd}/ws/silent"))).await.map(drop)
}

async fn reach(client: &PipecatClient, state: TransportState) {
    while client.state() != state {
        sleep(Duration::from_millis(2)).await;
    }
}

/// The result of `call`, made while `beginning` is in `state`.
async fn during(
    client: &PipecatClient,
    beginning: impl Future<Output = Result<(), Error>>,
    state: TransportState,
    call: impl Future<Output = Result<(), Error>>,
) -> Result<(), Error> {
    let then = async {
        reach(client, state).await;
        let result = call.await;
        client.disconnect().await?;
        result
    };
    tokio::join!(beginning, then).1
}

async fn while_disconnecting(
    client: &PipecatClient,
    servers: &Servers,
    call: impl Future<Output = Result<(), Error>>,
) -> Result<(), Error> {
    let disconnect = async {
        reach(client, Connected).await;
        client.disconnect().await
    };
    let call = async {
        reach(client, Disconnecting).await;
        call.await
    };
    tokio::join!(unready(client, servers), disconnect, call).2
}

/// The result of `beginning` when the app disconnects in `state`.
async fn disconnected_during(
    client: &PipecatClient,
    beginning: impl Future<Output = Result<(), Error>>,
    state: TransportState,
) -> Result<(), Error> {
    let disconnect = async {
        reach(client, state).await;
        disconnect_twice(client).await.expect("disconnecting is always possible");
    };
    tokio::join!(beginning, disconnect).0
}

/// Disconnects twice at once, and once more.
async fn disconnect_twice(client: &PipecatClient) -> Result<(), Error> {
    let (first, second) = tokio::join!(client.disconnect(), client.disconnect());
    first.and(second)?;
    assert_eq!(client.state(), Disconnected);
    client.disconnect().await
}

async fn disconnect_initialized(client: &PipecatClient) -> Result<(), Error> {
    client.init_devices().await?;
    assert_eq!(client.state(), Initialized);
    disconnect_twice(client).await
}

async fn disconnect_started(client: &PipecatClient, servers: &Servers) -> Result<(), Error> {
    start(client, servers).await?;
    assert_eq!(client.state(), Authenticated);
    disconnect_twice(client).await
}

async fn disconnect_failed(client: &PipecatClient, servers: &Servers) -> Result<(), Error> {
    let params = ConnectParams::websocket(servers.fill("ws://{refused}/"));
    client.connect(params).await.expect_err("nobody listens");
    disconnect_twice(client).await
}
