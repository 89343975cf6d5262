//! A trace for people: one row for each thing that happened.
//!
//! Pure.

use std::{fmt, time::Duration};

use crate::client::machine::{Heard, Nanos, wire_name};

use super::{
    SessionTrace,
    command_note::{CommandNote, ParamsNote},
    input_note::{CloseNote, DropNote, EventNote, InputNote, StatsNote},
};

/// Something that happened in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// When, since the trace began.
    pub at: Duration,
    /// Whose doing it was.
    pub side: Side,
    /// What.
    pub what: String,
}

/// Whose doing something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Side {
    /// The app called.
    App,
    /// The start endpoint or the transport reported.
    Server,
    /// A microphone or speaker reported.
    Device,
    /// A deadline came.
    Clock,
    /// What the client made of it.
    Client,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::App => "app",
            Self::Server => "server",
            Self::Device => "device",
            Self::Clock => "clock",
            Self::Client => "client",
        })
    }
}

impl SessionTrace {
    /// All that happened, in order: each input, and after it what the client made of it.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        self.lines.iter().flat_map(|line| {
            let at = line.at();
            let (side, what) = describe(&line.input);
            let wants = line.wants.iter().map(move |what| Row { at, side: Side::Client, what: what.clone() });
            std::iter::once(Row { at, side, what }).chain(wants)
        })
    }
}

/// Whose doing an input is, and what it is.
pub(super) fn describe(input: &InputNote) -> (Side, String) {
    use InputNote as I;
    match input {
        I::Call { call, command } => (Side::App, format!("call {call}: {}", describe_command(command))),
        I::CallDropped { call } => (Side::App, format!("call {call} dropped")),
        I::StartAnswered { epoch, answer } => {
            (Side::Server, format!("start {epoch} answered: {}", describe_params(answer)))
        }
        I::StartFailed { epoch, error } => {
            (Side::Server, format!("start {epoch} failed: {}", error.outline()))
        }
        I::SessionAnswered { call, error: None } => (Side::Server, format!("session answered call {call}")),
        I::SessionAnswered { call, error: Some(error) } => {
            (Side::Server, format!("session refused call {call}: {}", error.outline()))
        }
        I::Opening { epoch, .. } => (Side::Client, format!("connection {epoch} opening")),
        I::Message { size, heard, .. } => {
            let is = heard.as_ref().map_or("message that is not listened to", Heard::wire_type);
            (Side::Server, format!("{is}, {} bytes", size.bytes()))
        }
        I::Transport { epoch, event } => {
            (Side::Server, format!("connection {epoch} {}", describe_transport_event(event)))
        }
        I::TransportClosed { epoch, reason } => {
            (Side::Server, format!("connection {epoch} {}", describe_close(reason)))
        }
        I::SendRefused { .. } => (Side::Client, "transport's queue is full".to_owned()),
        I::FunctionFinished { tool_call, ok, .. } => {
            (Side::App, format!("function {tool_call} {}", if *ok { "finished" } else { "failed" }))
        }
        I::FunctionUnhandled { tool_call } => (Side::App, format!("function {tool_call} has no handler")),
        I::AudioDropped(dropped) => (Side::Client, describe_drop(dropped)),
        I::ConsumerStalled => (Side::App, "does not read its events".to_owned()),
        I::Tick => (Side::Clock, "deadline".to_owned()),
        of_devices => (Side::Device, describe_device(of_devices)),
    }
}

fn describe_device(input: &InputNote) -> String {
    use InputNote as I;
    match input {
        I::DevicesListed { device, count } => format!("{count} {}s", device.noun()),
        I::DeviceUsed { device } => format!("{} in use", device.noun()),
        I::DeviceGone { device, error } | I::DeviceFailed { device, error } => {
            format!("{} failed: {}", device.noun(), error.outline())
        }
        I::Track { started: true } => "microphone audio began".to_owned(),
        I::Track { started: false } => "microphone audio ended".to_owned(),
        _ => "devices looked at".to_owned(),
    }
}

