//! An in-memory transport, for tests that play the bot's side.
//!
//! For tests only (feature `testing`): no I/O, no clock, no timers. It reports what the test asks
//! for and never decides anything itself.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

use crate::error::{Error, ErrorKind};

use super::{
    CloseReason, Closed, ConnectParams, Connection, OpenRequest, Participant, Transport,
    TransportCapabilities, TransportCommand, TransportEvent, TransportPort,
};

/// The number of opened connections that may wait for [`ScriptedBot::accept`]. Another one fails to
/// open.
const OPEN_BACKLOG: usize = 16;

/// A [`Transport`] whose connections appear at the [`ScriptedBot`] created with it.
#[derive(Debug)]
pub struct ScriptedTransport {
    capabilities: TransportCapabilities,
    opened: mpsc::Sender<ScriptedConnection>,
    refusal: Arc<Mutex<Option<Error>>>,
}

impl ScriptedTransport {
    /// Creates a transport with `capabilities`, and the bot's side of it.
    pub fn new(capabilities: TransportCapabilities) -> (Self, ScriptedBot) {
        let (opened, accepted) = mpsc::channel(OPEN_BACKLOG);
        let refusal = Arc::new(Mutex::new(None));
        (Self { capabilities, opened, refusal: Arc::clone(&refusal) }, ScriptedBot { accepted, refusal })
    }
}

impl Transport for ScriptedTransport {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        if let Some(error) = self.refusal.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(error);
        }
        Ok(Box::new(Opening {
            capabilities: self.capabilities.clone(),
            opened: self.opened.clone(),
            params: request.params.clone(),
            attempt: request.attempt,
            mic_enabled: request.mic_enabled,
        }))
    }
}

/// The bot's side, which receives each connection that the client opens.
#[derive(Debug)]
pub struct ScriptedBot {
    accepted: mpsc::Receiver<ScriptedConnection>,
    refusal: Arc<Mutex<Option<Error>>>,
}

impl ScriptedBot {
    /// Returns the next connection; `None` if the transport is gone and no connection waits.
    pub async fn accept(&mut self) -> Option<ScriptedConnection> {
        self.accepted.recv().await
    }

