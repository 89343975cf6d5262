//! `cargo xtask deny`: licences, sources, duplicates and known weaknesses of the dependencies, by cargo-deny and `deny.toml`.
//!
//! Depends on [`crate::setup`], [`crate::process`] and [`crate::workspace`]. Unless it is asked for advisories, whose database lies elsewhere, it must
//! never need more of the network than cargo's registry.

use std::process::Command;

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::tools,
    workspace,
};

/// What is checked always.
const CHECKS: [&str; 3] = ["bans", "licenses", "sources"];

/// `[--advisories]`: runs the checks, also for known weaknesses.
pub(crate) fn run(args: &[String]) -> Outcome {
    let advisories = advisories(args)?;
    let mut command = Command::new(tools::ensure("cargo-deny")?);
    command.current_dir(workspace::root());
    command.args(["--workspace", "--all-features", "--locked", "check", "--show-stats"]);
    process::run(command.args(CHECKS).args(advisories))
}

/// The further check that the arguments ask for.
fn advisories(args: &[String]) -> Outcome<Option<&'static str>> {
    match args {
        [] => Ok(None),
        [one] if one == "--advisories" => Ok(Some("advisories")),
        _ => Err(Failure::usage("takes `--advisories` or nothing")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advisories_are_asked_for() {
        let of = |args: &[&str]| advisories(&args.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(of(&[]).unwrap(), None);
        assert_eq!(of(&["--advisories"]).unwrap(), Some("advisories"));
        assert!(of(&["advisories"]).is_err());
    }
}
