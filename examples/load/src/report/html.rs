//! The report as one HTML page that needs nothing else: no script, no font, no picture from
//! anywhere.
//!
//! Pure. Must escape every text of the report.

use std::fmt::Write;

use crate::counts::Percentiles;

use super::{
    Outcome, Report, escaped, plot,
    text::{self, number},
};

const STYLE: &str = include_str!("page.css");

/// The page.
pub fn html(report: &Report) -> String {
    let outcome = report.outcome();
    let class = match outcome {
        Outcome::Held => "held",
        Outcome::Missed => "missed",
        Outcome::NothingConnected => "nothing",
        Outcome::Void => "void",
    };
    let verdict = match outcome {
        Outcome::Held if report.thresholds.is_empty() => "done",
        Outcome::Void => "void",
        other => text::conclusion(other),
    };
    let (target, scenario) = (escaped(&report.target), escaped(&report.scenario));
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>rtvi load: {target}</title>
<style>{STYLE}</style>
</head>
<body>
<header><div><h1>{target}</h1><p>{scenario}</p></div><div class="verdict {class}">{verdict}</div></header>
{void}
<div class="tiles">{tiles}</div>
<div class="grid2">
<section><h2>How long callers wait for an answer</h2><p class="note">From the end of their speech to the first sound they hear.</p>{distribution}</section>
<section><h2>The wait in the course of the run</h2><p class="note"><span class="key"></span>median<span class="key soft"></span>95 % of the turns that ended in that second</p>{waits}</section>
<section><h2>Calls in progress</h2><p class="note"><span class="key connect"></span>ready calls<span class="key lost"></span>calls that failed or dropped</p>{load}</section>
<section><h2>How many wait longer</h2><p class="note"><span class="key"></span>answer<span class="key connect"></span>connect; each step to the right leaves a tenth of the callers</p>{curve}</section>
</div>
<div class="grid2">
<section><h2>Times</h2><p class="note">In milliseconds; connecting counts from the planned time of the call.</p>{times}</section>
<section><h2>Checks</h2><p class="note">What would have failed the run.</p>{checks}</section>
<section><h2>Sound and generator</h2><p class="note">Whether the figures can be trusted.</p>{facts}</section>
<section><h2>Trouble</h2><p class="note">Errors by kind, and the calls that fared worst.</p>{trouble}</section>
</div>
</body>
</html>
"#,
        void = void(report),
        tiles = tiles(report),
        distribution = plot::distribution(&report.counts.answer, &[50.0, 95.0, 99.0]),
        waits = plot::waits(&report.timeline),
        load = plot::load(&report.timeline),
        curve = plot::curve(&[("answer", &report.counts.answer), ("connect", &report.counts.connect)]),
        times = times(report),
        checks = checks(report),
        facts = facts(report),
        trouble = trouble(report),
    )
}

fn void(report: &Report) -> String {
    if !report.void {
        return String::new();
    }
    let reasons = report.void_reasons.iter().map(|reason| escaped(reason)).collect::<Vec<_>>().join("; ");
    format!(
        "<p class=\"void-why\"><b>This run is void.</b> The generator was the bottleneck, so the figures say nothing about \
         the bot: {reasons}.</p>"
    )
}

fn tiles(report: &Report) -> String {
    let tile = |name: &str, value: &str, unit: &str, is_bad: bool| {
        let class = if is_bad { "tile bad" } else { "tile" };
        format!("<div class=\"{class}\"><span>{name}</span><b>{value}<small> {unit}</small></b></div>")
    };
    let calls = report.calls;
    let lost = calls.failed + calls.refused + calls.dropped;
    let heard = report.heard_percent.map_or("–".to_owned(), |percent| format!("{percent:.1}"));
    [
        tile("answer, median", &millis(report.answer_ms.p50), "ms", false),
        tile("answer, 95 %", &millis(report.answer_ms.p95), "ms", false),
        tile("answer, 99 %", &millis(report.answer_ms.p99), "ms", false),
        tile("connect, 95 %", &millis(report.connect_ms.p95), "ms", false),
        tile(
            "calls ready",
            &calls.ready.to_string(),
            &format!("of {}", calls.started),
            calls.ready < calls.started,
        ),
        tile("failed, refused, dropped", &lost.to_string(), "calls", lost > 0),
        tile("heard", &heard, "%", report.heard_percent.is_some_and(|percent| percent < 99.5)),
        tile("generator late, 99 %", &number(report.generator.tick_lateness_p99_ms), "ms", report.void),
    ]
    .concat()
}

fn millis(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.0}"))
}

fn times(report: &Report) -> String {
    let row = |name: &str, times: &Percentiles| {
        let cells = [times.p50, times.p90, times.p95, times.p99, times.max].map(millis);
        format!("<tr><td>{name}</td><td>{}</td><td>{}</td></tr>", cells.join("</td><td>"), times.count)
    };
    let phases = &report.phases_ms;
    let rows = [
        row("answer", &report.answer_ms),
        row("connect", &report.connect_ms),
        row("· start request", &phases.start),
        row("· open transport", &phases.open),
        row("· bot ready", &phases.bot_ready),
        row("first audio after ready", &phases.first_audio),
    ];
    format!(
        "<table><tr><th></th><th>p50</th><th>p90</th><th>p95</th><th>p99</th><th>max</th><th>count</th></tr>{}</table>",
        rows.concat()
    )
}

fn checks(report: &Report) -> String {
    let mut rows = String::new();
    for verdict in &report.thresholds {
        let (class, word) = if verdict.held { ("ok", "held") } else { ("no", "missed") };
        let measured = verdict.measured.map_or("nothing".to_owned(), number);
        let _ = write!(
            rows,
            "<tr><td class=\"{class}\">{word}</td><td>{}</td><td>{measured}</td></tr>",
            escaped(&verdict.fail_if)
        );
    }
    if rows.is_empty() {
        rows.push_str("<tr><td>No threshold was set.</td><td></td><td></td></tr>");
    }
    format!("<table class=\"words\"><tr><th>result</th><th>fail if</th><th>measured</th></tr>{rows}</table>")
}

fn facts(report: &Report) -> String {
    let rows = [
        ("turns", format!("{} answered, {} not", report.turns.answered, report.turns.unanswered)),
        ("heard", text::heard(report)),
        ("reconnects", report.reconnects.to_string()),
        ("scripts that failed", report.checks_failed.to_string()),
        ("generator", text::generator(report)),
        ("length", format!("{:.1} s", report.seconds)),
    ];
    let rows: String = rows
        .iter()
        .map(|(name, value)| format!("<tr><td>{name}</td><td>{}</td></tr>", escaped(value)))
        .collect();
    format!("<table class=\"words\">{rows}</table>")
}

fn trouble(report: &Report) -> String {
    let mut rows = String::new();
    for (kind, count) in &report.errors {
        let _ = write!(rows, "<tr><td>{}</td><td>{count} times</td></tr>", escaped(kind));
    }
    for call in &report.worst {
        let trace = call.trace.as_ref().map(|file| format!(" ({file})")).unwrap_or_default();
        let what = escaped(&format!("{}{trace}", call.what));
        let _ = write!(rows, "<tr><td>call {}</td><td>{what}</td></tr>", call.call);
    }
    if rows.is_empty() {
        rows.push_str("<tr><td>None.</td><td></td></tr>");
    }
    format!("<table class=\"words\">{rows}</table>")
}
