//! The outputs of the state machine.

use std::time::Duration;

use serde_json::Value;

use crate::{
    client::{Event, FunctionCall},
    error::Error,
    protocol::BotReadyData,
    transport::{ApiRequest, CaptureFormat, ConnectParams, SessionAnswer, SessionRequest},
};

use super::{CallId, DeviceKind, Epoch, Shown};

/// Something to do, in order.
#[derive(Debug, PartialEq)]
pub(crate) enum Output {
    /// Report this event to the app.
    Emit(Event),
    /// Settle a call. Each call is settled exactly once.
    Reply { call: CallId, result: Result<Reply, Error> },
    /// Open microphone and speaker, report them, then [`super::Input::DevicesOpened`].
    OpenDevices,
    /// Ask the start endpoint, then report [`super::Input::StartAnswered`].
    RequestStart { epoch: Epoch, request: Box<ApiRequest> },
    /// Cancel the start request.
    CancelStart,
    /// Ask one of the session's own endpoints, then report [`super::Input::SessionAnswered`].
    RequestSession { call: CallId, request: Box<SessionRequest> },
    /// Cancel that request.
    CancelSessionRequest { call: CallId },
    /// Create a connection and run it.
    Open(Box<Open>),
    /// Send this message. When the transport's queue is full, `call` fails, or the request of this
    /// `id` is reported as [`super::Input::SendRefused`].
    Send { id: String, wire_type: &'static str, text: String, call: Option<CallId> },
    /// Close the transport gracefully and report how it ended.
    Close { epoch: Epoch },
    /// The connection is no longer needed: close it in the background.
    Discard { epoch: Epoch },
    /// Inform the connection that the network changed.
    NetworkChanged { epoch: Epoch },
    /// Start playing the bot's audio.
    StartPlayback,
    /// Stop playing and discard what was not played.
    StopPlayback,
    /// Send the microphone's audio to the transport, in this format.
    StartCapture(CaptureFormat),
    /// Stop sending the microphone's audio.
    StopCapture,
    /// Record the user until the bot is ready, if the option is set.
    StartPreConnect,
    /// Stop that recording and discard it.
    StopPreConnect,
    /// The server reports on the bot's speech; how much of it is heard is measured from that.
    BotSpeech(BotSpeech),
    /// The microphone was enabled or disabled.
    SetMic(bool),
    /// Turn the camera or the screen on or off, and inform the connection.
    ShowVideo { shown: Shown, on: bool },
    /// Drop the bot's audio that has not been played.
    FlushAudio,
    /// Drop what the speaker itself still holds. The transport has dropped the rest.
    FlushSpeaker,
    /// Use another microphone or speaker. The result is reported as [`super::Input::DeviceEvent`].
    SelectDevice { device: DeviceKind, id: String },
    /// Run the app's handler, then report [`super::Input::FunctionFinished`] or
    /// `FunctionUnhandled`.
    RunFunction(FunctionCall),
    /// Abort the app's handler.
    CancelFunction { tool_call_id: String },
}

/// What the server reports about the bot's speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BotSpeech {
    Began,
    Ended,
    Interrupted,
}

/// A transport to open.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Open {
    pub(crate) epoch: Epoch,
    pub(crate) params: ConnectParams,
    pub(crate) start: Option<ApiRequest>,
    pub(crate) attempt: u32,
    pub(crate) mic_enabled: bool,
    pub(crate) timeout: Duration,
}

/// The successful result of a call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reply {
    Done,
    Started(ConnectParams),
    BotReady(Box<BotReadyData>),
    Answer(Option<Value>),
    SessionAnswer(SessionAnswer),
}
