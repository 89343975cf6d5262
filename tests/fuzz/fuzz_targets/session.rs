//! A client and the bot's side of its connection: calls, events, messages, functions, faults, other
//! networks and time in any order.
//!
//! Whatever happens, every call settles, events keep their order, the client ends disconnected, and
//! connects again.
#![no_main]

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rtvi_core::{
    ConnectParams, Error, ErrorKind, PipecatClient, PipecatClientOptions, TransportState,
    client::ReconnectPolicy,
    protocol::SendTextOptions,
    transport::{
        CloseReason, TransportCommand, TransportEvent, TransportCapabilities,
        scripted::{ScriptedBot, ScriptedConnection, ScriptedTransport},
    },
};
use serde_json::{Value, json};
use tokio::{
    task::{JoinSet, yield_now},
    time::{sleep, timeout},
};

#[path = "../session/function.rs"]
mod function;
#[path = "../session/witness.rs"]
mod witness;

use function::{Function, Running, announcement, lock, message, run};
use witness::Witness;

/// Longer than every deadline of the client together.
const FOREVER: Duration = Duration::from_secs(3600);
/// How long it is waited for a connection that is there already.
const MOMENT: Duration = Duration::from_millis(1);
/// How many functions may run at once.
const MOST_FUNCTIONS: usize = 64;
const BOT_READY: &str = r#"{"label":"rtvi-ai","type":"bot-ready","id":"1","data":{"version":"2.2.0"}}"#;

/// Messages of a conversation, as recorded, one a line.
const RECORDED: &str = include_str!("../session/messages.jsonl");

/// All that the fuzzer chooses.
#[derive(Arbitrary, Debug)]
struct Story {
    /// How often a lost connection is restored, of 4.
    attempts: u8,
    first_delay_millis: u16,
    operations: Vec<Operation>,
}

#[derive(Arbitrary, Debug)]
enum Operation {
    Connect,
    Disconnect,
    InitDevices,
    EnableMic(bool),
    SendText(String),
    SendDtmf(String),
    Request {
        millis: u16,
    },
    Subscribe,
    NetworkChanged,
    /// The app takes calls of its functions, or no longer.
    Functions(bool),
    /// The futures of all calls are dropped.
    DropCalls,
    Open,
    Ready,
    Message(String),
    /// One of the recorded messages.
    Recorded(u8),
    Garbage(Vec<u8>),
    /// The bot calls a function, in the new form or in the deprecated one.
    Call {
        id: u8,
        function: Function,
        deprecated: bool,
    },
    /// The call ended without its result.
    CallStopped {
        id: u8,
    },
    /// The bot reads what it was sent.
    Listen,
    Interrupted,
    BotLeft,
    MaxMessageSize(u16),
    /// The connection ends.
    End(End),
    Wait {
        millis: u16,
    },
}

#[derive(Arbitrary, Debug)]
enum End {
    Requested,
    BotLeft,
    OpenFailed,
    Lost,
}

/// One client, with all that waits for it.
struct Session {
    client: PipecatClient,
    bot: ScriptedBot,
    connection: Option<ScriptedConnection>,
    /// How often each call of a function was announced on the connection, and answered.
    answers: HashMap<String, (usize, usize)>,
    calls: JoinSet<()>,
    functions: Arc<Mutex<Vec<String>>>,
    witness: Witness,
}

impl Session {
    fn new(max_attempts: u32, first_delay: Duration) -> Self {
        let (transport, bot) =
            ScriptedTransport::new(TransportCapabilities { max_message_size: 4096, capture: None });
        let mut options = PipecatClientOptions::new(transport);
        options.client.reconnect = ReconnectPolicy { max_attempts, first_delay, ..ReconnectPolicy::default() };
        let client = PipecatClient::new(options).expect("a client is made");
        let witness = Witness::new(client.events(), max_attempts);
        let (answers, calls, functions) = (HashMap::new(), JoinSet::new(), Arc::default());
        Self { client, bot, connection: None, answers, calls, functions, witness }
    }

