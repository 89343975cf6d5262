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
}

/// The number of failed tests that are named; the output above the table names all.
const SHOWN: usize = 3;

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
        }
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
    fn many_failures_are_cut_short() {
        let mut counts = Counts::default();
        (0..5).for_each(|n| counts.fail(&n.to_string()));
        assert_eq!(counts.why(), "0; 1; 2; 2 more");
    }
}
