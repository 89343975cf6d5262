//! The APIs of telephone providers, as far as bots hang up there: Twilio's, Telnyx's and Plivo's,
//! with their paths, credentials and answers.

use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::{Arc, Mutex},
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

/// A server with the providers' APIs, stopped when dropped.
#[derive(Debug)]
pub struct PhoneApi {
    address: SocketAddr,
    calls: Arc<Calls>,
    serving: AbortHandle,
}

impl PhoneApi {
    /// Starts the server on a free port.
    ///
    /// # Panics
    /// If there is none.
    pub async fn start() -> Self {
        let calls = Arc::new(Calls::default());
        let router = Router::new()
            .route("/2010-04-01/Accounts/{account}/Calls/{file}", post(twilio))
            .route("/v2/calls/{call}/actions/hangup", post(telnyx))
            .route("/v1/Account/{account}/Call/{call}/", delete(plivo))
            .with_state(Arc::clone(&calls));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
        let address = listener.local_addr().expect("the socket is bound");
        let serving = tokio::spawn(async move { axum::serve(listener, router).await }).abort_handle();
        Self { address, calls, serving }
    }

    /// The server's URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The provider connects this call.
    ///
    /// # Panics
    /// Never.
    pub fn connect(&self, call: &str) {
        self.calls.up.lock().expect("no test panics here").insert(call.to_owned());
    }

    /// Waits until the bot has hung up this call.
    ///
    /// # Panics
    /// Never.
    pub async fn wait_for_hang_up(&self, call: &str) {
        loop {
            let changed = self.calls.changed.notified();
            if !self.calls.up.lock().expect("no test panics here").contains(call) {
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
    /// Hangs up. Returns false if there is no such call.
    fn end(&self, call: &str) -> bool {
        let was_up = self.up.lock().expect("no test panics here").remove(call);
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
    match (has_credentials(&headers, "Basic "), calls.end(&call)) {
        (false, _) => StatusCode::UNAUTHORIZED,
        (true, true) => StatusCode::NO_CONTENT,
        (true, false) => StatusCode::NOT_FOUND,
    }
}
