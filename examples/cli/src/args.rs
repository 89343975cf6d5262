//! The command line's grammar: what clap parses, and its help. No behaviour.

use std::{path::PathBuf, time::Duration};

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use rtvi_core::{
    protocol::telephony::PhoneProvider,
    transport::{IceServer, TlsOptions},
};
use serde_json::{Map, Value};
use url::Url;

use crate::{
    audio::{Microphone, Speaker},
    cloud::AgentArgs,
    help::{EXAMPLES, EXIT_CODES, TALK_HELP, TRACE_CODES},
    phone::{self, CallArgs},
    transport::{Choice, Kind},
    values::{self, Named},
};

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
}

/// Where the bot is.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("target").required(true).args(["start", "agent", "offer", "ws", "livekit"]))]
pub(crate) struct TargetArgs {
    /// Start endpoint: starts a bot and answers where to connect
    #[arg(long, value_name = "URL", value_parser = values::http_url)]
    pub(crate) start: Option<Url>,
    #[command(flatten)]
    pub(crate) agent: AgentArgs,
    /// Offer endpoint of a WebRTC bot, such as http://localhost:7860/api/offer
    #[arg(long, value_name = "URL", value_parser = values::http_url)]
    pub(crate) offer: Option<Url>,
    /// WebSocket of a bot that is already running
    #[arg(long, value_name = "URL", value_parser = values::ws_url)]
    pub(crate) ws: Option<Url>,
    /// Call the bot at --ws as this telephone provider does
    #[arg(long, value_name = "PROVIDER", value_parser = phone::provider(), requires = "ws")]
    pub(crate) phone: Option<PhoneProvider>,
    #[command(flatten)]
    pub(crate) call: CallArgs,
    /// LiveKit server with a room in which the bot is; --token is for the room
    #[arg(long, value_name = "URL", value_parser = values::any_url, requires = "token")]
    pub(crate) livekit: Option<Url>,
    /// Header of the start request and of its session's offers, or of the requests of --offer or
    /// --ws; repeatable
    #[arg(long = "header", value_name = "K: V", value_parser = values::header, conflicts_with = "livekit")]
    pub(crate) headers: Vec<(String, String)>,
    /// JSON object for the body of the start request
    #[arg(long, value_name = "JSON|@FILE", value_parser = values::json_object, conflicts_with_all = ["offer", "ws", "livekit"])]
    pub(crate) data: Option<Map<String, Value>>,
    /// Token for the WebSocket or the LiveKit room; with --start, the endpoint's answer contains it
    #[arg(long, conflicts_with_all = ["start", "agent", "offer"])]
    pub(crate) token: Option<String>,
    /// Transport to request from the start endpoint and to use [default: the one in its answer]
    #[arg(long, value_enum, conflicts_with_all = ["offer", "ws", "livekit"])]
    pub(crate) transport: Option<Kind>,
    /// STUN or TURN server for WebRTC and LiveKit, as in turn:USER:PASSWORD@HOST:PORT; repeatable
    #[arg(long = "ice-server", value_name = "URL", value_parser = values::ice_server, conflicts_with = "ws")]
    pub(crate) ice_servers: Vec<IceServer>,
    /// Connect WebRTC and LiveKit through TURN servers only
    #[arg(long, conflicts_with = "ws")]
    pub(crate) relay_only: bool,
    /// Also talk without encryption (ws:// and http://) to servers outside this machine and private
    /// networks
    #[arg(long)]
    pub(crate) allow_plaintext: bool,
}

impl TargetArgs {
    /// A start endpoint, with all other options at their defaults.
    pub(crate) fn start(url: Url) -> Self {
        Self {
            start: Some(url),
            agent: AgentArgs::default(),
            offer: None,
            ws: None,
            phone: None,
            call: CallArgs::default(),
            livekit: None,
            headers: Vec::new(),
            data: None,
            token: None,
            transport: None,
            ice_servers: Vec::new(),
            relay_only: false,
            allow_plaintext: false,
        }
    }

