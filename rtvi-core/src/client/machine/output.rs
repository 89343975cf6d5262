//! What the state machine wants done.

use std::time::Duration;

use serde_json::Value;

use crate::{
    client::{Event, FunctionCall},
    error::Error,
    protocol::BotReadyData,
    transport::{ApiRequest, CaptureFormat, ConnectParams, SessionAnswer, SessionRequest},
};

use super::{CallId, Device, Epoch};

/// Something to do, in order.
#[derive(Debug, PartialEq)]
pub(crate) enum Output {
    /// Tell the app.
    Emit(Event),
    /// Settle a call. Each call is settled exactly once.
    Reply { call: CallId, result: Result<Reply, Error> },
    /// Look at microphone and speaker, report what is found, then [`super::Input::DevicesOpened`].
    OpenDevices,
    /// Ask the start endpoint, then report [`super::Input::StartAnswered`].
    RequestStart { epoch: Epoch, request: ApiRequest },
    /// Give up the start request.
    CancelStart,
    /// Ask one of the session's own endpoints, then report [`super::Input::SessionAnswered`].
    RequestSession { call: CallId, request: Box<SessionRequest> },
    /// Give up that request.
    CancelSessionRequest { call: CallId },
    /// Make a transport and run it.
    Open(Open),
    /// Send this message. When the transport's queue is full, `call` fails, or the request of this `id` is reported
    /// as [`super::Input::SendRefused`].
    Send { id: String, wire_type: &'static str, text: String, call: Option<CallId> },
    /// Close the transport gracefully and report how it ended.
    Close { epoch: Epoch },
    /// The transport is of no more use: close it in the background.
    Discard { epoch: Epoch },
    /// Tell the transport that the network changed.
    NetworkChanged { epoch: Epoch },
    /// Play what the transport brings.
    StartPlayback,
    /// Stop the playback and discard what was not played.
    StopPlayback,
    /// Send the microphone's audio to the transport, in this format.
    StartCapture(CaptureFormat),
    /// Stop sending the microphone's audio.
    StopCapture,
    /// Record what the user says until the bot is ready, if the app wants that.
    StartPreConnect,
    /// Discard what was recorded before the bot is ready.
    StopPreConnect,
    /// The server says where the bot's speech is: how much of it is heard is measured from there.
    BotSpeech(BotSpeech),
    /// The microphone was enabled or disabled.
    SetMic(bool),
    /// Drop the bot's audio that has not been played.
    FlushAudio,
    /// Drop what the speaker itself still holds: the transport has dropped the rest.
    FlushSpeaker,
    /// Use another microphone or speaker; what becomes of it is reported as [`super::Input::DeviceEvent`].
    SelectDevice { device: Device, id: String },
    /// Run the app's handler, then report [`super::Input::FunctionFinished`] or `FunctionUnhandled`.
    RunFunction(FunctionCall),
    /// Give up the app's handler.
    CancelFunction { tool_call_id: String },
}

/// What the server says of the bot's speech.
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

/// What a call gives back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reply {
    Done,
    Started(ConnectParams),
    BotReady(Box<BotReadyData>),
    Answer(Option<Value>),
    SessionAnswer(SessionAnswer),
}
