//! The wording of events, calls and results for people. Pure.
//!
//! Never shows the start endpoint's answer, which may contain a token.

use anstyle::{AnsiColor, Style};
use rtvi_core::{
    Error, Event,
    client::{DisconnectReason, MediaDevice},
    media::{AudioDropReason, AudioDropped},
    protocol::{BotReadyData, FunctionCallInProgressData, FunctionCallStoppedData, ServerMessage},
};
use serde_json::Value;

use crate::plan::Call;

/// A line: its subject, its style and its text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) label: &'static str,
    pub(super) style: Style,
    pub(super) text: String,
}

impl Line {
    pub(super) fn new(label: &'static str, style: Style, text: impl Into<String>) -> Self {
        Self { label, style, text: text.into() }
    }
}

pub(super) const PLAIN: Style = Style::new();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const YOU: Style = AnsiColor::Cyan.on_default();
pub(super) const BOT: Style = AnsiColor::Green.on_default();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const NOTE: Style = AnsiColor::Yellow.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const WORK: Style = AnsiColor::Magenta.on_default();

/// The line about an event; `None` for events that people need not see, or that are shown in
/// another way.
pub(super) fn event(event: &Event) -> Option<Line> {
    Some(match event {
        Event::TransportStateChanged(state) => Line::new("state", DIM, state.as_str()),
        Event::Disconnected(reason) => disconnected(reason),
        Event::Reconnecting { attempt, max_attempts, reason } => {
            Line::new("lost", NOTE, format!("{reason}; trying again ({attempt} of {max_attempts})"))
        }
        Event::Error { error, fatal } => Line::new(if *fatal { "fatal" } else { "error" }, BAD, whole(error)),
        Event::MessageError { error, .. } => Line::new("refused", NOTE, error),
        Event::ProtocolError { wire_type, reason } => {
            Line::new("dropped", NOTE, format!("{}: {reason}", wire_type.as_deref().unwrap_or("a message")))
        }
        Event::AudioDropped(dropped) => Line::new("dropped", NOTE, audio_dropped(dropped)),
        Event::UnsupportedFeature(feature) => Line::new("note", NOTE, format!("{feature} is not supported")),
        Event::DeviceError(error) => Line::new("device", BAD, error.message()),
        Event::MicUpdated(device) if !is_of_app(device) => Line::new("mic", DIM, &device.label),
        Event::MediaStateUpdated(media) if media.mic_muted => {
            Line::new("mic", NOTE, "the server has muted it; turning it on again ends that")
        }
        Event::SpeakerUpdated(device) if !is_of_app(device) => Line::new("speaker", DIM, &device.label),
        Event::Server(message) => return server_message(message),
        _ => return None,
    })
}

fn audio_dropped(dropped: &AudioDropped) -> String {
    let whose = if dropped.reason.is_of_user() { "your" } else { "the bot's" };
    // The duration of audio that can't be decoded is unknown.
    let much = if dropped.time.is_zero() {
        format!("{} frames", dropped.count)
    } else {
        format!("{} ms", dropped.time.as_millis())
    };
    let detail = dropped.detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
    format!("{much} of {whose} audio: {}{detail}", why_dropped(dropped.reason))
}

const fn why_dropped(reason: AudioDropReason) -> &'static str {
    match reason {
        AudioDropReason::UnknownStream => "the server has not announced its stream",
        AudioDropReason::Unreadable => "it can't be decoded",
        AudioDropReason::PlayoutFull => "too much audio was waiting for playback",
        AudioDropReason::SpeakerFull => "the speaker is too slow",
        AudioDropReason::MicrophoneFull => "this machine is too slow",
        AudioDropReason::MicrophoneBacklog => "the server or the network is too slow",
        AudioDropReason::PreConnectFull => "the bot took too long to be ready",
        _ => "for another reason",
    }
}

/// What the command line itself plays or records is not worth a line.
fn is_of_app(device: &MediaDevice) -> bool {
    device.device_id == "application"
}

fn server_message(message: &ServerMessage) -> Option<Line> {
    Some(match message {
        ServerMessage::BotReady(bot) => Line::new("ready", GOOD, ready(bot)),
        ServerMessage::Error(error) => Line::new("error", BAD, &error.error),
        ServerMessage::LlmFunctionCallInProgress(call) => Line::new("function", WORK, function_called(call)),
        ServerMessage::LlmFunctionCallStopped(call) => Line::new("function", WORK, function_ended(call)),
        ServerMessage::ServerMessage(data) => Line::new("message", WORK, json(data.as_ref())),
        ServerMessage::UserMuteStarted => Line::new("note", DIM, "the bot is not listening"),
        ServerMessage::UserMuteStopped => Line::new("note", DIM, "the bot is listening again"),
        ServerMessage::SystemLog(line) => Line::new("bot log", DIM, &line.text),
        ServerMessage::UiCommand(command) => Line::new("ui", WORK, &command.command),
        ServerMessage::Unknown { wire_type, data } => {
            Line::new("unknown", DIM, format!("{wire_type} {}", json(data.as_ref())))
        }
        _ => return None,
    })
}

