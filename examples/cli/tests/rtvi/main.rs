//! The built `rtvi` against a demo bot in this process: its output, exit codes and manners.

#![allow(clippy::expect_used, reason = "a test may panic, its helpers too")]

mod commands;
mod exit_codes;
mod scenarios;
#[cfg(unix)]
mod signals;
mod support;
mod talk;
mod trace;
mod video;
