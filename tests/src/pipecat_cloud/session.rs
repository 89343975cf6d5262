//! The endpoints within a session: its WebSocket, its offers and the requests to the bot's own
//! endpoints.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    Json,
    body::to_bytes,
    extract::{Path, Query, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{Refusal, Shared, forward::forward, lock, refuse, unauthorized};

/// The maximum length of a request.
const MAX_REQUEST: usize = 1024 * 1024;

/// `GET /ws/generic/{agent}.{organization}?token=…&body=…`
pub(super) async fn websocket(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
    request: Request,
) -> Response {
    if let Some(refusal) = shared.options().refusals.websocket {
        return refusal.answer();
    }
    let token = query.get("token").cloned().unwrap_or_default();
    if !lock(&shared.sessions).tokens.remove(&token) {
        lock(&shared.seen).refused_tokens += 1;
        return refuse(403, "403", &format!("the token {token} is not valid"));
    }
    shared.warm_up(&token).await;
    let body = query.get("body").map(|body| BASE64_STANDARD.decode(body).expect("Base64"));
    let body = body.map_or(Value::Null, |body| serde_json::from_slice(&body).expect("JSON"));
    lock(&shared.seen).bodies.push(body);
    forward(shared.bot.address(), "/ws", request).await
}

/// Any method on `/v1/public/{agent}/sessions/{id}/{path}`.
pub(super) async fn request(
    State(shared): State<Arc<Shared>>,
    Path((agent, id, path)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    if let Some(refused) = unauthorized(&agent, request.headers()) {
        return refused;
    }
    if !lock(&shared.sessions).ids.contains(&id) {
        return refuse(404, "SESSION-NOT-FOUND", "the session has ended");
    }
    shared.warm_up(&id).await;
    if path != "api/offer" {
        return endpoint(&path, request).await;
    }
    match shared.options().refusals.offer {
        Some(refusal) => refusal.answer(),
        None => forward(shared.bot.address(), "/api/offer", request).await,
    }
}

/// The endpoints of the bot.
async fn endpoint(path: &str, request: Request) -> Response {
    match path {
        "echo" => echo(request).await,
        "list" => Json(json!([1, "two", null])).into_response(),
        "nothing" => StatusCode::NO_CONTENT.into_response(),
        "text" => "hello".into_response(),
        "full" => Refusal::at_capacity().answer(),
        "away" => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/v1/public/other/start")]).into_response()
        }
        "slow" => {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
            StatusCode::OK.into_response()
        }
        _ => refuse(404, "NO-ENDPOINT", "the bot has no such endpoint"),
    }
}

async fn echo(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_REQUEST).await.expect("it can be read");
    let body: Value =
        if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).expect("JSON") };
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let said =
        json!({"method": parts.method.as_str(), "query": parts.uri.query(), "type": kind, "body": body});
    (StatusCode::ACCEPTED, Json(said)).into_response()
}
