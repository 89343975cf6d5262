//! The HTTP side of WebRTC: offers and candidates, with the answers of Pipecat's development
//! runner, and their faults.
//!
//! `/api/offer` is FastAPI's own endpoint (422 for a bad body), `/sessions/{id}/api/offer` the
//! runner's copy of the cloud's proxy (404 and 400 as plain text).

use std::{collections::HashMap, future::pending, sync::Arc, time::Duration};

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::json;
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

use super::{
    body::{self, Offer, Patch},
    calls::{Call, Started},
    link::PeerLink,
    peer::{Ends, Peer},
    sdp,
};
use crate::{
    Fault, FaultPlan, OfferFault,
    conversation::Conversation,
    server::{App, Shared},
    session, start,
};

/// New peer connections of a call that its link has not taken over yet; the offer waits while there
/// are more.
const MAX_ARRIVALS: usize = 1;

type Parameters = Query<HashMap<String, String>>;

/// `POST /api/offer`, with `?fault=`.
pub(crate) async fn offer(
    State(app): State<App>,
    Query(query): Parameters,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !start::header_is_right(&app.shared.options, &headers) {
        return start::refusal(StatusCode::FORBIDDEN, "Forbidden");
    }
    let answered = match body::read(&body) {
        Ok(offer) => answer(&app.shared, offer, None, &query).await,
        Err(refusal) => return *refusal,
    };
    answered.unwrap_or_else(Failure::response)
}

/// `POST /sessions/{id}/api/offer`, with `?fault=`.
pub(crate) async fn session_offer(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Parameters,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !start::header_is_right(&app.shared.options, &headers) {
        return start::refusal(StatusCode::FORBIDDEN, "Forbidden");
    }
    let Some(started) = app.shared.calls.started(&id) else { return unknown_session() };
    app.shared.calls.count_offer(&id);
    let Ok(offer) = body::read(&body) else { return invalid_request() };
    match answer(&app.shared, offer, Some((id, started)), &query).await {
        Ok(response) => response,
        Err(Failure::Invalid) => invalid_request(),
        Err(failure) => failure.response(),
    }
}

/// `PATCH /api/offer`.
pub(crate) async fn candidates(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    if !start::header_is_right(&app.shared.options, &headers) {
        return start::refusal(StatusCode::FORBIDDEN, "Forbidden");
    }
    match body::read(&body) {
        Ok(patch) => add(&app.shared, patch).await.unwrap_or_else(Failure::response),
        Err(refusal) => *refusal,
    }
}

/// `PATCH /sessions/{id}/api/offer`.
pub(crate) async fn session_candidates(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !start::header_is_right(&app.shared.options, &headers) {
        return start::refusal(StatusCode::FORBIDDEN, "Forbidden");
    }
    if app.shared.calls.started(&id).is_none() {
        return unknown_session();
    }
    match body::read(&body) {
        Ok(patch) => add(&app.shared, patch).await.unwrap_or_else(|_| invalid_request()),
        Err(_) => invalid_request(),
    }
}

fn unknown_session() -> Response {
    (StatusCode::NOT_FOUND, "Invalid or not-yet-ready session_id").into_response()
}

fn invalid_request() -> Response {
    (StatusCode::BAD_REQUEST, "Invalid WebRTC request").into_response()
}

/// Why there is no answer.
#[derive(Debug)]
enum Failure {
    /// The server cannot make sense of the offer or a candidate.
    Invalid,
    /// There is no such peer connection.
    UnknownPeer,
    /// There are too many calls.
    Full,
}

