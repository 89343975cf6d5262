//! The requests to the server's offer endpoint.
//!
//! No deadline over all: the client's deadline for opening a transport drops the future.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use http::Method;
use tokio::time::{Instant, sleep, sleep_until};

use crate::{
    error::{Error, ErrorKind, Phase},
    log,
    transport::{
        HttpClient, address,
        http::send_json,
        rtc::sdp::{self, Accepted},
    },
};

use super::{
    params::Target,
    signalling::{self, Answer, Candidate},
};

/// The waits before an offer that failed is made again.
const RETRY_AFTER: [Duration; 3] =
    [Duration::from_millis(250), Duration::from_millis(500), Duration::from_secs(1)];
/// How long candidates are gathered into one request; the first go at once.
const BATCH_TIME: Duration = Duration::from_millis(200);

/// The offer endpoint of one session.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) http: HttpClient,
    pub(super) target: Target,
}

impl Endpoint {
    /// Makes an offer. A server that can't be reached or fails (5xx) is asked again, up to three
    /// times; one that refuses is not.
    pub(super) async fn offer(&self, sdp: &str, pc_id: Option<&str>, restart: bool) -> Result<Answer, Error> {
        with_retries(|| self.offer_once(sdp, pc_id, restart))
            .await
            .map_err(|error| error.in_phase(Phase::TransportOpen))
    }

    async fn offer_once(&self, sdp: &str, pc_id: Option<&str>, restart: bool) -> Result<Answer, Error> {
        let Target { endpoint, headers, request_data, timeout, cookies, .. } = &self.target;
        let body = signalling::offer(sdp, pc_id, restart, request_data.as_ref());
        // Candidates go over the connection of the last offer; an offer never waits on one that was
        // there before.
        self.http.close_idle();
        let answer = send_json(&self.http, Method::POST, endpoint, headers, cookies, &body, *timeout).await?;
        Answer::read(&answer).map_err(|what| self.unusable(&what))
    }

    async fn send_candidates(&self, pc_id: &str, batch: &[Candidate]) {
        let Target { endpoint, headers, timeout, cookies, .. } = &self.target;
        let body = signalling::candidates(pc_id, batch);
        let sent = send_json(&self.http, Method::PATCH, endpoint, headers, cookies, &body, *timeout).await;
        if let Err(error) = sent {
            // Not in its own words: it may repeat the candidates, which are addresses.
            let (reason, status) = (error.kind(), error.status());
            log::warn!(?reason, ?status, count = batch.len(), "the server did not take network candidates");
        }
    }

    /// What matters of an answer to this offer.
    pub(super) fn accepted(&self, answer: &Answer, offer: &str) -> Result<Accepted, Error> {
        sdp::read_answer(&answer.sdp, offer, super::MAX_INCOMING).map_err(|what| self.unusable(&what))
    }

    /// The error for an answer that can't be used.
    fn unusable(&self, what: &str) -> Error {
        let shown = address::shown(&self.target.endpoint);
        Error::new(ErrorKind::Protocol, format!("{shown} gave an answer that is not usable: {what}"))
    }

    /// Whether the endpoint's port takes connections; `None` when there is no telling within a
    /// second.
    pub(super) async fn is_listening(&self) -> Option<bool> {
        let url = &self.target.endpoint;
        let (host, port) = (url.host_str()?.trim_matches(['[', ']']), url.port_or_known_default()?);
        match tokio::time::timeout(Duration::from_secs(1), tokio::net::TcpStream::connect((host, port))).await
        {
            Ok(Ok(_)) => Some(true),
            Ok(Err(cause)) if cause.kind() == std::io::ErrorKind::ConnectionRefused => Some(false),
            _ => None,
        }
    }
}

/// Makes the request again after a failure that may pass.
async fn with_retries<T, F>(mut request: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let mut waits = RETRY_AFTER.iter();
    loop {
        let error = match request().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let wait = waits.next().filter(|_| is_worth_retrying(&error));
        let Some(wait) = wait else { return Err(error) };
        log::debug!(%error, "the offer failed and is made again");
        sleep(*wait).await;
    }
}

fn is_worth_retrying(error: &Error) -> bool {
    match (error.kind(), error.status()) {
        (ErrorKind::Timeout, _) | (ErrorKind::ConnectionFailed, None) => true,
        (_, Some(status)) => status >= 500,
        _ => false,
    }
}

/// Our candidates on their way to the server, in batches. A server that gave the connection no name
/// gets none.
pub(super) struct Trickle {
    endpoint: Arc<Endpoint>,
    pc_id: Option<String>,
    mid: String,
    waiting: Vec<Candidate>,
    due: Option<Instant>,
    begun: bool,
    request: Option<BoxFuture<'static, ()>>,
}

impl Trickle {
    /// `mid` names the section of the offer that the candidates belong to: the first, as all are
    /// bundled.
    pub(super) const fn new(endpoint: Arc<Endpoint>, pc_id: Option<String>, mid: String) -> Self {
        Self { endpoint, pc_id, mid, waiting: Vec::new(), due: None, begun: false, request: None }
    }

    /// Adds a candidate to the next batch.
    pub(super) fn add(&mut self, candidate: String) {
        if self.pc_id.is_none() {
            log::debug!("a candidate is not sent: the server's answer had no 'pc_id' to send it for");
            return;
        }
        self.waiting.push(Candidate { candidate, sdp_mid: self.mid.clone(), sdp_mline_index: 0 });
        let wait = if self.begun { BATCH_TIME } else { Duration::ZERO };
        self.due.get_or_insert_with(|| Instant::now() + wait);
    }

    /// Sends what is due, batch by batch; never ends. May be dropped and called again at any time.
    pub(super) async fn run(&mut self) {
        loop {
            if let Some(request) = &mut self.request {
                request.await;
                self.request = None;
            }
            let (Some(due), Some(pc_id)) = (self.due, self.pc_id.clone()) else {
                return std::future::pending().await;
            };
            sleep_until(due).await;
            (self.due, self.begun) = (None, true);
            let endpoint = Arc::clone(&self.endpoint);
            let batch = std::mem::take(&mut self.waiting);
            self.request = Some(Box::pin(async move { endpoint.send_candidates(&pc_id, &batch).await }));
        }
    }
}

#[cfg(test)]
mod tests;
