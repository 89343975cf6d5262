//! The command line `rtvi`: talks to Pipecat bots, runs the demo bot, and diagnoses servers.
//!
//! Depends on `rtvi-core` for everything a client does and on `rtvi-bot` for the demo bot; contains
//! no rule of the protocol.
#![forbid(unsafe_code)]

mod args;
mod audio;
mod cloud;
mod demo;
mod devices;
mod doctor;
mod keys;
mod load;
mod outcome;
mod output;
mod plan;
mod printable;
mod signals;
mod talk;
mod trace;
mod transport;
mod usage;
mod values;
mod video;
#[cfg(feature = "video")]
mod window;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use outcome::Outcome;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    // Many calls need every core, which is the default.
    if !matches!(cli.command, Command::Load(_)) {
        runtime.worker_threads(WORKERS);
    }
    match runtime.enable_all().build() {
        Ok(runtime) => runtime.block_on(run(cli)),
        Err(error) => {
            complain(&format!("the runtime did not start: {error}"));
            Outcome::Failed.into()
        }
    }
}

/// One thread for the session's tasks besides the main one; a session needs far less than one core.
const WORKERS: usize = 1;

async fn run(cli: Cli) -> ExitCode {
    match cli.command {
        Command::Talk(args) => talk::run(*args).await,
        Command::Bot(args) => bot(args).await,
        Command::Demo(args) => demo::run(*args).await,
        Command::Devices(args) => devices::run(args.json),
        Command::Doctor(args) => doctor::run(args).await,
        Command::Load(args) => load::run(*args).await,
        Command::Trace(args) => trace::run(&args),
    }
}

async fn bot(args: rtvi_bot::cli::Args) -> ExitCode {
    let address = format!("{}:{}", args.host, args.port);
    match rtvi_bot::cli::run(args).await {
        Ok(()) => Outcome::Done.into(),
        Err(error) => {
            complain(&format!("the bot at {address} failed: {error}"));
            Outcome::Failed.into()
        }
    }
}

/// Reports an error on stderr, in clap's style.
fn complain(text: &str) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    anstream::eprintln!("{style}error:{style:#} {}", printable::printable(text));
}
