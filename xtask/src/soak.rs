//! `cargo xtask soak`: many clients for a long time, with faults, and a verdict on what they leave
//! behind.
//!
//! Depends on [`crate::setup`], [`crate::process`] and [`crate::workspace`]. Must never measure or
//! judge anything itself: the program `rtvi-soak` of the crate `rtvi-tests` does, and it also reads
//! the arguments.

use std::process::Command;

use crate::{
    failure::Outcome,
    process,
    setup::packages::{self, BUILD},
    workspace,
};

/// The program with the clients, the bots and the verdict. Its exit code is 1 if the verdict is
/// bad.
const PROGRAM: &str = "rtvi-soak";

/// `[--clients N] [--minutes T] [--transport websocket|webrtc|both] [--out DIR]`: builds the
/// program with optimization and runs it.
pub(crate) fn run(args: &[String]) -> Outcome {
    packages::ensure(&BUILD)?;
    println!("soak: building");
    let program = workspace::release("rtvi-tests", PROGRAM)?;
    process::run(Command::new(program).args(args).current_dir(workspace::root()))
}
