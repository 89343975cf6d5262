//! The demo bot as a program: a thin shell around [`rtvi_bot::cli`].

use clap::Parser;

/// An offline demo bot: the server side of RTVI
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    args: rtvi_bot::cli::Args,
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    match rtvi_bot::cli::run(Cli::parse().args).await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rtvi-bot: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
