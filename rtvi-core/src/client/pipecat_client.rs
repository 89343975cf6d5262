//! The handle that apps use. It sends every call to the driver and waits for the reply.

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
    media::PlayoutStats,
    protocol::BotReadyData,
    transport::{ApiRequest, ConnectParams},
};

use super::{
    Event, EventStream, FunctionCall, MediaState, PipecatClientOptions, Subscription, Track, TransportState,
    audio::{AudioControl, AudioStats},
    awaited::{Awaited, shut_down},
    driver::{Driver, PendingCall},
    function_calls::FunctionRegistry,
    hub::EventHub,
    machine::{Command, Reply, VideoConfig, VideoSourceKind},
    status::Status,
    trace::Records,
    video::VideoHandle,
};

/// The number of calls that may wait for the driver. When the queue is full, the next call waits
/// for a place.
const CALL_QUEUE: usize = 64;

/// A client of a Pipecat bot.
///
/// Cloning creates another handle to the same client. Dropping the last handle ends the session at
/// once and ends the event streams; call [`disconnect`](Self::disconnect) first for a graceful end.
/// Every method can be called from any thread and from event callbacks.
///
/// Every call settles: with success, with an [`Error`], or with [`ErrorKind::Cancelled`] if the
/// session is closed meanwhile. Dropping the future of [`start_bot`](Self::start_bot),
/// [`connect`](Self::connect) or [`start_bot_and_connect`](Self::start_bot_and_connect) undoes what
/// the call began.
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
    records: Records,
    /// The transport's name.
    transport: &'static str,
    mic_enabled: AtomicBool,
    cam_enabled: AtomicBool,
    /// The camera and the screen that the app has configured.
    video: VideoConfig,
    next_call: AtomicU64,
    runtime: Handle,
    /// Ends the driver when the last handle is dropped.
    _end: DropGuard,
}