    fn call<F: Future<Output = ()> + Send + 'static>(&mut self, call: impl FnOnce(PipecatClient) -> F) {
        self.calls.spawn(call(self.client.clone()));
    }

    async fn perform(&mut self, operation: Operation) {
        match operation {
            Operation::Connect => {
                self.call(|client| async move { drop(client.connect(ConnectParams::default()).await) })
            }
            Operation::Disconnect => self.call(|client| async move { drop(client.disconnect().await) }),
            Operation::InitDevices => self.call(|client| async move { drop(client.init_devices().await) }),
            Operation::EnableMic(on) => {
                self.call(move |client| async move { drop(client.enable_mic(on).await) })
            }
            Operation::SendText(text) => self.call(|client| async move {
                drop(client.send_text(text, SendTextOptions::default()).await);
            }),
            Operation::SendDtmf(keys) => {
                self.call(|client| async move { drop(client.send_dtmf(keys).await) })
            }
            Operation::Request { millis } => self.call(move |client| async move {
                let limit = Duration::from_millis(millis.into());
                drop(client.send_client_request("get", None, Some(limit)).await);
            }),
            Operation::Subscribe => drop(self.client.events()),
            Operation::NetworkChanged => {
                self.call(|client| async move { drop(client.network_changed().await) })
            }
            Operation::Functions(true) => self.register(),
            Operation::Functions(false) => self.client.unregister_all_function_call_handlers(),
            Operation::DropCalls => self.calls.abort_all(),
            Operation::Wait { millis } => sleep(Duration::from_millis(millis.into())).await,
            Operation::End(end) => self.end(&end),
            Operation::Listen => self.listen(),
            happens => self.happen(happens).await,
        }
    }

    fn register(&self) {
        for function in [Function::Quick, Function::Slow, Function::Endless, Function::Failing] {
            let running = Arc::clone(&self.functions);
            let handler = move |call| run(function, Running::new(call, Arc::clone(&running)));
            self.client.register_function_call_handler(format!("{function:?}"), handler);
        }
    }

    /// What the bot's side does, if there is a connection.
    async fn happen(&mut self, operation: Operation) {
        let Some(connection) = &self.connection else { return };
        // False when the client no longer listens, which is right once the connection was given up.
        let _listens = match operation {
            Operation::Open => connection.open().await,
            Operation::Ready => connection.message(BOT_READY).await,
            Operation::Message(text) => connection.message(text).await,
            Operation::Recorded(which) => {
                let text = RECORDED.lines().cycle().nth(which.into()).expect("there are some");
                connection.message(text).await
            }
            Operation::Garbage(bytes) => connection.report(TransportEvent::Message(bytes.into())).await,
            Operation::Call { id, function, deprecated } => {
                self.answers.entry(id.to_string()).or_default().0 += 1;
                connection.message(announcement(id, function, deprecated)).await
            }
            Operation::CallStopped { id } => {
                let data = json!({"tool_call_id": id.to_string(), "cancelled": true});
                connection.message(message("llm-function-call-stopped", data)).await
            }
            Operation::Interrupted => connection.report(TransportEvent::Interrupted).await,
            Operation::BotLeft => connection.report(TransportEvent::BotLeft).await,
            Operation::MaxMessageSize(size) => {
                connection.report(TransportEvent::MaxMessageSize(size.into())).await
            }
            _ => false,
        };
    }

    fn end(&mut self, end: &End) {
        let Some(connection) = self.connection.take() else { return };
        connection.end(match end {
            End::Requested => CloseReason::Requested,
            End::BotLeft => CloseReason::BotLeft { code: None, reason: String::new() },
            End::OpenFailed => CloseReason::OpenFailed(Error::new(ErrorKind::ConnectionFailed, "refused")),
            End::Lost => CloseReason::Lost(Error::new(ErrorKind::ConnectionLost, "reset")),
        });
    }

    /// Reads what the client sent, in which a function has one result at most for each announcement
    /// of its call.
    fn listen(&mut self) {
        let Some(connection) = &mut self.connection else { return };
        while let Ok(command) = connection.port.commands.try_recv() {
            let TransportCommand::Send(text) = command else { continue };
            let message: Value = serde_json::from_str(&text).expect("the client sends JSON");
            if message["type"] == "dtmf" {
                // Bots of version 2.0 take one at a time.
                let one = std::slice::from_ref(&message["data"]["button"]);
                let keys = message["data"]["buttons"].as_array().map_or(one, Vec::as_slice);
                let is_key = |key: &Value| key.as_str().is_some_and(|key| "0123456789*#".contains(key));
                assert!(!keys.is_empty() && keys.iter().all(is_key), "{text}");
            }
            if message["type"] == "llm-function-call-result" {
                let id = message["data"]["tool_call_id"].as_str().expect("a result names its call");
                let (announced, answered) = self.answers.entry(id.to_owned()).or_default();
                *answered += 1;
                // Ids come again. A message that the fuzzer wrote may be a call as well.
                assert!(*answered <= *announced || *announced == 0, "two results of one call {id}");
            }
        }
    }

    /// Lets everyone run, and takes over a connection that was opened meanwhile.
    async fn settle(&mut self) {
        for _ in 0..8 {
            yield_now().await;
        }
        if let Ok(Some(connection)) = timeout(MOMENT, self.bot.accept()).await {
            self.connection = Some(connection);
            self.answers.clear();
        }
        self.witness.look();
        assert!(lock(&self.functions).len() <= MOST_FUNCTIONS);
    }

    async fn finish(mut self) {
        self.listen();
        self.connection = None;
        timeout(FOREVER, self.client.disconnect()).await.expect("disconnect settles").expect("it can't fail");
        timeout(FOREVER, async { while self.calls.join_next().await.is_some() {} })
            .await
            .expect("every call settles");
        self.client.disconnect().await.expect("a call that began late is undone as well");
        self.settle().await;
        assert_eq!(self.client.state(), TransportState::Disconnected);
        assert!(!self.witness.in_session, "the end is told");
        assert!(lock(&self.functions).is_empty(), "no function runs without a session");
        self.connect_again().await;
    }

    async fn connect_again(mut self) {
        let client = self.client.clone();
        let connecting = tokio::spawn(async move { client.connect(ConnectParams::default()).await });
        loop {
            let connection = timeout(FOREVER, self.bot.accept()).await.expect("it is opened").expect("by it");
            // One that was given up before may have waited here.
            if connection.open().await && connection.message(BOT_READY).await {
                let ready = timeout(FOREVER, connecting).await.expect("connect settles").expect("it runs");
                ready.expect("the bot is ready");
                return;
            }
        }
    }
}

fuzz_target!(|story: Story| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime is made").block_on(async {
        let delay = Duration::from_millis(story.first_delay_millis.into());
        let mut session = Session::new((story.attempts % 4).into(), delay);
        for operation in story.operations.into_iter().take(64) {
            session.perform(operation).await;
            session.settle().await;
        }
        session.finish().await;
    });
});
