//! The app: makes calls without waiting for them, and checks that each ends in time.

use std::time::Duration;

use rtvi_core::{
    ConnectParams, Event, EventStream, PipecatClient, PipecatClientOptions, TransportState,
    transport::WebSocketOver,
};
use serde_json::json;
use tokio::{
    task::JoinHandle,
    time::{Instant, timeout},
};

use crate::model::Network;

/// How long a request may wait for its answer.
const REQUEST: Duration = Duration::from_secs(5);
/// How long disconnecting may take.
const DISCONNECT: Duration = Duration::from_secs(2);
/// How long connecting may take: opening and the handshake, each within its own deadline.
const CONNECT: Duration = Duration::from_secs(60);
/// The tolerance of a deadline, because a call may also wait for its turn.
const GRACE: Duration = Duration::from_millis(100);

/// What the app calls.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Call {
    Connect,
    Disconnect,
    Request,
    NetworkChanged,
}

impl Call {
    const fn limit(self) -> Duration {
        match self {
            Self::Connect => CONNECT,
            Self::Disconnect => DISCONNECT,
            Self::Request => REQUEST,
            Self::NetworkChanged => Duration::ZERO,
        }
    }
}

/// A client and its pending calls.
pub(crate) struct App {
    client: PipecatClient,
    events: EventStream,
    calls: Vec<(Call, JoinHandle<Duration>)>,
    /// The last event that was read.
    last: Option<Event>,
}

impl App {
    pub(crate) fn new(network: &Network) -> Self {
        let network = network.clone();
        let transport = WebSocketOver::new(move || network.clone().connect());
        let client = PipecatClient::new(PipecatClientOptions::new(transport)).unwrap();
        let events = client.events();
        Self { client, events, calls: Vec::new(), last: None }
    }

    pub(crate) fn make(&mut self, call: Call) {
        self.read_events();
        let (client, begin) = (self.client.clone(), Instant::now());
        // The result of a call depends on many things; this test only checks that it ends.
        self.calls.push((
            call,
            tokio::spawn(async move {
                match call {
                    Call::Connect => drop(client.connect(params()).await),
                    Call::Disconnect => client.disconnect().await.expect("it is possible at any time"),
                    Call::Request => drop(client.send_client_request("ping", None, Some(REQUEST)).await),
                    Call::NetworkChanged => drop(client.network_changed().await),
                }
                begin.elapsed()
            }),
        ));
    }

    pub(crate) fn give_up(&mut self) {
        if let Some((_, call)) = self.calls.pop() {
            call.abort();
        }
    }

    pub(crate) async fn all_calls_end(&mut self) {
        for (call, running) in self.calls.drain(..) {
            let took = timeout(CONNECT * 2, running).await;
            let took = took.unwrap_or_else(|_| panic!("{call:?} does not end")).expect("no call panics");
            assert!(took <= call.limit() + GRACE, "{call:?} took {took:?}");
        }
    }

    /// Ends the session and checks its end.
    pub(crate) async fn session_ends(&mut self) {
        self.make(Call::Disconnect);
        self.all_calls_end().await;
        assert_eq!(self.client.state(), TransportState::Disconnected);
        self.read_events();
        let is_over = self.last.as_ref().is_none_or(|last| matches!(last, Event::Disconnected(_)));
        assert!(is_over, "the last event is {:?}", self.last);
    }

    /// The session is lost and restored.
    pub(crate) async fn is_restored(&mut self) {
        let mut names = Vec::new();
        while names.last() != Some(&"botReady") || !names.contains(&"reconnecting") {
            let event = timeout(CONNECT, self.events.next()).await;
            names.push(
                event.unwrap_or_else(|_| panic!("after {names:?}")).expect("the client is there").name(),
            );
        }
        let answer = self.client.send_client_request("ping", None, None).await;
        assert_eq!(answer, Ok(Some(json!("pong"))));
    }

    /// The client can hold a session while the network is good.
    pub(crate) async fn is_usable(&mut self) {
        self.client.connect(params()).await.expect("the weather is fair");
        let answer = self.client.send_client_request("ping", None, None).await;
        assert_eq!(answer, Ok(Some(json!("pong"))));
        self.session_ends().await;
    }

    fn read_events(&mut self) {
        while let Some(event) = self.events.try_next() {
            self.last = Some(event);
        }
    }
}

fn params() -> ConnectParams {
    ConnectParams::websocket("ws://localhost/ws")
}
