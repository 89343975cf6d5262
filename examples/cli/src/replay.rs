//! `rtvi replay`: prints a session's trace and replays it. Depends on `rtvi-core` for both.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use rtvi_core::client::trace::{Difference, MAX_TRACE, Replay, SessionTrace};

use crate::{complain, outcome::Outcome, printable::printable};

/// Runs `rtvi replay`.
pub(crate) fn run(file: &Path) -> ExitCode {
    let trace = match read(file) {
        Ok(trace) => trace,
        Err(text) => {
            complain(&format!("{}: {text}", file.display()));
            return Outcome::WrongUsage.into();
        }
    };
    match print(&mut anstream::stdout().lock(), &trace) {
        Ok(true) => Outcome::Done.into(),
        Ok(false) => Outcome::Failed.into(),
        Err(error) => {
            complain(&format!("the output could not be written: {error}"));
            Outcome::Failed.into()
        }
    }
}

/// Reads no more of a file than a trace may have.
fn read(file: &Path) -> Result<SessionTrace, String> {
    let file = File::open(file).map_err(|error| error.to_string())?;
    let limit = u64::try_from(MAX_TRACE).unwrap_or(u64::MAX) + 1;
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| "this is no trace: it is not UTF-8 text".to_owned())?;
    SessionTrace::parse(&text).map_err(|error| error.to_string())
}

/// Prints what happened, and what came of the replay; says whether that was the same.
fn print(output: &mut impl Write, trace: &SessionTrace) -> io::Result<bool> {
    writeln!(output, "{}", printable(&trace.summary()))?;
    let mut last = None;
    for row in trace.rows() {
        let at = if last == Some(row.at) { String::new() } else { seconds(row.at) };
        last = Some(row.at);
        writeln!(output, "{at:>12}  {:<6}  {}", row.side, printable(&row.what))?;
    }
    match trace.replay() {
        Ok(Replay { inputs, differences }) if differences.is_empty() => {
            writeln!(output, "Replay: the same came of all {inputs} inputs.")?;
            Ok(true)
        }
        Ok(Replay { differences, .. }) => {
            writeln!(output, "Replay: something else came of these inputs:")?;
            differences.iter().try_for_each(|difference| tell(output, difference))?;
            Ok(false)
        }
        Err(error) => {
            writeln!(output, "Replay: {error}.")?;
            Ok(false)
        }
    }
}

fn tell(output: &mut impl Write, difference: &Difference) -> io::Result<()> {
    writeln!(output, "{:>12}  {}", seconds(difference.at), printable(&difference.input))?;
    for (title, wants) in [("recorded", &difference.recorded), ("replayed", &difference.replayed)] {
        let all = if wants.is_empty() { "nothing".to_owned() } else { wants.join("; ") };
        writeln!(output, "{:>12}  {title}: {}", "", printable(&all))?;
    }
    Ok(())
}

fn seconds(time: Duration) -> String {
    format!("{:.6}", time.as_secs_f64())
}
