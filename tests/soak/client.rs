//! One of the clients. It acts at random until it has to rest or to leave.
//!
//! Three in four are visitors, whose clients come and go. The others are residents, which keep
//! their client and, unless something breaks it, their session.

use std::{sync::Arc, time::Duration};

use rtvi_core::{
    ApiRequest, ConnectParams, Error, ErrorKind, PipecatClient, PipecatClientOptions, TransportState,
    client::{DISCONNECT_TIMEOUT, Timeouts},
    media::{AudioFormat, ToneSource},
    protocol::SendTextOptions,
    transport::{SmallWebRtcTransport, WebSocketTransport},
};
use serde_json::{Value, json};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::counters::Counters;

/// The time limit of a start request, or of a call that only sends.
const SHORT: Duration = Duration::from_secs(5);
/// The time limit of a connection until it is ready, and of each part of it.
const CONNECT: (Duration, Duration, Duration) =
    (Duration::from_secs(14), Duration::from_secs(6), Duration::from_secs(8));
/// The longest pause of a client between two actions.
const PAUSE: u64 = 800;
/// How long the user speaks, and how long the user is then quiet so that the turn ends.
const UTTERANCE: (Duration, Duration) = (Duration::from_millis(400), Duration::from_millis(900));

/// What the clients do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Everything they can.
    Work,
    /// Visitors leave. Residents are in a session and do nothing.
    Rest,
    /// All of them leave.
    Leave,
}

/// Whether the client with this number is a resident.
pub(crate) const fn is_resident(number: u16) -> bool {
    number.is_multiple_of(4)
}

/// The data of one client.
#[derive(Debug)]
pub(crate) struct Life {
    pub(crate) number: u16,
    pub(crate) uses_webrtc: bool,
    /// `http://HOST:PORT` of each bot.
    pub(crate) bots: Arc<[String]>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) phase: watch::Receiver<Phase>,
    /// Yields the same numbers in every run.
    pub(crate) chance: fastrand::Rng,
}

impl Life {
    /// Runs until the client has to leave.
    pub(crate) async fn live(mut self) {
        if is_resident(self.number) {
            return self.reside().await;
        }
        loop {
            match self.phase() {
                Phase::Work => self.visit().await,
                Phase::Rest => self.rest().await,
                Phase::Leave => return,
            }
        }
    }

    fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    async fn rest(&mut self) {
        self.counters.rest(self.phase.wait_for(|phase| *phase != Phase::Rest)).await;
    }

    /// Pauses for a random time, but no longer than the work lasts.
    async fn pause(&mut self, most_millis: u64) {
        let length = Duration::from_millis(self.chance.u64(..most_millis));
        drop(timeout(length, self.phase.wait_for(|phase| *phase != Phase::Work)).await);
    }

    fn bot(&mut self) -> String {
        self.bots[self.chance.usize(..self.bots.len())].clone()
    }

    /// Runs a client from its beginning to its end.
    async fn visit(&mut self) {
        let app = App::new(self.uses_webrtc, &self.counters);
        for _ in 0..self.chance.u8(1..4) {
            let bot = self.bot();
            let is_ready = match self.chance.u8(..8) {
                0 => app.connect_and_give_up(&bot, Duration::from_millis(self.chance.u64(..60))).await,
                1 | 2 => app.start_and_connect(&bot).await,
                _ => app.connect(&bot).await,
            };
            if !is_ready {
                self.pause(PAUSE).await;
                continue;
            }
            for _ in 0..self.chance.u8(1..7) {
                self.act(&app).await;
            }
            match self.chance.u8(..4) {
                // Leaves during a session, whatever happens in it.
                0 => return app.leave().await,
                1 => app.disconnect_while_asking().await,
                _ => app.disconnect().await,
            }
        }
        app.leave().await;
    }

    async fn reside(&mut self) {
        let app = App::new(self.uses_webrtc, &self.counters);
        while self.phase() != Phase::Leave {
            if app.client.state() == TransportState::Disconnected {
                let bot = self.bot();
                app.connect(&bot).await;
            }
            match self.phase() {
                Phase::Rest if app.client.state() == TransportState::Ready => self.rest().await,
                // The session is being restored.
                Phase::Rest => sleep(Duration::from_millis(100)).await,
                _ => self.act(&app).await,
            }
        }
        app.disconnect().await;
        app.leave().await;
    }

    async fn act(&mut self, app: &App) {
        if self.phase() != Phase::Work {
            return;
        }
        match self.chance.u8(..16) {
            0..=3 => app.echo(self.chance.usize(..5_000)).await,
            4..=6 => app.request("get-language", None, &json!({"language": "en-US"})).await,
            7 | 8 => app.write("How is the weather in Rome?").await,
            9 | 10 | 12 => app.speak().await,
            11 => {
                app.write("Please count").await;
                self.pause(2 * PAUSE).await;
                app.speak().await;
            }
            13 => drop(app.settle("network changed", app.client.network_changed()).await),
            14 => app.provoke(self.fault()).await,
            _ => self.pause(3 * PAUSE).await,
        }
        self.pause(PAUSE).await;
    }

    /// How the bot misbehaves.
    fn fault(&mut self) -> Value {
        match self.chance.u8(..9) {
            0 => json!("drop"),
            1 => json!("reset"),
            2 => json!("freeze"),
            3 => json!("malformed"),
            4 => json!("unknown"),
            5 => json!({"kind": "flood", "n": 1_000}),
            6 => json!({"kind": "oversized", "n": 200_000}),
            7 => json!({"kind": "close", "code": 1011}),
            _ => json!("wrong-label"),
        }
    }
}

