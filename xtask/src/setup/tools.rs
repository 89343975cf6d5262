//! Programs from cargo's registry, built into `.cache/tools` if the machine lacks them.
//!
//! Depends on [`crate::process`] and [`crate::workspace`]. Must never install anything for the
//! whole machine.

use std::{path::PathBuf, process::Command};

use crate::{failure::Outcome, process, workspace};

/// Returns the program `name`, and builds it if it is missing. The build has no optimization,
/// because that takes a minute instead of ten.
pub(crate) fn ensure(name: &str) -> Outcome<PathBuf> {
    let installed = PathBuf::from(name);
    if process::succeeds(Command::new(&installed).arg("--version")) {
        return Ok(installed);
    }
    let folder = workspace::cache("tools");
    let own = folder.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !own.exists() {
        println!("setup: installing {name} into .cache/tools (about a minute)");
        let mut cargo = workspace::cargo();
        cargo.args(["install", "--quiet", "--locked", "--debug", "--root"]).arg(&folder).arg(name);
        process::run(&mut cargo)?;
    }
    Ok(own)
}