    /// Whether a start endpoint starts the bot.
    pub(crate) const fn is_started(&self) -> bool {
        self.start.is_some() || self.agent.agent.is_some()
    }

    /// Which servers to trust, and where encryption is optional.
    pub(crate) fn tls(&self) -> TlsOptions {
        let tls = TlsOptions::default();
        if self.allow_plaintext { tls.allow_plaintext() } else { tls }
    }

    /// The options about transports.
    pub(crate) fn choice(&self) -> Choice {
        Choice {
            only: self.transport,
            ice_servers: self.ice_servers.clone(),
            relay_only: self.relay_only,
            phone: self.phone.map(|provider| self.call.options(provider, self.tls())),
            tls: self.tls(),
        }
    }
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

/// The log level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    None,
    Error,
    Warn,
    Info,
    Debug,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(line: &[&str]) -> Result<Command, clap::Error> {
        Cli::try_parse_from([&["rtvi"], line].concat()).map(|cli| cli.command)
    }

    fn talk(line: &[&str]) -> Result<TalkArgs, clap::Error> {
        match parse(&[&["talk"], line].concat())? {
            Command::Talk(args) => Ok(*args),
            other => panic!("not talk: {other:?}"),
        }
    }

    #[test]
    fn the_grammar_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_of_talk_is_read() {
        let args = talk(&[
            "--start",
            "http://h/start",
            "--header",
            "A: b",
            "--header",
            "C: d",
            "--data",
            "{\"x\":1}",
            "--mic",
            "tone:440",
            "--speaker",
            "none",
            "--linger",
            "0.5",
            "--send-text",
            "one",
            "--send-text",
            "two",
            "--request",
            "r={\"a\":[]}",
            "--message",
            "m",
            "--dtmf",
            "1#",
            "--function",
            "f={}",
            "--timeout",
            "3",
            "--reconnect",
            "0",
            "--json",
            "--log",
            "debug",
        ])
        .expect("a valid line");
        assert_eq!(args.target.headers.len(), 2);
        assert_eq!(args.session.send_text, ["one", "two"]);
        assert_eq!(args.session.mic, Microphone::Tone(440.0));
        assert_eq!(args.session.linger, Some(Duration::from_millis(500)));
        assert_eq!(
            (args.session.timeout(&args.target), args.session.reconnect(&args.target)),
            (Duration::from_secs(3), 0)
        );
        assert_eq!(args.session.log, Level::Debug);
    }

    #[test]
    fn defaults_are_as_documented() {
        let args = talk(&["--ws", "ws://h"]).expect("a valid line");
        assert_eq!((&args.session.mic, &args.session.speaker), (&Microphone::None, &Speaker::None));
        assert_eq!(
            (args.session.timeout(&args.target), args.session.reconnect(&args.target)),
            (Duration::from_secs(30), 3)
        );
        let args = talk(&["--agent", "a", "--open-timeout", "45"]).expect("a valid line");
        assert_eq!(args.session.timeout(&args.target), Duration::from_secs(90));
        assert_eq!(args.session.open_timeout, Some(Duration::from_secs(45)));
        assert!(!args.session.json && !args.session.keep_mic && args.session.script.is_none());
    }

    #[test]
    fn what_is_said_about_transports_is_read() {
        let line =
            ["--offer", "https://h/api/offer", "--relay-only", "--ice-server", "stun:a:1", "--ice-server"];
        let choice = talk(&[&line[..], &["turn:u:p@b"]].concat()).expect("a valid line").target.choice();
        assert_eq!((choice.only, choice.relay_only, choice.ice_servers.len()), (None, true, 2));
        let line = ["--start", "http://h/start", "--transport", "websocket"];
        let choice = talk(&line).expect("a valid line").target.choice();
        assert_eq!((choice.only, choice.relay_only), (Some(Kind::Websocket), false));
        let line = ["--ws", "ws://bot.example/ws", "--allow-plaintext"];
        assert!(talk(&line).expect("a valid line").target.allow_plaintext);
        for (line, kind) in
            [(&["demo"][..], Kind::Webrtc), (&["demo", "--transport", "websocket"], Kind::Websocket)]
        {
            assert!(matches!(parse(line), Ok(Command::Demo(args)) if args.transport == kind), "{line:?}");
        }
    }

