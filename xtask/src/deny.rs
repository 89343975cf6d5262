//! `cargo xtask deny`: licences, sources and duplicates of the dependencies, by cargo-deny and `deny.toml`.
//!
//! Depends on [`crate::process`] and [`crate::workspace`]. Must never need more of the network than cargo's registry, which
//! is why advisories, whose database lies elsewhere, are left to `cargo deny check advisories`.

use std::{path::PathBuf, process::Command};

use crate::{failure::Outcome, process, workspace};

/// Runs the checks, with the cargo-deny on the machine or one of our own.
pub(crate) fn run() -> Outcome {
    let mut command = Command::new(program()?);
    command.current_dir(workspace::root());
    process::run(command.args(["--workspace", "--all-features", "--locked", "check"]).args([
        "--show-stats",
        "bans",
        "licenses",
        "sources",
    ]))
}

/// cargo-deny; built into `.cache/tools` if it is not there, without optimization because that takes a minute, not ten.
fn program() -> Outcome<PathBuf> {
    let installed = PathBuf::from("cargo-deny");
    if process::succeeds(Command::new(&installed).arg("--version")) {
        return Ok(installed);
    }
    let folder = workspace::cache("tools");
    let own = folder.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !own.exists() {
        println!("deny: installing cargo-deny into .cache/tools (about a minute)");
        let mut cargo = workspace::cargo();
        cargo.args(["install", "--quiet", "--locked", "--debug", "--root"]).arg(&folder).arg("cargo-deny");
        process::run(&mut cargo)?;
    }
    Ok(own)
}
