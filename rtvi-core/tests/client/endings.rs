//! How sessions and clients end, even if the transport misbehaves.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use rtvi_core::{
    Error, ErrorKind, Phase, PipecatClient, PipecatClientOptions, TransportState,
    client::{BOT_READY_TIMEOUT, DISCONNECT_TIMEOUT, DisconnectReason, OPEN_TIMEOUT},
    transport::{
        CloseReason, Closed, Connection, OpenRequest, Transport, TransportCapabilities, TransportCommand,
        TransportPort,
    },
};
use serde_json::json;
use tokio::{
    runtime::Handle,
    time::{Instant, sleep},
};

use crate::stage::{Stage, next_message, params, say, serve_close, serve_handshake, settle};

#[tokio::test(start_paused = true)]
async fn the_last_handle_ends_the_transport_and_the_streams() {
    let mut stage = Stage::new();
    let mut connection = stage.ready().await;
    let Stage { client, mut events, .. } = stage;
    let another = client.clone();
    drop(client);
    settle().await;
    assert_eq!(another.state(), TransportState::Ready, "a handle is left");
    drop(another);
    connection.dropped().await;
    assert!(!connection.open().await, "nobody listens");
    while events.next().await.is_some() {}
}

#[tokio::test(start_paused = true)]
async fn a_transport_that_ignores_close_is_left_after_two_seconds() {
    let mut stage = Stage::new();
    let mut connection = stage.ready().await;
    let begun = Instant::now();
    let (first, second) = tokio::join!(stage.client.disconnect(), stage.client.disconnect());
    assert_eq!((first, second), (Ok(()), Ok(())));
    assert_eq!(begun.elapsed(), DISCONNECT_TIMEOUT);
    assert_eq!(stage.client.state(), TransportState::Disconnected);
    assert_eq!(stage.end().await, DisconnectReason::Requested);
    assert_eq!(connection.command().await, Some(TransportCommand::Close));
    stage.is_usable().await;
    connection.dropped().await;
}

#[tokio::test(start_paused = true)]
async fn disconnecting_without_a_session_does_nothing() {
    let mut stage = Stage::new();
    stage.client.disconnect().await.unwrap();
    stage.client.disconnect().await.unwrap();
    assert_eq!(stage.names().await, [""; 0]);
    stage.client.init_devices().await.unwrap();
    stage.client.disconnect().await.unwrap();
    assert_eq!(stage.client.state(), TransportState::Disconnected);
    stage.is_usable().await;
}

#[tokio::test(start_paused = true)]
async fn disconnecting_cancels_connect() {
    let mut stage = Stage::new();
    let (connected, ended, connection) = tokio::join!(
        stage.client.connect(params()),
        async {
            settle().await;
            stage.client.disconnect().await
        },
        stage.bot.accept()
    );
    assert_eq!(connected.map_err(|error| error.kind()), Err(ErrorKind::Cancelled));
    assert_eq!(ended, Ok(()));
    drop(connection);
    stage.drain().await;
    stage.is_usable().await;
}

/// The number of tasks on the runtime, except the test's own.
fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

#[tokio::test(start_paused = true)]
async fn two_hundred_sessions_leave_no_task() {
    let mut stage = Stage::new();
    settle().await;
    let before = tasks();
    for round in 0..200 {
        let connection = stage.ready().await;
        match round % 4 {
            0 => drop(connection),
            1 => connection.end(CloseReason::BotLeft { code: Some(1000), reason: String::new() }),
            2 => serve_close_of(&stage, connection).await,
            _ => stage.client.disconnect().await.unwrap(),
        }
        if round % 4 == 0 {
            stage.wait_for("reconnecting").await;
            stage.client.disconnect().await.unwrap();
        }
        stage.end().await;
    }
    sleep(2 * DISCONNECT_TIMEOUT).await;
    assert_eq!(tasks(), before);
}

async fn serve_close_of(stage: &Stage, connection: rtvi_core::transport::scripted::ScriptedConnection) {
    let (ended, ()) = tokio::join!(stage.client.disconnect(), serve_close(connection));
    ended.unwrap();
}

#[tokio::test(start_paused = true)]
async fn two_hundred_clients_leave_no_task() {
    let before = tasks();
    for _ in 0..200 {
        let mut stage = Stage::new();
        stage.client.on_event(|_| {}).detach();
        let connection = stage.ready().await;
        drop(stage);
        drop(connection);
    }
    settle().await;
    assert_eq!(tasks(), before);
}

