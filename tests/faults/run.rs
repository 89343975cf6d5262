//! Runs one cell: brings the session into the phase, causes the fault, checks the outcome, uses the
//! client again, and looks for leftovers.

use std::time::{Duration, Instant};

use rtvi_core::{
    ConnectParams, Error, ErrorKind, Phase, PipecatClientOptions, TransportState,
    client::{ReconnectPolicy, Timeouts},
    media::{AudioFormat, ToneSource},
    transport::{
        LiveKitTransport, LiveKitTransportOptions, SmallWebRtcTransport, SmallWebRtcTransportOptions,
        TlsOptions, WebSocketTransport, WebSocketTransportOptions,
    },
};
use rtvi_tests::Session;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{
    cell::{Cell, Outcome, Over, When},
    factory::PanickingFactory,
    faults::Fault,
    leftovers::Before,
    phases,
    stage::Stage,
    table, way_up,
};

/// The deadlines under test.
const SHORT: Duration = Duration::from_secs(2);
/// The deadline for opening, where it passes while a connection is being restored.
const SHORT_OPEN: Duration = Duration::from_secs(4);
/// All other deadlines.
const LONG: Duration = Duration::from_secs(30);
/// How late an outcome may be on a busy machine. After that it counts as missing.
const SLACK: Duration = Duration::from_secs(60);
/// How late an outcome may be for the cell to count as in time.
const GRACE: Duration = Duration::from_secs(1);
/// The prefix of a cell's message if the outcome is right, but late.
pub(crate) const LATE: &str = "right, but late: ";
/// How often to check for an outcome.
const GLANCE: Duration = Duration::from_millis(5);
/// The time limit of the request that is not answered: longer than any silence that a client
/// tolerates.
const REQUEST: Duration = Duration::from_secs(7);

/// Runs the cell of this name in this way.
///
/// # Panics
/// If anything is wrong, with a description.
pub(crate) fn run_named(name: &str, how: impl Fn(&Cell) -> Result<(), String>) {
    let cell = table::all().find(|cell| cell.to_string() == name).expect("there is a cell of this name");
    if let Err(problem) = how(&cell) {
        panic!("{cell}: {problem}");
    }
}

/// Runs the cell once. It must be in time.
///
/// # Errors
/// Describes what is wrong. Begins with [`LATE`] if only the time is wrong.
pub(crate) fn run_in_time(cell: &Cell) -> Result<(), String> {
    let took = run(cell)?;
    println!("{cell}: {took:.1?}");
    let limit = Duration::from_secs(cell.row.within) + GRACE;
    expect(took <= limit, || format!("{LATE}{took:.1?}, not {limit:?} at most"))
}

/// Runs the cell, from its servers to its leftovers. Returns the time from the fault to the
/// outcome.
///
/// # Errors
/// Describes what is wrong, except for this time.
pub(crate) fn run(cell: &Cell) -> Result<Duration, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_keep_alive(Duration::ZERO)
        .enable_all()
        .build()
        .expect("there is room for threads");
    let before = Before::now();
    let mut stage = Stage::build(cell);
    let played = runtime.block_on(play(cell, &mut stage));
    stage.strike_down();
    let took = played?;
    before.wait_for_again(runtime.handle())?;
    Ok(took)
}

async fn play(cell: &Cell, stage: &mut Stage) -> Result<Duration, String> {
    let mut session = Session::with(|options| configure(cell, stage, options));
    let took = if cell.when.has_session() {
        in_session(cell, stage, &mut session).await?
    } else {
        way_up::climb(cell, stage, &session).await?
    };
    is_usable(stage.good(cell.row.over), &session).await?;
    Ok(took)
}

