//! `cargo xtask windows`: the SDK as programs for Windows, run by Wine on Debian.
//!
//! Depends on [`crate::setup`], [`crate::test`], [`crate::process`] and [`crate::workspace`]. CI does
//! not run it: the build takes a quarter of an hour.

use crate::{
    failure::Outcome,
    process,
    setup::{
        packages::{self, CPP},
        wine,
    },
    test, workspace,
};

/// The suite that runs the programs.
pub(crate) const SUITE: &str = "interop_windows";

/// The parts of the library and the command line that need no other library. Video needs libvpx.
const FEATURES: &str = "rtvi-cli/devices,rtvi-c/devices,rtvi-c/processing,rtvi-c/webrtc";

/// Builds the command line and the C library for Windows, and tests them.
pub(crate) fn run() -> Outcome {
    packages::ensure(&[&CPP])?;
    wine::ensure()?;
    let mut cargo = workspace::cargo();
    cargo.args([
        "build",
        "--locked",
        "--target",
        wine::TARGET,
        "--package",
        "rtvi-cli",
        "--package",
        "rtvi-c",
    ]);
    process::run(cargo.args(["--no-default-features", "--features", FEATURES]))?;
    test::run(&[SUITE.to_owned()])
}
