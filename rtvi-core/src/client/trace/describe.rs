//! What a row says of an input, an output, a reply or an event; nothing where another row says it.
//!
//! Pure. Must never show a text of the app or the server.

use std::borrow::Cow;

use crate::{
    client::{
        DeviceState, Event, MediaState,
        machine::{CallId, Input, Output, Reply},
        outline,
    },
    error::Error,
    protocol::ServerMessage,
    transport::{CloseReason, TransportEvent},
};

use super::{Detail, Kind, NetworkReport, Row};

/// The longest name of an unknown message type that is kept.
const MAX_NAME: usize = 40;

/// What came. Most that transports and devices report becomes an event and is shown as such.
pub(super) fn input(input: &Input) -> Option<Row> {
    let (kind, what) = match input {
        Input::Call { call, command } => return Some(call_row(*call, command.method())),
        Input::CallDropped(call) => return Some(call_row(*call, "dropped")),
        Input::StartAnswered { result, .. } => (Kind::Network, answer("start", result.as_ref().err())),
        Input::SessionAnswered { result, .. } => (Kind::Network, answer("session", result.as_ref().err())),
        Input::Transport { epoch, event } => {
            (Kind::Network, format!("connection {epoch} {}", transport_event(event)?))
        }
        Input::TransportClosed { epoch, reason } => {
            (Kind::Network, format!("connection {epoch} {}", close(reason)))
        }
        Input::SendRefused { .. } => (Kind::Error, "the send queue is full".to_owned()),
        Input::FunctionFinished { result, .. } => {
            (Kind::Function, if result.is_ok() { "finished" } else { "failed" }.to_owned())
        }
        Input::FunctionUnhandled { .. } => (Kind::Function, "has no handler".to_owned()),
        _ => return None,
    };
    Some(Row::new(kind, what))
}

fn call_row(call: CallId, what: &str) -> Row {
    Row::new(Kind::Call, format!("call {call}: {what}")).with(Detail::Call(call))
}

fn answer(endpoint: &str, error: Option<&Error>) -> String {
    let result =
        error.map_or_else(|| "answered".to_owned(), |error| format!("failed: {}", outline::error(error)));
    format!("{endpoint} endpoint {result}")
}

fn transport_event(event: &TransportEvent) -> Option<Cow<'static, str>> {
    match event {
        TransportEvent::Opened { .. } => Some("is open".into()),
        TransportEvent::Interrupted => Some("says that the bot was interrupted".into()),
        TransportEvent::BotLeft => Some("is left by the bot".into()),
        TransportEvent::BotJoined { .. } => Some("is joined by the bot".into()),
        TransportEvent::ParticipantConnected(_) => Some("is joined by somebody".into()),
        TransportEvent::ParticipantLeft(_) => Some("is left by somebody".into()),
        TransportEvent::MicMuted(true) => Some("mutes the microphone".into()),
        TransportEvent::MicMuted(false) => Some("unmutes the microphone".into()),
        TransportEvent::MaxMessageSize(limit) => {
            Some(format!("takes messages of {limit} bytes at most").into())
        }
        _ => None,
    }
}

fn close(reason: &CloseReason) -> String {
    match reason {
        CloseReason::Requested => "closed".to_owned(),
        CloseReason::BotLeft { code: Some(code), .. } => format!("closed by the bot with code {code}"),
        CloseReason::BotLeft { code: None, .. } => "closed by the bot".to_owned(),
        CloseReason::OpenFailed(error) => format!("did not open: {}", outline::error(error)),
        CloseReason::Lost(error) => format!("lost: {}", outline::error(error)),
    }
}

/// What the machine wants, but for events and replies.
pub(super) fn output(output: &Output) -> Option<Row> {
    let (kind, what): (Kind, Cow<'static, str>) = match output {
        Output::Send { wire_type, text, .. } => {
            return Some(Row::new(Kind::Sent, *wire_type).with(Detail::Bytes(text.len())));
        }
        Output::RequestStart { .. } => (Kind::Network, "ask start endpoint".into()),
        Output::RequestSession { .. } => (Kind::Network, "ask session endpoint".into()),
        Output::Open(open) => {
            (Kind::Network, format!("connection {} opens, attempt {}", open.epoch, open.attempt).into())
        }
        Output::Close { epoch } => (Kind::Network, format!("connection {epoch} is asked to close").into()),
        Output::NetworkChanged { epoch } => (Kind::Network, format!("connection {epoch} moves").into()),
        Output::OpenDevices => (Kind::Device, "open devices".into()),
        Output::SelectDevice { device, .. } => (Kind::Device, format!("select {}", device.noun()).into()),
        Output::StartCapture(_) => (Kind::Audio, "start microphone".into()),
        Output::StopCapture => (Kind::Audio, "stop microphone".into()),
        Output::SetMic(true) => (Kind::Audio, "microphone on".into()),
        Output::SetMic(false) => (Kind::Audio, "microphone off".into()),
        Output::ShowVideo { shown, on } => {
            let state = if *on { "on" } else { "off" };
            (Kind::Device, format!("{} {state}", shown.noun()).into())
        }
        Output::FlushAudio | Output::FlushSpeaker => (Kind::Audio, "discard the bot's audio".into()),
        Output::RunFunction(_) => (Kind::Function, "run".into()),
        Output::CancelFunction { .. } => (Kind::Function, "cancel".into()),
        _ => return None,
    };
    Some(Row::new(kind, what))
}

