//! The handle that apps hold: every call of it is sent to the driver and waits for the reply.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use serde_json::Value;
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot, watch},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    error::{Error, ErrorKind},
    protocol::BotReadyData,
    transport::{ApiRequest, ConnectParams},
};

use super::{
    Event, EventStream, FunctionCall, MediaState, PipecatClientOptions, Subscription, Track, TransportState,
    audio::{AudioControl, AudioStats},
    awaited::Awaited,
    driver::{Driver, PendingCall},
    function_calls::FunctionRegistry,
    hub::EventHub,
    machine::{Command, Reply},
    status::Status,
    trace::{self, Recorder},
};

/// How many calls of the app wait for the driver; a further one waits for its turn.
const CALL_QUEUE: usize = 64;

/// A client of a Pipecat bot.
///
/// Cloning gives another handle to the same client. When the last handle is dropped, the session ends at once and event
/// streams end; [`disconnect`](Self::disconnect) first for a graceful end. Every method can be called from any thread
/// and from event callbacks. Every call settles: with success, with an [`Error`], or with
/// [`ErrorKind::Cancelled`] when the session is closed meanwhile. Dropping the future of
/// [`start_bot`](Self::start_bot), [`connect`](Self::connect) or [`start_bot_and_connect`](Self::start_bot_and_connect)
/// undoes what it has begun.
#[derive(Clone, Debug)]
pub struct PipecatClient {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    calls: mpsc::Sender<PendingCall>,
    hub: Arc<EventHub>,
    functions: Arc<FunctionRegistry>,
    status: watch::Receiver<Status>,
    audio: AudioControl,
    recorder: Recorder,
    /// The transport's name.
    transport: &'static str,
    mic_enabled: AtomicBool,
    next_call: AtomicU64,
    runtime: Handle,
    /// Ends the driver when the last handle is dropped.
    _end: DropGuard,
}

