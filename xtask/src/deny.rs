//! `cargo xtask deny`: licences, sources and duplicates of the dependencies, by cargo-deny and `deny.toml`.
//!
//! Depends on [`crate::setup`], [`crate::process`] and [`crate::workspace`]. Must never need more of the network than cargo's registry, which
//! is why advisories, whose database lies elsewhere, are left to `cargo deny check advisories`.

use std::process::Command;

use crate::{failure::Outcome, process, setup::tools, workspace};

/// Runs the checks.
pub(crate) fn run() -> Outcome {
    let mut command = Command::new(tools::ensure("cargo-deny")?);
    command.current_dir(workspace::root());
    process::run(command.args(["--workspace", "--all-features", "--locked", "check"]).args([
        "--show-stats",
        "bans",
        "licenses",
        "sources",
    ]))
}
