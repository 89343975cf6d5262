//! The faults: what each is called, and how it is done.

use std::fmt;

use rtvi_core::EventStream;
pub(crate) use rtvi_tests::Answer;
use rtvi_tests::{Mode, Session, network::Conditions};
use serde_json::{Value, json};

use crate::{app::Habit, cell::Over, clock, devices::Defect, names::Names, stage::Stage, suspension};

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A server that does not behave from the beginning, by its place in the URL.
    Server { name: &'static str, at: &'static str },
    /// The server is known by its name only, and the name server is like this from the beginning.
    Named(Names),
    /// The environment names an HTTP proxy at whose address nobody is.
    Proxy,
    /// The app's transport panics when a connection is to be made.
    PanickingFactory,
    /// The demo bot misbehaves like this from the beginning.
    FromTheBeginning(&'static str),
    /// The connection is reset; new ones are served.
    Reset,
    /// The connection ends without a goodbye; new ones are served.
    Cut,
    /// Nothing comes through the connection any more, and it stays open; new ones are served.
    HalfOpen,
    /// Nothing comes through any connection any more, old or new.
    BlackHole,
    /// The connection is reset, and new ones are refused.
    Refused,
    /// The connection is reset, and new ones are answered like this.
    Answered(Answer),
    /// The connection is lost, and from then on the name server is like this.
    NameLost(Names),
    /// The connection is reset, and new ones meet a certificate of another authority.
    Distrusted,
    /// The network that was dark lets everything through again.
    Light,
    /// One byte a second comes through.
    Slow,
    /// Bytes that nobody has sent come through the connection, and then nothing; new ones are served.
    Garbled,
    /// The server closes with this code.
    Code(u16),
    /// The bot misbehaves like this now.
    Misbehaves(&'static str),
    /// The process of the server is stopped (SIGSTOP).
    Stopped,
    /// The process of the server is killed (SIGKILL).
    Killed,
    /// The process of the server is killed, and runs again a moment later.
    Restarted,
    /// The process of the app is stopped for so many seconds, and goes on.
    Suspended(u64),
    /// The clock of the wall is set, by so many hours.
    ClockSet(i64),
    /// The microphone or the speaker does not do what it should.
    Breaks(Defect),
    /// The app does something that it should not.
    App(Habit),
}

impl Fault {
    /// Whether the server must be a process of its own.
    pub(crate) const fn needs_process(self) -> bool {
        matches!(self, Self::Stopped | Self::Killed | Self::Restarted | Self::Suspended(_))
    }

    /// Whether the server must be known by a name.
    pub(crate) const fn needs_name(self) -> bool {
        matches!(self, Self::Named(_) | Self::NameLost(_))
    }

    /// What the session, which is ready, must have come to before its phase. Gives what is to be kept.
    pub(crate) async fn prepare(self, session: &mut Session) -> Result<Option<EventStream>, String> {
        match self {
            Self::App(habit) => habit.prepare(session).await,
            _ => Ok(None),
        }
    }

    /// Brings it about in a session.
    pub(crate) async fn strike(self, over: Over, stage: &mut Stage, session: &Session) {
        match self {
            Self::Stopped => stage.process().stop(),
            Self::Killed => stage.process().kill(),
            Self::Restarted => stage.restart_process(over),
            Self::Code(code) => misbehave(session, json!({"kind": "close", "code": code})).await,
            Self::Misbehaves(fault) => misbehave(session, as_json(fault)).await,
            Self::Suspended(seconds) => suspension::suspend(stage, session, seconds).await,
            Self::ClockSet(hours) => clock::set(hours),
            Self::Breaks(_) => Defect::strike(),
            Self::NameLost(names) => {
                stage.names().set(names);
                self.strike_network(over, stage);
            }
            Self::Distrusted => {
                stage.lose_trust();
                self.strike_network(over, stage);
            }
            _ => self.strike_network(over, stage),
        }
    }

    fn strike_network(self, over: Over, stage: &Stage) {
        match (self, over) {
            (_, Over::WebRtc) => self.strike_call(stage),
            (Self::Answered(_), Over::SecureWebSocket) => {
                stage.inner_gate().set(self.mode());
                stage.gate().set(Mode::Reset);
            }
            _ => stage.gate().set(self.mode()),
        }
    }

    /// Audio and messages of WebRTC do not pass the gate: their network is dark from then on, unless it is lit again.
    fn strike_call(self, stage: &Stage) {
        stage.network().set(Conditions { is_dark: self != Self::Light, ..Conditions::default() });
        if self != Self::BlackHole {
            stage.signalling().set(self.mode());
        }
    }

    fn mode(self) -> Mode {
        match self {
            Self::Reset | Self::NameLost(_) | Self::Distrusted => Mode::Reset,
            Self::Cut => Mode::Cut,
            Self::HalfOpen => Mode::HalfOpen,
            Self::BlackHole => Mode::Dark,
            Self::Refused => Mode::Refusing,
            Self::Answered(answer) => Mode::Answering(answer),
            Self::Slow => Mode::Slow,
            Self::Garbled => Mode::Garbled,
            _ => Mode::Open,
        }
    }
}

async fn misbehave(session: &Session, fault: Value) {
    session.client.send_client_message("misbehave", Some(fault)).await.expect("the session is ready");
}

/// JSON, or a plain word.
fn as_json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server { name, .. } => f.write_str(name),
            Self::Named(names) => write!(f, "name server {names}"),
            Self::NameLost(names) => write!(f, "connection lost, name server {names}"),
            Self::Proxy => f.write_str("a dead proxy in the environment"),
            Self::PanickingFactory => f.write_str("the app's own transport panics"),
            Self::Light => f.write_str("network back again"),
            Self::Suspended(seconds) => write!(f, "machine suspended for {seconds} s (SIGSTOP of the app)"),
            Self::ClockSet(hours) => write!(f, "clock set by {hours:+} h"),
            Self::Breaks(defect) => write!(f, "{defect}"),
            Self::FromTheBeginning(fault) | Self::Misbehaves(fault) => write!(f, "bot: `{fault}`"),
            Self::Reset => f.write_str("connection reset"),
            Self::Cut => f.write_str("connection cut without a goodbye"),
            Self::HalfOpen => f.write_str("connection half-open"),
            Self::BlackHole => f.write_str("network black-holed"),
            Self::Refused => f.write_str("connection lost, new ones refused"),
            Self::Answered(Answer::Status(status)) => {
                write!(f, "connection lost, new ones answered {status}")
            }
            Self::Answered(Answer::Garbage) => f.write_str("connection lost, new ones answered garbage"),
            Self::Distrusted => f.write_str("connection lost, TLS of another authority"),
            Self::Slow => f.write_str("1 byte a second"),
            Self::Garbled => f.write_str("garbage in the middle of the connection"),
            Self::Code(code) => write!(f, "closed with code {code}"),
            Self::Stopped => f.write_str("server frozen (SIGSTOP)"),
            Self::Killed => f.write_str("server killed (SIGKILL)"),
            Self::Restarted => f.write_str("server killed and started again"),
            Self::App(habit) => write!(f, "{habit}"),
        }
    }
}
