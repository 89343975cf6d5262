//! A client and the bot's side of its connection: calls, facts, messages, faults and time in any order.
//!
//! Whatever happens, every call settles, the client ends disconnected, and connects again.
#![no_main]

use std::{future::Future, time::Duration};

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rtvi_core::{
    ConnectParams, Error, ErrorKind, PipecatClient, PipecatClientOptions, TransportState,
    protocol::SendTextOptions,
    transport::{
        CloseReason, TransportFact, TransportFacts,
        scripted::{ScriptedBot, ScriptedConnection, ScriptedTransport},
    },
};
use tokio::{
    task::{JoinSet, yield_now},
    time::{sleep, timeout},
};

/// Longer than every deadline of the client together.
const FOREVER: Duration = Duration::from_secs(3600);
const BOT_READY: &str = r#"{"label":"rtvi-ai","type":"bot-ready","id":"1","data":{"version":"2.2.0"}}"#;

#[derive(Arbitrary, Debug)]
enum Operation {
    Connect,
    Disconnect,
    InitDevices,
    EnableMic(bool),
    SendText(String),
    Request {
        millis: u16,
    },
    Subscribe,
    /// The futures of all calls are dropped.
    DropCalls,
    Open,
    Ready,
    Message(String),
    Garbage(Vec<u8>),
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
    calls: JoinSet<()>,
}

impl Session {
    fn new() -> Self {
        let (transport, bot) =
            ScriptedTransport::new(TransportFacts { max_message_size: 4096, capture: None });
        let client = PipecatClient::new(PipecatClientOptions::new(transport)).expect("a client is made");
        Self { client, bot, connection: None, calls: JoinSet::new() }
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
            Operation::Request { millis } => self.call(move |client| async move {
                let limit = Duration::from_millis(millis.into());
                drop(client.send_client_request("get", None, Some(limit)).await);
            }),
            Operation::Subscribe => drop(self.client.events()),
            Operation::DropCalls => self.calls.abort_all(),
            Operation::Wait { millis } => sleep(Duration::from_millis(millis.into())).await,
            Operation::End(end) => self.end(&end),
            happens => self.happen(happens).await,
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
            Operation::Garbage(bytes) => connection.report(TransportFact::Message(bytes.into())).await,
            Operation::Interrupted => connection.report(TransportFact::Interrupted).await,
            Operation::BotLeft => connection.report(TransportFact::BotLeft).await,
            Operation::MaxMessageSize(size) => {
                connection.report(TransportFact::MaxMessageSize(size.into())).await
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

    /// Lets everyone run, and takes over a connection that was opened meanwhile.
    async fn settle(&mut self) {
        for _ in 0..8 {
            yield_now().await;
        }
        let accepted = timeout(Duration::from_millis(1), self.bot.accept()).await;
        if let Ok(Some(connection)) = accepted {
            self.connection = Some(connection);
        }
    }

    async fn finish(mut self) {
        self.connection = None;
        timeout(FOREVER, self.client.disconnect()).await.expect("disconnect settles").expect("it can't fail");
        timeout(FOREVER, async { while self.calls.join_next().await.is_some() {} })
            .await
            .expect("every call settles");
        self.client.disconnect().await.expect("a call that began late is undone as well");
        assert_eq!(self.client.state(), TransportState::Disconnected);
    }
}

fuzz_target!(|operations: Vec<Operation>| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime is made").block_on(async {
        let mut session = Session::new();
        for operation in operations.into_iter().take(64) {
            session.perform(operation).await;
            session.settle().await;
        }
        session.finish().await;
    });
});
