//! The WebSocket's HTTP side: who may open one, and the faults of the upgrade.
//!
//! Only prepares the [`Ticket`]; the connection's own task runs the session once HTTP has released
//! the socket.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::{Query, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use hyper::upgrade::OnUpgrade;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::{Fault, FaultPlan, server::App, start};

/// The right to a session: the future socket, and how the session misbehaves.
pub(crate) struct Ticket {
    pub(crate) socket: OnUpgrade,
    pub(crate) plan: Option<FaultPlan>,
}

/// Where a connection's handler leaves its [`Ticket`].
#[derive(Clone, Default)]
pub(crate) struct TicketSlot(Arc<Mutex<Option<Ticket>>>);

impl TicketSlot {
    /// Takes the ticket out.
    pub(crate) fn take(&self) -> Option<Ticket> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, ticket: Ticket) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(ticket);
    }
}

/// `GET /ws` and `GET /ws-client`, with `?token=` and `?fault=`.
pub(crate) async fn upgrade(
    State(app): State<App>,
    Query(query): Query<HashMap<String, String>>,
    mut request: Request,
) -> Response {
    let options = &app.shared.options;
    let token_is_right = options.token.is_none() || options.token.as_ref() == query.get("token");
    if !token_is_right || !start::header_is_right(options, request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let plan = match query.get("fault").map(|text| text.parse::<FaultPlan>()).transpose() {
        Ok(plan) => plan.or_else(|| options.fault.clone()),
        Err(error) => return start::refusal(StatusCode::BAD_REQUEST, &error),
    };
    let plan = app.shared.arm("ws", plan);
    match plan.as_ref().map(|plan| &plan.fault) {
        Some(Fault::HttpStatus { status }) => return start::failure(*status),
        Some(Fault::SlowUpgrade { ms }) => tokio::time::sleep(Duration::from_millis(*ms)).await,
        _ => {}
    }
    let Some(accept) = accept_key(request.method(), request.headers()) else {
        return start::refusal(StatusCode::NOT_FOUND, "Not Found");
    };
    app.ticket.put(Ticket { socket: hyper::upgrade::on(&mut request), plan });
    let headers = [
        (header::CONNECTION, "upgrade"),
        (header::UPGRADE, "websocket"),
        (header::SEC_WEBSOCKET_ACCEPT, accept.as_str()),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

/// The answer to the client's key, or `None` if the request is not a WebSocket upgrade (RFC 6455
/// §4.2.1).
fn accept_key(method: &Method, headers: &HeaderMap) -> Option<String> {
    let asks = headers.get(header::UPGRADE)?.as_bytes().eq_ignore_ascii_case(b"websocket");
    let version = headers.get(header::SEC_WEBSOCKET_VERSION)?.as_bytes() == b"13";
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?;
    (method == Method::GET && asks && version).then(|| derive_accept_key(key.as_bytes()))
}
