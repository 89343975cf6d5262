//! Counts the tests that another language's runner ran, from its output.
//!
//! A skipped test counts as failed: these suites have everything that their tests need.

/// Maven's Surefire: the number of passed tests in all modules.
///
/// # Errors
/// The lines that report a failure or a skipped test, and Surefire's summary of the failures; or the
/// fact that no test ran.
pub fn surefire(said: &str) -> Result<usize, String> {
    let lines = said.lines().filter_map(|line| Some((line, line.split_once("Tests run: ")?.1)));
    let classes = lines.filter(|(_, counts)| counts.contains("Time elapsed"));
    all_passed(classes.map(|(line, counts)| {
        let clean = counts.contains(", Failures: 0, Errors: 0, Skipped: 0, ");
        (line, first_number(counts), clean)
    }))
    .map_err(|why| {
        let summary = said.lines().filter(|line| line.starts_with("[ERROR]   "));
        summary.fold(why, |why, line| why + "\n" + line)
    })
}

/// XCTest: the number of passed tests. Its suites are nested, and each reports its number; the
/// largest is the total.
///
/// # Errors
/// As for [`surefire`].
pub fn xctest(said: &str) -> Result<usize, String> {
    let lines = said.lines().filter_map(|line| Some((line, line.trim().strip_prefix("Executed ")?)));
    let suites = lines.map(|(line, counts)| {
        let clean = counts.contains(" with 0 failures ") && !counts.contains(" skipped");
        (line, first_number(counts), clean)
    });
    let largest = suites.clone().map(|(_, number, _)| number).max().unwrap_or(0);
    all_passed(suites).map(|_| largest)
}

fn first_number(text: &str) -> usize {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// The sum of all numbers, if every test passed.
fn all_passed<'a>(counts: impl Iterator<Item = (&'a str, usize, bool)>) -> Result<usize, String> {
    let (mut sum, mut bad) = (0, Vec::new());
    for (line, number, clean) in counts {
        sum += number;
        bad.extend((!clean).then_some(line));
    }
    match (sum, bad.as_slice()) {
        (0, []) => Err("no test ran".to_owned()),
        (_, []) => Ok(sum),
        _ => Err(format!("not every test passed:\n{}", bad.join("\n"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAVEN: &str = "\
[INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 6.685 s -- in ai.rtvi.android.CallAudioTest
[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1.044 s -- in ai.rtvi.android.CallServiceTest
[INFO] Tests run: 11, Failures: 0, Errors: 0, Skipped: 0
";
    const SWIFT: &str = "\
Test Suite 'ValueTests' passed at 2026-11-20 10:00:00.000
\t Executed 9 tests, with 0 failures (0 unexpected) in 0.1 (0.1) seconds
Test Suite 'SessionTests' passed at 2026-11-20 10:00:01.000
\t Executed 1 test, with 0 failures (0 unexpected) in 0.1 (0.1) seconds
Test Suite 'All tests' passed at 2026-11-20 10:00:01.000
\t Executed 10 tests, with 0 failures (0 unexpected) in 0.2 (0.2) seconds
";

    #[test]
    fn tests_that_pass_are_counted() {
        assert_eq!(surefire(MAVEN), Ok(11));
        assert_eq!(xctest(SWIFT), Ok(10));
    }

    #[test]
    fn a_skipped_test_has_not_passed() {
        let maven = MAVEN.replacen("Skipped: 0", "Skipped: 1", 1);
        assert!(surefire(&maven).unwrap_err().ends_with("ai.rtvi.android.CallAudioTest"));
        let failed = format!("{maven}[ERROR]   CallAudioTest.twice:12 expected: <1> but was: <2>\n");
        assert!(surefire(&failed).unwrap_err().ends_with("but was: <2>"));
        let swift = SWIFT.replacen("tests, with 0", "tests, with 1 test skipped and 0", 1);
        assert!(xctest(&swift).unwrap_err().contains("1 test skipped"));
    }

    #[test]
    fn a_failed_test_has_not_passed() {
        assert!(surefire(&MAVEN.replacen("Failures: 0", "Failures: 1", 1)).is_err());
        assert!(surefire(&MAVEN.replacen("Errors: 0", "Errors: 1", 1)).is_err());
        assert!(xctest(&SWIFT.replacen("with 0 failures", "with 1 failure", 1)).is_err());
        assert!(xctest(&SWIFT.replacen("with 0 failures", "with 10 failures", 1)).is_err());
    }

    #[test]
    fn no_test_is_none_that_passed() {
        assert!(surefire("[INFO] No tests to run.").is_err());
        assert!(xctest("\t Executed 0 tests, with 0 failures (0 unexpected) in 0.0 (0.0) seconds").is_err());
    }
}
