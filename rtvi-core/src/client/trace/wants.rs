//! What the machine wants, in words: short, the same each time, and without what anyone said.
//!
//! Pure. Must never show a text of the app or the server.

use crate::{
    client::{
        DeviceState, DisconnectReason, Event, MediaState,
        machine::{Aliases, Ids, Name, Output, Reply, error_outline, wire_name},
    },
    error::Error,
};

/// What is wanted.
pub(super) fn describe(output: &Output, ids: &Ids, aliases: &Aliases) -> String {
    match output {
        Output::Emit(event) => describe_event(event, ids),
        Output::Reply { call, result } => format!("reply {call} {}", outcome(result)),
        Output::OpenDevices => "open devices".to_owned(),
        Output::RequestStart { epoch, .. } => format!("request start {epoch}"),
        Output::CancelStart => "cancel start".to_owned(),
        Output::RequestSession { call, .. } => format!("request to the session for {call}"),
        Output::CancelSessionRequest { call } => format!("cancel request to the session for {call}"),
        Output::Open(open) => {
            let mic = if open.mic_enabled { "on" } else { "off" };
            format!("open connection {} attempt {} mic {mic}", open.epoch, open.attempt)
        }
        Output::Send { id, wire_type, call, .. } => {
            let number = ids.number_of(id).unwrap_or_default();
            let call = call.map(|call| format!(" for {call}")).unwrap_or_default();
            format!("send {wire_type} number {number}{call}")
        }
        Output::Close { epoch } => format!("close connection {epoch}"),
        Output::Discard { epoch } => format!("discard connection {epoch}"),
        Output::NetworkChanged { epoch } => format!("tell connection {epoch} of the network"),
        Output::StartAudio => "start audio".to_owned(),
        Output::StopAudio => "stop audio".to_owned(),
        Output::SetMic(enabled) => format!("mic {}", if *enabled { "on" } else { "off" }),
        Output::FlushAudio => "flush audio".to_owned(),
        Output::FlushSpeaker => "flush speaker".to_owned(),
        Output::SelectDevice { device, .. } => format!("select {}", device.noun()),
        Output::RunFunction(call) => format!("run function {}", aliases.of(&call.tool_call_id)),
        Output::CancelFunction { tool_call_id } => format!("cancel function {}", aliases.of(tool_call_id)),
    }
}

/// A message that is passed on.
pub(super) fn describe_message(wire_type: &str) -> String {
    format!("message {wire_type}")
}

fn describe_event(event: &Event, ids: &Ids) -> String {
    let name = event.name();
    match event {
        Event::TransportStateChanged(state) => format!("state {state}"),
        Event::Server(message) => describe_message(Name::of(message).as_str()),
        Event::Disconnected(reason) => format!("event {name} {}", end(reason)),
        Event::Reconnecting { attempt, max_attempts, reason } => {
            format!("event {name} {attempt} of {max_attempts}: {}", error_outline(reason))
        }
        Event::Error { error, fatal: true } => format!("event {name} fatal {}", error_outline(error)),
        Event::Error { error, fatal: false } | Event::DeviceError(error) => {
            format!("event {name} {}", error_outline(error))
        }
        Event::MessageError { id, .. } => {
            let number = id.as_deref().and_then(|id| ids.number_of(id));
            format!(
                "event {name} to {}",
                number.map_or_else(|| "none".to_owned(), |number| number.to_string())
            )
        }
        Event::MediaStateUpdated(MediaState { mic, speaker, .. }) => {
            format!("event {name} mic {} speaker {}", device_state(mic), device_state(speaker))
        }
        Event::AudioDropped(dropped) => {
            format!("event {name} {} {}", wire_name(&dropped.reason), dropped.count)
        }
        _ => format!("event {name}"),
    }
}

fn outcome(result: &Result<Reply, Error>) -> String {
    match result {
        Ok(Reply::Done) => "done".to_owned(),
        Ok(Reply::Started(_)) => "started".to_owned(),
        Ok(Reply::BotReady(bot)) => format!("bot ready {}", bot.protocol_version()),
        Ok(Reply::Answer(_) | Reply::SessionAnswer(_)) => "answer".to_owned(),
        Err(error) => format!("error {}", error_outline(error)),
    }
}

fn end(reason: &DisconnectReason) -> String {
    match reason {
        DisconnectReason::Requested => "requested".to_owned(),
        DisconnectReason::BotLeft { code: Some(code), .. } => format!("bot left with code {code}"),
        DisconnectReason::BotLeft { code: None, .. } => "bot left".to_owned(),
        DisconnectReason::Failed(error) => format!("failed {}", error_outline(error)),
    }
}

fn device_state(state: &DeviceState) -> String {
    match state {
        DeviceState::Uninitialized => "uninitialized".to_owned(),
        DeviceState::Initializing => "initializing".to_owned(),
        DeviceState::Granted => "granted".to_owned(),
        DeviceState::Error { reason, .. } => wire_name(reason),
    }
}
