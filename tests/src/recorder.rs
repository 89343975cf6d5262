//! A client whose events are recorded, so that a test can wait for them.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rtvi_core::{Event, PipecatClient, PipecatClientOptions};
use serde_json::Value;
use tokio::{sync::Notify, time::timeout};

use crate::{Microphone, Target, carrier::Carrier};

/// How long an expected event may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// An event with its time.
#[derive(Clone, Debug)]
pub struct Heard {
    /// When the event arrived.
    pub at: Instant,
    /// The event.
    pub event: Event,
}

#[derive(Debug, Default)]
struct Log {
    heard: Mutex<Vec<Heard>>,
    changed: Notify,
}

/// A client, its microphone and all its events.
#[derive(Debug)]
pub struct Session {
    /// The client under test.
    pub client: PipecatClient,
    /// The user's microphone.
    pub microphone: Microphone,
    log: Arc<Log>,
    /// The number of events that were already waited for.
    cursor: usize,
}

impl Session {
    /// Creates a client with default options.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// Creates a client with the test's options.
    ///
    /// # Panics
    /// Outside a runtime.
    pub fn with(change: impl FnOnce(&mut PipecatClientOptions)) -> Self {
        let (microphone, source) = Microphone::new();
        let mut options = PipecatClientOptions::new(Carrier::default());
        options.microphone = Some(Box::new(source));
        change(&mut options);
        let client = PipecatClient::new(options).expect("there is a runtime");
        let log = Arc::new(Log::default());
        let writer = Arc::clone(&log);
        client
            .on_event(move |event| {
                let at = Instant::now();
                writer.heard.lock().expect("no test panics here").push(Heard { at, event });
                writer.changed.notify_waiters();
            })
            .detach();
        Self { client, microphone, log, cursor: 0 }
    }

    /// Creates a client and connects it to the target.
    ///
    /// # Panics
    /// If it can't connect.
    pub async fn connected(target: &Target) -> Self {
        let mut session = Self::new();
        session.connect(target).await;
        session
    }

    /// Connects to the target.
    ///
    /// # Panics
    /// If it can't connect.
    pub async fn connect(&mut self, target: &Target) {
        self.client.connect(target.params().await).await.expect("the client connects");
    }

    /// Waits for the next event of this name among those not yet waited for, and returns its data.
    ///
    /// # Panics
    /// If it does not arrive; the message contains what arrived instead.
    pub async fn wait_for(&mut self, name: &str) -> Value {
        self.wait_until(name, |_| true).await
    }

    /// Waits for the next event of this name whose data matches.
    ///
    /// # Panics
    /// If it does not arrive; the message contains what arrived instead.
    pub async fn wait_until(&mut self, name: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let log = Arc::clone(&self.log);
        let from = self.cursor;
        let found = timeout(PATIENCE, async {
            loop {
                let changed = log.changed.notified();
                if let Some(found) = find(&log, from, name, &fits) {
                    return found;
                }
                changed.await;
            }
        });
        match found.await {
            Ok((index, data)) => {
                self.cursor = index + 1;
                data
            }
            Err(_) => panic!("no {name} came; since then: {:#?}", self.names_from(from)),
        }
    }

    /// Waits until the bot has spoken its complete answer.
    pub async fn wait_for_answer(&mut self) {
        self.wait_for("botStartedSpeaking").await;
        self.wait_for("botStoppedSpeaking").await;
    }

    /// Whether the bot speaks, by its last message about that.
    pub fn is_bot_speaking(&self) -> bool {
        let names = self.names();
        let last = names.iter().rev().find(|name| name.starts_with("botSt") && name.ends_with("Speaking"));
        last.is_some_and(|name| name == "botStartedSpeaking")
    }

    /// All events so far.
    ///
    /// # Panics
    /// Never.
    pub fn heard(&self) -> Vec<Heard> {
        self.log.heard.lock().expect("no test panics here").clone()
    }

    /// The names of all events so far; states as `=state`.
    pub fn names(&self) -> Vec<String> {
        self.names_from(0)
    }

    /// The data of every event of this name so far.
    pub fn all(&self, name: &str) -> Vec<Value> {
        let heard = self.heard();
        heard
            .iter()
            .filter(|heard| heard.event.name() == name)
            .filter_map(|heard| heard.event.data())
            .collect()
    }

    fn names_from(&self, from: usize) -> Vec<String> {
        self.heard().iter().skip(from).map(|heard| display_name(&heard.event)).collect()
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

fn display_name(event: &Event) -> String {
    match event {
        Event::TransportStateChanged(state) => format!("={state}"),
        event => event.name().to_owned(),
    }
}

fn find(log: &Log, from: usize, name: &str, fits: &impl Fn(&Value) -> bool) -> Option<(usize, Value)> {
    let heard = log.heard.lock().expect("no test panics here");
    heard.iter().enumerate().skip(from).find_map(|(index, heard)| {
        let data = (heard.event.name() == name).then(|| heard.event.data().unwrap_or_default())?;
        fits(&data).then_some((index, data))
    })
}