    /// Makes the next [`Transport::create`] fail with `error`.
    pub fn refuse_next(&self, error: Error) {
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

/// One connection from the test's side. Dropping it ends the connection as lost.
#[derive(Debug)]
pub struct ScriptedConnection {
    /// The connect parameters.
    pub params: ConnectParams,
    /// The number of the attempt; 0 for the first.
    pub attempt: u32,
    /// Whether the microphone was enabled when the connection was created.
    pub mic_enabled: bool,
    /// The transport's ends of the client's channels, to send, receive and play audio directly.
    pub port: TransportPort,
    end: oneshot::Sender<CloseReason>,
}

impl ScriptedConnection {
    /// Reports that the connection is open and that `bot` is its bot. Returns false if the client
    /// no longer listens.
    pub async fn open(&self) -> bool {
        let bot = Participant { id: "bot".into(), name: "bot".into(), local: false };
        self.report(TransportEvent::Opened { bot }).await
    }

    /// Reports an RTVI message. Returns false if the client no longer listens.
    pub async fn message(&self, json: impl Into<String>) -> bool {
        self.report(TransportEvent::Message(json.into().into())).await
    }

    /// Reports any event; waits while the client is slow. Returns false if the client no longer
    /// listens.
    pub async fn report(&self, event: TransportEvent) -> bool {
        self.port.events.send(event).await.is_ok()
    }

    /// Returns the client's next command; `None` if the client is gone.
    pub async fn command(&mut self) -> Option<TransportCommand> {
        self.port.commands.recv().await
    }

    /// Waits until the client has dropped or cancelled the connection.
    pub async fn dropped(&mut self) {
        self.end.closed().await;
    }

    /// Ends the connection.
    pub fn end(self, reason: CloseReason) {
        // The client may have dropped the connection already. Then nobody reads the reason.
        let _ = self.end.send(reason);
    }
}

/// The connection between `create` and the test's `accept`.
struct Opening {
    capabilities: TransportCapabilities,
    opened: mpsc::Sender<ScriptedConnection>,
    params: ConnectParams,
    attempt: u32,
    mic_enabled: bool,
}

impl Connection for Opening {
    fn capabilities(&self) -> TransportCapabilities {
        self.capabilities.clone()
    }

    fn run(self: Box<Self>, port: TransportPort) -> BoxFuture<'static, Closed> {
        Box::pin(async move {
            let (end, ended) = oneshot::channel();
            let cancel = port.cancel.clone();
            let Self { opened, params, attempt, mic_enabled, .. } = *self;
            if opened.try_send(ScriptedConnection { params, attempt, mic_enabled, port, end }).is_err() {
                let error = Error::new(ErrorKind::ConnectionFailed, "nobody accepts scripted connections");
                return Closed { reason: CloseReason::OpenFailed(error) };
            }
            let reason = tokio::select! {
                biased;
                ended = ended => ended.unwrap_or_else(|_| CloseReason::Lost(dropped_by_bot())),
                () = cancel.cancelled() => CloseReason::Requested,
            };
            Closed { reason }
        })
    }
}

fn dropped_by_bot() -> Error {
    Error::new(ErrorKind::ConnectionLost, "the scripted connection was dropped")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::{
        media::Playout,
        transport::{Cookies, TlsOptions},
    };

    type ClientEnds = (TransportPort, mpsc::Sender<TransportCommand>, mpsc::Receiver<TransportEvent>);

    fn port() -> ClientEnds {
        let (commands, command_rx) = mpsc::channel(4);
        let (event_tx, events) = mpsc::channel(4);
        let (_, mic) = mpsc::channel(1);
        let port = TransportPort {
            commands: command_rx,
            events: event_tx,
            mic,
            speaker: Arc::new(Playout::default()),
            cancel: CancellationToken::new(),
        };
        (port, commands, events)
    }

    fn create(factory: &ScriptedTransport) -> Result<Box<dyn Connection>, Error> {
        let params = ConnectParams::websocket("ws://bot");
        factory.create(OpenRequest {
            params: &params,
            start: None,
            attempt: 2,
            mic_enabled: true,
            cookies: &Cookies::default(),
            tls: &TlsOptions::default(),
            open_timeout: Duration::from_secs(15),
        })
    }

    fn transport() -> (ScriptedTransport, ScriptedBot) {
        ScriptedTransport::new(TransportCapabilities { max_message_size: 100, capture: None })
    }

    #[tokio::test(start_paused = true)]
    async fn a_test_plays_the_bot() {
        let (factory, mut bot) = transport();
        let (port, commands, mut events) = port();
        let running = tokio::spawn(create(&factory).unwrap().run(port));
        let mut connection = bot.accept().await.unwrap();
        assert_eq!((connection.attempt, connection.mic_enabled), (2, true));
        assert!(connection.open().await && connection.message("{}").await);
        assert!(matches!(events.recv().await, Some(TransportEvent::Opened { .. })));
        assert_eq!(events.recv().await, Some(TransportEvent::Message("{}".into())));
        commands.send(TransportCommand::Close).await.unwrap();
        assert_eq!(connection.command().await, Some(TransportCommand::Close));
        connection.end(CloseReason::Requested);
        assert_eq!(running.await.unwrap().reason, CloseReason::Requested);
    }

    #[tokio::test(start_paused = true)]
    async fn both_sides_see_the_other_go() {
        let (factory, mut bot) = transport();
        let (first, _commands, _events) = port();
        let cancel = first.cancel.clone();
        let running = tokio::spawn(create(&factory).unwrap().run(first));
        let mut connection = bot.accept().await.unwrap();
        cancel.cancel();
        tokio::time::timeout(Duration::from_secs(1), connection.dropped()).await.unwrap();
        assert_eq!(running.await.unwrap().reason, CloseReason::Requested);

        let (second, _commands, _events) = port();
        let running = tokio::spawn(create(&factory).unwrap().run(second));
        drop(bot.accept().await);
        assert!(matches!(running.await.unwrap().reason, CloseReason::Lost(_)));
    }

    #[test]
    fn creating_can_be_refused_once() {
        let (factory, bot) = transport();
        bot.refuse_next(Error::new(ErrorKind::InvalidTransportParams, "no"));
        assert_eq!(create(&factory).err().map(|e| e.kind()), Some(ErrorKind::InvalidTransportParams));
        assert!(create(&factory).is_ok());
    }
}
