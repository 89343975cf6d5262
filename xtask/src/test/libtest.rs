//! Reads the output of Rust's test harness.
//!
//! Depends on nothing. Must never guess: only the harness's own result lines count.

use std::collections::BTreeSet;

/// The tests counted so far, and why some did not pass.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
    /// The names of failed tests, and other failures.
    failures: Vec<String>,
    /// The reasons of ignored tests.
    reasons: BTreeSet<String>,
    /// What the failed tests said.
    panics: Vec<Panic>,
}

/// What a failed test said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Panic {
    pub test: String,
    pub lines: Vec<String>,
    is_open: bool,
}

/// The number of failed tests that are named in the table; the list below it names all.
const SHOWN: usize = 3;
/// The number of lines of a panic that are shown; the output above the table has all.
const PANIC_LINES: usize = 6;
/// The number of characters of such a line.
const PANIC_WIDTH: usize = 300;

impl Counts {
    /// Reads one line.
    pub(super) fn read(&mut self, line: &str) {
        if let Some((_, result)) = line.split_once("test result: ") {
            self.passed += number_before(result, " passed");
            self.failed += number_before(result, " failed");
            self.skipped += number_before(result, " ignored");
        } else if let Some((name, end)) =
            line.strip_prefix("test ").and_then(|rest| rest.rsplit_once(" ... "))
        {
            match end.split_once(", ").unwrap_or((end, "")) {
                ("FAILED", _) => self.failures.push(name.to_owned()),
                ("ignored", reason) if !reason.is_empty() => drop(self.reasons.insert(reason.to_owned())),
                _ => {}
            }
        } else if let Some(test) =
            line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----"))
        {
            self.panics.push(Panic { test: test.to_owned(), lines: Vec::new(), is_open: true });
        } else if let Some(panic) = self.panics.last_mut().filter(|panic| panic.is_open) {
            panic.read(line);
        }
    }

    /// What the failed tests said, in the order of their end.
    pub(super) fn panics(&self) -> &[Panic] {
        &self.panics
    }

    /// The failures in the order of their end.
    pub(super) fn failures(&self) -> &[String] {
        &self.failures
    }

    /// Counts a failure that the harness has not reported.
    pub(super) fn fail(&mut self, why: &str) {
        self.failed += 1;
        self.failures.push(why.to_owned());
    }

    /// The text in the table next to the numbers.
    pub(super) fn why(&self) -> String {
        let more = self.failures.len().saturating_sub(SHOWN);
        let mut parts: Vec<String> = self.failures.iter().take(SHOWN).cloned().collect();
        if more > 0 {
            parts.push(format!("{more} more"));
        }
        parts.extend(self.reasons.iter().cloned());
        if self.passed + self.failed + self.skipped == 0 {
            parts.push("has no tests".to_owned());
        }
        parts.join("; ")
    }
}

impl Panic {
    fn read(&mut self, line: &str) {
        let is_first = line.contains("panicked at") || line.starts_with("Error: ");
        let is_end = ["failures:", "stack backtrace:"].contains(&line) || line.starts_with("note: run with");
        if (is_first || !self.lines.is_empty()) && !is_end {
            self.lines.push(line.chars().take(PANIC_WIDTH).collect());
        }
        self.is_open = !is_end && self.lines.len() < PANIC_LINES;
    }
}

/// The number directly before `label`; zero if there is none.
fn number_before(text: &str, label: &str) -> usize {
    let before = text.split_once(label).map(|(before, _)| before);
    before.and_then(|before| before.rsplit(' ').next()).and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Counts {
        let mut counts = Counts::default();
        lines.iter().for_each(|line| counts.read(line));
        counts
    }

    #[test]
    fn result_lines_add_up() {
        let counts = read(&[
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ]);
        assert_eq!((counts.passed, counts.failed, counts.skipped), (13, 2, 1));
        assert_eq!(counts.why(), "");
    }

    #[test]
    fn other_lines_only_explain() {
        let counts = read(&[
            "test wav::odd ... FAILED",
            "test doc - a (line 3) ... ok",
            "test big ... ignored, takes an hour",
            "test other ... ignored",
            "the test passed 3 times",
        ]);
        assert_eq!((counts.passed, counts.failed, counts.skipped), (0, 0, 0));
        assert_eq!(counts.why(), "wav::odd; takes an hour; has no tests");
    }

    #[test]
    fn a_panic_is_kept_up_to_its_note() {
        let counts = read(&[
            "failures:",
            "---- wav::odd stdout ----",
            "reading odd.wav",
            "thread 'wav::odd' panicked at tests/wav.rs:3:5:",
            "left: 1",
            "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
            "left: 2",
            "---- wav::even stdout ----",
            "Error: no such file",
            "failures:",
            "    wav::odd",
        ]);
        let kept: Vec<_> =
            counts.panics().iter().map(|panic| (&*panic.test, panic.lines.join("|"))).collect();
        let odd = "thread 'wav::odd' panicked at tests/wav.rs:3:5:|left: 1";
        assert_eq!(kept, [("wav::odd", odd.to_owned()), ("wav::even", "Error: no such file".to_owned())]);
    }

    #[test]
    fn many_failures_are_cut_short() {
        let mut counts = Counts::default();
        (0..5).for_each(|n| counts.fail(&n.to_string()));
        assert_eq!(counts.why(), "0; 1; 2; 2 more");
    }
}
