//! The HTTP endpoints beside the WebSocket: `POST /start` and `GET /status`, with the answers of Pipecat's development
//! runner (pipecat-ai 1.14.0, started with `-t websocket`), and their faults.

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
    BotOptions, Fault, FaultPlan, StartFault,
    server::{App, Shared},
    text,
};

/// Pause between the pieces of an endless answer.
const ENDLESS_PAUSE: Duration = Duration::from_millis(20);

/// `GET /status`.
pub(crate) fn status() -> Ready<Json<Value>> {
    ready(Json(json!({ "status": "ready", "transports": ["websocket"] })))
}

/// Every other path.
pub(crate) fn not_found() -> Ready<Response> {
    ready(refusal(StatusCode::NOT_FOUND, "Not Found"))
}

/// `POST /start`: tells the WebSocket's URL. A body that is not JSON counts as `{}`, as it does in the runner.
pub(crate) async fn start(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    app.shared.count_start();
    if !header_is_right(&app.shared.options, &headers) {
        return refusal(StatusCode::FORBIDDEN, "Forbidden");
    }
    let request = match Request::read(&body) {
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

/// True when no header is required or the required one is there.
pub(crate) fn header_is_right(options: &BotOptions, headers: &HeaderMap) -> bool {
    let Some((name, value)) = &options.required_header else { return true };
    headers.get(name).is_some_and(|found| found.as_bytes() == value.as_bytes())
}

/// An error in FastAPI's form.
pub(crate) fn refusal(status: StatusCode, detail: &str) -> Response {
    (status, Json(json!({ "detail": detail }))).into_response()
}

/// What a start request asks for.
#[derive(Default)]
struct Request {
    fault: Option<FaultPlan>,
}

impl Request {
    fn read(body: &[u8]) -> Result<Self, Box<Response>> {
        let Ok(body) = serde_json::from_slice::<Value>(body) else { return Ok(Self::default()) };
        let Value::Object(mut body) = body else {
            return Err(Box::new(unprocessable(
                "dict_type",
                &["body"],
                "Input should be a valid dictionary",
                &body,
            )));
        };
        match body.get("transport") {
            None | Some(Value::Null) => {}
            Some(Value::String(transport)) if transport == "websocket" => {}
            Some(Value::String(transport)) => return Err(Box::new(wrong_transport(transport))),
            Some(other) => {
                let place = ["body", "transport"];
                return Err(Box::new(unprocessable(
                    "string_type",
                    &place,
                    "Input should be a valid string",
                    other,
                )));
            }
        }
        let fault = body.remove("fault").map(FaultPlan::from_value).transpose();
        let fault = fault.map_err(|error| Box::new(refusal(StatusCode::BAD_REQUEST, &error)))?;
        Ok(Self { fault })
    }
}

fn wrong_transport(transport: &str) -> Response {
    let detail = format!(
        "Transport '{transport}' is not allowed. Server is configured for 'websocket' only (-t websocket)."
    );
    refusal(StatusCode::BAD_REQUEST, &detail)
}

fn unprocessable(kind: &str, place: &[&str], message: &str, input: &Value) -> Response {
    let detail = json!([{ "type": kind, "loc": place, "msg": message, "input": input }]);
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "detail": detail }))).into_response()
}

fn answer(shared: &Shared, request: &Request) -> Response {
    let mut url = format!("ws://{}/ws-client", shared.address);
    let carried = request.fault.as_ref().filter(|plan| !matches!(plan.fault, Fault::Start(_)));
    if let Some(fault) = carried.and_then(|plan| serde_json::to_string(plan).ok()) {
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

/// The answer with `status` in place of what was asked for; 500 when it is no HTTP status.
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
