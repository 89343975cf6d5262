//! Brings a session into a phase, and checks what happened to the work of that phase.

use std::{sync::Mutex, time::Duration};

use rtvi_core::{Error, ErrorKind, protocol::SendTextOptions};
use rtvi_tests::{Mode, Session, network::Conditions};
use serde_json::Value;
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};

use crate::{
    cell::{Fate, Outcome, Over, When},
    run::works,
    stage::Stage,
};

/// The time limit of a request that must not end by its own timeout.
const LONG: Duration = Duration::from_secs(120);
/// How long it may take to abandon work on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// The work of a phase.
#[derive(Debug)]
pub(crate) enum Work {
    None,
    Request(JoinHandle<Result<Option<Value>, Error>>),
    /// Ends when the function's future is dropped.
    Function(mpsc::Receiver<()>),
}

/// Brings the session, which is ready, into the phase.
pub(crate) async fn reach(
    when: When,
    over: Over,
    stage: &mut Stage,
    session: &mut Session,
) -> Result<Work, String> {
    match when {
        When::UserSpeaking => drop(session.wait_for("userStartedSpeaking").await),
        When::BotSpeaking => {
            say(session, "Please count").await?;
            session.wait_for("botStartedSpeaking").await;
        }
        When::RequestPending => return request(session).await,
        When::FunctionRunning => return function(session).await,
        When::Reconnecting => {
            match over {
                _ if stage.has_process() => stage.process().stop(),
                Over::WebSocket | Over::SecureWebSocket => stage.gate().set(Mode::Dark),
                Over::LiveKit => stage.darken().await,
                Over::WebRtc => stage.network().set(Conditions { is_dark: true, ..Conditions::default() }),
            }
            session.wait_for("reconnecting").await;
        }
        _ => {}
    }
    Ok(Work::None)
}

async fn say(session: &Session, text: &str) -> Result<(), String> {
    session.client.send_text(text, SendTextOptions::default()).await.map_err(|error| error.to_string())
}

/// Sends a request that the bot receives and does not answer.
async fn request(session: &Session) -> Result<Work, String> {
    let client = session.client.clone();
    let waiting = tokio::spawn(async move { client.send_client_request("never", None, Some(LONG)).await });
    // Calls of one client run in order, but only once they were made.
    tokio::task::yield_now().await;
    works(session).await?;
    Ok(Work::Request(waiting))
}

/// Runs a function of the app that does not end by itself.
async fn function(session: &Session) -> Result<Work, String> {
    let (running, ended) = mpsc::channel(1);
    let (began, mut begun) = mpsc::channel(1);
    let running = Mutex::new(Some(running));
    session.client.register_function_call_handler("get_weather", move |_| {
        let running = running.lock().expect("nobody panics here").take();
        let began = began.clone();
        async move {
            let _until_dropped = running;
            began.send(()).await.expect("somebody waits for it");
            std::future::pending::<Result<Value, Error>>().await
        }
    });
    say(session, "How is the weather").await?;
    begun.recv().await.ok_or("the function was not called")?;
    Ok(Work::Function(ended))
}

impl Work {
    /// Checks that the end of the work matches the outcome.
    pub(crate) async fn settle(self, outcome: Outcome) -> Result<(), String> {
        match self {
            Self::None => Ok(()),
            Self::Request(waiting) => request_is_settled(waiting, outcome.work()).await,
            Self::Function(ended) => function_is_settled(ended, outcome.work()).await,
        }
    }
}

async fn request_is_settled(
    waiting: JoinHandle<Result<Option<Value>, Error>>,
    fate: Fate,
) -> Result<(), String> {
    match fate {
        Fate::Ends(kind) => settled(waiting, kind).await,
        Fate::Either if waiting.is_finished() => settled(waiting, ErrorKind::ConnectionLost).await,
        Fate::GoesOn if waiting.is_finished() => Err(format!("the request has ended: {:?}", waiting.await)),
        Fate::GoesOn | Fate::Either => {
            waiting.abort();
            Ok(())
        }
    }
}

async fn function_is_settled(mut ended: mpsc::Receiver<()>, fate: Fate) -> Result<(), String> {
    match fate {
        Fate::Ends(_) => {
            timeout(PATIENCE, ended.recv()).await.map(drop).map_err(|_| "the function still runs".to_owned())
        }
        Fate::GoesOn if ended.is_closed() => Err("the function was dropped".to_owned()),
        Fate::GoesOn | Fate::Either => Ok(()),
    }
}

async fn settled(waiting: JoinHandle<Result<Option<Value>, Error>>, kind: ErrorKind) -> Result<(), String> {
    let result = timeout(PATIENCE, waiting).await.map_err(|_| "the request still waits")?;
    match result.map_err(|error| error.to_string())? {
        Err(error) if error.kind() == kind => Ok(()),
        other => Err(format!("the request ends as {other:?}, not as {kind:?}")),
    }
}
