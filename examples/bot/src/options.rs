//! The options of a demo bot.
//!
//! Plain values only; must not open sockets or start tasks.

use std::{net::IpAddr, net::Ipv4Addr, time::Duration};

use crate::FaultPlan;

/// Options of a [`DemoBot`](crate::DemoBot). `BotOptions::default()` listens on a free port of
/// 127.0.0.1 in real time.
#[derive(Clone, Debug)]
pub struct BotOptions {
    /// Address to listen on. Default 127.0.0.1.
    pub host: IpAddr,
    /// Port to listen on; 0 (the default) selects a free one.
    pub port: u16,
    /// If set, the WebSocket needs `?token=` with this value (else HTTP 403), and `/start` returns
    /// it.
    pub token: Option<String>,
    /// If set, `/start` and the WebSocket need this header with this value (else HTTP 403).
    pub required_header: Option<(String, String)>,
    /// The only transport that `/start` offers, like `-t` of Pipecat's development runner. Default
    /// `None`: the requested one, or WebRTC if the request names none. WebSockets and offers are
    /// always served.
    pub transport: Option<StartTransport>,
    /// WebRTC: the STUN and TURN servers of the bot, which `/start` also returns. Default none.
    pub ice_servers: Vec<IceServer>,
    /// If set, the bot says this once the client is ready.
    pub greeting: Option<String>,
    /// The generation of server to imitate. Default [`Protocol::V2`].
    pub protocol: Protocol,
    /// How much the function-call messages report. Default [`FunctionDetail::Full`].
    pub function_detail: FunctionDetail,
    /// Also send the deprecated `llm-function-call` message when calling a function. Default false.
    pub legacy_function_call: bool,
    /// Return the client's audio at once and do not listen to it. On WebRTC, the audio is decoded
    /// and encoded again at 48 kHz. Default false.
    pub echo: bool,
    /// Show a face whose mouth moves as the bot speaks, instead of returning the client's camera.
    /// Clients see it with and without a camera of their own. Default false.
    pub avatar: bool,
    /// Report spoken words one by one (`in-progress`); otherwise only `new` and `completed`.
    /// Default true.
    pub word_progress: bool,
    /// Send `vad-user-started-speaking` and `vad-user-stopped-speaking`. Default false, as in a
    /// Pipecat server.
    pub vad_messages: bool,
    /// Send `user-audio-level` and `bot-audio-level`. Default false, as in a Pipecat server.
    pub audio_levels: bool,
    /// Send the raw-text messages to clients of 2.2.0 and newer. Default false, as in a Pipecat
    /// server.
    pub raw_text: bool,
    /// Send `metrics`. Default true.
    pub metrics: bool,
    /// What the scripted speech recognizer hears, turn by turn; repeats at the end. If the list is
    /// empty, it hears "Hello.".
    pub prompts: Vec<String>,
    /// A factor on the bot's own durations: 1.0 is real time, 0.1 is ten times as fast. Default
    /// 1.0. It does not change the number of samples sent, the time of the `slow` request, the
    /// times in faults, or how fast audio is sent on WebRTC.
    pub pace: f32,
    /// How the bot misbehaves. Default: not at all.
    pub fault: Option<FaultPlan>,
}

impl Default for BotOptions {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            token: None,
            required_header: None,
            transport: None,
            ice_servers: Vec::new(),
            greeting: None,
            protocol: Protocol::V2,
            function_detail: FunctionDetail::Full,
            legacy_function_call: false,
            echo: false,
            avatar: false,
            word_progress: true,
            vad_messages: false,
            audio_levels: false,
            raw_text: false,
            metrics: true,
            prompts: ["Hello, can you hear me?", "What is the weather in Lisbon?", "Thank you, that is all."]
                .map(str::to_owned)
                .to_vec(),
            pace: 1.0,
            fault: None,
        }
    }
}

impl BotOptions {
    /// `duration` at the bot's pace. A pace that is not a positive number counts as 1.
    pub(crate) fn paced(&self, duration: Duration) -> Duration {
        let pace = if self.pace.is_finite() && self.pace > 0.0 { self.pace.min(100.0) } else { 1.0 };
        duration.mul_f64(f64::from(pace))
    }

    /// What the recognizer hears in the given turn, counted from 0.
    pub(crate) fn prompt(&self, turn: usize) -> &str {
        let index = turn.checked_rem(self.prompts.len()).unwrap_or(0);
        self.prompts.get(index).map_or("Hello.", String::as_str)
    }
}

/// The generation of Pipecat server that the bot imitates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// RTVI 1.1.0, like pipecat-ai 0.0.99: no version check, `bot-output` with three fields,
    /// `llm-function-call`. It lacks the messages that were added in 2.0.0 or later, and the
    /// interruption frame.
    V1,
    /// RTVI 2.2.0, like pipecat-ai 1.14.0, which also serves 1.x clients.
    V2,
}

/// A transport that `/start` offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum StartTransport {
    /// SmallWebRTC; without the cargo feature `webrtc` it is disabled.
    Webrtc,
    /// WebSocket.
    Websocket,
}

impl StartTransport {
    /// Its name in a start request.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Webrtc => "webrtc",
            Self::Websocket => "websocket",
        }
    }

    /// The transport with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Webrtc, Self::Websocket].into_iter().find(|transport| transport.name() == name)
    }

    /// Whether this build of the bot has it.
    pub(crate) const fn is_enabled(self) -> bool {
        matches!(self, Self::Websocket) || cfg!(feature = "webrtc")
    }
}

/// A STUN or TURN server.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct IceServer {
    /// Its URLs: `stun:HOST:PORT`, `turn:HOST:PORT?transport=udp`.
    pub urls: Vec<String>,
    /// User name at a TURN server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Password at a TURN server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

/// How much the `llm-function-call-*` messages report: the report levels of a Pipecat server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum FunctionDetail {
    /// Only that there is a call. This is the default of a Pipecat server; a client can't answer
    /// such a call.
    None,
    /// The function's name.
    Name,
    /// Name and arguments.
    Arguments,
    /// Name, arguments and result.
    Full,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pace_scales_durations_and_ignores_nonsense() {
        let second = Duration::from_secs(1);
        for (pace, expected) in [(1.0, 1000), (0.5, 500), (0.0, 1000), (-1.0, 1000), (f32::NAN, 1000)] {
            let options = BotOptions { pace, ..BotOptions::default() };
            assert_eq!(options.paced(second).as_millis(), expected, "pace {pace}");
        }
    }

    #[test]
    fn prompts_start_again_and_may_be_missing() {
        let options = BotOptions { prompts: vec!["a".into(), "b".into()], ..BotOptions::default() };
        assert_eq!([0, 1, 2].map(|turn| options.prompt(turn)), ["a", "b", "a"]);
        let silent = BotOptions { prompts: Vec::new(), ..BotOptions::default() };
        assert_eq!(silent.prompt(7), "Hello.");
    }
}
