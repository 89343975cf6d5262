//! `rtvi trace`: shows a session's trace as a timeline or as an HTML page; `--trace`: writes one.
//!
//! Depends on `rtvi-core` to read and write traces.

mod file;
mod lanes;
mod page;
mod svg;

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use rtvi_core::client::trace::{MAX_TRACE, SessionTrace};

use crate::{args::TraceArgs, complain, outcome::Outcome, printable::printable};

pub(crate) use file::TraceFile;

/// Runs `rtvi trace`.
pub(crate) fn run(args: &TraceArgs) -> ExitCode {
    let trace = match read(&args.file) {
        Ok(trace) => trace,
        Err(text) => {
            complain(&format!("{}: {text}", args.file.display()));
            return Outcome::WrongUsage.into();
        }
    };
    let written = match &args.html {
        Some(path) => {
            fs::write(path, page::render(&trace)).map_err(|error| format!("{}: {error}", path.display()))
        }
        None => print(&mut anstream::stdout().lock(), &trace).map_err(|error| error.to_string()),
    };
    match written {
        Ok(()) => Outcome::Done.into(),
        Err(text) => {
            complain(&format!("the trace could not be written: {text}"));
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

/// Prints a line for each row; a time only where it changes.
fn print(output: &mut impl Write, trace: &SessionTrace) -> io::Result<()> {
    writeln!(output, "{}", printable(&trace.summary()))?;
    let mut last = None;
    for row in trace.rows() {
        let at = if last == Some(row.at) { String::new() } else { seconds(row.at) };
        last = Some(row.at);
        writeln!(output, "{at:>10}  {:<8}  {}", row.kind, printable(&row.to_string()))?;
    }
    if trace.dropped_rows() > 0 {
        writeln!(output, "{} rows are missing: a trace keeps the newest.", trace.dropped_rows())?;
    }
    Ok(())
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}
