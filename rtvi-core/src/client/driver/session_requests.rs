//! The app's requests to the session's own HTTP endpoints while they run.

use std::{collections::HashMap, sync::Arc};

use futures_util::{
    FutureExt,
    future::{AbortHandle, Abortable, BoxFuture},
    stream::{FuturesUnordered, StreamExt},
};

use crate::{
    client::machine::CallId,
    error::Error,
    transport::{Cookies, HttpClient, SessionAnswer, SessionRequest, session_request},
};

/// How a request ended.
type Ended = (CallId, Result<SessionAnswer, Error>);

/// The running requests, polled by the driver's task. The machine bounds their number. Dropping
/// this cancels them.
#[derive(Default)]
pub(super) struct SessionRequests {
    running: FuturesUnordered<BoxFuture<'static, Option<Ended>>>,
    abort: HashMap<CallId, AbortHandle>,
}

impl SessionRequests {
    /// Starts a request. It has its own deadline.
    pub(super) fn run(
        &mut self,
        call: CallId,
        http: &Arc<HttpClient>,
        request: SessionRequest,
        cookies: Cookies,
    ) {
        let http = Arc::clone(http);
        let (abort, registration) = AbortHandle::new_pair();
        let ended = async move { (call, session_request(&http, request, cookies).await) };
        self.running.push(Abortable::new(ended, registration).map(Result::ok).boxed());
        self.abort.insert(call, abort);
    }

    /// Cancels a request.
    pub(super) fn cancel(&mut self, call: CallId) {
        if let Some(abort) = self.abort.remove(&call) {
            abort.abort();
        }
    }

    /// Waits for a request to end. Cancel-safe. Never ends while none runs.
    pub(super) async fn next(&mut self) -> Ended {
        loop {
            match self.running.next().await {
                Some(Some((call, result))) => {
                    self.abort.remove(&call);
                    return (call, result);
                }
                // It was cancelled.
                Some(None) => {}
                None => std::future::pending().await,
            }
        }
    }
}
