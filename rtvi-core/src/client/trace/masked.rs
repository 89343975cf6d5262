//! Inputs of a replay: made from their notes, with stand-ins for what was said.
//!
//! Pure. An input here is the same to the machine as the one that was noted.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::{
    client::{
        MediaDevice, Track, TrackKind,
        machine::{Alias, Asked, CallId, Command, Device, Devices, Fault, Ids, Input, Size},
    },
    error::Error,
    media::{DeviceEvent, DeviceInfo},
    protocol::{
        A11yNode, A11ySnapshot, AppendToContextData, ClientMessage, File, FileSource, SendFileData,
        SendTextData, UiCancelJobGroupData, UiEventData, UiSnapshotData,
    },
    transport::{
        ApiRequest, CloseReason, ConnectParams, Participant, SessionAnswer, TransportCapabilities,
        TransportEvent,
    },
};

use super::{
    command_note::{CommandNote, ParamsNote, RequestNote},
    input_note::{CloseNote, EventNote, InputNote},
};

/// The input; `None` for a message, which goes to the machine as it was read.
pub(super) fn input(note: &InputNote, ids: &Ids) -> Option<Input> {
    use InputNote as N;
    Some(match note {
        N::Call { call, command: of } => Input::Call { call: *call, command: Box::new(command(of)) },
        N::CallDropped { call } => Input::CallDropped(*call),
        N::StartAnswered { epoch, answer } => started(*epoch, Ok(params(answer))),
        N::StartFailed { epoch, error } => started(*epoch, Err(error.error())),
        N::SessionAnswered { call, error } => session_answered(*call, error.as_ref()),
        N::Opening { epoch, max_message_size, .. } => opening(*epoch, *max_message_size),
        N::Message { .. } => return None,
        N::Transport { epoch, event: of } => Input::Transport { epoch: (*epoch).into(), event: event(of) },
        N::TransportClosed { epoch, reason } => closed(*epoch, reason),
        N::SendRefused { message } => refused(*message, ids),
        N::FunctionFinished { tool_call, ok, size } => finished(*tool_call, *ok, *size),
        N::FunctionUnhandled { tool_call } => {
            Input::FunctionUnhandled { tool_call_id: tool_call.to_string() }
        }
        N::Track { started } => Input::Track { started: *started, track: track() },
        N::AudioDropped(dropped) => Input::AudioDropped(dropped.dropped()),
        N::ConsumerStalled => Input::ConsumerStalled,
        N::Tick => Input::Tick,
        N::DevicesOpened { app_mic, app_speaker } => devices_opened(*app_mic, *app_speaker),
        N::DevicesListed { device, .. } => news(*device, DeviceEvent::Listed(Vec::new())),
        N::DeviceUsed { device } => news(*device, DeviceEvent::Using(device_info())),
        N::DeviceGone { device, error } => news(*device, DeviceEvent::Failed(error.error())),
        N::DeviceFailed { device, error } => Input::DeviceFailed { device: *device, error: error.error() },
    })
}

fn started(epoch: u32, result: Result<Map<String, Value>, Error>) -> Input {
    Input::StartAnswered { epoch: epoch.into(), result }
}

/// Parameters with these keys: some are looked at, for whether there is a text.
fn params(note: &ParamsNote) -> Map<String, Value> {
    note.keys.iter().map(|key| (key.to_string(), Value::from("x"))).collect()
}

fn session_answered(call: CallId, error: Option<&Fault>) -> Input {
    let answer = SessionAnswer { status: 200, body: Value::Null };
    Input::SessionAnswered { call, result: error.map_or(Ok(answer), |error| Err(error.error())) }
}

fn opening(epoch: u32, max_message_size: Option<Size>) -> Input {
    let capabilities = TransportCapabilities { max_message_size: limit(max_message_size), capture: None };
    Input::Opening { epoch: epoch.into(), capabilities }
}

fn closed(epoch: u32, reason: &CloseNote) -> Input {
    Input::TransportClosed { epoch: epoch.into(), reason: close_reason(reason) }
}

fn refused(message: Option<u32>, ids: &Ids) -> Input {
    Input::SendRefused { id: message.map(|number| ids.of_number(number)).unwrap_or_default() }
}

