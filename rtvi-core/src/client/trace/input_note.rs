//! An input of the machine as a trace holds it: what the machine looks at, without what anyone said.
//!
//! Pure. Must never hold a text of the app or the server.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    client::machine::{
        Alias, Aliases, CallId, Command, Device, Devices, Fault, Heard, Ids, Input, Nanos, Size,
    },
    error::Error,
    media::{AudioDropReason, AudioDropped, DeviceEvent},
    transport::{CloseReason, SessionAnswer, TransportCapabilities, TransportEvent, TransportStats},
};

use super::command_note::{CommandNote, ParamsNote, count};

/// Something that happened, in the order of [`Input`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(super) enum InputNote {
    Call { call: CallId, command: Box<CommandNote> },
    CallDropped { call: CallId },
    DevicesOpened { app_mic: bool, app_speaker: bool },
    DevicesListed { device: Device, count: u32 },
    DeviceUsed { device: Device },
    DeviceGone { device: Device, error: Fault },
    StartAnswered { epoch: u32, answer: ParamsNote },
    StartFailed { epoch: u32, error: Fault },
    SessionAnswered { call: CallId, error: Option<Fault> },
    Opening { epoch: u32, max_message_size: Option<Size>, audio: bool },
    Message { epoch: u32, size: Size, heard: Option<Heard> },
    Transport { epoch: u32, event: EventNote },
    TransportClosed { epoch: u32, reason: CloseNote },
    SendRefused { message: Option<u32> },
    FunctionFinished { tool_call: Alias, ok: bool, size: Size },
    FunctionUnhandled { tool_call: Alias },
    Track { started: bool },
    AudioDropped(DropNote),
    DeviceFailed { device: Device, error: Fault },
    ConsumerStalled,
    Tick,
}

/// What a transport reported, but for messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum EventNote {
    Opened,
    Interrupted,
    BotAudioStarted,
    BotLeft,
    Unreadable,
    MaxMessageSize(Option<Size>),
    Stats(Box<StatsNote>),
    AudioDropped(DropNote),
}

/// [`AudioDropped`] without its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DropNote {
    pub(super) reason: AudioDropReason,
    pub(super) time: Nanos,
    pub(super) count: u64,
}

/// [`TransportStats`] without addresses; times in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct StatsNote {
    pub(super) round_trip_ms: Option<f64>,
    pub(super) jitter_ms: f64,
    pub(super) packets_received: u64,
    pub(super) packets_lost: u64,
    pub(super) packets_late: u64,
    pub(super) packets_repeated: u64,
    pub(super) frames_concealed: u64,
    pub(super) packets_unreadable: u64,
    pub(super) packets_dropped: u64,
    pub(super) packets_sent: u64,
    pub(super) receive_bitrate: u64,
    pub(super) send_bitrate: u64,
    pub(super) buffer_depth_ms: f64,
    pub(super) buffer_target_ms: f64,
}

/// [`CloseReason`] without the server's text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum CloseNote {
    Requested,
    BotLeft { code: Option<u16> },
    OpenFailed(Fault),
    Lost(Fault),
}

impl InputNote {
    /// What is kept of an input. What is looked at in a message is known only when it was handled.
    pub(super) fn of(input: &Input, ids: &Ids, aliases: &Aliases) -> Self {
        match input {
            Input::Call { call, command } => Self::of_call(*call, command),
            Input::CallDropped(call) => Self::CallDropped { call: *call },
            Input::DevicesOpened(devices) => Self::of_devices(devices),
            Input::DeviceEvent { device, news } => Self::of_news(*device, news, aliases),
            Input::StartAnswered { epoch, result } => Self::of_start(short(*epoch), result, aliases),
            Input::SessionAnswered { call, result } => Self::of_session_answer(*call, result, aliases),
            Input::Opening { epoch, capabilities } => Self::of_opening(short(*epoch), capabilities),
            Input::Transport { epoch, event } => Self::of_transport_event(short(*epoch), event),
            Input::TransportClosed { epoch, reason } => Self::of_close(short(*epoch), reason, aliases),
            Input::SendRefused { id } => Self::SendRefused { message: ids.number_of(id) },
            Input::FunctionFinished { tool_call_id, result } => {
                Self::of_result(aliases.of(tool_call_id), result)
            }
            Input::FunctionUnhandled { tool_call_id } => {
                Self::FunctionUnhandled { tool_call: aliases.of(tool_call_id) }
            }
            Input::Track { started, .. } => Self::Track { started: *started },
            Input::AudioDropped(dropped) => Self::AudioDropped(DropNote::of(dropped)),
            Input::DeviceFailed { device, error } => {
                Self::DeviceFailed { device: *device, error: Fault::of(error, aliases) }
            }
            Input::ConsumerStalled => Self::ConsumerStalled,
            Input::Tick => Self::Tick,
        }
    }

    fn of_call(call: CallId, command: &Command) -> Self {
        Self::Call { call, command: Box::new(CommandNote::of(command)) }
    }

    const fn of_devices(Devices { mic, speaker }: &Devices) -> Self {
        Self::DevicesOpened { app_mic: mic.is_some(), app_speaker: speaker.is_some() }
    }

    fn of_start(epoch: u32, result: &Result<Map<String, Value>, Error>, aliases: &Aliases) -> Self {
        match result {
            Ok(answer) => Self::StartAnswered { epoch, answer: ParamsNote::of(answer) },
            Err(error) => Self::StartFailed { epoch, error: Fault::of(error, aliases) },
        }
    }

