//! The one error type of `xtask`: a sentence for a person, and the exit code that goes with it.
//!
//! Depends on nothing. Must never carry a secret: it is printed as it is.

use std::{error::Error, fmt};

/// What a subcommand gives back.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// Why a subcommand could not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    exit_code: u8,
}

impl Failure {
    /// The work was tried and failed: exit code 1.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), exit_code: 1 }
    }

    /// The command line makes no sense: exit code 2.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), exit_code: 2 }
    }

    /// Turns any error into a failure that says what was being done, for `map_err`.
    pub(crate) fn doing<E: Error>(what: impl fmt::Display) -> impl FnOnce(E) -> Self {
        move |error| Self::new(format!("{what}: {error}"))
    }

    pub(crate) fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