fn finished(tool_call: Alias, ok: bool, size: Size) -> Input {
    let result = if ok { Ok(size.value()) } else { Err(size.text_beside(r#""""#.len())) };
    Input::FunctionFinished { tool_call_id: tool_call.to_string(), result }
}

fn devices_opened(app_mic: bool, app_speaker: bool) -> Input {
    let device = |is_there: bool| is_there.then(media_device);
    Input::DevicesOpened(Devices { mic: device(app_mic), speaker: device(app_speaker) })
}

const fn news(device: Device, news: DeviceEvent) -> Input {
    Input::DeviceEvent { device, news }
}

fn command(note: &CommandNote) -> Command {
    match note {
        CommandNote::InitDevices => Command::InitDevices,
        CommandNote::StartBot { request: of } => Command::StartBot(request(of)),
        CommandNote::Connect { params: of } => Command::Connect(ConnectParams::new(params(of))),
        CommandNote::StartBotAndConnect { request: of } => Command::StartBotAndConnect(request(of)),
        CommandNote::Disconnect => Command::Disconnect,
        CommandNote::Send { wire_type, size } => {
            Command::Send { method: "send", message: message(wire_type, *size) }
        }
        CommandNote::Request { size, timeout } => {
            Command::Request { t: size.text_beside(r#"{"t":""}"#.len()), d: None, timeout: (*timeout).into() }
        }
        CommandNote::SessionRequest { timeout } => {
            let (method, path) = (String::new(), String::new());
            Command::SessionRequest(Asked { method, path, body: None, timeout: (*timeout).into() })
        }
        CommandNote::SendDtmf { keys, valid } => {
            Command::SendDtmf(if *valid { "0" } else { "x" }.repeat((*keys).into()))
        }
        CommandNote::AppendToContext { size } => {
            Command::AppendToContext(message("append-to-context", *size))
        }
        CommandNote::EnableMic { enable } => Command::EnableMic(*enable),
        CommandNote::SelectDevice { device } => Command::SelectDevice { device: *device, id: String::new() },
        CommandNote::FlushBotAudio => Command::FlushBotAudio,
        CommandNote::NetworkChanged => Command::NetworkChanged,
    }
}

fn request(note: &RequestNote) -> ApiRequest {
    let endpoint = if note.cloud { "https://host/v1/public/agent/start" } else { "" };
    ApiRequest { timeout: note.timeout.map(Duration::from), ..ApiRequest::new(endpoint) }
}

/// A message of this type and size. One of a type that the client's methods don't send is an app's own.
fn message(wire_type: &str, size: Size) -> ClientMessage {
    let fill = |make: fn(String) -> ClientMessage| {
        make(size.text_beside(Size::of_json(&make(String::new())).bytes()))
    };
    match wire_type {
        "disconnect-bot" => ClientMessage::DisconnectBot,
        "send-text" => fill(|content| ClientMessage::SendText(SendTextData { content, options: None })),
        "send-file" => fill(file),
        "ui-event" => fill(|event| ClientMessage::UiEvent(UiEventData { event, payload: None })),
        "ui-snapshot" => fill(snapshot),
        "ui-cancel-job-group" => {
            fill(|job_id| ClientMessage::UiCancelJobGroup(UiCancelJobGroupData { job_id, reason: None }))
        }
        "append-to-context" => fill(|role| {
            let content = Value::Null;
            ClientMessage::AppendToContext(AppendToContextData { role, content, run_immediately: None })
        }),
        _ => fill(|t| ClientMessage::ClientMessage { t, d: None }),
    }
}

fn file(content: String) -> ClientMessage {
    let source = FileSource::Url { url: String::new() };
    let file = File { format: String::new(), name: None, source };
    ClientMessage::SendFile(SendFileData { content, file, options: None })
}

fn snapshot(reference: String) -> ClientMessage {
    let root = A11yNode { reference, ..A11yNode::default() };
    let tree = A11ySnapshot { root, captured_at: 0, selection: None, extra: Map::new() };
    ClientMessage::UiSnapshot(UiSnapshotData { tree })
}

fn event(note: &EventNote) -> TransportEvent {
    match note {
        EventNote::Opened => TransportEvent::Opened { bot: participant() },
        EventNote::Interrupted => TransportEvent::Interrupted,
        EventNote::BotAudioStarted => TransportEvent::BotAudioStarted,
        EventNote::BotLeft => TransportEvent::BotLeft,
        EventNote::Unreadable => TransportEvent::Unreadable(String::new()),
        EventNote::MaxMessageSize(size) => TransportEvent::MaxMessageSize(limit(*size)),
        EventNote::AudioDropped(dropped) => TransportEvent::AudioDropped(dropped.dropped()),
        EventNote::Stats(_) => TransportEvent::Stats(Box::default()),
    }
}

fn limit(size: Option<Size>) -> usize {
    size.map_or(usize::MAX, Size::bytes)
}

fn close_reason(note: &CloseNote) -> CloseReason {
    match note {
        CloseNote::Requested => CloseReason::Requested,
        CloseNote::BotLeft { code } => CloseReason::BotLeft { code: *code, reason: String::new() },
        CloseNote::OpenFailed(error) => CloseReason::OpenFailed(error.error()),
        CloseNote::Lost(error) => CloseReason::Lost(error.error()),
    }
}

const fn participant() -> Participant {
    Participant { id: String::new(), name: String::new(), local: false }
}

const fn track() -> Track {
    Track { kind: TrackKind::Audio, participant: participant() }
}

const fn media_device() -> MediaDevice {
    MediaDevice { device_id: String::new(), label: String::new() }
}

const fn device_info() -> DeviceInfo {
    DeviceInfo { id: String::new(), label: String::new(), is_default: false }
}
