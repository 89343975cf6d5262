//! How a run ended, and the corresponding exit code. A value.

use std::process::ExitCode;

use serde::Serialize;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// Everything requested was done.
    Done,
    /// The user ended a session with Ctrl-C.
    Interrupted,
    /// Something failed after the bot was ready.
    Failed,
    /// The command line, the script or a file named there is unusable.
    WrongUsage,
    /// The bot never became ready.
    NotConnected,
}

impl Outcome {
    /// The exit code: 0 done, 1 failed, 2 wrong usage, 3 could not connect.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done | Self::Interrupted => 0,
            Self::Failed => 1,
            Self::WrongUsage => 2,
            Self::NotConnected => 3,
        }
    }

    /// In words.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
            Self::WrongUsage => "wrong usage",
            Self::NotConnected => "could not connect",
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        outcome.code().into()
    }
}
