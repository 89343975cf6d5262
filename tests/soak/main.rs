//! `rtvi-soak`: many clients for a long time, with faults, and a verdict on what they leave behind.
//!
//! Three kinds of processes: this one conducts, samples and judges; the clients are one of their own, so that what is measured is
//! theirs alone; and so is each bot. Depends on the harness of the tests. Must never count what it does itself.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a soak fails by panicking and looks at the real clock"
)]

mod app;
mod beat;
mod chance;
mod conductor;
mod crowd;
mod incident;
mod ledger;
mod member;
mod options;
mod over;
mod plot;
mod sample;
mod site;
mod usage;
mod verdict;

use std::{alloc::System, process::ExitCode};

use rtvi_tests::BotProcess;
use stats_alloc::StatsAlloc;

use options::Options;

/// Counts the bytes that are allocated; only the process of the clients looks at it.
#[global_allocator]
static HEAP: StatsAlloc<System> = StatsAlloc::system();

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(port) = BotProcess::asked() {
        BotProcess::serve(port);
        return ExitCode::SUCCESS;
    }
    if let Some((crowd::ARGUMENT, rest)) = arguments.split_first().map(|(first, rest)| (first.as_str(), rest))
    {
        crowd::run(rest);
        return ExitCode::SUCCESS;
    }
    let options = match Options::read(&arguments) {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("rtvi-soak: {problem}\n\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    match conductor::run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("rtvi-soak: {problem}");
            ExitCode::FAILURE
        }
    }
}