impl PipecatClient {
    /// Makes a client; opens nothing yet and does not block.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidState`] when no runtime is given and none is running.
    pub fn new(mut options: PipecatClientOptions) -> Result<Self, Error> {
        let runtime = match options.runtime.take() {
            Some(runtime) => runtime,
            None => Handle::try_current().map_err(|_| {
                Error::new(
                    ErrorKind::InvalidState,
                    "a PipecatClient needs a tokio runtime: set options.runtime",
                )
            })?,
        };
        if let Some(level) = options.log_level {
            crate::set_log_level(level);
        }
        let mic_enabled = AtomicBool::new(options.client.enable_mic);
        let end = CancellationToken::new();
        let (calls, pending) = mpsc::channel(CALL_QUEUE);
        let (hub, functions) = (Arc::new(EventHub::default()), Arc::new(FunctionRegistry::default()));
        let (publish, status) = watch::channel(Status::default());
        let transport = options.transport.name();
        let driver =
            Driver::new(options, pending, Arc::clone(&hub), Arc::clone(&functions), publish, &runtime);
        let (audio, recorder) = (driver.audio_control(), driver.recorder());
        runtime.spawn(driver.run(end.clone()));
        let next_call = AtomicU64::new(1);
        let shared = Shared {
            calls,
            hub,
            functions,
            status,
            audio,
            recorder,
            transport,
            mic_enabled,
            next_call,
            runtime,
            _end: end.drop_guard(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The events from now on, as a stream of their own.
    pub fn events(&self) -> EventStream {
        self.shared.hub.subscribe()
    }

    /// Calls `callback` with every event from now on, in order, one at a time, on the client's runtime.
    ///
    /// It may call any method of the client, and may drop it. It must not block: while it does, the events wait and in the end
    /// the session (see [`EventStream`]). Ends when the returned subscription is dropped.
    pub fn on_event(&self, mut callback: impl FnMut(Event) + Send + 'static) -> Subscription {
        let mut events = self.events();
        let task = self.shared.runtime.spawn(async move {
            while let Some(event) = events.next().await {
                callback(event);
            }
        });
        Subscription { task: task.abort_handle(), detached: false }
    }

    /// Looks at the microphones and speakers, without opening one: a microphone is open while a session lasts and it is enabled, a speaker
    /// during a session. The other calls do it when needed, and go on without a device that is not there.
    ///
    /// # Errors
    /// [`ErrorKind::Device`] when there is no microphone or speaker, which leaves everything else usable,
    /// [`ErrorKind::Timeout`], [`ErrorKind::InvalidState`].
    pub async fn init_devices(&self) -> Result<(), Error> {
        self.call(Command::InitDevices).await.map(|_| ())
    }

    /// Asks the start endpoint for a bot and gives back its answer, for [`connect`](Self::connect).
    ///
    /// # Errors
    /// [`ErrorKind::StartBotFailed`] with the server's own text and status, [`ErrorKind::ConnectionFailed`],
    /// [`ErrorKind::Tls`], [`ErrorKind::Timeout`], [`ErrorKind::AlreadyStarted`], [`ErrorKind::InvalidArgument`],
    /// [`ErrorKind::Device`], [`ErrorKind::Cancelled`].
    pub async fn start_bot(&self, request: ApiRequest) -> Result<ConnectParams, Error> {
        match self.call(Command::StartBot(request)).await? {
            Reply::Started(params) => Ok(params),
            other => Err(unexpected(&other)),
        }
    }

    /// Connects to a bot and waits until it is ready.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidTransportParams`], [`ErrorKind::ConnectionFailed`], [`ErrorKind::Tls`], [`ErrorKind::Timeout`]
    /// (the phase says of what), [`ErrorKind::ConnectionLost`] and [`ErrorKind::Protocol`] when the connection breaks before
    /// the bot is ready, [`ErrorKind::BotError`], [`ErrorKind::AlreadyStarted`], [`ErrorKind::Device`],
    /// [`ErrorKind::Cancelled`].
    pub async fn connect(&self, params: ConnectParams) -> Result<BotReadyData, Error> {
        self.call(Command::Connect(params)).await.and_then(bot_ready)
    }

    /// Asks the start endpoint for a bot, connects to it with its answer, and waits until it is ready.
    ///
    /// # Errors
    /// As [`start_bot`](Self::start_bot) and [`connect`](Self::connect).
    pub async fn start_bot_and_connect(&self, request: ApiRequest) -> Result<BotReadyData, Error> {
        self.call(Command::StartBotAndConnect(request)).await.and_then(bot_ready)
    }

    /// Ends the session gracefully; done within [`DISCONNECT_TIMEOUT`](super::DISCONNECT_TIMEOUT). Possible in every
    /// state, any number of times: without a session it does nothing.
    ///
    /// # Errors
    /// None but [`ErrorKind::Cancelled`] when the runtime is shutting down.
    pub async fn disconnect(&self) -> Result<(), Error> {
        self.call(Command::Disconnect).await.map(|_| ())
    }

    /// The present state.
    pub fn state(&self) -> TransportState {
        self.status().state
    }

    /// Waits until the state differs from `known` and returns it; `None` once the client has ended.
    ///
    /// Skips states that pass quickly: [`events`](Self::events) has them all. Does not keep the client alive.
    pub fn state_after(
        &self,
        known: TransportState,
    ) -> impl Future<Output = Option<TransportState>> + Send + use<> {
        let mut status = self.shared.status.clone();
        async move { status.wait_for(|status| status.state != known).await.ok().map(|status| status.state) }
    }

    /// Whether the transport is open: connected or ready.
    pub fn is_connected(&self) -> bool {
        matches!(self.state(), TransportState::Connected | TransportState::Ready)
    }

    /// What the devices are doing.
    pub fn media_state(&self) -> MediaState {
        self.status().media.clone()
    }

    /// The audio that flows now, the user's and the bot's.
    pub fn tracks(&self) -> Vec<Track> {
        self.status().tracks.clone()
    }

    /// How much audio has been moved since the client was made.
    pub fn audio_stats(&self) -> AudioStats {
        self.shared.audio.counters.stats()
    }

    /// The trace of the present session, or of the last one: what the client was told, when, and what it made of it, as JSON Lines for a
    /// bug report. It holds no token, header, URL or address, nothing that was said or sent, only types, sizes, times and errors without
    /// their texts; [`SessionTrace`](super::trace::SessionTrace) and `rtvi replay` read it.
    ///
    /// Possible in every state, also while the client's runtime is stuck. Takes up to a few milliseconds. At most a few MiB; of longer
    /// sessions what came first is missing, messages that were only passed on before anything else.
    pub fn session_trace(&self) -> String {
        let about = trace::About::new(self.shared.transport, self.state(), self.audio_stats());
        trace::write(&self.shared.recorder, about)
    }

    /// What the bot said when it became ready; `None` without a session.
    pub fn bot(&self) -> Option<BotReadyData> {
        self.status().bot.clone()
    }

    /// Turns the microphone on or off, in any state. While it is off in a session, silence is sent for a few seconds, so that
    /// the bot notices the end of a turn, and then nothing; the microphone is closed after
    /// [`mic_release_after`](super::VoiceOptions::mic_release_after). Turned on again, it is opened, which may fail as a `deviceError`.
    ///
    /// # Errors
    /// None but [`ErrorKind::Cancelled`] when the runtime is shutting down.
    pub async fn enable_mic(&self, enable: bool) -> Result<(), Error> {
        self.shared.mic_enabled.store(enable, Ordering::Relaxed);
        self.call(Command::EnableMic(enable)).await.map(|_| ())
    }

    /// Whether the microphone is on, or will be when a session begins.
    pub fn is_mic_enabled(&self) -> bool {
        self.shared.mic_enabled.load(Ordering::Relaxed)
    }

    /// Drops what the bot has said and was not played yet, with a short fade.
    ///
    /// # Errors
    /// None but [`ErrorKind::Cancelled`] when the runtime is shutting down.
    pub async fn flush_bot_audio(&self) -> Result<(), Error> {
        self.call(Command::FlushBotAudio).await.map(|_| ())
    }

    /// Tells the client that the device moved to another network, so that a session which the change broke is restored at once
    /// instead of when the silence was noticed. Mobile platforms report such changes; the client does not look for them.
    ///
    /// * An attempt to restore the session that waits, or a connection being opened, is tried on the new network now.
    /// * SmallWebRTC: an established session is restored over a new peer connection, in which the bot's conversation goes on, since
    ///   Pipecat's server can't move one. Events as for a lost connection, beginning with `reconnecting`.
    /// * WebSocket: the server is pinged. It stays connected if that is answered within a second, else it is restored.
    /// * The attempts of the [`ReconnectPolicy`](super::ReconnectPolicy) count anew. With none allowed, and before the bot was ready
    ///   once, an open connection is left as it is. Without a session nothing is done.
    ///
    /// # Errors
    /// None but [`ErrorKind::Cancelled`] when the runtime is shutting down.
    pub async fn network_changed(&self) -> Result<(), Error> {
        self.call(Command::NetworkChanged).await.map(|_| ())
    }

    /// Lets the bot call a function of the app: `handler` runs on the client's runtime and its result is sent to the bot.
    ///
    /// A handler that fails, panics, or takes longer than the deadline `function_call` is answered with
    /// `{"error": …}` in its place; one whose call the server cancels is dropped. Needs a server that reports function names
    /// (and arguments). A second handler for a name replaces the first.
    pub fn register_function_call_handler<F, Fut, E>(&self, name: impl Into<String>, handler: F)
    where
        F: Fn(FunctionCall) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Value, E>> + Send + 'static,
        E: std::fmt::Display,
    {
        self.shared.functions.register(name.into(), handler);
    }

    /// Removes the handler of a function; says whether there was one. A call that runs is not disturbed.
    pub fn unregister_function_call_handler(&self, name: &str) -> bool {
        self.shared.functions.unregister(name)
    }

    /// Removes all handlers.
    pub fn unregister_all_function_call_handlers(&self) {
        self.shared.functions.clear();
    }

    /// The audio, without the driver.
    pub(super) fn audio(&self) -> &AudioControl {
        &self.shared.audio
    }

    /// What the client runs on.
    pub(super) fn runtime(&self) -> &Handle {
        &self.shared.runtime
    }

    /// What is known of the client; hold it only for a moment.
    pub(super) fn status(&self) -> watch::Ref<'_, Status> {
        self.shared.status.borrow()
    }

    /// Makes a call whose outcome is told by events alone.
    pub(super) fn order(&self, command: Command) -> Result<(), Error> {
        let id = self.shared.next_call.fetch_add(1, Ordering::Relaxed);
        let (reply, _) = oneshot::channel();
        let call = PendingCall { id, command: Box::new(command), reply };
        self.shared.calls.try_send(call).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => {
                Error::new(ErrorKind::Busy, format!("{CALL_QUEUE} calls wait already; try again later"))
            }
            mpsc::error::TrySendError::Closed(_) => shut_down(),
        })
    }

    pub(super) async fn call(&self, command: Command) -> Result<Reply, Error> {
        let id = self.shared.next_call.fetch_add(1, Ordering::Relaxed);
        let (reply, answer) = oneshot::channel();
        let call = PendingCall { id, command: Box::new(command), reply };
        self.shared.calls.send(call).await.map_err(|_| shut_down())?;
        Awaited::new(self, answer).await
    }
}

fn bot_ready(reply: Reply) -> Result<BotReadyData, Error> {
    match reply {
        Reply::BotReady(data) => Ok(*data),
        other => Err(unexpected(&other)),
    }
}

pub(super) fn unexpected(reply: &Reply) -> Error {
    Error::new(ErrorKind::Internal, format!("the client got the reply of another call: {reply:?}"))
}

pub(super) fn shut_down() -> Error {
    Error::new(ErrorKind::Cancelled, "the client's runtime is shutting down")
}
