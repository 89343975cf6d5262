//! What apps do that they should not.

use std::{fmt, sync::mpsc, time::Duration};

use rtvi_core::{ConnectParams, EventStream};
use rtvi_tests::Session;
use serde_json::json;
use tokio::time::timeout;

use crate::{cell::Over, run::works, stage::Stage};

/// A bad habit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Habit {
    /// Has an event stream and never reads it, while the bot says a lot.
    ReadsNoEvents,
    /// Blocks in a callback.
    Blocks,
    /// Connects and disconnects this often, in all orders.
    CannotDecide(u32),
    /// Drops this many clients in the middle of what they do.
    DropsClients(u32),
}

impl fmt::Display for Habit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadsNoEvents => f.write_str("app reads no events while the bot floods it"),
            Self::Blocks => f.write_str("app blocks in a callback"),
            Self::CannotDecide(times) => write!(f, "app connects and disconnects {times} times in a row"),
            Self::DropsClients(count) => write!(f, "app drops {count} clients as they connect and talk"),
        }
    }
}

impl Habit {
    /// Does it with the session, which is ready; it is ready afterwards too, if it can be. Gives what is to be kept until then.
    pub(crate) async fn indulge(
        self,
        over: Over,
        stage: &Stage,
        session: &Session,
    ) -> Result<Option<EventStream>, String> {
        match self {
            Self::ReadsNoEvents => ignore_events(session).await.map(Some),
            Self::Blocks => block(session).await.map(|()| None),
            Self::CannotDecide(times) => waver(times, stage.bot(over), session).await.map(|()| None),
            Self::DropsClients(count) => drop_clients(count, over, stage).await.map(|()| None),
        }
    }
}

async fn ignore_events(session: &Session) -> Result<EventStream, String> {
    let unread = session.client.events();
    let flood = session.client.send_client_message("misbehave", Some(json!("flood"))).await;
    flood.map(|()| unread).map_err(|error| error.to_string())
}

async fn block(session: &Session) -> Result<(), String> {
    let (release, blocked) = mpsc::channel::<()>();
    // It ends when nobody can release it any more.
    let subscription = session.client.on_event(move |_| while blocked.recv().is_ok() {});
    // Something to block at, and then something that must go on all the same.
    works(session).await?;
    session.client.enable_mic(false).await.map_err(|error| error.to_string())?;
    works(session).await?;
    drop(release);
    drop(subscription);
    Ok(())
}

async fn waver(times: u32, bot: ConnectParams, session: &Session) -> Result<(), String> {
    let client = &session.client;
    let failed = |error: rtvi_core::Error| error.to_string();
    client.disconnect().await.map_err(failed)?;
    for time in 0..times {
        match time % 4 {
            0 => drop(client.connect(bot.clone()).await.map_err(failed)?),
            1 => {
                drop(timeout(Duration::from_millis(u64::from(time % 13)), client.connect(bot.clone())).await)
            }
            2 => drop(tokio::join!(client.connect(bot.clone()), client.disconnect())),
            _ => drop(tokio::join!(client.disconnect(), client.connect(bot.clone()))),
        }
        client.disconnect().await.map_err(failed)?;
    }
    client.connect(bot).await.map(drop).map_err(failed)
}

async fn drop_clients(count: u32, over: Over, stage: &Stage) -> Result<(), String> {
    for number in 0..count {
        let other = Session::new();
        let connected = other.client.connect(stage.bot(over));
        if number % 2 == 0 {
            connected.await.map_err(|error| error.to_string())?;
            works(&other).await?;
        } else {
            drop(timeout(Duration::from_millis(u64::from(number)), connected).await);
        }
    }
    Ok(())
}