/// How a [`Broken`] transport misbehaves.
#[derive(Clone, Copy, Debug)]
enum Panics {
    InRun,
    InFuture,
}

/// An app's transport with a bug. The next one works.
struct Broken {
    panics: Panics,
    then: Arc<dyn Transport>,
    first: AtomicBool,
}

impl Transport for Broken {
    fn name(&self) -> &'static str {
        "broken"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        if self.first.swap(false, Ordering::Relaxed) {
            return Ok(Box::new(BrokenConnection(self.panics)));
        }
        self.then.create(request)
    }
}

struct BrokenConnection(Panics);

impl Connection for BrokenConnection {
    fn capabilities(&self) -> TransportCapabilities {
        TransportCapabilities { max_message_size: 100, capture: None }
    }

    fn run(self: Box<Self>, port: TransportPort) -> BoxFuture<'static, Closed> {
        assert!(!matches!(self.0, Panics::InRun), "a mistake of the app");
        Box::pin(async move {
            let _open_until_the_mistake = port;
            sleep(Duration::from_millis(5)).await;
            panic!("another mistake of the app")
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_transport_that_panics_is_an_error_and_nothing_more() {
    for panics in [Panics::InRun, Panics::InFuture] {
        let mut stage = Stage::with(|options| {
            let then = Arc::clone(&options.transport);
            options.transport = Arc::new(Broken { panics, then, first: true.into() });
        });
        let error = stage.client.connect(params()).await.expect_err("it panics");
        assert_eq!(
            (error.kind(), error.phase()),
            (ErrorKind::Internal, Some(Phase::TransportOpen)),
            "{panics:?}"
        );
        assert!(matches!(stage.end().await, DisconnectReason::Failed(_)));
        stage.is_usable().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_starts_for_40_seconds_is_waited_for() {
    let mut stage = Stage::with(|options| options.client.timeouts.open = Some(Duration::from_secs(60)));
    let (connected, (state, _connection)) = tokio::join!(stage.client.connect(params()), async {
        let mut connection = stage.bot.accept().await.unwrap();
        sleep(Duration::from_secs(40)).await;
        let state = stage.client.state();
        connection.open().await;
        let ready = next_message(&mut connection).await;
        say(&connection, json!({"type": "bot-ready", "id": ready["id"], "data": {"version": "2.2.0"}})).await;
        (state, connection)
    });
    assert_eq!(state, TransportState::Connecting);
    connected.unwrap();
    assert_eq!(stage.client.state(), TransportState::Ready);
}

#[tokio::test(start_paused = true)]
async fn deadlines_of_the_way_up_hold() {
    let mut stage = Stage::new();
    let begun = Instant::now();
    let (connected, connection) = tokio::join!(stage.client.connect(params()), stage.bot.accept());
    let error = connected.expect_err("it never opens");
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Some(Phase::TransportOpen)));
    assert_eq!(begun.elapsed(), OPEN_TIMEOUT);
    drop(connection);
    stage.end().await;

    let begun = Instant::now();
    let (connected, connection) = tokio::join!(stage.client.connect(params()), async {
        let connection = stage.bot.accept().await.unwrap();
        connection.open().await;
        connection
    });
    let error = connected.expect_err("the bot is never ready");
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Some(Phase::BotReady)));
    assert_eq!(begun.elapsed(), BOT_READY_TIMEOUT);
    drop(connection);
    stage.end().await;
    stage.is_usable().await;
}

#[test]
fn a_client_needs_a_runtime() {
    let (transport, _bot) = rtvi_core::transport::scripted::ScriptedTransport::new(TransportCapabilities {
        max_message_size: 1,
        capture: None,
    });
    let error = PipecatClient::new(PipecatClientOptions::new(transport)).expect_err("there is no runtime");
    assert_eq!(error.kind(), ErrorKind::InvalidState);
}

#[test]
fn a_client_outlives_its_runtime_in_peace() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let stage = runtime.block_on(async {
        let mut stage = Stage::new();
        let connection = serve_handshake_of(&mut stage).await;
        drop(connection);
        stage
    });
    runtime.shutdown_timeout(Duration::from_secs(5));
    let other = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let error = other.block_on(stage.client.disconnect()).expect_err("the driver is gone");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let mut events = stage.events;
    other.block_on(async { while events.next().await.is_some() {} });
}

async fn serve_handshake_of(stage: &mut Stage) -> rtvi_core::transport::scripted::ScriptedConnection {
    let (connected, connection) =
        tokio::join!(stage.client.connect(params()), serve_handshake(&mut stage.bot));
    connected.unwrap();
    connection
}
