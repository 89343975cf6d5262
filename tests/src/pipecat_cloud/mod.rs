//! A server that answers as described by Pipecat Cloud's documentation, with the demo bot behind
//! it.
//!
//! For tests only. It has the start endpoint, one-time tokens, WebSocket sessions whose URL
//! contains the bot's arguments, the session API with WebRTC offers, errors with codes, and agents
//! that take time to start. It uses plain HTTP and is reachable at any address that leads to it.

mod forward;
mod session;
mod start;

use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use rtvi_bot::{BotOptions, DemoBot};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// The agent that exists.
pub const AGENT: &str = "my-agent";
/// Another agent, all of whose instances are in use.
pub const FULL_AGENT: &str = "full-agent";
/// Their public key.
pub const KEY: &str = "pk_0123456789abcdef0123456789abcdef";

/// The server's behaviour.
#[derive(Clone, Debug, Default)]
pub struct CloudOptions {
    /// How long an agent takes to start. Until then, nothing in a new session is answered.
    pub cold_start: Duration,
    /// The refusals of start requests, offers and WebSockets.
    pub refusals: Refusals,
    /// Whether every agent is put into a Daily room, whatever the request asks for.
    pub only_daily: bool,
}

/// What the server refuses, each separately.
#[derive(Clone, Debug, Default)]
pub struct Refusals {
    /// Start requests.
    pub start: Option<Refusal>,
    /// WebRTC offers.
    pub offer: Option<Refusal>,
    /// WebSockets.
    pub websocket: Option<Refusal>,
}

/// An error of the server.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Value,
    /// The header `Retry-After`.
    pub retry_after: Option<&'static str>,
}

impl Refusal {
    /// All instances are in use.
    pub fn at_capacity() -> Self {
        let body =
            json!({"error": "Service maximum agent instances reached", "code": "PCC-AGENT-AT-CAPACITY"});
        Self { status: 429, body, retry_after: Some("7") }
    }

    fn answer(&self) -> Response {
        let status = StatusCode::from_u16(self.status).expect("a status");
        let mut answer = (status, Json(self.body.clone())).into_response();
        if let Some(wait) = self.retry_after {
            answer.headers_mut().insert(header::RETRY_AFTER, wait.parse().expect("a header"));
        }
        answer
    }
}

/// What has happened so far.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The number of start requests.
    pub starts: usize,
    /// The number of WebSockets refused because of their token.
    pub refused_tokens: usize,
    /// The arguments that bots received over a WebSocket, in order; null if there were none.
    pub bodies: Vec<Value>,
}

/// The running server; it ends when dropped.
#[derive(Debug)]
pub struct PipecatCloud {
    address: SocketAddr,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    bot: DemoBot,
    options: Mutex<CloudOptions>,
    seen: Mutex<Seen>,
    sessions: Mutex<Sessions>,
}

#[derive(Debug, Default)]
struct Sessions {
    count: usize,
    ids: HashSet<String>,
    /// The unused tokens.
    tokens: HashSet<String>,
    /// The sessions whose agent runs.
    warm: HashSet<String>,
}

impl PipecatCloud {
    /// Starts it.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn start(options: CloudOptions) -> Self {
        let bot =
            DemoBot::start(BotOptions { pace: 0.1, ..BotOptions::default() }).await.expect("the bot starts");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::new(Shared {
            bot,
            options: Mutex::new(options),
            seen: Mutex::default(),
            sessions: Mutex::default(),
        });
        let router = Router::new()
            .route("/v1/public/{agent}/start", post(start::start))
            .route("/v1/public/{agent}/sessions/{id}/{*path}", any(session::request))
            .route("/ws/generic/{agent}", get(session::websocket))
            .with_state(Arc::clone(&shared));
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves until it is dropped");
        });
        Self { address, shared, serving }
    }

    /// The address on which it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL before the agent's name.
    pub fn url(&self) -> String {
        format!("http://{}/v1/public", self.address)
    }

    /// The start endpoint of an agent, at the address that leads to the server.
    pub fn start_url(address: SocketAddr, agent: &str) -> String {
        format!("http://{address}/v1/public/{agent}/start")
    }

    /// Changes the behaviour from now on.
    pub fn set(&self, options: CloudOptions) {
        *lock(&self.shared.options) = options;
    }

    /// What has happened so far.
    pub fn seen(&self) -> Seen {
        lock(&self.shared.seen).clone()
    }
}

impl Drop for PipecatCloud {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Shared {
    fn options(&self) -> CloudOptions {
        lock(&self.options).clone()
    }

    /// Waits until the session's agent runs.
    async fn warm_up(&self, session: &str) {
        if !lock(&self.sessions).warm.contains(session) {
            tokio::time::sleep(self.options().cold_start).await;
            lock(&self.sessions).warm.insert(session.to_owned());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The error for a request without the agent's public key, or for an unknown agent.
fn unauthorized(agent: &str, headers: &HeaderMap) -> Option<Response> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match given.and_then(|given| given.strip_prefix("Bearer ")) {
        None => Some(refuse(400, "PCC-1002", "Attempt to start agent without public api key.")),
        Some(KEY) if agent == AGENT => None,
        Some(KEY) if agent == FULL_AGENT => Some(Refusal::at_capacity().answer()),
        Some(KEY) => Some(refuse(404, "404", "Agent not found")),
        Some(other) => Some(refuse(401, "401", &format!("the key {other} is unknown"))),
    }
}

fn refuse(status: u16, code: &str, text: &str) -> Response {
    Refusal { status, body: json!({"error": text, "code": code}), retry_after: None }.answer()
}
