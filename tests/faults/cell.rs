//! A cell of the matrix: a fault, its phase, the transport, and the expected outcome.

use std::fmt;

use rtvi_core::{ErrorKind, Phase};

use crate::faults::Fault;

/// A row of the table: the same fault with the same outcome in several phases.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) over: Over,
    pub(crate) fault: Fault,
    pub(crate) phases: &'static [When],
    pub(crate) outcome: Outcome,
    /// The limit for the outcome, in seconds from the fault, with the options of the cell.
    pub(crate) within: u64,
}

impl Row {
    pub(crate) const fn new(
        over: Over,
        fault: Fault,
        phases: &'static [When],
        outcome: Outcome,
        within: u64,
    ) -> Self {
        Self { over, fault, phases, outcome, within }
    }
}

/// One cell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    pub(crate) row: &'static Row,
    pub(crate) when: When,
}

/// The cells of a table.
pub(crate) fn cells(rows: &'static [Row]) -> impl Iterator<Item = Cell> {
    rows.iter().flat_map(|row| row.phases.iter().map(move |when| Cell { row, when: *when }))
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {}", self.row.over, self.when, self.row.fault)
    }
}

/// The transport to the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    WebSocket,
    /// WebSocket over TLS.
    SecureWebSocket,
    WebRtc,
    /// A room of a scripted LiveKit server. The bot is in it, and is reached over its WebSocket.
    LiveKit,
}

impl Over {
    /// Whether it has WebRTC's peer connections.
    pub(crate) const fn is_call(self) -> bool {
        matches!(self, Self::WebRtc | Self::LiveKit)
    }
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WebSocket => "WebSocket",
            Self::SecureWebSocket => "WebSocket with TLS",
            Self::WebRtc => "WebRTC",
            Self::LiveKit => "LiveKit",
        })
    }
}

/// When a fault occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// During the request to the start endpoint.
    Start,
    /// While the transport opens: the handshake of the WebSocket, or the offer of WebRTC.
    Open,
    /// Between client-ready and bot-ready.
    Handshake,
    /// In an idle session.
    Idle,
    /// While the user speaks.
    UserSpeaking,
    /// While the bot speaks.
    BotSpeaking,
    /// While a request waits for its answer.
    RequestPending,
    /// While a function of the app runs.
    FunctionRunning,
    /// While a lost connection is being restored.
    Reconnecting,
    /// While the app disconnects.
    Disconnecting,
}

impl When {
    /// Whether a session is ready by then.
    pub(crate) const fn has_session(self) -> bool {
        !matches!(self, Self::Start | Self::Open | Self::Handshake)
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Start => "start request",
            Self::Open => "opening",
            Self::Handshake => "handshake",
            Self::Idle => "idle",
            Self::UserSpeaking => "user speaking",
            Self::BotSpeaking => "bot speaking",
            Self::RequestPending => "request pending",
            Self::FunctionRunning => "function running",
            Self::Reconnecting => "reconnecting",
            Self::Disconnecting => "disconnecting",
        })
    }
}

/// The outcome of a fault.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    /// The call that begins the session fails.
    Fails { kind: ErrorKind, phase: Phase, status: Option<u16> },
    /// The connection is restored: `reconnecting`, then `ready` again.
    Restored,
    /// The session ends: `error` (fatal), then `disconnected` with this error.
    Ends { kind: ErrorKind, phase: Phase },
    /// The session ends: `disconnected`, because the bot left.
    Leaves,
    /// The session ends as the app requested, at most 2 s later.
    Closes,
    /// The session continues, and a request is answered.
    GoesOn,
    /// The session continues, and a request is not answered in time.
    Starves,
    /// The session continues or is restored, and a request is then answered.
    Recovers,
    /// A `deviceError` occurs, and the session continues.
    LosesDevice,
}

/// What happens to a pending request, and to a running function of the app, when a fault occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The request ends with this error; the function is dropped.
    Ends(ErrorKind),
    /// Both continue.
    GoesOn,
    /// Both continue, or end like those of a lost connection.
    Either,
}

impl Outcome {
    /// What happens to pending work.
    pub(crate) const fn work(self) -> Fate {
        match self {
            Self::Restored | Self::Ends { .. } => Fate::Ends(ErrorKind::ConnectionLost),
            Self::Leaves | Self::Closes | Self::Fails { .. } => Fate::Ends(ErrorKind::Cancelled),
            Self::GoesOn | Self::Starves | Self::LosesDevice => Fate::GoesOn,
            Self::Recovers => Fate::Either,
        }
    }
}
