//! Rust's standard library for other systems than this machine's.
//!
//! Depends on [`crate::process`]. Must never change the toolchain's version.

use std::{path::Path, process::Command};

use crate::{failure::Outcome, process};

/// Installs the library for a target, such as `aarch64-apple-darwin`, if it is missing.
pub(crate) fn ensure(target: &str) -> Outcome {
    let mut folder = Command::new("rustc");
    let folder = process::output(folder.args(["--print", "target-libdir", "--target", target]))?;
    if Path::new(folder.trim()).exists() {
        return Ok(());
    }
    process::run(Command::new("rustup").args(["target", "add", target]))
}
