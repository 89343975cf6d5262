//! `cargo xtask arch`: the rules of ARCHITECTURE.md that a program can check.
//!
//! Depends on [`crate::process`] and [`crate::workspace`]. Must never change a file, nor look at
//! files that git ignores.

mod layers;
mod limits;
mod paths;
mod rules;
mod source;
mod unsafe_list;

use std::{fmt, fs, process::Command};

use crate::{
    failure::{Failure, Outcome},
    process, workspace,
};
use layers::RootNames;
use source::Source;

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
struct Breach {
    file: String,
    line: usize,
    message: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// Checks every file that git knows or could add; fails with the number of breaches after printing
/// each.
pub(crate) fn run() -> Outcome {
    let breaches = breaches(&texts()?);
    for breach in &breaches {
        eprintln!("{breach}");
    }
    match breaches.len() {
        0 => Ok(()),
        count => Err(Failure::new(format!("{count} breaches of the architecture's rules"))),
    }
}

/// Writes the list of everything `unsafe` that [`run`] compares.
pub(crate) fn list_unsafe() -> Outcome {
    unsafe_list::write(&texts()?)
}

/// The workspace's text files: path from the root with `/`, and content.
fn texts() -> Outcome<Vec<(String, String)>> {
    let mut git = Command::new("git");
    git.current_dir(workspace::root());
    let listed = process::output(git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))?;
    let mut texts = Vec::new();
    for file in listed.split('\0').filter(|file| !file.is_empty()) {
        match fs::read(workspace::root().join(file)) {
            Ok(bytes) => texts.extend(String::from_utf8(bytes).ok().map(|text| (file.to_owned(), text))),
            // Deleted but not yet committed.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::new(format!("{file}: {error}"))),
        }
    }
    Ok(texts)
}

fn breaches(texts: &[(String, String)]) -> Vec<Breach> {
    let names = texts
        .iter()
        .find(|(file, _)| file == layers::CORE_ROOT)
        .map_or_else(RootNames::default, |(_, text)| RootNames::of(&Source::new(text)));
    let mut breaches: Vec<_> =
        texts.iter().flat_map(|(file, text)| breaches_of(file, text, &names)).collect();
    breaches.extend(unsafe_list::check(texts));
    breaches.extend(limits::check(texts));
    breaches
}

fn breaches_of(file: &str, text: &str, names: &RootNames) -> Vec<Breach> {
    let mut found = paths::check(text);
    if file.ends_with(".rs") {
        let source = Source::new(text);
        found.extend(rules::check(file, &source));
        found.extend(layers::check(file, &source, names));
    }
    found.sort_unstable();
    found.into_iter().map(|(line, message)| Breach { file: file.to_owned(), line, message }).collect()
}

/// What a rule finds in a file: the line, counted from 1, and what is wrong with it.
type Finding = (usize, String);

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> (String, String) {
        (path.to_owned(), text.to_owned())
    }

    #[test]
    fn this_workspace_keeps_its_rules() {
        assert_eq!(breaches(&texts().unwrap()), []);
    }

    #[test]
    fn a_breach_names_its_place() {
        let texts = [
            file("rtvi-core/src/lib.rs", "//! Core.\npub use client::Client;\n"),
            file("rtvi-core/src/media/wav.rs", "//! WAV.\nuse crate::Client;\n"),
        ];
        let found: Vec<String> = breaches(&texts).iter().map(Breach::to_string).collect();
        assert_eq!(found.len(), 2, "and there is no list of what is unsafe");
        assert!(
            found[0].starts_with("rtvi-core/src/media/wav.rs:2: `media` may not use `client`"),
            "{found:?}"
        );
    }
}