/// How a call has ended.
pub(super) fn reply(call: CallId, result: &Result<Reply, Error>) -> Row {
    let what: Cow<'static, str> = match result {
        Ok(Reply::BotReady(bot)) => format!("bot ready, protocol {}", bot.protocol_version()).into(),
        Ok(_) => "done".into(),
        Err(error) => format!("failed: {}", outline::error(error)).into(),
    };
    call_row(call, &what)
}

/// The row of an event. `bytes` is the size of the server's message that caused it.
pub(super) fn event(event: &Event, bytes: usize) -> Option<Row> {
    let (kind, what): (Kind, Cow<'static, str>) = match event {
        Event::Server(ServerMessage::UserAudioLevel(_) | ServerMessage::BotAudioLevel(_))
        | Event::LocalAudioLevel(_)
        | Event::RemoteAudioLevel(_)
        | Event::ParticipantConnected(_)
        | Event::ParticipantLeft(_) => return None,
        Event::Server(message) => {
            return Some(Row::new(Kind::Received, message_type(message)).with(Detail::Bytes(bytes)));
        }
        Event::MessageError { .. } => {
            return Some(Row::new(Kind::Received, "error-response").with(Detail::Bytes(bytes)));
        }
        Event::TransportStats(stats) => {
            let report = Detail::Network(Box::new(NetworkReport::of(stats)));
            return Some(Row::new(Kind::Network, "report").with(report));
        }
        Event::TransportStateChanged(state) => (Kind::State, state.as_str().into()),
        Event::Disconnected(reason) => {
            (Kind::State, format!("session ended: {}", outline::end(reason)).into())
        }
        Event::Reconnecting { attempt, max_attempts, reason } => {
            let reason = outline::error(reason);
            (Kind::Network, format!("reconnect, attempt {attempt} of {max_attempts}: {reason}").into())
        }
        Event::Error { error, fatal: true } => {
            (Kind::Error, format!("fatal: {}", outline::error(error)).into())
        }
        Event::Error { error, fatal: false } | Event::DeviceError(error) | Event::ScreenShareError(error) => {
            (Kind::Error, outline::error(error).into())
        }
        Event::ProtocolError { .. } => (Kind::Error, "a message breaks the protocol".into()),
        Event::UnsupportedFeature(_) => (Kind::Error, event.name().into()),
        Event::AudioDropped(dropped) => {
            let reason = outline::wire_name(&dropped.reason);
            (Kind::Audio, format!("dropped {:?}, {} times: {reason}", dropped.time, dropped.count).into())
        }
        Event::BotAudioHeard(spoken) => {
            (Kind::Audio, format!("{:.1?} of {:.1?} heard", spoken.heard, spoken.received).into())
        }
        Event::TrackStarted(track)
        | Event::TrackStopped(track)
        | Event::ScreenTrackStarted(track)
        | Event::ScreenTrackStopped(track) => {
            let whose = if track.participant.local { "user" } else { "bot" };
            (Kind::Audio, format!("{} of the {whose}", event.name()).into())
        }
        Event::LocalSpeechStarted | Event::LocalSpeechStopped => (Kind::Audio, event.name().into()),
        Event::MediaStateUpdated(media) => (Kind::Device, devices(media).into()),
        Event::AvailableMicsUpdated(_)
        | Event::AvailableSpeakersUpdated(_)
        | Event::MicUpdated(_)
        | Event::SpeakerUpdated(_)
        | Event::AvailableCamsUpdated(_)
        | Event::CamUpdated(_) => (Kind::Device, event.name().into()),
        Event::Connected | Event::BotConnected(_) | Event::BotDisconnected(_) | Event::BotStarted(_) => {
            (Kind::Network, event.name().into())
        }
    };
    Some(Row::new(kind, what))
}

/// The type of a message. Servers can put anything into one that is unknown: only what looks like a
/// type is kept.
fn message_type(message: &ServerMessage) -> Cow<'static, str> {
    let is_name = |text: &str| {
        text.len() <= MAX_NAME && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    match message.known_type() {
        Some(known) => known.into(),
        None if is_name(message.wire_type()) => message.wire_type().to_owned().into(),
        None => "unknown".into(),
    }
}

fn devices(media: &MediaState) -> String {
    let state = |state: &DeviceState| match state {
        DeviceState::Uninitialized => "uninitialized".to_owned(),
        DeviceState::Initializing => "initializing".to_owned(),
        DeviceState::Granted => "granted".to_owned(),
        DeviceState::Error { reason, .. } => outline::wire_name(reason),
    };
    let muted = if media.mic_muted { " (muted by the server)" } else { "" };
    format!("microphone {}{muted}, speaker {}", state(&media.mic), state(&media.speaker))
}
