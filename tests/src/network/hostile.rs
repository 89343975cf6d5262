//! The bad network as a whole. It forwards signalling, and replaces its candidates with those of
//! relays.
//!
//! Depends on [`super::forward`], [`super::relay`], [`super::sdp`] and [`super::stranger`]. Must
//! never let a client learn the server's true address.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{Method, Response},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use super::{
    counters::{Counters, Counts},
    forward::{LONGEST_BODY, bad_gateway, forward},
    impairment::Conditions,
    relay::Relay,
    sdp, stranger,
};

/// A bad network in front of one server; it ends when dropped.
#[derive(Debug)]
pub struct HostileNetwork {
    url: String,
    conditions: watch::Sender<Conditions>,
    counters: Arc<Counters>,
    server: JoinHandle<()>,
}

impl HostileNetwork {
    /// Creates a network in front of the server at `http_url`, `http://HOST:PORT`. The same seed
    /// loses the same packets.
    ///
    /// # Panics
    /// If this machine has no free port.
    pub async fn start(http_url: &str, seed: u64, conditions: Conditions) -> Self {
        let (conditions, receiver) = watch::channel(conditions);
        let counters = Arc::new(Counters::default());
        let signalling = Signalling {
            authority: http_url.trim_start_matches("http://").trim_end_matches('/').to_owned(),
            host: own_address(),
            seed,
            conditions: receiver,
            counters: Arc::clone(&counters),
            relays: Mutex::default(),
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("there is a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let router = Router::new().fallback(handle).with_state(Arc::new(signalling));
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("the listener lives as long as this");
        });
        Self { url, conditions, counters, server }
    }

    /// The server's URL for clients: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Changes the conditions from now on, for every call.
    pub fn set(&self, conditions: Conditions) {
        self.conditions.send_replace(conditions);
    }

    /// Blocks everything for this duration, including signalling.
    pub async fn blackout(&self, duration: Duration) {
        self.conditions.send_modify(|conditions| conditions.is_dark = true);
        tokio::time::sleep(duration).await;
        self.conditions.send_modify(|conditions| conditions.is_dark = false);
    }

    /// Gives every client a new address. What the server sends to the old one is lost.
    pub fn change_address(&self) {
        self.conditions.send_modify(|conditions| conditions.address += 1);
    }

    /// The packet counts so far.
    pub fn counts(&self) -> Counts {
        self.counters.counts()
    }
}

impl Drop for HostileNetwork {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// This machine's own address in the network, else loopback. No packet is sent to find it.
pub(super) fn own_address() -> IpAddr {
    let found = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).and_then(|socket| {
        socket.connect((Ipv4Addr::new(198, 51, 100, 1), 9))?;
        socket.local_addr()
    });
    found.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip())
}

#[derive(Debug)]
struct Signalling {
    authority: String,
    host: IpAddr,
    seed: u64,
    conditions: watch::Receiver<Conditions>,
    counters: Arc<Counters>,
    /// The relays, by the `pc_id` of their connection.
    relays: Mutex<HashMap<String, Arc<Relay>>>,
}

async fn handle(State(signalling): State<Arc<Signalling>>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = match axum::body::to_bytes(body, LONGEST_BODY).await {
        Ok(body) => body,
        Err(error) => return bad_gateway(&error.to_string()),
    };
    signalling.until_light().await;
    let is_about_call = head.uri.path().ends_with("/api/offer");
    let (body, relay) = match serde_json::from_slice(&body) {
        Ok(offer) if is_about_call && head.method == Method::POST => signalling.rewrite_offer(offer).await,
        Ok(patch) if is_about_call && head.method == Method::PATCH => (without_candidates(patch), None),
        _ => (body, None),
    };
    let answer = forward(&signalling.authority, (head, body)).await;
    signalling.until_light().await;
    match answer {
        Ok((head, body)) => {
            let body = relay.and_then(|relay| signalling.rewrite_answer(&body, relay)).unwrap_or(body);
            Response::from_parts(head, Body::from(body))
        }
        Err(error) => bad_gateway(&error.to_string()),
    }
}

impl Signalling {
    /// TCP's behaviour during a blackout: nothing is lost, everything is late.
    async fn until_light(&self) {
        let mut conditions = self.conditions.clone();
        drop(conditions.wait_for(|conditions| !conditions.is_dark).await);
    }

    /// Replaces the client with a relay: the existing one of this connection, or a new one.
    async fn rewrite_offer(&self, mut offer: Value) -> (Bytes, Option<Arc<Relay>>) {
        let is_restart = offer["restart_pc"] == true;
        let known =
            offer["pc_id"].as_str().filter(|_| !is_restart).and_then(|id| self.relays().get(id).cloned());
        let description = offer["sdp"].as_str().unwrap_or_default();
        let relay = match known {
            Some(relay) => relay,
            None => Arc::new(self.new_relay(description).await),
        };
        if offer["sdp"].is_string() {
            offer["sdp"] = json!(sdp::with_only(description, relay.for_server));
        }
        (offer.to_string().into(), Some(relay))
    }

    async fn new_relay(&self, description: &str) -> Relay {
        let addresses = sdp::addresses(description);
        let ports = addresses.iter().map(SocketAddr::port).collect();
        self.invite_stranger(addresses);
        let seed = self.next_seed();
        let (conditions, counters) = (self.conditions.clone(), Arc::clone(&self.counters));
        Relay::start(self.host, ports, seed, conditions, counters).await.expect("there are free ports")
    }

    /// Replaces the server with the relay; `None` for a body that is not an answer.
    fn rewrite_answer(&self, body: &[u8], relay: Arc<Relay>) -> Option<Bytes> {
        let mut answer: Value = serde_json::from_slice(body).ok()?;
        let description = answer["sdp"].as_str()?;
        let addresses = sdp::addresses(description);
        let server = *addresses.iter().find(|address| address.is_ipv4())?;
        self.invite_stranger(addresses);
        relay.set_server(server);
        answer["sdp"] = json!(sdp::with_only(description, relay.for_client));
        let id = answer["pc_id"].as_str()?.to_owned();
        self.relays().insert(id, relay);
        Some(answer.to_string().into())
    }

    /// The seed changes after each answered call; calls at the same moment share one.
    fn next_seed(&self) -> u64 {
        self.seed.wrapping_add(self.relays().len() as u64)
    }

    fn invite_stranger(&self, mut addresses: Vec<SocketAddr>) {
        if self.conditions.borrow().has_stranger {
            addresses.retain(|address| address.ip() == self.host);
            tokio::spawn(stranger::check(self.host, addresses, self.next_seed()));
        }
    }

    fn relays(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Relay>>> {
        self.relays.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes later candidates: the offer named the only one that counts.
fn without_candidates(mut patch: Value) -> Bytes {
    patch["candidates"] = json!([]);
    patch.to_string().into()
}