/// An app with one client. The user is a tone that is audible while the microphone is enabled.
#[derive(Debug)]
struct App {
    client: PipecatClient,
    reader: JoinHandle<()>,
    uses_webrtc: bool,
    counters: Arc<Counters>,
}

impl App {
    fn new(uses_webrtc: bool, counters: &Arc<Counters>) -> Self {
        let mut options = match uses_webrtc {
            false => PipecatClientOptions::new(WebSocketTransport::default()),
            true => PipecatClientOptions::new(SmallWebRtcTransport::default()),
        };
        let tone = ToneSource::new(AudioFormat::mono(16_000), 300.0, 0.25).expect("such a tone exists");
        options.microphone = Some(Box::new(tone));
        options.client.enable_mic = false;
        options.client.timeouts = deadlines();
        let client = PipecatClient::new(options).expect("there is a runtime");
        let mut events = client.events();
        let reader = tokio::spawn(async move { while !events.next_batch(64).await.is_empty() {} });
        let counting = Arc::clone(counters);
        client.register_function_call_handler("get_weather", move |_| {
            counting.count().functions += 1;
            async { Ok::<_, Error>(json!({"sky": "clear"})) }
        });
        Self { client, reader, uses_webrtc, counters: Arc::clone(counters) }
    }

    async fn settle<T>(&self, what: &str, call: impl Future<Output = Result<T, Error>>) -> Option<(T, f64)> {
        self.counters.settle(what, SHORT, call).await
    }

    fn params(&self, bot: &str) -> ConnectParams {
        if self.uses_webrtc {
            let request = json!({"endpoint": format!("{bot}/api/offer")});
            return ConnectParams::default().with("webrtcRequestParams", request);
        }
        ConnectParams::websocket(format!("{}/ws", bot.replacen("http", "ws", 1)))
    }

    /// Connects and returns whether the bot is ready.
    async fn connect(&self, bot: &str) -> bool {
        let connecting = self.client.connect(self.params(bot));
        let connected = self.counters.settle("connect", CONNECT.0, connecting).await;
        if let Some((_, took)) = &connected {
            self.counters.count().connects.push(*took);
        }
        connected.is_some()
    }

    async fn start_and_connect(&self, bot: &str) -> bool {
        let transport = if self.uses_webrtc { "webrtc" } else { "websocket" };
        let request = ApiRequest::new(format!("{bot}/start")).with_data(json!({"transport": transport}));
        let connecting = self.client.start_bot_and_connect(request);
        self.counters.settle("start and connect", SHORT + CONNECT.0, connecting).await.is_some()
    }

    /// Drops the future of a connect, which undoes what it has begun, and connects again.
    async fn connect_and_give_up(&self, bot: &str, after: Duration) -> bool {
        drop(timeout(after, self.client.connect(self.params(bot))).await);
        self.connect(bot).await
    }

    async fn echo(&self, length: usize) {
        let data = json!({"text": "x".repeat(length)});
        self.request("echo", Some(data.clone()), &data).await;
    }

    async fn request(&self, name: &str, data: Option<Value>, wanted: &Value) {
        let asked = self.client.send_client_request(name, data, Some(SHORT));
        let Some((answer, took)) = self.settle(name, asked).await else { return };
        self.counters.count().requests.push(took);
        if answer.as_ref() != Some(wanted) {
            self.counters.problem(&format!("{name} was answered {answer:?}"));
        }
    }

    async fn disconnect_while_asking(&self) {
        let asked = self.client.send_client_request("never", None, Some(SHORT));
        let (answer, ()) = tokio::join!(self.settle("never", asked), self.disconnect());
        if answer.is_some() {
            self.counters.problem("a request without answer was a success");
        }
    }

    async fn write(&self, text: &str) {
        self.settle("send text", self.client.send_text(text, SendTextOptions::default())).await;
    }

    async fn speak(&self) {
        for (enabled, length) in [(true, UTTERANCE.0), (false, UTTERANCE.1)] {
            self.settle("enable the microphone", self.client.enable_mic(enabled)).await;
            sleep(length).await;
        }
    }

    async fn provoke(&self, fault: Value) {
        self.settle("misbehave", self.client.send_client_message("misbehave", Some(fault))).await;
    }

    async fn disconnect(&self) {
        let ended = self.counters.settle("disconnect", DISCONNECT_TIMEOUT, self.client.disconnect()).await;
        let state = self.client.state();
        if ended.is_none() || state != TransportState::Disconnected {
            self.counters.problem(&format!("disconnect left the client {state}"));
        }
    }

    /// Drops the client. Its events must end.
    async fn leave(self) {
        let Self { client, reader, counters, .. } = self;
        drop(client);
        let ended =
            async { reader.await.map_err(|error| Error::new(ErrorKind::Internal, error.to_string())) };
        counters.settle("the end of the events", DISCONNECT_TIMEOUT, ended).await;
    }
}

fn deadlines() -> Timeouts {
    let mut deadlines = Timeouts::default();
    deadlines.start = SHORT;
    (deadlines.open, deadlines.bot_ready) = (Some(CONNECT.1), Some(CONNECT.2));
    deadlines
}
