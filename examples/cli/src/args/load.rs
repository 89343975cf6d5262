//! The options of `rtvi load`.

use std::{path::PathBuf, str::FromStr, time::Duration};

use clap::{Args, Subcommand};
use rtvi_load::{MAX_CALLS, Threshold};

use crate::{
    audio::Microphone,
    values::{self, Named},
};

use super::{Level, TargetArgs};

/// The highest rate of calls, in calls a second.
const MAX_RATE: f64 = 10_000.0;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct LoadArgs {
    #[command(subcommand)]
    pub(crate) command: Option<LoadCommand>,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    #[command(flatten)]
    pub(crate) arrivals: ArrivalArgs,
    #[command(flatten)]
    pub(crate) scenario: ScenarioArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    /// Write the session traces of the worst calls to this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) traces: Option<PathBuf>,
    /// Also make more than 50 calls to a bot on a public address, without asking
    #[arg(long)]
    pub(crate) yes: bool,
    /// Log level on stderr
    #[arg(long, value_name = "LEVEL", value_enum, default_value = "error")]
    pub(crate) log: Level,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LoadCommand {
    /// Merge reports of several generators, without loss, and show the result
    Report(ReportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// Reports that --json has written
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// When calls begin, and how long they last.
#[derive(Debug, Args)]
pub(crate) struct ArrivalArgs {
    /// How many calls to make
    #[arg(long, value_name = "N", required = true, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_CALLS)))]
    pub(crate) calls: Option<u32>,
    /// How many calls begin in a second [default: all begin at once, or spread over --ramp]
    #[arg(long, value_name = "PER_SECOND", value_parser = rate)]
    pub(crate) rate: Option<f64>,
    /// Spread the calls over this time; with --rate, the time in which the rate rises from zero
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) ramp: Option<Duration>,
    /// How long each call lasts once its bot is ready; the turns repeat [default: until each turn
    /// was said and answered]
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, conflicts_with = "script")]
    pub(crate) duration: Option<Duration>,
}

/// What the callers do.
#[derive(Debug, Args)]
pub(crate) struct ScenarioArgs {
    /// What the callers say: wav:FILE, tone:HZ (a second of it) or silence; repeat for more turns.
    /// Bots that detect speech answer to speech only, so use recordings for them
    #[arg(long, value_name = "SOURCE", default_value = "tone:440")]
    pub(crate) mic: Vec<TurnSource>,
    /// What each caller does, as for talk --script: connects, sends, and waits for what must come
    #[arg(long, value_name = "FILE")]
    pub(crate) script: Option<PathBuf>,
    /// Answer the bot's calls of a function with this JSON; repeatable. A bot waits for its calls
    #[arg(long = "function", value_name = "NAME=JSON", value_parser = values::function)]
    pub(crate) functions: Vec<Named>,
    /// How long the bot must be quiet before a caller speaks
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, default_value = "1")]
    pub(crate) pause: Duration,
    /// How long a caller waits for an answer
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, default_value = "15")]
    pub(crate) patience: Duration,
    /// Time limit for connecting [default: 30, with --agent 90]
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) timeout: Option<Duration>,
    /// Number of attempts to restore a lost connection
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) reconnect: u32,
}

/// What becomes of the report.
#[derive(Clone, Debug, Args)]
pub(crate) struct OutputArgs {
    /// Fail with exit code 1 if this is true, such as 'p95(answer) > 1500ms'; repeatable
    #[arg(long, value_name = "EXPR")]
    pub(crate) fail_if: Vec<Threshold>,
    /// Write the report as JSON to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Write the report as JUnit XML to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Write the report as one HTML page with plots to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

/// One turn of the callers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TurnSource {
    /// A recording.
    Wav(PathBuf),
    /// A second of a tone of this frequency in Hz.
    Tone(f64),
    /// The callers only listen.
    Silence,
}

impl FromStr for TurnSource {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(Microphone::Wav(path)) => Ok(Self::Wav(path)),
            Ok(Microphone::Tone(hertz)) => Ok(Self::Tone(hertz)),
            Ok(Microphone::Silence) => Ok(Self::Silence),
            _ => Err("use wav:FILE, tone:HZ or silence".to_owned()),
        }
    }
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate: &f64| *rate > 0.0 && *rate <= MAX_RATE);
    rate.ok_or_else(|| format!("not a number of calls a second above 0, up to {MAX_RATE}"))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Cli, Command};

    fn load(line: &str) -> Result<LoadArgs, String> {
        let words = ["rtvi", "load"].into_iter().chain(line.split_whitespace());
        match Cli::try_parse_from(words).map_err(|error| error.to_string())?.command {
            Command::Load(args) => Ok(*args),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_run_needs_a_target_and_calls() {
        let args = load("--ws ws://h/ws --calls 20 --rate 5 --ramp 2 --duration 30 --fail-if failed>0")
            .expect("fine");
        assert_eq!((args.arrivals.calls, args.arrivals.rate), (Some(20), Some(5.0)));
        assert_eq!((args.output.fail_if.len(), args.scenario.mic), (1, vec![TurnSource::Tone(440.0)]));
        for (line, part) in [
            ("--ws ws://h/ws", "--calls"),
            ("--calls 5", "--start"),
            ("--ws ws://h --calls 0", "0"),
            ("--ws ws://h --calls 100001", "100001"),
            ("--ws ws://h --calls 1 --rate 0", "above 0"),
            ("--ws ws://h --calls 1 --mic default", "wav:FILE"),
            ("--ws ws://h --calls 1 --fail-if fast", "compares nothing"),
            ("--ws ws://h --calls 1 --duration 5 --script a", "--script"),
        ] {
            let error = load(line).expect_err(line);
            assert!(error.contains(part), "{line}: {error}");
        }
    }

    #[test]
    fn reports_need_files_and_no_target() {
        let args = load("report a.json b.json --html c.html").expect("fine");
        let Some(LoadCommand::Report(report)) = args.command else { panic!("{args:?}") };
        assert_eq!((report.files.len(), report.output.html), (2, Some("c.html".into())));
        assert!(load("report").is_err() && load("report a.json --calls 5").is_err());
    }
}