    #[test]
    fn a_phone_call_is_read() {
        let line = ["--phone", "telnyx", "--ws", "ws://h", "--from", "+1", "--to", "+2", "--param", "a=b=c"];
        let args = talk(&line).expect("a valid line");
        assert_eq!(args.session.reconnect(&args.target), 0);
        let phone = args.target.choice().phone.expect("a phone");
        assert_eq!((phone.provider.name(), phone.from.as_deref()), ("telnyx", Some("+1")));
        assert_eq!((phone.to.as_deref(), phone.parameters["a"].as_str()), (Some("+2"), "b=c"));
    }

    #[test]
    fn wrong_usage_is_refused_with_code_2() {
        let lines: &[&[&str]] = &[
            &["talk"],
            &["talk", "--ws", "ws://a", "--start", "http://a"],
            &["talk", "--ws", "http://a"],
            &["talk", "--offer", "ws://a"],
            &["talk", "--offer", "http://a", "--start", "http://a"],
            &["talk", "--offer", "http://a", "--transport", "websocket"],
            &["talk", "--offer", "http://a", "--data", "{}"],
            &["talk", "--offer", "http://a", "--token", "t"],
            &["talk", "--offer", "http://a", "--ice-server", "http://a"],
            &["talk", "--start", "http://a", "--transport", "pigeon"],
            &["talk", "--ws", "ws://a", "--relay-only"],
            &["talk", "--livekit", "ws://a"],
            &["talk", "--livekit", "ws://a", "--token", "t", "--header", "A: b"],
            &["talk", "--livekit", "ws://a", "--token", "t", "--data", "{}"],
            &["talk", "--livekit", "ftp://a", "--token", "t"],
            &["demo", "--transport", "livekit"],
            &["talk", "--ws", "ws://a", "--ice-server", "stun:a"],
            &["talk", "--start", "ws://a"],
            &["talk", "--ws", "ws://a", "--data", "{}"],
            &["talk", "--start", "http://a", "--token", "t"],
            &["talk", "--start", "http://a", "--agent", "a"],
            &["talk", "--agent", "a", "--token", "t"],
            &["doctor", "http://a", "--agent", "a"],
            &["doctor", "--key", "k"],
            &["talk", "--ws", "ws://a", "--mic", "mp3:x"],
            &["talk", "--ws", "ws://a", "--script", "f", "--send-text", "x"],
            &["talk", "--ws", "ws://a", "--script", "f", "--duration", "1"],
            &["talk", "--ws", "ws://a", "--linger", "1", "--duration", "1"],
            &["talk", "--ws", "ws://a", "--unknown"],
            &["talk", "--phone", "twilio"],
            &["talk", "--phone", "twilio", "--start", "http://a"],
            &["talk", "--phone", "pigeon", "--ws", "ws://a"],
            &["talk", "--ws", "ws://a", "--from", "+1"],
            &["talk", "--phone", "twilio", "--ws", "ws://a", "--param", "=x"],
            &["doctor", "--agent", "a", "--phone", "twilio"],
            &["dance"],
            &["doctor"],
        ];
        for line in lines {
            let error = parse(line).expect_err(&line.join(" "));
            assert_eq!(error.exit_code(), 2, "{line:?}");
        }
    }

    #[test]
    fn the_other_commands_are_read() {
        assert!(matches!(parse(&["bot", "--port", "0"]), Ok(Command::Bot(args)) if args.port == 0));
        assert!(
            matches!(parse(&["demo", "--send-text", "x"]), Ok(Command::Demo(args)) if args.session.send_text == ["x"])
        );
        assert!(
            matches!(parse(&["doctor", "wss://h/ws"]), Ok(Command::Doctor(args)) if args.url.as_ref().is_some_and(|url| url.scheme() == "wss"))
        );
        assert!(
            matches!(parse(&["doctor", "--agent", "a", "--key", "k"]), Ok(Command::Doctor(args)) if args.url.is_none())
        );
    }
}
