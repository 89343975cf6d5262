//! The faults: what each is called, and how it is done.

use std::fmt;

pub(crate) use rtvi_tests::Answer;
use rtvi_tests::{Mode, network::Conditions};
use serde_json::{Value, json};

use crate::{app::Habit, cell::Over, stage::Stage};

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A server that does not behave from the beginning, by its place in the URL.
    Server { name: &'static str, at: &'static str },
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
    /// One byte a second comes through.
    Slow,
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
    /// The app does something that it should not.
    App(Habit),
}

impl Fault {
    /// Whether the server must be a process of its own.
    pub(crate) const fn needs_process(self) -> bool {
        matches!(self, Self::Stopped | Self::Killed | Self::Restarted)
    }

    /// Brings it about in a session.
    pub(crate) async fn strike(self, over: Over, stage: &mut Stage, session: &rtvi_tests::Session) {
        match self {
            Self::Stopped => stage.process().stop(),
            Self::Killed => stage.process().kill(),
            Self::Restarted => stage.restart_process(),
            Self::Code(code) => misbehave(session, json!({"kind": "close", "code": code})).await,
            Self::Misbehaves(fault) => misbehave(session, as_json(fault)).await,
            Self::BlackHole if over == Over::WebRtc => {
                stage.network().set(Conditions { is_dark: true, ..Conditions::default() });
            }
            _ => stage.gate().set(self.mode()),
        }
    }

    fn mode(self) -> Mode {
        match self {
            Self::Reset => Mode::Reset,
            Self::Cut => Mode::Cut,
            Self::HalfOpen => Mode::HalfOpen,
            Self::BlackHole => Mode::Dark,
            Self::Refused => Mode::Refusing,
            Self::Answered(answer) => Mode::Answering(answer),
            Self::Slow => Mode::Slow,
            _ => Mode::Open,
        }
    }
}

async fn misbehave(session: &rtvi_tests::Session, fault: Value) {
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
            Self::FromTheBeginning(fault) | Self::Misbehaves(fault) => write!(f, "bot: `{fault}`"),
            Self::Reset => f.write_str("connection reset"),
            Self::Cut => f.write_str("connection cut without a goodbye"),
            Self::HalfOpen => f.write_str("connection half-open"),
            Self::BlackHole => f.write_str("network black-holed"),
            Self::Refused => f.write_str("connection reset, new ones refused"),
            Self::Answered(Answer::Status(status)) => {
                write!(f, "connection reset, new ones answered {status}")
            }
            Self::Answered(Answer::Garbage) => f.write_str("connection reset, new ones answered garbage"),
            Self::Slow => f.write_str("1 byte a second"),
            Self::Code(code) => write!(f, "closed with code {code}"),
            Self::Stopped => f.write_str("server frozen (SIGSTOP)"),
            Self::Killed => f.write_str("server killed (SIGKILL)"),
            Self::Restarted => f.write_str("server killed and started again"),
            Self::App(habit) => write!(f, "{habit}"),
        }
    }
}
