//! `cargo xtask deny`: checks licences, sources, duplicates and known vulnerabilities of the
//! dependencies, with cargo-deny and `deny.toml`.
//!
//! Depends on [`crate::setup`], [`crate::process`] and [`crate::workspace`]. Must never need any
//! network access except cargo's registry, unless it checks advisories, whose database is
//! elsewhere.

use std::process::Command;

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::tools,
    workspace,
};

/// The checks that always run.
const CHECKS: [&str; 3] = ["bans", "licenses", "sources"];

/// `[--advisories]`: runs the checks, optionally with known vulnerabilities.
pub(crate) fn run(args: &[String]) -> Outcome {
    let advisories = advisories(args)?;
    let mut command = Command::new(tools::ensure("cargo-deny")?);
    command.current_dir(workspace::root());
    command.args(["--workspace", "--all-features", "--locked", "check", "--show-stats"]);
    process::run(command.args(CHECKS).args(advisories))
}

/// The additional check that the arguments request.
fn advisories(args: &[String]) -> Outcome<Option<&'static str>> {
    match args {
        [] => Ok(None),
        [one] if one == "--advisories" => Ok(Some("advisories")),
        _ => Err(Failure::usage("expects `--advisories` or no argument")),
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