    fn of_session_answer(call: CallId, result: &Result<SessionAnswer, Error>, aliases: &Aliases) -> Self {
        let error = result.as_ref().err().map(|error| Fault::of(error, aliases));
        Self::SessionAnswered { call, error }
    }

    fn of_close(epoch: u32, reason: &CloseReason, aliases: &Aliases) -> Self {
        Self::TransportClosed { epoch, reason: CloseNote::of(reason, aliases) }
    }

    fn of_news(device: Device, news: &DeviceEvent, aliases: &Aliases) -> Self {
        match news {
            DeviceEvent::Listed(list) => Self::DevicesListed { device, count: count(list.len()) },
            DeviceEvent::Using(_) => Self::DeviceUsed { device },
            DeviceEvent::Failed(error) => Self::DeviceGone { device, error: Fault::of(error, aliases) },
        }
    }

    fn of_opening(epoch: u32, capabilities: &TransportCapabilities) -> Self {
        Self::Opening {
            epoch,
            max_message_size: limit(capabilities.max_message_size),
            audio: capabilities.capture.is_some(),
        }
    }

    fn of_transport_event(epoch: u32, event: &TransportEvent) -> Self {
        let event = match event {
            TransportEvent::Message(bytes) => {
                return Self::Message { epoch, size: Size::new(bytes.len()), heard: None };
            }
            TransportEvent::Opened { .. } => EventNote::Opened,
            TransportEvent::Interrupted => EventNote::Interrupted,
            TransportEvent::BotAudioStarted => EventNote::BotAudioStarted,
            TransportEvent::BotLeft => EventNote::BotLeft,
            TransportEvent::Unreadable(_) => EventNote::Unreadable,
            TransportEvent::MaxMessageSize(size) => EventNote::MaxMessageSize(limit(*size)),
            TransportEvent::AudioDropped(dropped) => EventNote::AudioDropped(DropNote::of(dropped)),
            TransportEvent::Stats(stats) => EventNote::Stats(Box::new(StatsNote::of(stats))),
        };
        Self::Transport { epoch, event }
    }

    fn of_result(tool_call: Alias, result: &Result<Value, String>) -> Self {
        let (ok, size) = match result {
            Ok(value @ (Value::Object(_) | Value::String(_))) => (true, Size::of_json(value)),
            // Sent as the text of its JSON.
            Ok(other) => (true, Size::of_json(&other.to_string())),
            Err(text) => (false, Size::of_json(text)),
        };
        Self::FunctionFinished { tool_call, ok, size }
    }

    /// How large the stand-ins are that a replay makes for it.
    pub(super) fn size(&self) -> Size {
        match self {
            Self::Call { command, .. } => command.size(),
            Self::Message { heard: Some(heard), .. } => heard.size(),
            Self::FunctionFinished { size, .. } => *size,
            _ => Size::default(),
        }
    }

    /// Whether the machine is after it as it was before, whatever it told.
    pub(super) fn changes_nothing(&self) -> bool {
        match self {
            Self::Message { heard, .. } => heard.as_ref().is_none_or(Heard::changes_nothing),
            Self::Transport { event: EventNote::Stats(_), .. } => true,
            _ => false,
        }
    }
}

/// A limit that a message can exceed; none counts as large as the largest size.
fn limit(bytes: usize) -> Option<Size> {
    let limit = Size::new(bytes);
    (limit.bytes() == bytes).then_some(limit)
}

/// A number that grows by one for each connection.
fn short(epoch: u64) -> u32 {
    u32::try_from(epoch).unwrap_or(u32::MAX)
}

impl CloseNote {
    fn of(reason: &CloseReason, aliases: &Aliases) -> Self {
        match reason {
            CloseReason::Requested => Self::Requested,
            CloseReason::BotLeft { code, .. } => Self::BotLeft { code: *code },
            CloseReason::OpenFailed(error) => Self::OpenFailed(Fault::of(error, aliases)),
            CloseReason::Lost(error) => Self::Lost(Fault::of(error, aliases)),
        }
    }
}

impl DropNote {
    fn of(dropped: &AudioDropped) -> Self {
        Self { reason: dropped.reason, time: dropped.time.into(), count: dropped.count }
    }

    /// The same without a text.
    pub(super) fn dropped(&self) -> AudioDropped {
        AudioDropped::new(self.reason, self.time.into(), self.count)
    }
}

impl StatsNote {
    fn of(stats: &TransportStats) -> Self {
        let millis = |time: Duration| time.as_secs_f64() * 1000.0;
        Self {
            round_trip_ms: stats.round_trip.map(millis),
            jitter_ms: millis(stats.jitter),
            packets_received: stats.packets_received,
            packets_lost: stats.packets_lost,
            packets_late: stats.packets_late,
            packets_repeated: stats.packets_repeated,
            frames_concealed: stats.frames_concealed,
            packets_unreadable: stats.packets_unreadable,
            packets_dropped: stats.packets_dropped,
            packets_sent: stats.packets_sent,
            receive_bitrate: stats.receive_bitrate,
            send_bitrate: stats.send_bitrate,
            buffer_depth_ms: millis(stats.buffer_depth),
            buffer_target_ms: millis(stats.buffer_target),
        }
    }
}
