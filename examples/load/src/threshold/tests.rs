use super::*;
use crate::report::Report;

fn report() -> Report {
    let mut report = Report::default();
    report.calls.started = 200;
    report.calls.ready = 190;
    report.calls.failed = 6;
    report.calls.refused = 4;
    report.calls.dropped = 2;
    report.turns.unanswered = 3;
    report.reconnects = 1;
    report.heard_percent = Some(99.4);
    report.answer_ms = Percentiles {
        p50: Some(800.0),
        p90: Some(1_100.0),
        p95: Some(1_200.5),
        p99: Some(1_900.0),
        max: Some(2_500.0),
        count: 400,
    };
    report
}

fn holds(text: &str) -> bool {
    text.parse::<Threshold>().expect(text).judge(&report()).held
}

#[test]
fn thresholds_hold_or_are_missed() {
    for (text, held) in [
        ("p95(answer) > 1500ms", true),
        ("p95(answer)>1200", false),
        (" p95( answer ) >= 1200.5 ms ", false),
        ("p95(answer) > 1200.5ms", true),
        ("p99(answer) > 2s", true),
        ("p99(answer) > 1.8 s", false),
        ("p50(answer) < 0.8s", true),
        ("p50(answer) <= 800", false),
        ("p90(answer) > 1099", false),
        ("max(answer) > 2500", true),
        ("count(answer) < 400", true),
        ("count(answer) < 401", false),
        ("count(connect) == 0", false),
        ("started != 200", true),
        ("ready < 191", false),
        ("failed > 6", true),
        ("failed > 2%", false),
        ("failed > 3%", true),
        ("refused > 0", false),
        ("dropped >= 2", false),
        ("unanswered > 3", true),
        ("reconnects > 0", false),
        ("checks > 0", true),
        ("heard < 99.5%", false),
        ("heard < 99", true),
    ] {
        assert_eq!(holds(text), held, "{text}");
    }
}

#[test]
fn what_was_not_measured_holds_nothing() {
    let empty = Report::default();
    for text in ["p95(connect) > 1s", "p95(connect) < 1s", "heard < 1", "failed > 1%"] {
        let verdict = text.parse::<Threshold>().expect(text).judge(&empty);
        assert_eq!((verdict.held, verdict.measured), (false, None), "{text}");
    }
    assert!("failed > 0".parse::<Threshold>().expect("a threshold").judge(&empty).held);
}

#[test]
fn verdicts_repeat_the_text_and_the_value() {
    let verdict = " p95(answer) > 1s ".parse::<Threshold>().expect("a threshold").judge(&report());
    assert_eq!((verdict.fail_if.as_str(), verdict.measured), ("p95(answer) > 1s", Some(1_200.5)));
}

#[test]
fn mistakes_are_named() {
    for (text, part) in [
        ("", "compares nothing"),
        ("p95(answer)", "compares nothing"),
        ("p95(answer) > ", "number"),
        ("p95(answer) > fast", "number"),
        ("p95(answer) > 1..5", "number"),
        ("p95(answer) > -1", "number"),
        ("p95(answer) > 5 min", "'min'"),
        ("p95(answer) > 5%", "'%'"),
        ("p42(answer) > 5", "'p42'"),
        ("p95(latency) > 5", "'latency'"),
        ("p95(answer > 5", "')'"),
        ("p95 > 5", "'p95'"),
        ("answer > 5", "'answer'"),
        ("failed > 5ms", "'ms'"),
        ("unanswered > 5%", "'%'"),
        ("heard < 99ms", "'ms'"),
        ("p95(answer) > 1 > 2", "'> 2'"),
        ("ä(ö) > ü", "'ö'"),
    ] {
        let error = text.parse::<Threshold>().expect_err(text);
        assert!(error.contains(part), "{text}: {error}");
    }
}
