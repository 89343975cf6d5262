//! What goes wrong with a bot and the way to it, and for how long.
//!
//! Values only.

use std::{fmt, time::Duration};

/// Something goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Incident {
    /// All connections are reset.
    Reset,
    /// All connections end without a goodbye.
    Cut,
    /// Nothing comes through the connections that are open; new ones are served.
    HalfOpen,
    /// Nothing comes through any connection.
    Dark,
    /// All connections are reset, and nobody listens.
    Refused,
    /// All connections are reset, and new ones are answered nonsense.
    Garbage,
    /// One byte a second comes through.
    Slow,
    /// The bot is stopped (SIGSTOP).
    Frozen,
    /// The bot is killed (SIGKILL), and starts again in the end.
    Killed,
}

impl Incident {
    /// All of them, in the order in which they come.
    pub(crate) const ALL: [Self; 9] = [
        Self::Reset,
        Self::Frozen,
        Self::Refused,
        Self::Cut,
        Self::Killed,
        Self::Dark,
        Self::Garbage,
        Self::HalfOpen,
        Self::Slow,
    ];

    /// How long it lasts where there is time.
    pub(crate) const fn lasts(self) -> Duration {
        Duration::from_secs(match self {
            Self::Reset | Self::Cut => 1,
            Self::Killed | Self::Refused | Self::Garbage => 4,
            Self::HalfOpen | Self::Dark | Self::Slow | Self::Frozen => 8,
        })
    }
}

impl fmt::Display for Incident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reset => "reset",
            Self::Cut => "cut",
            Self::HalfOpen => "half-open",
            Self::Dark => "black-holed",
            Self::Refused => "refused",
            Self::Garbage => "garbage",
            Self::Slow => "1 byte a second",
            Self::Frozen => "frozen",
            Self::Killed => "killed",
        })
    }
}
