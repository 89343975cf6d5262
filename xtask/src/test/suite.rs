//! The suites: which test programs each contains, and how one runs.
//!
//! Depends on [`super::build`] and [`super::libtest`]. Must never leave a program running: each has
//! a time limit.

use std::{env, path::PathBuf, process::Command, time::Duration};

use super::{
    build::{Built, TestProgram},
    libtest::Counts,
};
use crate::{failure::Outcome, process, workspace};

/// The time limit of a test program. After it, the program is stopped and counted as failed. No
/// suite takes a third of it.
const LIMIT: Duration = Duration::from_secs(15 * 60);
/// The environment variable that makes the suite `faults` run each of its cells this many times.
/// Its time limit is multiplied by the same number.
const RUNS: &str = "RTVI_FAULT_RUNS";

/// The crate in which every test file is a separate suite.
pub(super) const CROSS_CRATE: &str = "rtvi-tests";

/// The name of the suite with all examples in the documentation.
const DOC: &str = "doc";

/// Tests that run and are reported together.
#[derive(Debug)]
pub(super) struct Suite {
    pub name: String,
    /// Its test programs; none for the documentation's examples, which cargo runs.
    pub programs: Vec<TestProgram>,
}

/// All suites: one per crate, one for the documentation, and one for each cross-crate test file.
pub(super) fn suites(built: &Built) -> Vec<Suite> {
    let mut suites: Vec<Suite> = Vec::new();
    for program in &built.tests {
        let name = match &program.integration {
            Some(file) if program.package == CROSS_CRATE => file,
            _ => &program.package,
        };
        match suites.iter_mut().find(|suite| suite.name == *name) {
            Some(suite) => suite.programs.push(program.clone()),
            None => suites.push(Suite { name: name.clone(), programs: vec![program.clone()] }),
        }
    }
    suites.push(Suite { name: DOC.to_owned(), programs: Vec::new() });
    suites.sort_by_key(|suite| (suite.is_cross_crate(), suite.needs_server(), suite.name.clone()));
    suites
}

impl Suite {
    /// Whether it needs a real server.
    pub(super) fn needs_server(&self) -> bool {
        self.is_cross_crate() && self.name.starts_with("interop")
    }

    /// Whether that server is the one of the 1.x protocol.
    pub(super) fn needs_legacy_server(&self) -> bool {
        self.needs_server() && self.name.contains("legacy")
    }

    pub(super) fn is_cross_crate(&self) -> bool {
        self.programs.iter().any(|program| program.package == CROSS_CRATE && program.integration.is_some())
    }

    /// Runs all its programs and shows their output as it arrives.
    pub(super) fn run(&self, built: &Built, environment: &[(&'static str, PathBuf)]) -> Counts {
        let mut counts = Counts::default();
        for mut command in self.commands() {
            for (name, path) in &built.programs {
                command.env(format!("CARGO_BIN_EXE_{name}"), path);
            }
            command.envs(environment.iter().map(|(name, path)| (name, path)));
            run_one(&mut command, &mut counts);
        }
        counts
    }

    fn commands(&self) -> Vec<Command> {
        if self.programs.is_empty() {
            let mut cargo = workspace::cargo();
            cargo.args(["test", "--workspace", "--doc", "--no-fail-fast"]);
            return vec![cargo];
        }
        self.programs.iter().map(program_command).collect()
    }
}

fn program_command(program: &TestProgram) -> Command {
    let mut command = Command::new(&program.path);
    command.current_dir(&program.folder).env("CARGO_MANIFEST_DIR", &program.folder);
    command
}

/// The time limit of a program that runs its tests this many times.
fn limit(runs: Option<&str>) -> Duration {
    LIMIT * runs.and_then(|runs| runs.parse().ok()).unwrap_or(1)
}

/// Runs one program. A failure that its own counts don't explain also counts.
fn run_one(command: &mut Command, counts: &mut Counts) {
    let failed_before = counts.failed;
    let status: Outcome<_> = process::stream(command, limit(env::var(RUNS).ok().as_deref()), |line| {
        println!("{line}");
        counts.read(line);
    });
    match status {
        Ok(status) if status.success() => {}
        Ok(status) if counts.failed == failed_before => counts.fail(&status.to_string()),
        Ok(_) => {}
        Err(failure) => counts.fail(&failure.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use super::*;

    fn built(programs: &[(&str, Option<&str>)]) -> Built {
        let program = |(package, file): &(&str, Option<&str>)| TestProgram {
            package: (*package).to_owned(),
            integration: file.map(str::to_owned),
            path: PathBuf::new(),
            folder: PathBuf::new(),
        };
        Built { tests: programs.iter().map(program).collect(), programs: Vec::new() }
    }

    #[test]
    fn a_crate_is_a_suite_and_a_file_across_crates_too() {
        let suites = suites(&built(&[
            ("rtvi-tests", Some("interop_legacy")),
            ("rtvi-tests", Some("faults")),
            ("rtvi-tests", Some("interop_websocket")),
            ("rtvi-tests", None),
            ("rtvi-cli", None),
            ("rtvi-cli", Some("interop_help")),
        ]));
        let names: Vec<&str> = suites.iter().map(|suite| suite.name.as_str()).collect();
        assert_eq!(names, ["doc", "rtvi-cli", "rtvi-tests", "faults", "interop_legacy", "interop_websocket"]);
        let servers: Vec<_> =
            suites.iter().map(|suite| (suite.needs_server(), suite.needs_legacy_server())).collect();
        assert_eq!(servers[3..], [(false, false), (true, true), (true, false)]);
        assert_eq!(suites[1].programs.len(), 2);
    }

    #[test]
    fn many_runs_may_take_long() {
        assert_eq!(limit(None), LIMIT);
        assert_eq!(limit(Some("20")), LIMIT * 20);
        assert_eq!(limit(Some("many")), LIMIT);
    }

    #[test]
    fn an_end_without_a_count_is_a_failure() {
        let mut counts = Counts::default();
        run_one(Command::new("rustc").arg("--no-such-flag").stderr(Stdio::null()), &mut counts);
        run_one(&mut Command::new("no-such-program"), &mut counts);
        assert_eq!((counts.passed, counts.failed), (0, 2));
    }
}
