//! The way up: a call that begins a session and meets a fault before the session is ready.

use std::time::{Duration, Instant};

use rtvi_core::{ApiRequest, ConnectParams, Error, TransportState};
use rtvi_tests::{Mode, Session};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{
    cell::{Cell, Outcome, Over, When},
    faults::Fault,
    run::{has_ended, is_error, limit, works},
    stage::{Stage, room},
};

/// How often to check how far the call has come.
const GLANCE: Duration = Duration::from_millis(5);
/// After this time, a call to a silent server has come as far as it can.
const UNDER_WAY: Duration = Duration::from_millis(200);

/// Makes the call and checks its outcome. Returns the time from its beginning to the outcome.
///
/// # Errors
/// Describes what is wrong.
pub(crate) async fn climb(cell: &Cell, stage: &mut Stage, session: &Session) -> Result<Duration, String> {
    prepare(cell, stage);
    let (path, data) = place(cell, stage);
    let began = Instant::now();
    let call = async { tokio::join!(begin(cell, &path, data, session), strike(cell, stage, session)).0 };
    let begun = timeout(limit(cell), call).await;
    match (cell.row.outcome, begun.map_err(|_| "it takes too long")?) {
        (Outcome::Fails { kind, phase, status }, Err(error)) => {
            is_error(&error, (kind, phase), status)?;
            has_ended(session).await?;
        }
        (Outcome::GoesOn, Ok(())) => works(session).await?,
        (outcome, result) => return Err(format!("expected {outcome:?}, it is {result:?}")),
    }
    Ok(began.elapsed())
}

/// Prepares what a cell needs before its call.
fn prepare(cell: &Cell, stage: &mut Stage) {
    match cell.row.fault {
        Fault::Named(names) => stage.names().set(names),
        Fault::Slow => stage.gate().set(Mode::Slow),
        // A server to be killed is frozen first, so that the call is still under way then.
        Fault::Stopped | Fault::Killed if cell.when != When::Handshake => stage.process().stop(),
        _ => {}
    }
}

/// The URL of the call, with `tls:` before it for the secure scheme, and the data of a start
/// request.
fn place(cell: &Cell, stage: &Stage) -> (String, Value) {
    let (when, over) = (cell.when, cell.row.over);
    let (path, data) = match cell.row.fault {
        Fault::Server { at, .. } => (at.to_owned(), json!({})),
        Fault::Named(_) => (format!("{{named}}/{}", door(when, over)), json!({})),
        Fault::Proxy | Fault::PanickingFactory => (format!("{{bot}}/{}", door(when, over)), json!({})),
        Fault::FromTheBeginning(fault) if when == When::Start => {
            ("{bot}/start".to_owned(), json!({"fault": fault}))
        }
        // The room's server was given the query.
        Fault::FromTheBeginning(_) if over == Over::LiveKit => (at_bot(cell, stage), json!({})),
        fault @ Fault::FromTheBeginning(_) if over == Over::SecureWebSocket => {
            (at_bot(cell, stage) + &fault.query(), json!({}))
        }
        fault @ Fault::FromTheBeginning(_) => {
            (format!("{{bot}}/{}{}", door(when, over), fault.query()), json!({}))
        }
        Fault::Stopped | Fault::Killed | Fault::BlackHole if when == When::Handshake => {
            (format!("{}?fault=no-bot-ready", at_bot(cell, stage)), json!({}))
        }
        Fault::Stopped | Fault::Killed | Fault::Slow => (at_bot(cell, stage), json!({})),
        fault => panic!("{fault} needs a session"),
    };
    (stage.fill(&path), data)
}

/// The URL of the bot, behind the gate and the network or in a process of its own.
fn at_bot(cell: &Cell, stage: &Stage) -> String {
    let url = stage.bot_url(cell.row.over);
    let (scheme, host) = url.split_once("://").expect("it is a URL");
    let before = if scheme == "https" { "tls:" } else { "" };
    format!("{before}{host}/{}", door(cell.when, cell.row.over))
}

/// The path at which a bot accepts the call.
const fn door(when: When, over: Over) -> &'static str {
    match (when, over) {
        (When::Start, _) => "start",
        (_, Over::WebSocket | Over::SecureWebSocket) => "ws",
        (_, Over::WebRtc) => "api/offer",
        (_, Over::LiveKit) => "",
    }
}

/// Makes the call that meets the fault.
async fn begin(cell: &Cell, path: &str, data: Value, session: &Session) -> Result<(), Error> {
    let client = &session.client;
    match (cell.when, cell.row.over) {
        (When::Start, _) => {
            let request = ApiRequest::new(with_scheme("http", path)).with_data(data);
            client.start_bot_and_connect(request).await.map(drop)
        }
        (_, Over::WebSocket | Over::SecureWebSocket) => {
            client.connect(ConnectParams::websocket(with_scheme("ws", path))).await.map(drop)
        }
        (_, Over::LiveKit) => client.connect(room(&with_scheme("ws", path))).await.map(drop),
        (_, Over::WebRtc) => {
            let request = json!({"endpoint": with_scheme("http", path)});
            client.connect(ConnectParams::default().with("webrtcRequestParams", request)).await.map(drop)
        }
    }
}

/// Causes a fault during the call.
async fn strike(cell: &Cell, stage: &mut Stage, session: &Session) {
    let (fault, is_handshake) = (cell.row.fault, cell.when == When::Handshake);
    match fault {
        Fault::Stopped | Fault::Killed | Fault::BlackHole if is_handshake => {
            while session.client.state() != TransportState::Connected {
                sleep(GLANCE).await;
            }
        }
        Fault::Killed => sleep(UNDER_WAY).await,
        _ => return,
    }
    fault.strike(cell.row.over, stage, session).await;
}

/// The scheme before the path. `tls:` before the path requests the secure one.
fn with_scheme(scheme: &str, path: &str) -> String {
    match path.strip_prefix("tls:") {
        Some(path) => format!("{scheme}s://{path}"),
        None => format!("{scheme}://{path}"),
    }
}
