//! Options that say what happens in a session.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};

use crate::{
    audio::{Microphone, Speaker},
    values::{self, Named},
    video::{Camera, Display, Screen},
};

use super::TargetArgs;

/// How long connecting may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The same for agents of Pipecat Cloud, which may have to start first; that takes up to 40 s.
const AGENT_TIMEOUT: Duration = Duration::from_secs(90);

/// What happens in the session.
#[derive(Clone, Debug, Args)]
pub(crate) struct SessionArgs {
    /// Your voice: none, default or a microphone's ID (listed by `rtvi devices`), wav:FILE, tone:HZ
    /// or silence
    #[arg(long, value_name = "SOURCE", default_value = "none")]
    pub(crate) mic: Microphone,
    /// Output for the bot's voice: none, default or a speaker's ID, or wav:FILE
    #[arg(long, value_name = "SINK", default_value = "none")]
    pub(crate) speaker: Speaker,
    /// Your camera: none, pattern (a moving test picture), y4m:FILE (in a loop) or v4l:N
    #[arg(long, value_name = "SOURCE", default_value = "none")]
    pub(crate) cam: Camera,
    /// The screen to share: none, pattern or x11
    #[arg(long, value_name = "SOURCE", default_value = "none")]
    pub(crate) screen: Screen,
    /// Output for the bot's video: none, y4m:FILE or window
    #[arg(
        long,
        value_name = "SINK",
        default_value = "none",
        num_args = 0..=1,
        default_missing_value = "window"
    )]
    pub(crate) video: Display,
    /// Send microphone audio only while the space bar is held, starting shortly before
    #[arg(long)]
    pub(crate) push_to_talk: bool,
    /// Keep the microphone open after m turns it off, instead of closing it after 10 seconds
    #[arg(long)]
    pub(crate) keep_mic: bool,
    /// Disable echo cancellation, which removes the bot's voice from the microphone
    #[arg(long)]
    pub(crate) no_aec: bool,
    /// Disable noise suppression on the microphone
    #[arg(long)]
    pub(crate) no_ns: bool,
    /// Disable automatic gain on the microphone
    #[arg(long)]
    pub(crate) no_agc: bool,
    /// How long the bot must be silent before the session ends [default: 2]
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, conflicts_with_all = ["duration", "script"])]
    pub(crate) linger: Option<Duration>,
    /// Send a text as if it had been spoken; repeatable
    #[arg(long, value_name = "TEXT", conflicts_with = "script")]
    pub(crate) send_text: Vec<String>,
    /// Send a request and show the answer; repeatable
    #[arg(long, value_name = "TYPE[=JSON]", value_parser = values::named, conflicts_with = "script")]
    pub(crate) request: Vec<Named>,
    /// Send a message of the app's own type; repeatable
    #[arg(long, value_name = "TYPE[=JSON]", value_parser = values::named, conflicts_with = "script")]
    pub(crate) message: Vec<Named>,
    /// Press telephone keys: 0-9, * and #
    #[arg(long, value_name = "KEYS", conflicts_with = "script")]
    pub(crate) dtmf: Option<String>,
    /// Answer the bot's calls of a function with this JSON; repeatable
    #[arg(long = "function", value_name = "NAME=JSON", value_parser = values::function)]
    pub(crate) functions: Vec<Named>,
    /// End the session this long after the bot is ready
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, conflicts_with = "script")]
    pub(crate) duration: Option<Duration>,
    /// Time limit for connecting, from the start request to bot-ready [default: 30, with --agent
    /// 90]
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) timeout: Option<Duration>,
    /// Part of that limit for opening the connection: an agent that is not running has to start
    /// [default: all of it]
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) open_timeout: Option<Duration>,
    /// Number of attempts to restore a lost connection [default: 3, with --phone 0]
    #[arg(long, value_name = "N")]
    reconnect: Option<u32>,
    /// Run the steps in this file
    #[arg(long, value_name = "FILE")]
    pub(crate) script: Option<PathBuf>,
    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the session's trace to this file at the end: for bug reports; contains no secrets and
    /// nothing that was said
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Log level on stderr
    #[arg(long, value_name = "LEVEL", value_enum, default_value = "warn")]
    pub(crate) log: Level,
}

impl SessionArgs {
    /// How long connecting may take.
    pub(crate) fn timeout(&self, target: &TargetArgs) -> Duration {
        let default = if target.agent.agent.is_some() { AGENT_TIMEOUT } else { TIMEOUT };
        self.timeout.unwrap_or(default)
    }

    /// How often a lost connection is restored. A caller whose call broke does not dial again.
    pub(crate) fn reconnect(&self, target: &TargetArgs) -> u32 {
        self.reconnect.unwrap_or(if target.phone.is_some() { 0 } else { 3 })
    }
}

/// The log level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    None,
    Error,
    Warn,
    Info,
    Debug,
}
