//! The APIs of telephone providers, as far as bots hang up there: Twilio's, Telnyx's and Plivo's,
//! with their paths, credentials and answers.
//!
//! Knows calls by their ids only, and ends none: whoever made a call waits for its end here.

use std::{
    collections::HashSet,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{delete, post},
};
use serde_json::json;
use tokio::{net::TcpListener, sync::Notify, task::AbortHandle};

/// The calls that are up.
#[derive(Debug, Default)]
struct Calls {
    up: Mutex<HashSet<String>>,
    changed: Notify,
}

/// The most calls that are up at once; further ones are unknown here.
const MAX_CALLS: usize = 10_000;

/// A server with the providers' APIs for bots that hang up there, stopped when dropped. Any
/// credentials will do.
#[derive(Debug)]
pub struct PhoneApi {
    address: SocketAddr,
    calls: Arc<Calls>,
    serving: AbortHandle,
}

impl PhoneApi {
    /// Starts the server at this address; port 0 selects a free one.
    ///
    /// # Errors
    /// If it can't listen there.
    pub async fn start(address: SocketAddr) -> io::Result<Self> {
        let calls = Arc::new(Calls::default());
        let router = Router::new()
            .route("/2010-04-01/Accounts/{account}/Calls/{file}", post(twilio))
            .route("/v2/calls/{call}/actions/hangup", post(telnyx))
            .route("/v1/Account/{account}/Call/{call}/", delete(plivo))
            .with_state(Arc::clone(&calls));
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let serving = tokio::spawn(async move { axum::serve(listener, router).await }).abort_handle();
        Ok(Self { address, calls, serving })
    }

    /// The server's URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The call with this id is up. Returns false if there are too many already.
    pub fn connect(&self, call: &str) -> bool {
        let mut up = self.calls.up();
        let has_room = up.len() < MAX_CALLS;
        if has_room {
            up.insert(call.to_owned());
        }
        has_room
    }

    /// The call with this id has ended otherwise.
    pub fn forget(&self, call: &str) {
        self.calls.end(call);
    }

    /// Waits until the bot has hung up this call, or it has ended otherwise.
    pub async fn wait_for_hang_up(&self, call: &str) {
        loop {
            let changed = self.calls.changed.notified();
            if !self.calls.up().contains(call) {
                return;
            }
            changed.await;
        }
    }
}

impl Drop for PhoneApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Calls {
    fn up(&self) -> MutexGuard<'_, HashSet<String>> {
        self.up.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hangs up. Returns false if there is no such call.
    fn end(&self, call: &str) -> bool {
        let was_up = self.up().remove(call);
        self.changed.notify_waiters();
        was_up
    }
}

fn has_credentials(headers: &HeaderMap, scheme: &str) -> bool {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.is_some_and(|value| value.strip_prefix(scheme).is_some_and(|rest| rest.len() > 1))
}

async fn twilio(
    State(calls): State<Arc<Calls>>,
    Path((_, file)): Path<(String, String)>,
    headers: HeaderMap,
    form: String,
) -> Response {
    if !has_credentials(&headers, "Basic ") {
        return (StatusCode::UNAUTHORIZED, Json(json!({"code": 20_003}))).into_response();
    }
    let call = file.trim_end_matches(".json");
    if form == "Status=completed" && calls.end(call) {
        return Json(json!({"sid": call, "status": "completed"})).into_response();
    }
    (StatusCode::NOT_FOUND, Json(json!({"code": 20_404, "status": 404}))).into_response()
}

async fn telnyx(State(calls): State<Arc<Calls>>, Path(call): Path<String>, headers: HeaderMap) -> Response {
    if !has_credentials(&headers, "Bearer ") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if calls.end(&call) {
        return Json(json!({"data": {"result": "ok"}})).into_response();
    }
    let errors = json!({"errors": [{"code": "90018", "title": "Call has already ended"}]});
    (StatusCode::UNPROCESSABLE_ENTITY, Json(errors)).into_response()
}

async fn plivo(
    State(calls): State<Arc<Calls>>,
    Path((_, call)): Path<(String, String)>,
    headers: HeaderMap,
) -> StatusCode {
    if !has_credentials(&headers, "Basic ") {
        return StatusCode::UNAUTHORIZED;
    }
    if calls.end(&call) { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_call_is_up_after_a_request_without_credentials() {
        let calls = Arc::new(Calls::default());
        let (call, none) = ("c".to_owned(), HeaderMap::new());
        calls.up().insert(call.clone());
        let twilio = twilio(
            State(Arc::clone(&calls)),
            Path((call.clone(), call.clone())),
            none.clone(),
            String::new(),
        )
        .await;
        let telnyx = telnyx(State(Arc::clone(&calls)), Path(call.clone()), none.clone()).await;
        let plivo = plivo(State(Arc::clone(&calls)), Path((call.clone(), call.clone())), none).await;
        assert_eq!([twilio.status(), telnyx.status(), plivo], [StatusCode::UNAUTHORIZED; 3]);
        assert!(calls.end(&call));
    }
}