fn configure(cell: &Cell, stage: &Stage, options: &mut PipecatClientOptions) {
    options.client.reconnect = ReconnectPolicy {
        // Enough for a server to start again on a busy machine.
        max_attempts: if cell.row.fault == Fault::Restarted { 1_000 } else { 2 },
        first_delay: Duration::from_millis(20),
        max_delay: Duration::from_millis(100),
    };
    options.client.timeouts = deadlines(cell);
    if let Fault::Breaks(defect) = cell.row.fault {
        defect.configure(options);
    }
    let tls = TlsOptions::default().with_root_der(stage.authority());
    options.client.tls = tls.clone();
    options.transport = match cell.row.over {
        Over::WebSocket | Over::SecureWebSocket => {
            std::sync::Arc::new(WebSocketTransport::new(WebSocketTransportOptions {
                tls: Some(tls),
                ..WebSocketTransportOptions::default()
            }))
        }
        Over::WebRtc => std::sync::Arc::new(SmallWebRtcTransport::new(SmallWebRtcTransportOptions {
            tls: Some(tls),
            ..SmallWebRtcTransportOptions::default()
        })),
        Over::LiveKit => std::sync::Arc::new(LiveKitTransport::new(LiveKitTransportOptions {
            tls: Some(tls),
            resume_timeout: SHORT,
            ..LiveKitTransportOptions::default()
        })),
    };
    if cell.row.fault == Fault::PanickingFactory {
        options.transport =
            std::sync::Arc::new(PanickingFactory::new(std::sync::Arc::clone(&options.transport)));
    }
    if cell.when == When::UserSpeaking {
        let tone = ToneSource::new(AudioFormat::mono(16_000), 220.0, 0.5);
        options.microphone = Some(Box::new(tone.expect("the tone is one that can be")));
    }
}

/// Long deadlines, except for the one that passes in this cell.
fn deadlines(cell: &Cell) -> Timeouts {
    let passes = match cell.row.outcome {
        Outcome::Fails { kind: ErrorKind::Timeout, phase, .. } => Some(phase),
        _ => None,
    };
    let limit = |of: Phase| if passes == Some(of) { SHORT } else { LONG };
    let mut deadlines = patient();
    deadlines.start = limit(Phase::StartRequest);
    deadlines.bot_ready = Some(limit(Phase::BotReady));
    deadlines.open = Some(match cell.row.outcome {
        Outcome::Ends { phase: Phase::Reconnect, .. } => SHORT_OPEN,
        _ if passes == Some(Phase::TransportOpen) => SHORT_OPEN,
        _ => LONG,
    });
    deadlines
}

/// Timeouts that never pass, even on a busy machine.
pub(crate) fn patient() -> Timeouts {
    let mut deadlines = Timeouts::default();
    (deadlines.start, deadlines.open, deadlines.bot_ready) = (LONG, Some(LONG), Some(LONG));
    deadlines
}

/// How long a cell may take to reach its outcome.
pub(crate) fn limit(cell: &Cell) -> Duration {
    Duration::from_secs(cell.row.within) + SLACK
}

async fn in_session(cell: &Cell, stage: &mut Stage, session: &mut Session) -> Result<Duration, String> {
    let (over, fault, outcome) = (cell.row.over, cell.row.fault, cell.row.outcome);
    session.client.connect(stage.bot(over)).await.map_err(|error| format!("before: {error}"))?;
    let _unread = fault.prepare(session).await?;
    let work = phases::reach(cell.when, over, stage, session).await?;
    let struck = Instant::now();
    let _kept = match fault {
        Fault::App(habit) => habit.indulge(over, stage, session).await?,
        fault => {
            fault.strike(over, stage, session).await;
            None
        }
    };
    let came = timeout(limit(cell), comes_of_it(cell, session)).await;
    came.map_err(|_| format!("{outcome:?} takes too long; there was {:?}", session.names()))??;
    let took = struck.elapsed();
    work.settle(outcome).await?;
    Ok(took)
}

