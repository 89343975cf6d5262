//! The faults: their names, and how to cause them.

use std::fmt;

use rtvi_core::EventStream;
pub(crate) use rtvi_tests::Answer;
use rtvi_tests::{Mode, Session, network::Conditions};
use serde_json::{Value, json};

use crate::{app::Habit, cell::Over, clock, devices::Defect, names::Names, stage::Stage, suspension};

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A server that misbehaves from the beginning, by its place in the URL.
    Server { name: &'static str, at: &'static str },
    /// Only a name identifies the server, and the name server behaves like this from the beginning.
    Named(Names),
    /// The environment names an HTTP proxy at an address where nobody listens.
    Proxy,
    /// The app's transport panics when it should create a connection.
    PanickingFactory,
    /// The demo bot misbehaves like this from the beginning.
    FromTheBeginning(&'static str),
    /// The connection is reset. New ones succeed.
    Reset,
    /// The connection ends without a close frame. New ones succeed.
    Cut,
    /// The connection carries no more data and stays open. New ones succeed.
    HalfOpen,
    /// No connection, old or new, carries any more data.
    BlackHole,
    /// The connection is reset, and new ones are refused.
    Refused,
    /// The connection is reset, and new ones receive this answer.
    Answered(Answer),
    /// The connection is lost, and the name server behaves like this from then on.
    NameLost(Names),
    /// The connection is reset, and new ones see a certificate of another authority.
    Distrusted,
    /// The interrupted network works again.
    Light,
    /// One byte a second passes.
    Slow,
    /// The connection delivers bytes that nobody sent, and then nothing. New ones succeed.
    Garbled,
    /// The server closes the connection with this code.
    Code(u16),
    /// The bot misbehaves like this from now on.
    Misbehaves(&'static str),
    /// The process of the server is stopped (SIGSTOP).
    Stopped,
    /// The process of the server is killed (SIGKILL).
    Killed,
    /// The process of the server is killed and starts again a moment later.
    Restarted,
    /// The process of the app is stopped for this many seconds, and then continues.
    Suspended(u64),
    /// The wall clock moves by this many hours.
    ClockSet(i64),
    /// The microphone or the speaker fails.
    Breaks(Defect),
    /// The app has a bad habit.
    App(Habit),
}

impl Fault {
    /// Whether the server must be a separate process.
    pub(crate) const fn needs_process(self) -> bool {
        matches!(self, Self::Stopped | Self::Killed | Self::Restarted | Self::Suspended(_))
    }

    /// Whether the server must have a name.
    pub(crate) const fn needs_name(self) -> bool {
        matches!(self, Self::Named(_) | Self::NameLost(_))
    }

    /// The query that makes a demo bot misbehave like this from the beginning.
    pub(crate) fn query(self) -> String {
        match self {
            Self::FromTheBeginning(fault) => format!("?fault={}", escaped(fault)),
            _ => String::new(),
        }
    }

    /// Prepares the session, which is ready, before its phase. Returns what the caller must keep.
    pub(crate) async fn prepare(self, session: &mut Session) -> Result<Option<EventStream>, String> {
        match self {
            Self::App(habit) => habit.prepare(session).await,
            _ => Ok(None),
        }
    }

    /// Causes the fault in a session.
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

    /// Audio and messages of WebRTC do not pass the gate. Their network carries nothing from then
    /// on, unless it is restored.
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

/// JSON, escaped for a query.
fn escaped(text: &str) -> String {
    [('{', "%7B"), ('}', "%7D"), ('"', "%22")]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(*from, to))
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
            Self::Light => f.write_str("network restored"),
            Self::Suspended(seconds) => write!(f, "machine suspended for {seconds} s (SIGSTOP of the app)"),
            Self::ClockSet(hours) => write!(f, "clock set by {hours:+} h"),
            Self::Breaks(defect) => write!(f, "{defect}"),
            Self::FromTheBeginning(fault) | Self::Misbehaves(fault) => write!(f, "bot: `{fault}`"),
            Self::Reset => f.write_str("connection reset"),
            Self::Cut => f.write_str("connection cut without a close frame"),
            Self::HalfOpen => f.write_str("connection half-open"),
            Self::BlackHole => f.write_str("network black-holed"),
            Self::Refused => f.write_str("connection lost, new ones refused"),
            Self::Answered(Answer::Status(status)) => {
                write!(f, "connection lost, new ones answered {status}")
            }
            Self::Answered(Answer::Garbage) => f.write_str("connection lost, new ones answered with garbage"),
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
