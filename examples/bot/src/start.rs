//! The HTTP endpoints before a session: `POST /start` and `GET /status`, with the answers of
//! Pipecat's development runner (pipecat-ai 1.14.0, with or without `-t`), and their faults.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    time::Duration,
};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    BotOptions, Fault, FaultPlan, StartFault, StartTransport,
    server::{App, Shared},
    text,
};

/// The pause between the pieces of an endless answer.
const ENDLESS_PAUSE: Duration = Duration::from_millis(20);

/// The public STUN server that the runner returns on request.
#[cfg(feature = "webrtc")]
const DEFAULT_ICE_SERVER: &str = "stun:stun.l.google.com:19302";

/// Transports of the runner that this bot lacks.
const DISABLED: [&str; 7] = ["daily", "livekit", "twilio", "telnyx", "plivo", "exotel", "moq"];

/// `GET /status`.
pub(crate) fn status(State(app): State<App>) -> Ready<Json<Value>> {
    let only = app.shared.options.transport;
    let offered = |transport: &StartTransport| only.map_or(transport.is_enabled(), |only| only == *transport);
    let transports = [StartTransport::Webrtc, StartTransport::Websocket].into_iter().filter(offered);
    let names: Vec<&str> = transports.map(StartTransport::name).collect();
    ready(Json(json!({ "status": "ready", "transports": names })))
}

/// Every other path.
pub(crate) fn not_found() -> Ready<Response> {
    ready(refusal(StatusCode::NOT_FOUND, "Not Found"))
}

/// `POST /start`: returns the WebSocket's URL, or the session id for WebRTC offers. A body that is
/// not JSON counts as `{}`, as in the runner.
pub(crate) async fn start(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    app.shared.count_start();
    if !header_is_right(&app.shared.options, &headers) {
        return refusal(StatusCode::FORBIDDEN, "Forbidden");
    }
    let request = match Request::read(&app.shared.options, &body) {
        Ok(request) => request,
        Err(response) => return *response,
    };
    let plan = request.fault.clone().or_else(|| app.shared.options.fault.clone());
    let start_plan = plan.filter(|plan| matches!(plan.fault, Fault::Start(_)));
    match app.shared.arm("start", start_plan).map(|plan| plan.fault) {
        Some(Fault::Start(fault)) => misbehave(fault, &app.shared, &request).await,
        _ => answer(&app.shared, &request),
    }
}

/// Whether no header is required, or the required one is present.
pub(crate) fn header_is_right(options: &BotOptions, headers: &HeaderMap) -> bool {
    let Some((name, value)) = &options.required_header else { return true };
    headers.get(name).is_some_and(|found| found.as_bytes() == value.as_bytes())
}

/// An error in FastAPI's form.
pub(crate) fn refusal(status: StatusCode, detail: &str) -> Response {
    (status, Json(json!({ "detail": detail }))).into_response()
}

/// The contents of a start request.
struct Request {
    transport: StartTransport,
    fault: Option<FaultPlan>,
    /// The rest of the body.
    #[cfg(feature = "webrtc")]
    fields: serde_json::Map<String, Value>,
}

impl Request {
    fn read(options: &BotOptions, body: &[u8]) -> Result<Self, Box<Response>> {
        let refused = |text| Box::new(refusal(StatusCode::UNPROCESSABLE_ENTITY, text));
        let mut body = match serde_json::from_slice::<Value>(body) {
            Ok(Value::Object(body)) => body,
            Ok(_) => return Err(refused("the body is not an object")),
            Err(_) => serde_json::Map::new(),
        };
        let wanted = match body.get("transport") {
            None | Some(Value::Null) if is_true(body.get("createDailyRoom")) => "daily",
            None | Some(Value::Null) => default_transport(options),
            Some(Value::String(transport)) => transport,
            Some(_) => return Err(refused("transport is not a string")),
        };
        let transport = allowed(options, wanted)?;
        let fault = body.remove("fault").map(FaultPlan::from_value).transpose();
        let fault = fault.map_err(|error| Box::new(refusal(StatusCode::BAD_REQUEST, &error)))?;
        Ok(Self {
            transport,
            fault,
            #[cfg(feature = "webrtc")]
            fields: body,
        })
    }
}

