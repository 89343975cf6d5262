//! The start request in progress, and the cookies that its servers set for the session.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use serde_json::{Map, Value};

use crate::{
    client::machine::{Epoch, Open},
    error::Error,
    transport::{ApiRequest, Cookies, HttpClient, start_session},
};

/// The start endpoint's answer, and the attempt that it belongs to.
type Answer = (Epoch, Result<Map<String, Value>, Error>);

/// Makes start requests, one at a time.
pub(super) struct Start {
    pub(super) http: Arc<HttpClient>,
    /// The cookies of the current session.
    pub(super) cookies: Cookies,
    timeout: Duration,
    running: Option<BoxFuture<'static, Answer>>,
}

impl Start {
    /// The timeout of requests without their own.
    pub(super) fn new(http: HttpClient, timeout: Duration) -> Self {
        Self { http: Arc::new(http), cookies: Cookies::default(), timeout, running: None }
    }

    /// Starts a request and cancels the previous one.
    pub(super) fn begin(&mut self, epoch: Epoch, request: ApiRequest) {
        self.cookies = Cookies::default();
        let (http, cookies, timeout) = (Arc::clone(&self.http), self.cookies.clone(), self.timeout);
        self.running =
            Some(Box::pin(async move { (epoch, start_session(&http, &request, timeout, &cookies).await) }));
    }

    /// Cancels the request.
    pub(super) fn cancel(&mut self) {
        self.running = None;
    }

    /// A connection is about to open. One that begins a session without a start request has no
    /// cookies.
    pub(super) fn on_open(&mut self, open: &Open) {
        if open.start.is_none() && open.attempt == 0 {
            self.cookies = Cookies::default();
        }
    }

    /// Waits for the answer. Cancel-safe. Never ends while no request runs.
    pub(super) async fn next(&mut self) -> Answer {
        let answer = match &mut self.running {
            Some(running) => running.await,
            None => std::future::pending().await,
        };
        self.running = None;
        answer
    }
}