fn disconnected(reason: &DisconnectReason) -> Line {
    match reason {
        DisconnectReason::Requested => Line::new("ended", PLAIN, "disconnected"),
        DisconnectReason::BotLeft { reason, .. } if reason.is_empty() => {
            Line::new("ended", PLAIN, "the bot has left")
        }
        DisconnectReason::BotLeft { reason, .. } => {
            Line::new("ended", PLAIN, format!("the bot has left: {reason}"))
        }
        // An event of its own has already reported the error.
        DisconnectReason::Failed(_) => Line::new("ended", BAD, "the session has failed"),
    }
}

fn ready(bot: &BotReadyData) -> String {
    let about = |key: &str| bot.about.as_ref().and_then(|about| about.get(key)).and_then(Value::as_str);
    let version = bot.version.as_deref().unwrap_or("of unknown version");
    match (about("library"), about("library_version")) {
        (Some(library), Some(of_library)) => {
            format!("the bot is ready: RTVI {version}, {library} {of_library}")
        }
        (Some(library), None) => format!("the bot is ready: RTVI {version}, {library}"),
        (None, _) => format!("the bot is ready: RTVI {version}"),
    }
}

fn function_called(call: &FunctionCallInProgressData) -> String {
    let arguments = call.arguments.clone().unwrap_or_default();
    let name = call.function_name.as_deref().unwrap_or("a function that the server does not name");
    format!("the bot calls {name} {}", Value::Object(arguments))
}

fn function_ended(call: &FunctionCallStoppedData) -> String {
    let name = call.function_name.as_deref().unwrap_or("the function");
    match &call.result {
        _ if call.cancelled => format!("{name} was cancelled"),
        Some(result) => format!("{name} gave {result}"),
        None => format!("{name} has ended"),
    }
}

/// The line about a call that begins.
pub(super) fn call(call: &Call) -> Line {
    let text = match call {
        Call::SendText { content, .. } => format!("sendText {content:?}"),
        Call::SendClientMessage { t, data } => format!("sendClientMessage {t} {}", json(data.as_ref())),
        Call::SendClientRequest { t, data, .. } => format!("sendClientRequest {t} {}", json(data.as_ref())),
        Call::SendDtmf { keys } => format!("sendDtmf {keys}"),
        Call::EnableMic { enable } => format!("enableMic {enable}"),
        Call::EnableCam { enable } | Call::EnableScreenShare { enable } => {
            format!("{} {enable}", call.name())
        }
        Call::UpdateMic { device_id } | Call::UpdateSpeaker { device_id } | Call::UpdateCam { device_id } => {
            format!("{} {device_id}", call.name())
        }
        other => other.name().to_owned(),
    };
    Line::new("call", DIM, text.trim_end())
}

/// The line about a call that has ended; `None` if there is nothing to report.
pub(super) fn result(call: &Call, result: &Result<Value, Error>) -> Option<Line> {
    match (call, result) {
        (Call::SendClientRequest { t, .. }, Ok(answer)) => {
            Some(Line::new("answer", PLAIN, format!("{t}: {answer}")))
        }
        (_, Ok(_)) => None,
        (call, Err(error)) => Some(failed(call.name(), error)),
    }
}

/// An error with the server's code, unless its text contains it, and the time to wait before a
/// retry.
fn whole(error: &Error) -> String {
    let code = error.code().filter(|code| !error.message().contains(code)).map(|code| format!("code {code}"));
    let again = error.retry_after().map(|wait| format!("try again in {} s", wait.as_secs()));
    let known: Vec<String> = code.into_iter().chain(again).collect();
    if known.is_empty() { error.to_string() } else { format!("{error} ({})", known.join(", ")) }
}

/// The line about a failure.
pub(super) fn failed(name: &str, error: &Error) -> Line {
    Line::new("failed", BAD, format!("{name}: {}", whole(error)))
}

fn json(value: Option<&Value>) -> String {
    value.map(Value::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn dropped_audio_is_shown() {
        let text = |dropped: AudioDropped| event(&Event::AudioDropped(dropped)).map(|line| line.text);
        let late = AudioDropped::new(AudioDropReason::MicrophoneBacklog, Duration::from_millis(1240), 62);
        assert_eq!(
            text(late).as_deref(),
            Some("1240 ms of your audio: the server or the network is too slow")
        );
        let strange = AudioDropped::new(AudioDropReason::UnknownStream, Duration::ZERO, 3);
        assert_eq!(
            text(strange.with_detail("SSRC 7")).as_deref(),
            Some("3 frames of the bot's audio: the server has not announced its stream (SSRC 7)")
        );
    }
}
