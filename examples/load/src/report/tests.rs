use std::time::Duration;

use super::*;

/// A run of two calls with these answers, in the second of their index.
pub(crate) fn run(started_at_ms: u64, answers: &[u64]) -> Report {
    let mut report = Report {
        rtvi_load: VERSION,
        target: "ws://bot/ws".to_owned(),
        scenario: "2 calls".to_owned(),
        started_at_ms,
        seconds: answers.len() as f64,
        calls: Calls { started: 2, ready: 2, ..Calls::default() },
        turns: Turns { answered: answers.len() as u64, unanswered: 0 },
        audio: Audio { received_seconds: 10.0, heard_seconds: 9.0, ..Audio::default() },
        heard_percent_worst: Some(80.0),
        generator: Generator { cpu_seconds: 0.5, cores: 2.0, processes: 1, ..Generator::default() },
        ..Report::default()
    };
    for answer in answers {
        let answer = Duration::from_millis(*answer);
        report.counts.answer.record(answer);
        report.counts.connect.record(answer / 10);
        report.counts.tick_lateness.record(answer / 1_000);
        let mut second = Second { started: 1, ready: 1, ended: 1, ..Second::default() };
        second.answers.record(answer);
        report.timeline.push(second);
    }
    report.derive();
    report
}

fn thresholds(texts: &[&str]) -> Vec<Threshold> {
    texts.iter().map(|text| text.parse().expect("a threshold")).collect()
}

#[test]
fn json_has_the_names_of_the_contract() {
    let json: serde_json::Value = serde_json::from_str(&run(0, &[800, 900]).to_json()).expect("JSON");
    for name in ["started", "ready", "failed", "refused", "dropped"] {
        assert!(json["calls"][name].is_u64(), "{name}");
    }
    for times in ["connectMs", "answerMs"] {
        for name in ["p50", "p90", "p95", "p99", "max", "count"] {
            assert!(json[times][name].is_number(), "{times} {name}");
        }
    }
    for name in ["tickLatenessP99Ms", "cpuSeconds", "droppedFrames"] {
        assert!(json["generator"][name].is_number(), "{name}");
    }
    assert_eq!((json["heardPercent"].as_f64(), json["void"].as_bool()), (Some(90.0), Some(false)));
    assert!(json["errors"].is_object());
}

#[test]
fn json_is_read_as_it_was_written() {
    let mut report = run(7, &[800, 950]);
    report.errors.insert("timeout".to_owned(), 3);
    report.judge(&thresholds(&["p95(answer) > 900ms"]));
    assert_eq!(Report::parse(&report.to_json()), Ok(report.clone()));
    report.rtvi_load = 2;
    assert!(Report::parse(&report.to_json()).is_err_and(|error| error.contains("version 2")));
    assert!(Report::parse("{}").is_err() && Report::parse("").is_err());
}

#[test]
fn two_halves_merge_to_the_whole() {
    let (first, second) = (run(10_000, &[800, 810, 820, 700]), run(10_000, &[1_500, 790]));
    let mut whole = merge(&[first.clone(), second.clone()]).expect("they are of one time");
    assert_eq!(whole.answer_ms, run(0, &[800, 810, 820, 700, 1_500, 790]).answer_ms);
    assert_eq!((whole.calls.started, whole.turns.answered, whole.seconds), (4, 6, 4.0));
    assert_eq!((whole.target.as_str(), whole.timeline.len()), ("ws://bot/ws", 4));
    assert_eq!((whole.timeline[0].started, whole.timeline[3].started), (2, 1));
    assert_eq!((whole.heard_percent, whole.heard_percent_worst), (Some(90.0), Some(80.0)));
    assert_eq!((whole.generator.cpu_seconds, whole.generator.processes), (1.0, 2));
    whole.judge(&thresholds(&["max(answer) > 1s"]));
    assert_eq!(whole.outcome(), Outcome::Missed);
    let again = merge(&[second, first]).expect("the order does not matter");
    assert_eq!((again.counts, again.timeline), (whole.counts, whole.timeline));
}

#[test]
fn timelines_are_aligned_by_the_clock() {
    let whole = merge(&[run(10_000, &[800]), run(13_400, &[900, 900])]).expect("near enough");
    let started: Vec<u64> = whole.timeline.iter().map(|second| second.started).collect();
    assert_eq!((started, whole.seconds), (vec![1, 0, 0, 1, 1], 5.4));
    assert_eq!(merge(&[run(0, &[1]), run(u64::MAX, &[1])]), Err(Unmergeable::Apart));
    assert_eq!(merge(&[]), Err(Unmergeable::Nothing));
}

#[test]
fn one_void_part_makes_the_whole_void() {
    let mut void = run(0, &[800]);
    void.void = true;
    void.void_reasons.push("late".to_owned());
    let whole = merge(&[run(0, &[800]), void.clone(), void]).expect("near enough");
    assert_eq!((whole.outcome(), whole.void_reasons.len()), (Outcome::Void, 1));
}

#[test]
fn the_outcome_has_an_order() {
    let mut report = run(0, &[800]);
    assert_eq!(report.outcome().code(), 0);
    report.judge(&thresholds(&["p50(answer) > 1s", "failed > 0", "p50(answer) > 1ms"]));
    assert_eq!(report.outcome().code(), 1);
    report.calls.ready = 0;
    assert_eq!(report.outcome().code(), 3);
    report.void = true;
    assert_eq!(report.outcome().code(), 4);
}

#[test]
fn pages_and_junit_escape_what_is_foreign() {
    let mut report = run(0, &[800, 900]);
    let evil = "<script>alert('x')</script>\u{1b}[2J&".to_owned();
    report.target.clone_from(&evil);
    report.scenario.clone_from(&evil);
    report.errors.insert(evil.clone(), 1);
    report.void = true;
    report.void_reasons.push(evil.clone());
    report.worst.push(WorstCall { what: evil.clone(), trace: Some(evil.clone()), ..WorstCall::default() });
    report.thresholds.push(Verdict { fail_if: evil, ..Verdict::default() });
    for markup in [html(&report), junit(&report)] {
        assert!(!markup.contains("<script") && !markup.contains('\u{1b}'), "{markup}");
        assert!(markup.contains("&lt;script&gt;"));
    }
    let page = html(&report);
    assert!(!page.contains("http://") && !page.contains("https://"), "nothing from elsewhere");
}

#[test]
fn junit_has_a_test_for_each_threshold() {
    let mut report = run(0, &[800]);
    report.judge(&thresholds(&["p95(answer) > 500ms", "failed > 0"]));
    let xml = junit(&report);
    assert!(xml.contains("tests=\"4\" failures=\"1\""), "{xml}");
    assert!(xml.contains("name=\"not p95(answer) &gt; 500ms\"><failure message=\"it was 800\"/>"), "{xml}");
}

#[test]
fn an_empty_report_can_be_shown() {
    let report = Report::default();
    assert!(text(&report).contains("no call became ready"));
    assert!(junit(&report).contains("failures=\"1\""));
    assert!(!html(&report).contains("NaN"));
}
