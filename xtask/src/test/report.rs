//! The table at the end of `cargo xtask test`, and its closing line.
//!
//! Depends on [`super::libtest`] and [`crate::table`]. Must never succeed after a failure, or if no
//! test ran.

use std::time::Duration;

use super::libtest::Counts;
use crate::{
    failure::{Failure, Outcome},
    table,
};

/// The result of one suite.
pub(super) struct Row {
    pub suite: String,
    pub ending: Ending,
    pub took: Duration,
}

/// How a suite ended.
pub(super) enum Ending {
    /// It ran.
    Ran(Counts),
    /// It can't run here, which is a failure.
    Failed(String),
    /// It can't run here, and need not.
    Skipped(String),
}

impl Row {
    /// Passed, failed, skipped. A suite that did not run counts as one.
    fn numbers(&self) -> [usize; 3] {
        match &self.ending {
            Ending::Ran(counts) => [counts.passed, counts.failed, counts.skipped],
            Ending::Failed(_) => [0, 1, 0],
            Ending::Skipped(_) => [0, 0, 1],
        }
    }

    fn cells(&self) -> [String; 6] {
        let [passed, failed, skipped] = self.numbers().map(|number| number.to_string());
        let why = match &self.ending {
            Ending::Ran(counts) => counts.why(),
            Ending::Failed(why) | Ending::Skipped(why) => format!("not run: {}", why.replace('\n', " ")),
        };
        [self.suite.clone(), passed, failed, skipped, why, format!("{:.1}", self.took.as_secs_f64())]
    }
}

/// Prints the table, what failed, and the totals.
pub(super) fn print(rows: &[Row]) -> Outcome {
    let heading = ["suite", "passed", "failed", "skipped", "why", "seconds"].map(str::to_owned);
    let cells: Vec<[String; 6]> = std::iter::once(heading).chain(rows.iter().map(Row::cells)).collect();
    let [passed, failed, skipped] = sum(rows);
    println!("\n{}\n", table::render(&cells));
    rows.iter().flat_map(failures).for_each(|line| println!("{line}"));
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    verdict(passed, failed)
}

/// The failures of a suite, each with the first lines of its panic. They come last, so that whoever
/// sees only the end of a long output sees them.
fn failures(row: &Row) -> Vec<String> {
    let counts = match &row.ending {
        Ending::Ran(counts) => counts,
        Ending::Failed(why) => return vec![format!("failed: {} not run: {why}", row.suite)],
        Ending::Skipped(_) => return Vec::new(),
    };
    let named = |name: &String| {
        let said = counts.panics().iter().filter(move |panic| panic.test == *name);
        let lines = said.flat_map(|panic| panic.lines.iter().map(|line| format!("    {line}")));
        std::iter::once(format!("failed: {} {name}", row.suite)).chain(lines).collect::<Vec<_>>()
    };
    counts.failures().iter().flat_map(named).collect()
}

fn sum(rows: &[Row]) -> [usize; 3] {
    let add = |sum: [usize; 3], row: &Row| {
        let [passed, failed, skipped] = row.numbers();
        [sum[0] + passed, sum[1] + failed, sum[2] + skipped]
    };
    rows.iter().fold([0; 3], add)
}

fn verdict(passed: usize, failed: usize) -> Outcome {
    match (passed, failed) {
        (_, 1..) => Err(Failure::new(format!("{failed} failed"))),
        (0, 0) => Err(Failure::new("no test ran")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(ending: Ending) -> Row {
        Row { suite: "s".to_owned(), ending, took: Duration::from_millis(1_240) }
    }

    fn ran(line: &str) -> Row {
        let mut counts = Counts::default();
        counts.read(line);
        row(Ending::Ran(counts))
    }

    #[test]
    fn a_row_says_why() {
        let cells = row(Ending::Skipped("no Python".to_owned())).cells();
        assert_eq!(cells, ["s", "0", "0", "1", "not run: no Python", "1.2"]);
    }

    #[test]
    fn a_failure_says_what_it_said() {
        let mut counts = Counts::default();
        for line in ["test a::b ... FAILED", "---- a::b stdout ----", "Error: gone", "failures:"] {
            counts.read(line);
        }
        counts.fail("exit status: 101");
        let lines = failures(&row(Ending::Ran(counts)));
        assert_eq!(lines, ["failed: s a::b", "    Error: gone", "failed: s exit status: 101"]);
    }

    #[test]
    fn a_suite_that_can_not_run_counts_as_one() {
        let rows = [
            ran("test result: ok. 3 passed; 0 failed; 1 ignored;"),
            row(Ending::Failed(String::new())),
            row(Ending::Skipped(String::new())),
        ];
        assert_eq!(sum(&rows), [3, 1, 2]);
    }

    #[test]
    fn only_passed_tests_are_a_success() {
        assert!(verdict(3, 0).is_ok());
        assert_eq!(verdict(3, 1).unwrap_err().to_string(), "1 failed");
        assert_eq!(verdict(0, 0).unwrap_err().to_string(), "no test ran");
    }
}
