//! `rtvi-soak`: many clients for a long time, with faults, and a verdict on what they leave behind.
//!
//! The clients run in this process, which measures itself; each bot is a process of its own.
//! Depends on the harness of the tests.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a soak fails by panicking and looks at the real clock"
)]

mod client;
mod counters;
mod run;
mod second;
mod verdict;

use std::{alloc::System, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, ValueEnum};
use rtvi_tests::BotProcess;
use stats_alloc::StatsAlloc;

/// Counts the bytes that are allocated.
#[global_allocator]
static HEAP: StatsAlloc<System> = StatsAlloc::system();

/// Runs of at least this length are also judged by memory and latency, which do not settle in
/// shorter ones.
const LONG: Duration = Duration::from_secs(600);

/// Many clients for a long time, with faults, and a verdict on what they leave behind.
#[derive(Debug, Parser)]
#[command(name = "rtvi-soak")]
struct Options {
    /// How many clients run at a time.
    #[arg(long, default_value = "10", value_parser = clap::value_parser!(u16).range(1..))]
    clients: u16,
    /// How long the run lasts.
    #[arg(long, default_value = "1", value_parser = minutes)]
    minutes: Duration,
    /// Which transports the clients use.
    #[arg(long, default_value = "both")]
    transport: Transports,
    /// The folder for `soak.csv`.
    #[arg(long, default_value = "target/soak")]
    out: PathBuf,
}

/// The transports of all clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "lower")]
enum Transports {
    WebSocket,
    WebRtc,
    /// One client in five uses WebRTC, whose calls cost several times as much.
    Both,
}

impl Options {
    /// Whether the client with this number uses WebRTC.
    const fn uses_webrtc(&self, number: u16) -> bool {
        match self.transport {
            Transports::WebSocket => false,
            Transports::WebRtc => true,
            Transports::Both => number.is_multiple_of(5),
        }
    }

    const fn is_long(&self) -> bool {
        self.minutes.as_secs() >= LONG.as_secs()
    }

    /// How many more descriptors and tasks may exist at rest than at the first rest. A resident
    /// that uses WebRTC may keep the connection of its last offer open, and may just have lost it.
    fn allowance(&self) -> usize {
        let keeps = |number: &u16| client::is_resident(*number) && self.uses_webrtc(*number);
        (0..self.clients).filter(keeps).count()
    }
}

fn minutes(text: &str) -> Result<Duration, String> {
    let minutes: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    Duration::try_from_secs_f64(minutes * 60.0).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    if let Some(port) = BotProcess::asked() {
        BotProcess::serve(port);
        return ExitCode::SUCCESS;
    }
    match run::run(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("rtvi-soak: {problem}");
            ExitCode::FAILURE
        }
    }
}
