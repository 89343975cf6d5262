//! The report as JUnit XML, for CI systems: each threshold is a test.
//!
//! Pure.

use std::fmt::Write;

use super::{Report, escaped, text::number};

/// A test of the suite and, if it failed, why.
struct Case {
    name: String,
    failure: Option<String>,
}

/// The report as one test suite: the bot was reached, the generator kept up, and each threshold.
pub fn junit(report: &Report) -> String {
    let cases = cases(report);
    let failures = cases.iter().filter(|case| case.failure.is_some()).count();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        xml,
        "<testsuites><testsuite name=\"rtvi load\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\" time=\"{:.3}\">",
        cases.len(),
        report.seconds
    );
    for Case { name, failure } in cases {
        let name = escaped(&name);
        let _ = match failure {
            None => writeln!(xml, "<testcase classname=\"rtvi.load\" name=\"{name}\"/>"),
            Some(why) => writeln!(
                xml,
                "<testcase classname=\"rtvi.load\" name=\"{name}\"><failure message=\"{}\"/></testcase>",
                escaped(&why)
            ),
        };
    }
    let _ = writeln!(xml, "<system-out>{}</system-out>", lines(&super::text(report)));
    xml.push_str("</testsuite></testsuites>\n");
    xml
}

fn cases(report: &Report) -> Vec<Case> {
    let reached = (report.calls.ready == 0).then(|| {
        let kinds: Vec<String> =
            report.errors.iter().map(|(kind, count)| format!("{kind}: {count}")).collect();
        format!("no call became ready; {}", kinds.join(", "))
    });
    let kept_up = report.void.then(|| report.void_reasons.join("; "));
    let fixed = [
        Case { name: "the bot was reached".to_owned(), failure: reached },
        Case { name: "the generator kept up".to_owned(), failure: kept_up },
    ];
    let thresholds = report.thresholds.iter().map(|verdict| Case {
        name: format!("not {}", verdict.fail_if),
        failure: (!verdict.held).then(|| {
            verdict
                .measured
                .map_or("nothing was measured".to_owned(), |value| format!("it was {}", number(value)))
        }),
    });
    fixed.into_iter().chain(thresholds).collect()
}

/// Several lines, escaped one by one so that their ends remain.
fn lines(text: &str) -> String {
    text.lines().map(escaped).collect::<Vec<_>>().join("\n")
}
