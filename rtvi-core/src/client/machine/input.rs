//! The inputs of the state machine.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::{
    client::{BotAudioHeard, MediaDevice, Track},
    error::Error,
    media::{AudioDropped, DeviceEvent},
    protocol::ClientMessage,
    transport::{
        ApiRequest, CloseReason, ConnectParams, SessionAnswer, TransportCapabilities, TransportEvent,
    },
};

use super::{Shown, VideoStream};

/// Names a call of the app that waits for its reply.
pub(crate) type CallId = u64;

/// Numbers the connections of a client. Events of earlier connections are dropped.
pub(crate) type Epoch = u64;

/// Something that happened.
#[derive(Debug)]
pub(crate) enum Input {
    /// The app made a call.
    Call { call: CallId, command: Box<Command> },
    /// The app dropped the future of a call, before or after its reply.
    CallDropped(CallId),
    /// The devices are open. System devices have reported by [`Self::DeviceEvent`] before.
    DevicesOpened(Devices),
    /// A system device has changed.
    DeviceEvent { device: DeviceKind, event: DeviceEvent },
    /// The start request ended.
    StartAnswered { epoch: Epoch, result: Result<Map<String, Value>, Error> },
    /// A request to the session's own endpoints ended.
    SessionAnswered { call: CallId, result: Result<SessionAnswer, Error> },
    /// A connection was created and begins to open.
    Opening { epoch: Epoch, capabilities: TransportCapabilities },
    /// A connection reports.
    Transport { epoch: Epoch, event: TransportEvent },
    /// A connection has ended.
    TransportClosed { epoch: Epoch, reason: CloseReason },
    /// The transport's queue was full: the request, or the message without a call, of this id was
    /// not sent.
    SendRefused { id: String },
    /// A handler of the app answered a function call.
    FunctionFinished { tool_call_id: String, result: Result<Value, String> },
    /// No handler is registered for a function call.
    FunctionUnhandled { tool_call_id: String },
    /// The microphone's audio began or ended.
    Track { started: bool, track: Track },
    /// The client itself dropped audio.
    AudioDropped(AudioDropped),
    /// The connection of this epoch carries video. Follows [`Self::Opening`].
    VideoCarried { epoch: Epoch },
    /// The pictures of a stream began or ended.
    #[cfg_attr(not(feature = "video"), allow(dead_code, reason = "nothing flows"))]
    VideoFlow { stream: VideoStream, flows: bool },
    /// The app's display has failed.
    #[cfg_attr(not(feature = "video"), allow(dead_code, reason = "there is no display"))]
    DisplayFailed(Error),
    /// A device could not be started, or failed while in use.
    DeviceFailed { device: DeviceKind, error: Error },
    /// A device that failed in use works again.
    DeviceRecovered { device: DeviceKind },
    /// The user began or stopped speaking, as heard here.
    LocalSpeech { speaking: bool },
    /// An utterance of the bot has been played or cut off.
    BotAudioHeard(BotAudioHeard),
    /// The levels have changed.
    Levels(Levels),
    /// An event queue of the app is full, or all have room again.
    EventQueue { full: bool },
    /// Time has passed.
    Tick,
}

/// A kind of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeviceKind {
    Mic,
    Speaker,
    Cam,
    Screen,
}

impl DeviceKind {
    /// Its name for people.
    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Mic => "microphone",
            Self::Speaker => "speaker",
            Self::Cam => "camera",
            Self::Screen => "screen",
        }
    }
}

/// Loudness of the user and of the bot, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Levels {
    pub(crate) local: f32,
    pub(crate) remote: f32,
}

/// App-provided audio.
#[derive(Clone, Debug, Default)]
pub(crate) struct Devices {
    pub(crate) mic: Option<MediaDevice>,
    pub(crate) speaker: Option<MediaDevice>,
}

/// A call of the app.
#[derive(Debug)]
pub(crate) enum Command {
    InitDevices,
    StartBot(ApiRequest),
    Connect(ConnectParams),
    StartBotAndConnect(ApiRequest),
    Disconnect,
    Send { method: &'static str, message: ClientMessage },
    Request { t: String, d: Option<Value>, timeout: Duration },
    SessionRequest(Asked),
    SendDtmf(String),
    AppendToContext(ClientMessage),
    EnableMic(bool),
    EnableVideo { shown: Shown, enable: bool },
    SelectDevice { device: DeviceKind, id: String },
    FlushBotAudio,
    NetworkChanged,
}

/// A request of the app to the session's own endpoints.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    pub(crate) timeout: Duration,
}

impl Command {
    /// Whether dropping the call's future undoes what it has begun, or frees its place.
    pub(crate) const fn is_undoable(&self) -> bool {
        matches!(
            self,
            Self::InitDevices
                | Self::StartBot(_)
                | Self::Connect(_)
                | Self::StartBotAndConnect(_)
                | Self::Request { .. }
                | Self::SessionRequest(_)
        )
    }

    /// The name of the client's method, for errors.
    pub(crate) const fn method(&self) -> &'static str {
        match self {
            Self::InitDevices => "init_devices",
            Self::StartBot(_) => "start_bot",
            Self::Connect(_) => "connect",
            Self::StartBotAndConnect(_) => "start_bot_and_connect",
            Self::Disconnect => "disconnect",
            Self::Send { method, .. } => method,
            Self::Request { .. } => "send_client_request",
            Self::SessionRequest(_) => "session_request",
            Self::SendDtmf(_) => "send_dtmf",
            Self::AppendToContext(_) => "append_to_context",
            Self::EnableMic(_) => "enable_mic",
            Self::EnableVideo { shown, .. } => shown.method(),
            Self::SelectDevice { device: DeviceKind::Mic, .. } => "update_mic",
            Self::SelectDevice { device: DeviceKind::Speaker, .. } => "update_speaker",
            Self::SelectDevice { device: DeviceKind::Cam | DeviceKind::Screen, .. } => "update_cam",
            Self::FlushBotAudio => "flush_bot_audio",
            Self::NetworkChanged => "network_changed",
        }
    }
}
