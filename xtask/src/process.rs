//! Starts other programs: silently, on our own terminal, or with their output read line by line.
//!
//! Depends on [`crate::failure`] only. Must never run a shell: arguments are passed unchanged.

use std::{
    fmt::Write,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    time::{Duration, Instant},
};

use crate::failure::{Failure, Outcome};

/// The number of lines read ahead of the current one. When the queue is full, the reader waits, and
/// the program with it.
const LINES_AHEAD: usize = 256;

/// Runs a program with our own input and output. A non-zero exit code is a failure.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(Failure::doing(shown(command)))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{}: {status}", shown(command)))) }
}

/// Runs a program and returns its standard output. Its errors go to our terminal.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(Failure::doing(shown(command)))?;
    if !output.status.success() {
        return Err(Failure::new(format!("{}: {}", shown(command), output.status)));
    }
    String::from_utf8(output.stdout).map_err(Failure::doing(shown(command)))
}

/// Whether a program can be started and succeeds. Its output is hidden.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs a program without input, passes on each line of its standard output as it arrives, and
/// stops the program after `limit`.
pub(crate) fn stream(
    command: &mut Command,
    limit: Duration,
    mut each: impl FnMut(&str),
) -> Outcome<ExitStatus> {
    let started = now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(Failure::doing(shown(command)))?;
    let lines = child.stdout.take().map(read_lines);
    while let Some(lines) = &lines {
        match lines.recv_timeout(limit.saturating_sub(started.elapsed())) {
            Ok(line) => each(&line),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                child.kill().map_err(Failure::doing(format!("stopping {}", shown(command))))?;
                child.wait().map_err(Failure::doing(shown(command)))?;
                return Err(Failure::new(format!("stopped after {} s", limit.as_secs())));
            }
        }
    }
    child.wait().map_err(Failure::doing(shown(command)))
}

fn read_lines(stdout: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = sync_channel(LINES_AHEAD);
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stdout);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            if sender.send(line).is_err() {
                return;
            }
            bytes.clear();
        }
    });
    receiver
}

/// The current time, for durations shown to a person.
#[expect(clippy::disallowed_methods, reason = "xtask runs on no async runtime whose clock could be used")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// `program argument argument`, for messages.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut text = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    for arg in command.get_args() {
        // Writing to a string can't fail.
        let _ = write!(text, " {}", arg.to_string_lossy());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rustc() -> Command {
        Command::new("rustc")
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = run(Command::new("no-such-program").arg("x")).unwrap_err();
        assert!(failure.to_string().starts_with("no-such-program x: "), "{failure}");
    }

    #[test]
    fn output_and_lines_are_the_programs_own() {
        let mut lines = Vec::new();
        let limit = Duration::from_secs(60);
        let status = stream(rustc().arg("-vV"), limit, |line| lines.push(line.to_owned())).unwrap();
        assert!(status.success());
        assert_eq!(lines.join("\n"), output(rustc().arg("-vV")).unwrap().trim_end());
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_hangs_is_stopped() {
        let failure = stream(Command::new("sleep").arg("60"), Duration::from_millis(20), |_| ()).unwrap_err();
        assert_eq!(failure.to_string(), "stopped after 0 s");
    }
}
