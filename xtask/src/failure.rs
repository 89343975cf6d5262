//! The one error type of `xtask`: a sentence for a person, and its exit code.
//!
//! Depends on nothing. Must never contain a secret, because it is printed unchanged.

use std::{error::Error, fmt};

/// The result of a subcommand.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// Why a subcommand failed.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    exit_code: u8,
}

impl Failure {
    /// The command ran and failed: exit code 1.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), exit_code: 1 }
    }

    /// The command line is invalid: exit code 2.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), exit_code: 2 }
    }

    /// Turns any error into a failure that names the failed action, for `map_err`.
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