/// Waits for the outcome.
async fn comes_of_it(cell: &Cell, session: &mut Session) -> Result<(), String> {
    match cell.row.outcome {
        Outcome::Restored => {
            if cell.when != When::Reconnecting {
                session.wait_for("reconnecting").await;
            }
            session.wait_for("botReady").await;
            works(session).await
        }
        Outcome::Ends { kind, phase } => {
            let ended = session.wait_for("disconnected").await;
            is_ended_by(&ended, kind, phase)?;
            has_ended(session).await
        }
        Outcome::Leaves => {
            let ended = session.wait_for("disconnected").await;
            expect(ended["reason"] == "botLeft", || format!("it ends as {ended}"))
        }
        Outcome::Closes => closes(session).await,
        Outcome::GoesOn => {
            works(session).await?;
            is_undisturbed(session)
        }
        Outcome::Recovers => recovers(session).await,
        Outcome::LosesDevice => {
            let error = session.wait_for("deviceError").await;
            expect(error["kind"] == "device", || format!("the device ends as {error}"))?;
            works(session).await?;
            is_undisturbed(session)
        }
        Outcome::Starves => {
            let answer = session.client.send_client_request("get-language", None, Some(REQUEST)).await;
            let kind = answer.as_ref().map_err(Error::kind);
            expect(kind == Err(ErrorKind::Timeout), || format!("the answer is {answer:?}"))?;
            is_undisturbed(session)
        }
        Outcome::Fails { .. } => Err("a session has no call that could fail".to_owned()),
    }
}

/// A request may be lost with a connection that is restored.
async fn recovers(session: &Session) -> Result<(), String> {
    while let Err(problem) = works(session).await {
        let names = session.names();
        let has_failed = names.iter().any(|name| name == "disconnected");
        expect(!has_failed, || format!("it ends: {problem}, after {names:?}"))?;
        sleep(GLANCE).await;
    }
    Ok(())
}

async fn closes(session: &mut Session) -> Result<(), String> {
    session.client.disconnect().await.map_err(|error| error.to_string())?;
    let ended = session.wait_for("disconnected").await;
    expect(ended["reason"] == "requested", || format!("it ends as {ended}"))?;
    has_ended(session).await
}

fn expect(is_so: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(problem()) }
}

pub(crate) fn is_error(
    error: &Error,
    expected: (ErrorKind, Phase),
    status: Option<u16>,
) -> Result<(), String> {
    let found = (error.kind(), error.phase(), error.status());
    let wanted = (expected.0, Some(expected.1), status);
    expect(found == wanted, || format!("expected {wanted:?}, got {found:?}: {error}"))
}

/// The data of the last event of a session that failed.
fn is_ended_by(ended: &Value, kind: ErrorKind, phase: Phase) -> Result<(), String> {
    let error = &ended["error"];
    let is_it = error["kind"] == json!(kind) && error["phase"] == json!(phase);
    expect(is_it, || format!("expected {kind:?} in {phase:?}, it ends as {ended}"))
}

/// Checks what always holds after a session. The last event may take a moment to reach the callback
/// that keeps it.
pub(crate) async fn has_ended(session: &Session) -> Result<(), String> {
    let is_over = || {
        let is_last = session.names().last().is_some_and(|last| last == "disconnected");
        is_last && session.client.state() == TransportState::Disconnected
    };
    let comes = async {
        while !is_over() {
            sleep(GLANCE).await;
        }
    };
    let problem = |_| format!("it is {}, after {:?}", session.client.state(), session.names());
    timeout(SLACK, comes).await.map_err(problem)
}

/// Checks that the session has noticed nothing.
fn is_undisturbed(session: &Session) -> Result<(), String> {
    let (state, names) = (session.client.state(), session.names());
    let is_calm = state == TransportState::Ready && !names.iter().any(|name| name == "reconnecting");
    expect(is_calm, || format!("it is {state}, after {names:?}"))
}

/// Checks that the bot answers.
pub(crate) async fn works(session: &Session) -> Result<(), String> {
    let answer = session.client.send_client_request("get-language", None, Some(LONG)).await;
    expect(answer == Ok(Some(json!({"language": "en-US"}))), || format!("the bot answers {answer:?}"))
}

/// Checks that the same client can hold a session with a good bot.
async fn is_usable(good: ConnectParams, session: &Session) -> Result<(), String> {
    let client = &session.client;
    let failed = |error: Error| format!("afterwards: {error}");
    client.disconnect().await.map_err(failed)?;
    client.connect(good).await.map_err(failed)?;
    works(session).await.map_err(|problem| format!("afterwards: {problem}"))?;
    client.disconnect().await.map_err(failed)?;
    has_ended(session).await
}
