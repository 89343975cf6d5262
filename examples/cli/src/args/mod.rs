//! The command line's grammar: what clap parses, and its help. No behaviour.

mod help;
mod load;
mod phone;
mod session;
mod target;
#[cfg(test)]
mod tests;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};
use rtvi_core::protocol::telephony::PhoneProvider;
use serde_json::{Map, Value};
use url::Url;

use crate::{cloud::AgentArgs, transport::Kind, values};

use help::{EXAMPLES, EXIT_CODES, LOAD_HELP, TALK_HELP, TRACE_CODES};

pub(crate) use load::{LoadArgs, LoadCommand, OutputArgs, ReportArgs, ScenarioArgs, TurnSource};
use phone::CallArgs;
pub(crate) use session::{Level, SessionArgs};
pub(crate) use target::TargetArgs;

/// Talk to Pipecat voice bots from a terminal or a script
#[derive(Debug, Parser)]
#[command(name = "rtvi", version, after_help = EXAMPLES, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Talk to a bot
    #[command(after_long_help = TALK_HELP, after_help = "--help explains how a session ends, --json and --script, with examples.")]
    Talk(Box<TalkArgs>),
    /// Run the demo bot, which needs no network and no key; prints 'READY http://HOST:PORT' once it
    /// listens
    #[command(after_help = EXIT_CODES)]
    Bot(rtvi_bot::cli::Args),
    /// Run the demo bot and talk to it, in one process
    #[command(after_help = EXIT_CODES)]
    Demo(Box<DemoArgs>),
    /// List the microphones and speakers of this machine; * marks the default
    #[command(after_help = EXIT_CODES)]
    Devices(DevicesArgs),
    /// Check a server step by step and report what is wrong
    #[command(after_help = EXIT_CODES)]
    Doctor(DoctorArgs),
    /// Make many calls at once, and report how long the callers wait for answers
    #[command(after_long_help = LOAD_HELP, after_help = "--help explains what is measured, thresholds and exit codes, with examples.")]
    Load(Box<LoadArgs>),
    /// Show the trace of a session: as a timeline, or as a page with a picture
    #[command(after_help = TRACE_CODES)]
    Trace(TraceArgs),
}

#[derive(Debug, Args)]
pub(crate) struct TalkArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    #[command(flatten)]
    pub(crate) session: SessionArgs,
    /// Take the place of the provider's API at this address, such as 127.0.0.1:8790, for a bot that
    /// hangs up there; for --phone twilio, telnyx or plivo
    #[arg(long, value_name = "ADDRESS", requires = "phone")]
    pub(crate) hang_up_api: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// What the bot says when you connect
    #[arg(long, value_name = "TEXT")]
    pub(crate) greeting: Option<String>,
    /// Factor for the bot's own durations: 0.1 is ten times as fast
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub(crate) pace: f32,
    /// How to talk to the bot
    #[arg(long, value_parser = values::demo_transport(), default_value = "webrtc")]
    pub(crate) transport: Kind,
    #[command(flatten)]
    pub(crate) session: SessionArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DevicesArgs {
    /// Print one JSON object:
    /// {"mics":[{"deviceId":...,"label":...,"isDefault":...}],"speakers":[...]}
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// The start endpoint, the WebRTC offer endpoint (http, https, path ending in /offer) or the
    /// WebSocket (ws, wss) of the server; with --transport livekit, ws or wss means a LiveKit server
    #[arg(value_parser = values::any_url, required_unless_present = "agent", conflicts_with = "agent")]
    pub(crate) url: Option<Url>,
    #[command(flatten)]
    pub(crate) agent: AgentArgs,
    /// Header of the start request, the offer or the WebSocket handshake, depending on the URL;
    /// repeatable
    #[arg(long = "header", value_name = "K: V", value_parser = values::header)]
    pub(crate) headers: Vec<(String, String)>,
    /// JSON object for the body of the start request
    #[arg(long, value_name = "JSON|@FILE", value_parser = values::json_object)]
    pub(crate) data: Option<Map<String, Value>>,
    /// Token for the WebSocket or the LiveKit room
    #[arg(long)]
    pub(crate) token: Option<String>,
    /// Check a WebSocket for phone calls, as this telephone provider makes them
    #[arg(long, value_name = "PROVIDER", value_parser = phone::provider(), conflicts_with = "agent")]
    pub(crate) phone: Option<PhoneProvider>,
    #[command(flatten)]
    pub(crate) call: CallArgs,
    /// Transport to request from the start endpoint
    #[arg(long, value_enum)]
    pub(crate) transport: Option<Kind>,
    /// Time limit for each step [default: 10, with --agent 60]
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds)]
    timeout: Option<Duration>,
    /// Write the session's trace to this file at the end
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
}

impl DoctorArgs {
    /// The time limit for each step.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout.unwrap_or(Duration::from_secs(if self.agent.agent.is_some() { 60 } else { 10 }))
    }
}

#[derive(Debug, Args)]
pub(crate) struct TraceArgs {
    /// A trace: what --trace has written, or an app's sessionTrace()
    pub(crate) file: PathBuf,
    /// Write an HTML page to this file instead of printing the timeline
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}
