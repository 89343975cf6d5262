//! What builds programs for Windows on Debian and runs them: a cross compiler, Rust's target, and
//! Wine in a separate folder under `.cache`.
//!
//! Depends on [`super::debian`]. Must never install Wine on the machine
//! itself. The Wine of older releases lacks functions of Windows that Rust's programs call.

use std::path::PathBuf;

use crate::{
    failure::{Failure, Outcome},
    setup::{
        debian::Debian,
        packages::{self, MINGW},
        target,
    },
};

/// The variable that passes to a test suite the program that runs others where Wine is installed,
/// as `env` does.
pub(crate) const VARIABLE: &str = "RTVI_WINE";

/// Rust's target for Windows with that compiler.
pub(crate) const TARGET: &str = "x86_64-pc-windows-gnu";

const WINE: Debian = Debian { name: "wine", packages: &["wine", "wine64"], size: "1.1 GB" };

/// Returns the program that runs others where Wine is installed. Installs what is missing.
pub(crate) fn ensure() -> Outcome<PathBuf> {
    if !Debian::is_possible() {
        return Err(Failure::new("only root on Debian can unpack Wine"));
    }
    packages::ensure(&[&MINGW])?;
    target::ensure(TARGET)?;
    WINE.ensure()
}
