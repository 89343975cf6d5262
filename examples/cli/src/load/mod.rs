//! `rtvi load`: many callers at once, and the report about what they heard.
//!
//! Depends on `rtvi-load` for everything that is measured; says how to reach the bot and where the
//! report goes.

mod caller;
mod live;
mod output;
mod public;
mod script;

use std::{process::ExitCode, rc::Rc, time::Duration};

use rtvi_core::{Error, media::AudioFormat};
use rtvi_load::{Arrivals, Manners, Progress, Report, Run, Stop, TONE, Turn, Voice};

use crate::{
    args::{LoadArgs, LoadCommand, ReportArgs, ScenarioArgs, TargetArgs, TurnSource},
    complain,
    outcome::Outcome,
    signals::Signals,
    talk,
    transport::Kind,
    usage::Usage,
};

use caller::Callers;
use live::Live;
use public::Refusal;

/// The formats of what callers say and hear: those that the transports use, so that nothing is
/// converted.
const WEBRTC: (AudioFormat, AudioFormat) = (AudioFormat::mono(48_000), AudioFormat::mono(48_000));
const WEBSOCKET: (AudioFormat, AudioFormat) = (AudioFormat::mono(16_000), AudioFormat::mono(24_000));

/// Runs `rtvi load`.
pub(crate) async fn run(args: LoadArgs) -> ExitCode {
    let result = match &args.command {
        Some(LoadCommand::Report(report)) => merge(report),
        None => generate(&args).await,
    };
    match result {
        Ok(code) => code.into(),
        Err(text) => {
            complain(&text);
            Outcome::WrongUsage.into()
        }
    }
}

/// Makes the calls. Returns the exit code, or why the usage is wrong.
async fn generate(args: &LoadArgs) -> Result<u8, String> {
    talk::log_to_stderr(args.log);
    let calls = args.arrivals.calls.unwrap_or_default();
    if let Err(Refusal(text)) = public::ask(&args.target, calls, args.yes) {
        return Err(text);
    }
    let run = planned(args, calls).map_err(|error| error.to_string())?;
    let callers = Callers::new(args, calls).map_err(|error| error.to_string())?;
    output::check(&args.output, args.traces.as_deref())?;
    allow_open_files();
    let stop = Stop::default();
    let mut signals = Signals::new().map_err(|error| format!("can't listen for Ctrl-C: {error}"))?;
    let mut live = Live::default();
    let show = |progress: &Progress| live.show(progress);
    let mut making = Box::pin(run.make(Rc::new(callers), &stop, show));
    let (mut report, traces) = loop {
        tokio::select! {
            made = &mut making => break made,
            () = signals.next() => stop.stop(),
        }
    };
    drop(making);
    live.clear();
    report.generator.peak_memory_bytes = Usage::now().peak_rss_bytes.unwrap_or_default();
    output::traces(&mut report, &traces, args.traces.as_deref())?;
    report.judge(&args.output.fail_if);
    finish(&report, &args.output)
}

/// Merges reports. Returns the exit code, or why the usage is wrong.
fn merge(args: &ReportArgs) -> Result<u8, String> {
    output::check(&args.output, None)?;
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Report::parse(&text).map_err(|error| format!("{}: {error}", path.display()))
    };
    let reports = args.files.iter().map(read).collect::<Result<Vec<Report>, String>>()?;
    let mut report = rtvi_load::report::merge(&reports).map_err(|error| error.to_string())?;
    report.judge(&args.output.fail_if);
    finish(&report, &args.output)
}

fn finish(report: &Report, args: &crate::args::OutputArgs) -> Result<u8, String> {
    output::write(report, args)?;
    Ok(report.outcome().code())
}

fn planned(args: &LoadArgs, calls: u32) -> Result<Run, Error> {
    let (arrivals, scenario) = (&args.arrivals, &args.scenario);
    let (sent, heard) = formats(&args.target);
    Ok(Run {
        arrivals: Arrivals { calls, rate: arrivals.rate, ramp: arrivals.ramp.unwrap_or_default() },
        voice: voice(scenario, sent)?,
        manners: Manners {
            pause: scenario.pause,
            patience: scenario.patience,
            repeat: arrivals.duration.is_some() || scenario.script.is_some(),
        },
        heard,
        duration: arrivals.duration,
        target: args.target.shown(),
        scenario: described(args, calls),
        cpu: || Usage::now().cpu_seconds,
    })
}

/// The formats of this target's transport.
fn formats(target: &TargetArgs) -> (AudioFormat, AudioFormat) {
    if let Some(provider) = target.phone {
        let format =
            AudioFormat::mono(provider.encodings().first().map_or(8_000, |encoding| encoding.sample_rate()));
        return (format, format);
    }
    if target.ws.is_some() || target.transport == Some(Kind::Websocket) { WEBSOCKET } else { WEBRTC }
}

fn voice(scenario: &ScenarioArgs, format: AudioFormat) -> Result<Voice, Error> {
    let mut turns = Vec::new();
    for source in &scenario.mic {
        match source {
            TurnSource::Wav(path) => turns.push(Turn::wav(path, format)?),
            TurnSource::Tone(hertz) => turns.push(Turn::tone(*hertz, TONE, format)?),
            TurnSource::Silence => {}
        }
    }
    Ok(Voice { format, turns })
}

/// What the callers do, in words.
fn described(args: &LoadArgs, calls: u32) -> String {
    let seconds = |time: Duration| format!("{} s", time.as_secs_f64());
    let mut text = format!("{calls} calls");
    match (args.arrivals.rate, args.arrivals.ramp) {
        (Some(rate), Some(ramp)) => text += &format!(", {rate} a second after a ramp of {}", seconds(ramp)),
        (Some(rate), None) => text += &format!(", {rate} a second"),
        (None, Some(ramp)) => text += &format!(" over {}", seconds(ramp)),
        (None, None) => text += " at once",
    }
    if let Some(duration) = args.arrivals.duration {
        text += &format!(", {} each", seconds(duration));
    }
    let sources: Vec<String> = args
        .scenario
        .mic
        .iter()
        .map(|source| match source {
            TurnSource::Wav(path) => {
                path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
            }
            TurnSource::Tone(hertz) => format!("a tone of {hertz} Hz"),
            TurnSource::Silence => "silence".to_owned(),
        })
        .collect();
    text += &format!(", saying {}", sources.join(", "));
    if let Some(script) = &args.scenario.script {
        text += &format!(", script {}", script.file_name().unwrap_or(script.as_os_str()).to_string_lossy());
    }
    text
}

/// Raises the limit of open files as far as the system allows: each call needs a few sockets. If it
/// can't be raised, calls that find no socket fail and are counted.
#[cfg(unix)]
fn allow_open_files() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}

/// Other systems have no such limit.
#[cfg(not(unix))]
const fn allow_open_files() {}
