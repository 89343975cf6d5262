//! Bad habits of apps.

use std::{
    fmt,
    sync::{Mutex, mpsc},
    time::Duration,
};

use futures_util::future::try_join_all;
use rtvi_core::{ConnectParams, EventStream, protocol::SendTextOptions};
use rtvi_tests::Session;
use serde_json::json;
use tokio::time::timeout;

use crate::{
    cell::Over,
    faults::Fault,
    run::{patient, works},
    stage::{Stage, params},
};

/// How many events an app leaves unread. A few more would stop the client from reading from the
/// server until the app reads again.
const UNREAD: u32 = 382;

/// A bad habit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Habit {
    /// Has an event stream and never reads it, while the bot sends many messages.
    ReadsNoEvents,
    /// Leaves so many events unread that those of a lost connection find no room; then the network
    /// returns.
    LeftEventsUnread,
    /// Blocks in a callback.
    Blocks,
    /// Blocks in the loop that reads its events.
    BlocksBetweenEvents,
    /// Blocks in a function that the bot calls.
    BlocksInFunction,
    /// Connects and disconnects this often, in all orders, with this many clients at once. Each
    /// client has a bot of its own, because a bot keeps an abandoned call for a while and limits
    /// the number of its calls.
    CannotDecide { times: u32, clients: u32 },
    /// Drops this many clients in the middle of their work.
    DropsClients(u32),
}

impl fmt::Display for Habit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadsNoEvents => f.write_str("app reads no events while the bot floods it"),
            Self::LeftEventsUnread => write!(f, "app left {UNREAD} events unread, network restored"),
            Self::Blocks => f.write_str("app blocks in a callback"),
            Self::BlocksBetweenEvents => f.write_str("app blocks in its event loop"),
            Self::BlocksInFunction => f.write_str("app blocks in a function that the bot calls"),
            Self::CannotDecide { times, clients: 1 } => {
                write!(f, "app connects and disconnects {times} times in a row")
            }
            Self::CannotDecide { times, clients } => {
                write!(f, "app connects and disconnects {clients} clients {times} times each")
            }
            Self::DropsClients(count) => write!(f, "app drops {count} clients as they connect and talk"),
        }
    }
}

impl Habit {
    /// See [`Fault::prepare`].
    pub(crate) async fn prepare(self, session: &mut Session) -> Result<Option<EventStream>, String> {
        if self != Self::LeftEventsUnread {
            return Ok(None);
        }
        let unread = session.client.events();
        let flood = json!({"kind": "flood", "n": UNREAD});
        let asked = session.client.send_client_message("misbehave", Some(flood)).await;
        asked.map_err(|error| error.to_string())?;
        session.wait_until("serverMessage", |message| message["i"] == UNREAD - 1).await;
        Ok(Some(unread))
    }

    /// Applies the habit to the session, which is ready. Afterwards the session is ready again, if
    /// possible. Returns what the caller must keep until then.
    pub(crate) async fn indulge(
        self,
        over: Over,
        stage: &mut Stage,
        session: &Session,
    ) -> Result<Option<EventStream>, String> {
        match self {
            Self::ReadsNoEvents => ignore_events(session).await.map(Some),
            Self::LeftEventsUnread => {
                Fault::Light.strike(over, stage, session).await;
                Ok(None)
            }
            Self::Blocks => block(session).await.map(|()| None),
            Self::BlocksBetweenEvents => block_between_events(session).await.map(|()| None),
            Self::BlocksInFunction => block_in_function(session).await.map(|()| None),
            Self::CannotDecide { times, clients } => {
                let others = (1..clients).map(|_| other_wavers(times, over, stage));
                tokio::try_join!(waver(times, over, stage.bot(over), session), try_join_all(others))
                    .map(|_| None)
            }
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
    all_goes_on(session).await?;
    drop(release);
    drop(subscription);
    Ok(())
}

/// Something to block on, and then something that must continue nevertheless.
async fn all_goes_on(session: &Session) -> Result<(), String> {
    works(session).await?;
    for enabled in [false, true] {
        session.client.enable_mic(enabled).await.map_err(|error| error.to_string())?;
    }
    works(session).await
}

async fn block_between_events(session: &Session) -> Result<(), String> {
    let (release, blocked) = mpsc::channel::<()>();
    let mut events = session.client.events();
    let reader = tokio::spawn(async move {
        let first = events.next().await;
        // It ends when nobody can release it any more.
        while blocked.recv().is_ok() {}
        (first, events.next().await)
    });
    all_goes_on(session).await?;
    drop(release);
    match reader.await.map_err(|error| error.to_string())? {
        (Some(_), Some(_)) => Ok(()),
        read => Err(format!("events are missing: {read:?}")),
    }
}

async fn block_in_function(session: &Session) -> Result<(), String> {
    let (release, blocked) = mpsc::channel::<()>();
    let (began, mut begun) = tokio::sync::mpsc::channel(1);
    let blocked = Mutex::new(blocked);
    session.client.register_function_call_handler("get_weather", move |_| {
        // The app's function runs within the task that awaits it.
        began.try_send(()).expect("it is called once");
        while blocked.lock().is_ok_and(|blocked| blocked.recv().is_ok()) {}
        async { Ok::<_, rtvi_core::Error>(json!({"conditions": "late"})) }
    });
    let asked = session.client.send_text("How is the weather", SendTextOptions::default()).await;
    asked.map_err(|error| error.to_string())?;
    begun.recv().await.ok_or("the function was not called")?;
    all_goes_on(session).await?;
    drop(release);
    Ok(())
}

async fn other_wavers(times: u32, over: Over, stage: &Stage) -> Result<(), String> {
    let bot = stage.another_bot().await;
    let session = Session::with(|options| options.client.timeouts = patient());
    waver(times, over, params(over, &bot.http_url()), &session).await
}

async fn waver(times: u32, over: Over, bot: ConnectParams, session: &Session) -> Result<(), String> {
    let client = &session.client;
    let failed = |error: rtvi_core::Error| error.to_string();
    client.disconnect().await.map_err(failed)?;
    // Opening a WebRTC call needs much computation.
    let whole = if over == Over::WebRtc { 20 } else { 4 };
    for time in 0..times {
        match time % 4 {
            0 if time % whole == 0 => drop(client.connect(bot.clone()).await.map_err(failed)?),
            0 | 1 => {
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