impl PipecatClient {
    /// Creates a client. Opens nothing yet and does not block.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidState`] if no runtime is set and none is running.
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
        let mic_enabled = AtomicBool::new(options.client.enable_mic);
        let end = CancellationToken::new();
        let (calls, pending) = mpsc::channel(CALL_QUEUE);
        let (hub, functions) = (Arc::new(EventHub::default()), Arc::new(FunctionRegistry::default()));
        let (publish, status) = watch::channel(Status::default());
        let transport = options.transport.name();
        let (handle, video) = VideoHandle::new(&mut options, &runtime);
        let ends = (Arc::clone(&hub), Arc::clone(&functions), publish);
        let driver = Driver::new(options, pending, ends, (handle, video), &runtime);
        let (audio, records) = (driver.audio_control(), driver.records());
        runtime.spawn(driver.run(end.clone()));
        let next_call = AtomicU64::new(1);
        let shared = Shared {
            calls,
            hub,
            functions,
            status,
            audio,
            records,
            transport,
            mic_enabled,
            cam_enabled: AtomicBool::new(video.cam_enabled && video.cam != VideoSourceKind::Absent),
            video,
            next_call,
            runtime,
            _end: end.drop_guard(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Returns a new stream of the events from now on.
    pub fn events(&self) -> EventStream {
        self.shared.hub.subscribe()
    }

    /// Calls `callback` with every event from now on, in order, one at a time, on the client's
    /// runtime.
    ///
    /// The callback may call any method of the client, and may drop the client. It must not block:
    /// events wait while it runs, and a callback that blocks too long stalls the session (see
    /// [`EventStream`]). Dropping the returned subscription ends the registration.
    pub fn on_event(&self, mut callback: impl FnMut(Event) + Send + 'static) -> Subscription {
        let mut events = self.events();
        let task = self.shared.runtime.spawn(async move {
            while let Some(event) = events.next().await {
                callback(event);
            }
        });
        Subscription { task: task.abort_handle(), detached: false }
    }

    /// Finds the microphones and speakers without opening them. A microphone is open during a
    /// session while it is enabled; a speaker is open during a session. The other calls do this
    /// when necessary, and continue without a missing device.
    ///
    /// # Errors
    /// [`ErrorKind::Device`] if there is no microphone or speaker (the client remains usable),
    /// [`ErrorKind::Timeout`], [`ErrorKind::InvalidState`].
    pub async fn init_devices(&self) -> Result<(), Error> {
        self.call(Command::InitDevices).await.map(|_| ())
    }

    /// Asks the start endpoint for a bot and returns its answer, for [`connect`](Self::connect).
    ///
    /// # Errors
    /// [`ErrorKind::StartBotFailed`] with the server's own text and status,
    /// [`ErrorKind::ConnectionFailed`], [`ErrorKind::Tls`], [`ErrorKind::Timeout`],
    /// [`ErrorKind::AlreadyStarted`], [`ErrorKind::InvalidArgument`], [`ErrorKind::Device`],
    /// [`ErrorKind::Cancelled`].
    pub async fn start_bot(&self, request: ApiRequest) -> Result<ConnectParams, Error> {
        match self.call(Command::StartBot(request)).await? {
            Reply::Started(params) => Ok(params),
            other => Err(unexpected(&other)),
        }
    }

    /// Connects to a bot and waits until it is ready.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidTransportParams`], [`ErrorKind::ConnectionFailed`], [`ErrorKind::Tls`],
    /// [`ErrorKind::Timeout`] (its phase says which deadline passed), [`ErrorKind::ConnectionLost`]
    /// and [`ErrorKind::Protocol`] if the connection breaks before the bot is ready,
    /// [`ErrorKind::BotError`], [`ErrorKind::AlreadyStarted`], [`ErrorKind::Device`],
    /// [`ErrorKind::Cancelled`].
    pub async fn connect(&self, params: ConnectParams) -> Result<BotReadyData, Error> {
        self.call(Command::Connect(params)).await.and_then(bot_ready)
    }

    /// Asks the start endpoint for a bot, connects to that bot, and waits until it is ready.
    ///
    /// # Errors
    /// As for [`start_bot`](Self::start_bot) and [`connect`](Self::connect).
    pub async fn start_bot_and_connect(&self, request: ApiRequest) -> Result<BotReadyData, Error> {
        self.call(Command::StartBotAndConnect(request)).await.and_then(bot_ready)
    }

    /// Ends the session gracefully, within [`DISCONNECT_TIMEOUT`](super::DISCONNECT_TIMEOUT).
    /// Possible in every state, any number of times. Without a session, it does nothing.
    ///
    /// # Errors
    /// Only [`ErrorKind::Cancelled`], if the runtime is shutting down.
    pub async fn disconnect(&self) -> Result<(), Error> {
        self.call(Command::Disconnect).await.map(|_| ())
    }

    /// Returns the current state.
    pub fn state(&self) -> TransportState {
        self.status().state
    }

    /// Waits until the state differs from `known` and returns it; `None` once the client has ended.
    ///
    /// Skips states that pass quickly; [`events`](Self::events) reports all of them. Does not keep
    /// the client alive.
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

    /// Returns the state of each device.
    pub fn media_state(&self) -> MediaState {
        self.status().media.clone()
    }

    /// Returns the audio and video tracks of the user and the bot that are flowing.
    pub fn tracks(&self) -> Vec<Track> {
        self.status().tracks.clone()
    }

    /// Returns the amounts of audio moved since the client was created.
    pub fn audio_stats(&self) -> AudioStats {
        self.shared.audio.counters.stats()
    }

    /// Returns what became of the bot's audio in the playout since the client was created: gaps and
    /// concealment among it.
    pub fn playout_stats(&self) -> PlayoutStats {
        self.shared.audio.counters.playout_stats()
    }

    /// The trace of the present session, or of the last one, for a bug report: what happened and
    /// when, as JSON Lines. It holds no token, header, URL or address and nothing that was said or
    /// sent, only types, sizes, times and errors without their texts.
    /// [`SessionTrace`](super::trace::SessionTrace) reads it, and `rtvi trace` shows it.
    ///
    /// Possible in every state, also while the client's runtime is stuck. Takes up to a few
    /// milliseconds. At most half a MiB: of long sessions the oldest messages are missing first.
    pub fn session_trace(&self) -> String {
        self.shared.records.write(self.shared.transport, self.state(), self.audio_stats())
    }

    /// Returns what the bot reported about itself when it became ready; `None` without a session.
    pub fn bot(&self) -> Option<BotReadyData> {
        self.status().bot.clone()
    }

    /// Turns the microphone on or off, in any state. When it is turned off in a session, the client
    /// sends silence for a few seconds, so that the bot notices the end of the turn, and then
    /// nothing. The client closes the microphone after
    /// [`mic_release_after`](super::VoiceOptions::mic_release_after). Turning it on again opens it;
    /// if that fails, a `deviceError` follows.
    ///
    /// # Errors
    /// Only [`ErrorKind::Cancelled`], if the runtime is shutting down.
    pub async fn enable_mic(&self, enable: bool) -> Result<(), Error> {
        self.shared.mic_enabled.store(enable, Ordering::Relaxed);
        self.call(Command::EnableMic(enable)).await.map(|_| ())
    }

    /// Whether the microphone is on, or will be on when a session begins.
    pub fn is_mic_enabled(&self) -> bool {
        self.shared.mic_enabled.load(Ordering::Relaxed)
    }

    /// Drops the bot's audio that has not been played yet, with a short fade.
    ///
    /// # Errors
    /// Only [`ErrorKind::Cancelled`], if the runtime is shutting down.
    pub async fn flush_bot_audio(&self) -> Result<(), Error> {
        self.call(Command::FlushBotAudio).await.map(|_| ())
    }

    /// Notifies the client that the device moved to another network. If the change broke the
    /// session, the client restores it at once, without waiting to notice the silence. Mobile
    /// platforms report such changes; the client does not detect them.
    ///
    /// * A waiting attempt to restore the session, or a connection being opened, is retried at once
    ///   on the new network.
    /// * SmallWebRTC: an established session is restored over a new peer connection, because
    ///   Pipecat's server can't move one. The bot's conversation continues. The events are those of
    ///   a lost connection, beginning with `reconnecting`.
    /// * WebSocket: the client pings the server. If the answer arrives within a second, the session
    ///   stays connected; otherwise it is restored.
    /// * The attempt counter of the [`ReconnectPolicy`](super::ReconnectPolicy) restarts. If the
    ///   policy allows no attempts, or the bot has never been ready, an open connection stays
    ///   unchanged. Without a session, the call does nothing.
    ///
    /// # Errors
    /// Only [`ErrorKind::Cancelled`], if the runtime is shutting down.
    pub async fn network_changed(&self) -> Result<(), Error> {
        self.call(Command::NetworkChanged).await.map(|_| ())
    }

    /// Lets the bot call a function of the app. `handler` runs on the client's runtime, and its
    /// result is sent to the bot.
    ///
    /// If a handler fails, panics, or exceeds the deadline `function_call`, the bot receives
    /// `{"error": …}` instead. If the server cancels a call, its handler is dropped. Needs a server
    /// that reports function names (and arguments). A second handler for a name replaces the first.
    pub fn register_function_call_handler<F, Fut, E>(&self, name: impl Into<String>, handler: F)
    where
        F: Fn(FunctionCall) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Value, E>> + Send + 'static,
        E: std::fmt::Display,
    {
        self.shared.functions.register(name.into(), handler);
    }

    /// Removes the handler of a function. Returns whether there was one. A running call continues.
    pub fn unregister_function_call_handler(&self, name: &str) -> bool {
        self.shared.functions.unregister(name)
    }

    /// Removes all handlers.
    pub fn unregister_all_function_call_handlers(&self) {
        self.shared.functions.clear();
    }

    /// The audio controls, which bypass the driver.
    pub(super) fn audio(&self) -> &AudioControl {
        &self.shared.audio
    }

    /// Whether the camera is on, or will be on when a session begins.
    pub(super) fn cam_enabled(&self) -> &AtomicBool {
        &self.shared.cam_enabled
    }

    /// The camera and the screen that the app has configured.
    pub(super) fn video(&self) -> VideoConfig {
        self.shared.video
    }

    /// The client's runtime.
    pub(super) fn runtime(&self) -> &Handle {
        &self.shared.runtime
    }

    /// The client's current status. Hold the reference only briefly.
    pub(super) fn status(&self) -> watch::Ref<'_, Status> {
        self.shared.status.borrow()
    }

    /// Makes a call whose outcome is reported only by events.
    pub(super) fn order(&self, command: Command) -> Result<(), Error> {
        let id = self.shared.next_call.fetch_add(1, Ordering::Relaxed);
        let (reply, _) = oneshot::channel();
        let call = PendingCall { id, command: Box::new(command), reply };
        self.shared.calls.try_send(call).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Error::new(
                ErrorKind::Busy,
                format!("{CALL_QUEUE} calls are already waiting; try again later"),
            ),
            mpsc::error::TrySendError::Closed(_) => shut_down(),
        })
    }

    pub(super) async fn call(&self, command: Command) -> Result<Reply, Error> {
        let id = self.shared.next_call.fetch_add(1, Ordering::Relaxed);
        let (reply, answer) = oneshot::channel();
        let call = PendingCall { id, command: Box::new(command), reply };
        self.shared.calls.send(call).await.map_err(|_| shut_down())?;
        Awaited::new(answer, || self.undo_connect()).await
    }

    /// Disconnects; behind the app's other calls, when too many of them wait.
    fn undo_connect(&self) {
        if self.order(Command::Disconnect).is_err_and(|error| error.kind() == ErrorKind::Busy) {
            let patient = self.clone();
            self.shared.runtime.spawn(async move { patient.disconnect().await });
        }
    }
}

fn bot_ready(reply: Reply) -> Result<BotReadyData, Error> {
    match reply {
        Reply::BotReady(data) => Ok(*data),
        other => Err(unexpected(&other)),
    }
}

pub(super) fn unexpected(reply: &Reply) -> Error {
    Error::new(ErrorKind::Internal, format!("the client received the reply to another call: {reply:?}"))
}
