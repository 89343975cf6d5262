//! A client, the bot's side of its transport, and its events.
//!
//! Everything here runs on tokio's paused clock: time advances only while every task waits.

use std::{future::Future, time::Duration};

use rtvi_core::{
    ConnectParams, Event, EventStream, PipecatClient, PipecatClientOptions,
    client::DisconnectReason,
    media::AudioFormat,
    protocol::BotReadyData,
    transport::{
        CaptureFormat, CloseReason, TransportCapabilities, TransportCommand,
        scripted::{ScriptedBot, ScriptedConnection, ScriptedTransport},
    },
};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

/// The length of the frames that the scripted transport expects from the microphone.
pub(crate) const FRAME: Duration = Duration::from_millis(20);

/// The time limit of every step. In virtual time, it passes at once when nothing else can happen.
const PATIENCE: Duration = Duration::from_secs(120);

/// A client with the bot's side and the events.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) client: PipecatClient,
    pub(crate) bot: ScriptedBot,
    pub(crate) events: EventStream,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// Creates a client with the test's options.
    pub(crate) fn with(change: impl FnOnce(&mut PipecatClientOptions)) -> Self {
        Self::capturing(CaptureFormat { format: AudioFormat::mono(16_000), frame: FRAME }, change)
    }

    /// The same over a transport that asks for this format.
    pub(crate) fn capturing(capture: CaptureFormat, change: impl FnOnce(&mut PipecatClientOptions)) -> Self {
        let capabilities = TransportCapabilities { max_message_size: 10_000, capture: Some(capture) };
        let (transport, bot) = ScriptedTransport::new(capabilities);
        let mut options = PipecatClientOptions::new(transport);
        change(&mut options);
        let client = PipecatClient::new(options).unwrap();
        let events = client.events();
        Self { client, bot, events }
    }

    /// Connects; the bot is ready at once.
    pub(crate) async fn ready(&mut self) -> ScriptedConnection {
        let (bot, connection) = tokio::join!(self.client.connect(params()), serve_handshake(&mut self.bot));
        assert_eq!(bot.unwrap(), BotReadyData { version: Some("2.2.0".into()), ..BotReadyData::default() });
        connection
    }

    /// Connects and disconnects, which shows that the client still works.
    pub(crate) async fn is_usable(&mut self) {
        let mut connection = self.ready().await;
        let (answer, ()) = tokio::join!(self.client.send_client_request("ping", None, None), async {
            let request = next_message(&mut connection).await;
            answer(&connection, &request, &json!("pong")).await;
        });
        assert_eq!(answer, Ok(Some(json!("pong"))));
        let (ended, ()) = tokio::join!(self.client.disconnect(), serve_close(connection));
        assert_eq!(ended, Ok(()));
        let names = self.session_names().await;
        assert_eq!(names.last().map(String::as_str), Some("disconnected"), "{names:?}");
    }

    /// The names of the events up to the end of the session, which is the last.
    pub(crate) async fn session_names(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        while let Some(event) = soon(self.events.next()).await {
            names.push(name(&event));
            if matches!(event, Event::Disconnected(_)) {
                return names;
            }
        }
        panic!("the client is gone; so far: {names:?}");
    }

    /// Reads events up to the one of this name.
    pub(crate) async fn wait_for(&mut self, wanted: &str) -> Event {
        let mut others = Vec::new();
        while let Some(event) = timeout(PATIENCE, self.events.next()).await.unwrap_or_default() {
            if name(&event) == wanted {
                return event;
            }
            others.push(name(&event));
        }
        panic!("no {wanted} but {others:?}");
    }

    /// How the session ended.
    pub(crate) async fn end(&mut self) -> DisconnectReason {
        match self.wait_for("disconnected").await {
            Event::Disconnected(reason) => reason,
            other => panic!("{other:?}"),
        }
    }

    /// All available events, once nothing is left to do.
    pub(crate) async fn drain(&mut self) -> Vec<Event> {
        settle().await;
        std::iter::from_fn(|| self.events.try_next()).collect()
    }

    /// The names of all available events.
    pub(crate) async fn names(&mut self) -> Vec<String> {
        self.drain().await.iter().map(name).collect()
    }
}

/// Waits for something that must happen.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(PATIENCE, what).await.expect("it comes in time")
}

/// Lets every task run until it waits for something.
pub(crate) async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

pub(crate) fn params() -> ConnectParams {
    ConnectParams::websocket("ws://bot")
}

/// The name of an event; a state as `=state`.
pub(crate) fn name(event: &Event) -> String {
    match event {
        Event::TransportStateChanged(state) => format!("={state}"),
        event => event.name().to_owned(),
    }
}

/// Plays the bot's part of a connection up to bot-ready.
pub(crate) async fn serve_handshake(bot: &mut ScriptedBot) -> ScriptedConnection {
    let mut connection = soon(bot.accept()).await.expect("the client opens a connection");
    connection.open().await;
    let ready = next_message(&mut connection).await;
    assert_eq!(ready["type"], "client-ready");
    say(&connection, json!({"type": "bot-ready", "id": ready["id"], "data": {"version": "2.2.0"}})).await;
    connection
}

/// Plays the bot's part of a graceful end.
pub(crate) async fn serve_close(mut connection: ScriptedConnection) {
    while let Some(command) = soon(connection.command()).await {
        if command == TransportCommand::Close {
            return connection.end(CloseReason::Requested);
        }
    }
    panic!("the client was gone without a goodbye");
}

/// Sends a message from the server; adds the label.
pub(crate) async fn say(connection: &ScriptedConnection, mut message: Value) {
    message["label"] = json!("rtvi-ai");
    connection.message(message.to_string()).await;
}

/// Answers a request with data.
pub(crate) async fn answer(connection: &ScriptedConnection, request: &Value, data: &Value) {
    let answer = json!({"t": request["data"]["t"], "d": data});
    say(connection, json!({"type": "server-response", "id": request["id"], "data": answer})).await;
}

/// The next message of the client.
pub(crate) async fn next_message(connection: &mut ScriptedConnection) -> Value {
    loop {
        match soon(connection.command()).await.expect("the client is there") {
            TransportCommand::Send(text) => return serde_json::from_str(&text).unwrap(),
            TransportCommand::MicEnabled(_) | TransportCommand::NetworkChanged => {}
            TransportCommand::Close => panic!("the client closes instead of sending"),
        }
    }
}

/// The available messages of the client, once nothing is left to do.
pub(crate) async fn messages(connection: &mut ScriptedConnection) -> Vec<Value> {
    settle().await;
    let commands = std::iter::from_fn(|| connection.port.commands.try_recv().ok());
    commands
        .filter_map(|command| match command {
            TransportCommand::Send(text) => Some(serde_json::from_str(&text).unwrap()),
            _ => None,
        })
        .collect()
}