fn describe_command(command: &CommandNote) -> String {
    use CommandNote as C;
    match command {
        C::InitDevices => "init_devices".to_owned(),
        C::StartBot { request } => format!("start_bot{}", within(request.timeout)),
        C::Connect { params } => format!("connect with {}", describe_params(params)),
        C::StartBotAndConnect { request } => format!("start_bot_and_connect{}", within(request.timeout)),
        C::Disconnect => "disconnect".to_owned(),
        C::Send { wire_type, size } => format!("{wire_type}, {} bytes", size.bytes()),
        C::Request { size, timeout } => {
            format!("send_client_request, {} bytes{}", size.bytes(), within(Some(*timeout)))
        }
        C::SessionRequest { timeout } => format!("session_request{}", within(Some(*timeout))),
        C::SendDtmf { keys, .. } => format!("send_dtmf, {keys} keys"),
        C::AppendToContext { size } => format!("append_to_context, {} bytes", size.bytes()),
        C::EnableMic { enable } => format!("enable_mic {enable}"),
        C::SelectDevice { device } => format!("use another {}", device.noun()),
        C::FlushBotAudio => "flush_bot_audio".to_owned(),
        C::NetworkChanged => "network_changed".to_owned(),
    }
}

fn within(timeout: Option<Nanos>) -> String {
    timeout.map(|time| format!(" within {:?}", Duration::from(time))).unwrap_or_default()
}

fn describe_params(params: &ParamsNote) -> String {
    let others = (params.others > 0).then(|| format!("{} other keys", params.others));
    let keys: Vec<String> = params.keys.iter().map(ToString::to_string).chain(others).collect();
    if keys.is_empty() { "no keys".to_owned() } else { keys.join(", ") }
}

fn describe_transport_event(event: &EventNote) -> String {
    match event {
        EventNote::Opened => "open".to_owned(),
        EventNote::Interrupted => "interrupted the bot".to_owned(),
        EventNote::BotAudioStarted => "brings the bot's audio".to_owned(),
        EventNote::BotLeft => "is left by the bot".to_owned(),
        EventNote::Unreadable => "brought something unreadable".to_owned(),
        EventNote::MaxMessageSize(Some(size)) => format!("takes messages up to {} bytes", size.bytes()),
        EventNote::MaxMessageSize(None) => "takes messages of any size".to_owned(),
        EventNote::AudioDropped(dropped) => describe_drop(dropped),
        EventNote::Stats(stats) => describe_stats(stats),
    }
}

fn describe_drop(DropNote { reason, time, count }: &DropNote) -> String {
    let reason = wire_name(reason);
    format!("dropped audio: {reason}, {count} pieces, {:.0} ms", Duration::from(*time).as_secs_f64() * 1000.0)
}

fn describe_stats(stats: &StatsNote) -> String {
    let round_trip = stats.round_trip_ms.map_or_else(|| "unknown".to_owned(), |ms| format!("{ms:.1} ms"));
    format!(
        "round trip {round_trip}, jitter {:.1} ms, received {}, lost {}, late {}, repeated {}, concealed {}, \
         {} bit/s in, {} bit/s out, buffer {:.0} of {:.0} ms",
        stats.jitter_ms,
        stats.packets_received,
        stats.packets_lost,
        stats.packets_late,
        stats.packets_repeated,
        stats.frames_concealed,
        stats.receive_bitrate,
        stats.send_bitrate,
        stats.buffer_depth_ms,
        stats.buffer_target_ms,
    )
}

fn describe_close(reason: &CloseNote) -> String {
    match reason {
        CloseNote::Requested => "closed".to_owned(),
        CloseNote::BotLeft { code: Some(code) } => format!("closed by the bot with code {code}"),
        CloseNote::BotLeft { code: None } => "closed by the bot".to_owned(),
        CloseNote::OpenFailed(error) => format!("did not open: {}", error.outline()),
        CloseNote::Lost(error) => format!("lost: {}", error.outline()),
    }
}