fn is_true(value: Option<&Value>) -> bool {
    value.and_then(Value::as_bool).unwrap_or(false)
}

fn default_transport(options: &BotOptions) -> &'static str {
    let webrtc =
        if StartTransport::Webrtc.is_enabled() { StartTransport::Webrtc } else { StartTransport::Websocket };
    options.transport.unwrap_or(webrtc).name()
}

/// The transport named `wanted`, or the runner's refusal.
fn allowed(options: &BotOptions, wanted: &str) -> Result<StartTransport, Box<Response>> {
    let transport = StartTransport::named(wanted);
    let detail = match (options.transport, transport) {
        (Some(only), _) if only.name() != wanted => format!(
            "Transport '{wanted}' is not allowed. Server is configured for '{only}' only (-t {only}).",
            only = only.name()
        ),
        (_, Some(transport)) if transport.is_enabled() => return Ok(transport),
        (_, None) if !DISABLED.contains(&wanted) => format!("Unknown transport '{wanted}'."),
        _ => format!(
            "Transport '{wanted}' is disabled in this runner environment. \
             Check the startup banner for enabled transports."
        ),
    };
    Err(Box::new(refusal(StatusCode::BAD_REQUEST, &detail)))
}

fn answer(shared: &Shared, request: &Request) -> Response {
    match request.transport {
        #[cfg(feature = "webrtc")]
        StartTransport::Webrtc => answer_webrtc(shared, request),
        _ => answer_websocket(shared, request),
    }
}

/// The id for `/sessions/{id}/api/offer`, and the ICE servers if any.
#[cfg(feature = "webrtc")]
fn answer_webrtc(shared: &Shared, request: &Request) -> Response {
    let body = request.fields.get("body").cloned().unwrap_or_else(|| json!({}));
    let mut answer = json!({ "sessionId": shared.calls.begin(body, session_fault(request)) });
    let servers = &shared.options.ice_servers;
    if !servers.is_empty() {
        answer["iceConfig"] = json!({ "iceServers": servers });
    } else if is_true(request.fields.get("enableDefaultIceServers")) {
        answer["iceConfig"] = json!({ "iceServers": [{ "urls": [DEFAULT_ICE_SERVER] }] });
    }
    Json(answer).into_response()
}

/// The fault for the session.
fn session_fault(request: &Request) -> Option<FaultPlan> {
    request.fault.clone().filter(|plan| !matches!(plan.fault, Fault::Start(_)))
}

fn answer_websocket(shared: &Shared, request: &Request) -> Response {
    let mut url = format!("ws://{}/ws-client", shared.address);
    if let Some(fault) = session_fault(request).and_then(|plan| serde_json::to_string(&plan).ok()) {
        url = format!("{url}?fault={}", text::percent_encode(&fault));
    }
    let session = uuid::Uuid::new_v4().to_string();
    Json(json!({ "wsUrl": url, "sessionId": session, "token": shared.options.token })).into_response()
}

async fn misbehave(fault: StartFault, shared: &Shared, request: &Request) -> Response {
    match fault {
        StartFault::Status { status } => failure(status),
        StartFault::Html => {
            Html("<!DOCTYPE html><title>Welcome</title><p>This is not a bot.</p>").into_response()
        }
        StartFault::Empty => StatusCode::OK.into_response(),
        StartFault::Slow { ms } => slow(ms, shared, request).await,
        StartFault::Endless => endless(),
        StartFault::Redirect => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/start")]).into_response()
        }
    }
}

/// The answer with `status` instead of the requested answer; 500 if it is not an HTTP status.
pub(crate) fn failure(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    refusal(status, &format!("The bot was asked to answer {}", status.as_u16()))
}

async fn slow(ms: u64, shared: &Shared, request: &Request) -> Response {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    answer(shared, request)
}

fn endless() -> Response {
    let pieces = futures_util::stream::unfold("{\"wsUrl\":\"", |piece| async move {
        tokio::time::sleep(ENDLESS_PAUSE).await;
        Some((Ok::<_, Infallible>(Bytes::from_static(piece.as_bytes())), "endless "))
    });
    ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(pieces)).into_response()
}
