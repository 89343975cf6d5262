//! Where a report goes: text on stdout, and files.

use std::{fs, io::Write, path::Path};

use rtvi_load::{Report, report};

use crate::{args::OutputArgs, printable::printable};

/// Turns a report into the contents of a file.
type Renderer = fn(&Report) -> String;

/// Checks that the files can be written, before calls are made for them.
pub(super) fn check(args: &OutputArgs, traces: Option<&Path>) -> Result<(), String> {
    for path in [&args.json, &args.junit, &args.html].into_iter().flatten() {
        fs::OpenOptions::new().create(true).append(true).open(path).map_err(|error| failed(path, &error))?;
    }
    traces.map_or(Ok(()), |folder| fs::create_dir_all(folder).map_err(|error| failed(folder, &error)))
}

/// Writes the session traces of the worst calls, and names the files in the report.
pub(super) fn traces(report: &mut Report, traces: &[String], folder: Option<&Path>) -> Result<(), String> {
    let Some(folder) = folder else { return Ok(()) };
    for (call, trace) in report.worst.iter_mut().zip(traces) {
        let name = format!("call-{}.jsonl", call.call);
        put(&folder.join(&name), trace)?;
        call.trace = Some(name);
    }
    Ok(())
}

/// Writes the report everywhere.
pub(super) fn write(report: &Report, args: &OutputArgs) -> Result<(), String> {
    let renderers: [Renderer; 3] = [Report::to_json, report::junit, report::html];
    for (path, render) in [&args.json, &args.junit, &args.html].into_iter().zip(renderers) {
        path.as_ref().map_or(Ok(()), |path| put(path, &render(report)))?;
    }
    let lines: Vec<String> = report::text(report).lines().map(printable).collect();
    // Whoever closed the output has the files and the exit code.
    let _ = writeln!(std::io::stdout(), "{}", lines.join("\n"));
    Ok(())
}

fn put(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
