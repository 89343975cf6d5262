//! The Go toolchain that builds livekit-server: the machine's own, or one under `.cache`.
//!
//! Depends on [`crate::process`] and [`super::python`]. Must never install Go for the whole
//! machine.

use std::{path::PathBuf, process::Command};

use crate::{
    failure::Outcome,
    process,
    setup::{
        packages::{self, PYTHON},
        python::{self, GO},
    },
};

/// The oldest Go that builds what this repository needs.
const OLDEST: (u32, u32) = (1, 26);

/// Prints where the Python package of [`GO`] has its program.
const LOCATE: &str = "import go, pathlib; print(pathlib.Path(go.__file__).parent / 'bin' / 'go')";

/// Returns the program `go`. Installs one if the machine's own is missing or too old.
pub(crate) fn ensure() -> Outcome<PathBuf> {
    if own_version().is_some_and(|version| version >= OLDEST) {
        return Ok(PathBuf::from("go"));
    }
    packages::ensure(&[&PYTHON])?;
    let python = python::ensure(&GO)?;
    process::output(Command::new(python).args(["-c", LOCATE])).map(|path| PathBuf::from(path.trim()))
}

fn own_version() -> Option<(u32, u32)> {
    // A Go that downloads a newer one itself would answer with that one's version.
    let output = Command::new("go").args(["env", "GOVERSION"]).env("GOTOOLCHAIN", "local").output().ok()?;
    parse(&String::from_utf8(output.stdout).ok()?)
}

/// The first two numbers of `go1.26.8`.
fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim().strip_prefix("go")?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(parse("go1.26.8\n"), Some((1, 26)));
        assert!(parse("go1.9") < Some(OLDEST) && parse("go1.100.1") > Some(OLDEST));
        assert_eq!([parse(""), parse("go1"), parse("devel go1.27-abc")], [None; 3]);
    }
}
