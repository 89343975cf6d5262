//! The bot's port: accepting connections, routing them, and ending them with the bot.
//!
//! One task accepts. It owns one task per connection, which serves HTTP and, after an upgrade, the
//! session. All of them end with the accepting task, and so do the WebRTC calls, which have their
//! own tasks. Knows no RTVI.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router, middleware,
    routing::{any, get, post},
};
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

#[cfg(feature = "webrtc")]
use crate::small_webrtc;
use crate::{BotOptions, FaultPlan, SessionRecord, cors, log::Log, start, upgrade, websocket};

/// The number of connections served at the same time. Further ones wait in the system's accept
/// queue.
const MAX_CONNECTIONS: usize = 256;

/// The number of different faults whose connections are counted. When there are more, the counts
/// restart.
const MAX_COUNTED_FAULTS: usize = 256;

/// The pause after a failed accept (for example when the process is out of file descriptors).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A running demo bot. Serves any number of sessions until it is stopped or dropped.
#[derive(Debug)]
pub struct DemoBot {
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl DemoBot {
    /// Opens the port and serves it in tasks of the current tokio runtime.
    ///
    /// # Errors
    /// The system's error, if it can't listen on the address.
    pub async fn start(options: BotOptions) -> io::Result<Self> {
        let listener = TcpListener::bind((options.host, options.port)).await?;
        let shared = Arc::new(Shared::new(options, listener.local_addr()?));
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { shared, accepting })
    }

    /// The address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// `http://HOST:PORT`.
    pub fn http_url(&self) -> String {
        format!("http://{}", self.shared.address)
    }

    /// The start endpoint, `http://HOST:PORT/start`.
    pub fn start_url(&self) -> String {
        format!("{}/start", self.http_url())
    }

    /// The WebSocket endpoint, `ws://HOST:PORT/ws`.
    pub fn ws_url(&self) -> String {
        format!("ws://{}/ws", self.shared.address)
    }

    /// The endpoint for WebRTC offers without a start request, `http://HOST:PORT/api/offer`.
    #[cfg(feature = "webrtc")]
    pub fn offer_url(&self) -> String {
        format!("{}/api/offer", self.http_url())
    }

    /// What each session has received so far, oldest first; the newest 256.
    pub fn sessions(&self) -> Vec<SessionRecord> {
        self.shared.log.records()
    }

    /// How many `POST /start` requests arrived, including refused ones.
    pub fn start_requests(&self) -> u64 {
        self.shared.starts.load(Ordering::Relaxed)
    }

    /// Stops like a killed server: every connection ends without a close frame. Returns when the
    /// port is free.
    pub async fn stop(mut self) {
        self.accepting.abort();
        // The result only confirms that the task was aborted.
        let _ = (&mut self.accepting).await;
        #[cfg(feature = "webrtc")]
        self.shared.calls.stop().await;
    }
}

impl Drop for DemoBot {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// The state that all connections of a bot share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: Arc<BotOptions>,
    pub(crate) address: SocketAddr,
    pub(crate) log: Log,
    #[cfg(feature = "webrtc")]
    pub(crate) calls: small_webrtc::Calls,
    starts: AtomicU64,
    uses: Mutex<HashMap<String, u32>>,
}

impl Shared {
    fn new(options: BotOptions, address: SocketAddr) -> Self {
        Self {
            options: Arc::new(options),
            address,
            log: Log::default(),
            #[cfg(feature = "webrtc")]
            calls: small_webrtc::Calls::default(),
            starts: AtomicU64::new(0),
            uses: Mutex::default(),
        }
    }

    /// Counts a `/start` request.
    pub(crate) fn count_start(&self) {
        self.starts.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns `plan`, unless it has been used by as many connections as it names. Counts each
    /// `purpose` and plan separately.
    pub(crate) fn arm(&self, purpose: &str, plan: Option<FaultPlan>) -> Option<FaultPlan> {
        let plan = plan?;
        let Some(limit) = plan.connections else { return Some(plan) };
        let key = format!("{purpose} {plan:?}");
        let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        if uses.len() >= MAX_COUNTED_FAULTS && !uses.contains_key(&key) {
            uses.clear();
        }
        let used = uses.entry(key).or_default();
        *used = used.saturating_add(1);
        (*used <= limit).then_some(plan)
    }
}

/// The state that the handlers of one connection share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) shared: Arc<Shared>,
    pub(crate) ticket: upgrade::TicketSlot,
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < MAX_CONNECTIONS => match accepted {
                Ok((stream, _)) => { connections.spawn(serve(stream, Arc::clone(&shared))); }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    // Without this, small frames wait for the client's acknowledgement; a failure only costs time.
    let _ = stream.set_nodelay(true);
    let app = App { shared: Arc::clone(&shared), ticket: upgrade::TicketSlot::default() };
    let service = TowerToHyperService::new(router(app.clone()));
    let http = http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades();
    // An error means that the client closed or did not speak HTTP.
    let _ = http.await;
    if let Some(ticket) = app.ticket.take() {
        websocket::run(ticket, shared).await;
    }
}

fn router(app: App) -> Router {
    let router = Router::new()
        .route("/start", post(start::start))
        .route("/status", get(start::status))
        .route("/ws", any(upgrade::upgrade))
        .route("/ws-client", any(upgrade::upgrade))
        .fallback(start::not_found);
    #[cfg(feature = "webrtc")]
    let router = router.route("/api/offer", post(small_webrtc::offer).patch(small_webrtc::candidates)).route(
        "/sessions/{id}/api/offer",
        post(small_webrtc::session_offer).patch(small_webrtc::session_candidates),
    );
    router.layer(middleware::from_fn(cors::allow_all)).with_state(app)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fault;

    #[test]
    fn a_fault_for_the_first_connections_spares_the_later_ones() {
        let shared = Shared::new(BotOptions::default(), SocketAddr::from(([127, 0, 0, 1], 1)));
        let plan = Some(FaultPlan { connections: Some(2), ..FaultPlan::new(Fault::Drop) });
        let armed: Vec<bool> = (0..4).map(|_| shared.arm("ws", plan.clone()).is_some()).collect();
        assert_eq!(armed, [true, true, false, false]);
        assert!(shared.arm("start", plan).is_some(), "counted apart");
        assert!(shared.arm("ws", Some(FaultPlan::new(Fault::Drop))).is_some());
    }
}
