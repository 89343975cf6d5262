//! `POST /v1/public/{agent}/start`.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};

use super::{Shared, lock, refuse, unauthorized};

/// The largest body for an agent over WebSocket, and over anything else.
const MAX_BODIES: (usize, usize) = (4 * 1024, 1024 * 1024);

pub(super) async fn start(
    State(shared): State<Arc<Shared>>,
    Path(agent): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    lock(&shared.seen).starts += 1;
    if let Some(refused) = unauthorized(&agent, &headers) {
        return refused;
    }
    let options = shared.options();
    if let Some(refusal) = options.refusals.start {
        return refusal.answer();
    }
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let transport = if options.only_daily { "daily" } else { asked["transport"].as_str().unwrap_or("daily") };
    let limit = if transport == "websocket" { MAX_BODIES.0 } else { MAX_BODIES.1 };
    if asked.get("body").is_some_and(|body| body.to_string().len() > limit) {
        return refuse(413, "413", "body too large");
    }
    let id = begin(&shared);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    Json(answer(&shared, transport, &id, host, &agent, &asked)).into_response()
}

fn begin(shared: &Shared) -> String {
    let mut sessions = lock(&shared.sessions);
    sessions.count += 1;
    let id = format!("session-{}", sessions.count);
    sessions.ids.insert(id.clone());
    id
}

fn answer(shared: &Shared, transport: &str, id: &str, host: &str, agent: &str, asked: &Value) -> Value {
    match transport {
        "websocket" => {
            let token = format!("token-of-{id}.0123456789");
            lock(&shared.sessions).tokens.insert(token.clone());
            let url = format!("ws://{host}/ws/generic/{agent}.my-org");
            let mut answer = json!({"sessionId": id, "wsUrl": url, "token": token});
            if let Some(body) = asked.get("body") {
                answer["body"] = BASE64_STANDARD.encode(body.to_string()).into();
            }
            answer
        }
        "webrtc" => {
            let mut answer = Map::from_iter([("sessionId".to_owned(), json!(id))]);
            if asked["enableDefaultIceServers"] == true {
                answer.insert("iceConfig".to_owned(), json!({"iceServers": []}));
            }
            Value::Object(answer)
        }
        _ => {
            json!({"sessionId": id, "dailyRoom": "https://my-org.daily.co/room", "dailyToken": "daily-token-0123456789"})
        }
    }
}
