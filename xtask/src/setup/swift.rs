//! The Swift toolchain that tests the Swift package: the machine's own, or on Debian one in a
//! separate folder under `.cache`.
//!
//! Depends on [`crate::process`] and [`super::debian`]. Must never install Swift on the machine
//! itself. Debian has Swift only in a release that most machines do not run.

use std::{path::PathBuf, process::Command};

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::debian::Debian,
};

/// The variable that passes to a test suite the program that runs others where Swift is installed,
/// as `env` does.
pub(crate) const VARIABLE: &str = "RTVI_SWIFT";

/// The last package is needed to link the core's library.
const SWIFT: Debian = Debian {
    name: "swift",
    packages: &["swiftlang", "libc6-dev", "libstdc++-14-dev", "git", "ca-certificates", "libasound2t64"],
    size: "3.4 GB",
};

/// Returns the program that runs others where Swift is installed. Installs Swift if there is none.
pub(crate) fn ensure() -> Outcome<PathBuf> {
    if process::succeeds(Command::new("swift").arg("--version")) {
        return Ok(PathBuf::from("env"));
    }
    if !Debian::is_possible() {
        return Err(Failure::new(
            "`swift` is not installed, and only root on Debian can unpack it; see https://www.swift.org/install",
        ));
    }
    SWIFT.ensure()
}
