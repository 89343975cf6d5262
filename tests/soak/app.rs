//! An app with one client: it reads its events, answers functions, talks, asks and misuses what it can.
//!
//! Depends on [`crate::ledger`], which every call is written down in.

use std::{f64::consts::TAU, sync::Arc, time::Duration};

use rtvi_core::{
    ApiRequest, Error, PipecatClient, TransportState,
    client::{DISCONNECT_TIMEOUT, Timeouts},
    protocol::SendTextOptions,
};
use rtvi_tests::Microphone;
use serde_json::{Value, json};
use tokio::{
    sync::Mutex,
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::{ledger::Ledger, over::Over};

/// How long the start endpoint may take.
const START: Duration = Duration::from_secs(5);
/// How long a transport may take to open.
const OPEN: Duration = Duration::from_secs(6);
/// How long the bot may take to be ready.
const READY: Duration = Duration::from_secs(8);
/// How long a request may take.
const REQUEST: Duration = Duration::from_secs(5);
/// How long a call may take that only sends.
const SEND: Duration = Duration::from_secs(5);
/// What the user says: long enough for the bot to take it for speech, then quiet that ends the turn.
const UTTERANCE: (Duration, Duration) = (Duration::from_millis(400), Duration::from_millis(900));
/// The rate of the test's microphone.
const SAMPLE_RATE: f64 = 22_050.0;

/// One client and what is around it.
#[derive(Debug)]
pub(crate) struct App {
    client: PipecatClient,
    microphone: Mutex<Microphone>,
    reader: JoinHandle<()>,
    over: Over,
    ledger: Arc<Ledger>,
}

impl App {
    /// A client that uses this transport, not connected.
    pub(crate) fn new(over: Over, ledger: &Arc<Ledger>) -> Self {
        let (microphone, source) = Microphone::new();
        let mut options = over.options();
        options.microphone = Some(Box::new(source));
        options.client.timeouts = deadlines();
        let client = PipecatClient::new(options).expect("there is a runtime");
        let (mut events, counting) = (client.events(), Arc::clone(ledger));
        let reader = tokio::spawn(async move {
            loop {
                match events.next_batch(64).await.len() {
                    0 => return,
                    count => counting.events(count),
                }
            }
        });
        let counting = Arc::clone(ledger);
        client.register_function_call_handler("get_weather", move |_| {
            counting.function();
            async { Ok::<_, Error>(json!({"sky": "clear"})) }
        });
        Self { client, microphone: Mutex::new(microphone), reader, over, ledger: Arc::clone(ledger) }
    }

    /// Connects to the bot at this address; says whether it is ready then.
    pub(crate) async fn connect(&self, site: &str) -> bool {
        let connecting = self.client.connect(self.over.params(site));
        let connected = self.ledger.settle("connect", OPEN + READY, connecting).await;
        if let Some((_, took)) = &connected {
            self.ledger.connected(*took);
        }
        connected.is_some()
    }

    /// Lets the bot at this address be started, and connects to it.
    pub(crate) async fn start_and_connect(&self, site: &str) -> bool {
        let request =
            ApiRequest::new(format!("http://{site}/start")).with_data(json!({"transport": self.over.name()}));
        let connecting = self.client.start_bot_and_connect(request);
        self.ledger.settle("start and connect", START + OPEN + READY, connecting).await.is_some()
    }

    /// Begins to connect, and thinks better of it after a while.
    pub(crate) async fn waver(&self, site: &str, after: Duration) {
        // Dropping the future undoes what it has begun.
        drop(timeout(after, self.client.connect(self.over.params(site))).await);
    }

    /// Asks for something back.
    pub(crate) async fn echo(&self, number: u64) {
        let wanted =
            json!({"number": number, "text": "x".repeat(usize::try_from(number % 5_000).unwrap_or(0))});
        self.request("echo", Some(wanted.clone()), &wanted).await;
    }

    /// Asks for something fixed.
    pub(crate) async fn language(&self) {
        self.request("get-language", None, &json!({"language": "en-US"})).await;
    }

    async fn request(&self, name: &str, data: Option<Value>, wanted: &Value) {
        let asked = self.client.send_client_request(name, data, Some(REQUEST));
        let Some((answer, took)) = self.ledger.settle(name, REQUEST, asked).await else { return };
        self.ledger.answered(took);
        if answer.as_ref() != Some(wanted) {
            self.ledger.problem(format!("{name} was answered {answer:?}"));
        }
    }

    /// Asks for something that is never answered, and disconnects meanwhile.
    pub(crate) async fn disconnect_while_asking(&self) {
        let asked = self.client.send_client_request("never", None, Some(REQUEST));
        let asked = self.ledger.settle("never", REQUEST, asked);
        let (answer, ()) = tokio::join!(asked, self.disconnect());
        if answer.is_some() {
            self.ledger.problem("a request without answer was a success".to_owned());
        }
    }

    /// Writes to the bot.
    pub(crate) async fn write(&self, text: &str) {
        let sent = self.client.send_text(text, SendTextOptions::default());
        self.ledger.settle("send text", SEND, sent).await;
    }

    /// Speaks to the bot.
    pub(crate) async fn speak(&self) {
        self.microphone.lock().await.say(&tone(UTTERANCE.0)).await;
        sleep(UTTERANCE.1).await;
    }

    /// Turns the microphone off and on.
    pub(crate) async fn mute(&self) {
        for enabled in [false, true] {
            self.ledger.settle("enable the microphone", SEND, self.client.enable_mic(enabled)).await;
        }
    }

    /// Says that the network has changed.
    pub(crate) async fn change_network(&self) {
        self.ledger.settle("network changed", SEND, self.client.network_changed()).await;
    }

    /// Has the bot misbehave.
    pub(crate) async fn provoke(&self, fault: Value) {
        let sent = self.client.send_client_message("misbehave", Some(fault));
        self.ledger.settle("misbehave", SEND, sent).await;
    }

    /// Ends the session.
    pub(crate) async fn disconnect(&self) {
        let ended = self.ledger.settle("disconnect", DISCONNECT_TIMEOUT, self.client.disconnect()).await;
        let state = self.client.state();
        if ended.is_none() || state != TransportState::Disconnected {
            self.ledger.problem(format!("disconnect left the client {state}"));
        }
    }

    /// Whether it is in a session.
    pub(crate) fn is_ready(&self) -> bool {
        self.client.state() == TransportState::Ready
    }

    /// Whether it has none, and none is on the way.
    pub(crate) fn is_disconnected(&self) -> bool {
        self.client.state() == TransportState::Disconnected
    }

    /// Drops the client and waits until its events have ended, which they must.
    pub(crate) async fn leave(self) {
        let Self { client, microphone, reader, ledger, .. } = self;
        drop((client, microphone));
        let ended = async {
            reader.await.map_err(|error| Error::new(rtvi_core::ErrorKind::Internal, error.to_string()))
        };
        ledger.settle("the end of the events", DISCONNECT_TIMEOUT, ended).await;
    }
}

fn deadlines() -> Timeouts {
    let mut deadlines = Timeouts::default();
    deadlines.start = START;
    deadlines.open = Some(OPEN);
    deadlines.bot_ready = Some(READY);
    deadlines
}

fn tone(length: Duration) -> Vec<i16> {
    let count = (length.as_secs_f64() * SAMPLE_RATE) as u32;
    (0..count).map(|index| ((f64::from(index) * 300.0 / SAMPLE_RATE * TAU).sin() * 8_000.0) as i16).collect()
}