impl Failure {
    fn response(self) -> Response {
        match self {
            Self::Invalid => (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error").into_response(),
            Self::UnknownPeer => start::refusal(StatusCode::NOT_FOUND, "Peer connection not found"),
            Self::Full => start::refusal(StatusCode::SERVICE_UNAVAILABLE, "Too many calls"),
        }
    }
}

async fn add(shared: &Shared, patch: Patch) -> Result<Response, Failure> {
    let call = shared.calls.call(&patch.pc_id).ok_or(Failure::UnknownPeer)?;
    let peer = Arc::clone(&*call.peer.lock().await);
    for candidate in patch.candidates {
        peer.add_candidate(candidate.into()).await.map_err(|_| Failure::Invalid)?;
    }
    Ok(Json(json!({ "status": "success" })).into_response())
}

/// The faults of an offer: of its answer, and of the session it begins.
struct Faults {
    answer: Option<OfferFault>,
    session: Option<FaultPlan>,
}

impl Faults {
    fn plan(
        shared: &Shared,
        started: Option<&Started>,
        query: &HashMap<String, String>,
    ) -> Result<Self, String> {
        let asked = query.get("fault").map(|text| text.parse::<FaultPlan>()).transpose()?;
        let plan = asked.or_else(|| started?.fault.clone()).or_else(|| shared.options.fault.clone());
        match plan.as_ref().and_then(|plan| of_answer(&plan.fault)) {
            Some(answer) => Ok(Self { answer: shared.arm("offer", plan).map(|_| answer), session: None }),
            None => Ok(Self { answer: None, session: plan }),
        }
    }
}

/// What `fault` does to the answer; nothing when it is one of the session.
fn of_answer(fault: &Fault) -> Option<OfferFault> {
    match fault {
        Fault::Offer(fault) => Some(fault.clone()),
        Fault::HttpStatus { status } => Some(OfferFault::Status { status: *status }),
        Fault::SlowUpgrade { ms } => Some(OfferFault::Slow { ms: *ms }),
        _ => None,
    }
}

async fn answer(
    shared: &Arc<Shared>,
    offer: Offer,
    session: Option<(String, Started)>,
    query: &HashMap<String, String>,
) -> Result<Response, Failure> {
    let started = session.as_ref().map(|(_, started)| started);
    let faults = match Faults::plan(shared, started, query) {
        Ok(faults) => faults,
        Err(error) => return Ok(start::refusal(StatusCode::BAD_REQUEST, &error)),
    };
    match &faults.answer {
        Some(OfferFault::Never) => return pending().await,
        Some(OfferFault::Slow { ms }) => tokio::time::sleep(Duration::from_millis(*ms)).await,
        Some(OfferFault::Status { status }) => return Ok(start::failure(*status)),
        Some(OfferFault::Gone { offers }) if started.is_some_and(|started| started.offers >= *offers) => {
            return Ok(unknown_session());
        }
        _ => {}
    }
    let (id, mut sdp) = agree(shared, offer, session, faults.session).await?;
    if let Some(fault) = &faults.answer {
        sdp = sdp::spoil(sdp, fault);
    }
    Ok(Json(json!({ "sdp": sdp, "type": "answer", "pc_id": id })).into_response())
}

/// Answers `offer` on a present or a new peer connection; returns its id and the SDP.
async fn agree(
    shared: &Arc<Shared>,
    offer: Offer,
    session: Option<(String, Started)>,
    fault: Option<FaultPlan>,
) -> Result<(String, String), Failure> {
    if offer.kind != "offer" {
        return Err(Failure::Invalid);
    }
    if !sdp::has_media(&offer.sdp) {
        return Ok((new_id(), sdp::empty_answer()));
    }
    let call = offer.pc_id.as_deref().and_then(|id| shared.calls.call(id));
    match call {
        Some(call) if offer.restart == Some(true) => restart(shared, &call, &offer).await,
        Some(call) => {
            let peer = call.peer.lock().await;
            let sdp = peer.renegotiate(&offer.sdp).await.map_err(|_| Failure::Invalid)?;
            Ok((peer.id.clone(), sdp))
        }
        None => begin(shared, offer, session, fault).await,
    }
}

/// The server's way to name peer connections.
fn new_id() -> String {
    format!("SmallWebRTCConnection#0-{}", Uuid::new_v4().simple())
}

async fn connect(shared: &Shared, offer: &Offer) -> Result<(Ends, String), Failure> {
    let servers = &shared.options.ice_servers;
    Peer::answer(new_id(), &offer.sdp, servers).await.map_err(|_| Failure::Invalid)
}

/// Goes on with `call` on a new peer connection.
async fn restart(shared: &Shared, call: &Arc<Call>, offer: &Offer) -> Result<(String, String), Failure> {
    let mut peer = call.peer.lock().await;
    let (ends, sdp) = connect(shared, offer).await?;
    let new = Arc::clone(&ends.peer);
    call.arrivals.send(ends).await.map_err(|_| Failure::UnknownPeer)?;
    shared.calls.remember(new.id.clone(), call);
    let id = new.id.clone();
    *peer = new;
    Ok((id, sdp))
}

/// Begins a session.
async fn begin(
    shared: &Arc<Shared>,
    offer: Offer,
    session: Option<(String, Started)>,
    fault: Option<FaultPlan>,
) -> Result<(String, String), Failure> {
    let (ends, sdp) = connect(shared, &offer).await?;
    let (arrivals, arriving) = mpsc::channel(MAX_ARRIVALS);
    let id = ends.peer.id.clone();
    let call = Arc::new(Call { peer: Mutex::new(Arc::clone(&ends.peer)), arrivals });
    let options = Arc::clone(&shared.options);
    let link = PeerLink::new(ends, arriving, &options).map_err(|_| Failure::Invalid)?;
    let (session_id, body) = match session {
        Some((id, started)) => (Some(id), offer.data.unwrap_or(started.body)),
        None => (None, offer.data.unwrap_or_default()),
    };
    let name = session_id.clone().unwrap_or_else(|| Uuid::new_v4().to_string());
    let conversation = Conversation::new(options, shared.arm("call", fault), shared.log.open(name, body));
    shared.calls.remember(id.clone(), &call);
    if !shared.calls.run(session_id, &call, session::run(link, conversation)) {
        return Err(Failure::Full);
    }
    Ok((id, sdp))
}
