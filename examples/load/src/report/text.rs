//! The report for people, as text.
//!
//! Pure. The caller makes foreign texts safe for its terminal.

use std::fmt::Write;

use crate::counts::Percentiles;

use super::{Outcome, Report};

/// The report, a line for each fact.
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    let calls = report.calls;
    line(&mut text, "target", &report.target);
    line(&mut text, "callers", &report.scenario);
    let generators = report.generator.processes;
    let by = if generators > 1 { format!(" by {generators} generators") } else { String::new() };
    line(
        &mut text,
        "calls",
        &format!(
            "{} in {:.1} s{by}: {} ready, {} failed, {} refused, {} dropped, {} reconnects",
            calls.started,
            report.seconds,
            calls.ready,
            calls.failed,
            calls.refused,
            calls.dropped,
            report.reconnects
        ),
    );
    line(&mut text, "turns", &format!("{} answered, {} not", report.turns.answered, report.turns.unanswered));
    table(&mut text, report);
    text.push('\n');
    line(&mut text, "heard", &heard(report));
    line(&mut text, "generator", &generator(report));
    for (kind, count) in &report.errors {
        line(&mut text, "error", &format!("{kind}: {count}"));
    }
    for call in &report.worst {
        let trace = call.trace.as_ref().map(|file| format!(" ({file})")).unwrap_or_default();
        line(&mut text, "worst", &format!("call {}: {}{trace}", call.call, call.what));
    }
    for verdict in &report.thresholds {
        let measured = verdict
            .measured
            .map_or("nothing was measured".to_owned(), |value| format!("it was {}", number(value)));
        let word = if verdict.held { "held" } else { "MISSED" };
        line(&mut text, word, &format!("{}: {measured}", verdict.fail_if));
    }
    for reason in &report.void_reasons {
        line(&mut text, "VOID", reason);
    }
    line(&mut text, "result", conclusion(report.outcome()));
    text
}

/// The measured times.
fn table(text: &mut String, report: &Report) {
    let _ = writeln!(
        text,
        "\n{:>24}{:>9}{:>9}{:>9}{:>9}{:>9}",
        "ms     p50", "p90", "p95", "p99", "max", "count"
    );
    let phases = &report.phases_ms;
    for (name, times) in [
        ("answer", &report.answer_ms),
        ("connect", &report.connect_ms),
        ("  start request", &phases.start),
        ("  open", &phases.open),
        ("  bot ready", &phases.bot_ready),
        ("first audio", &phases.first_audio),
    ] {
        if times.count > 0 || !name.starts_with(' ') {
            let _ = writeln!(text, "{}", row(name, times));
        }
    }
}

/// The outcome in a sentence.
pub(super) const fn conclusion(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Held => "held",
        Outcome::Missed => "a threshold was missed",
        Outcome::NothingConnected => "no call became ready",
        Outcome::Void => "void: the generator was the bottleneck, so the figures say nothing about the bot",
    }
}

/// How much was heard, in words.
pub(super) fn heard(report: &Report) -> String {
    let Some(percent) = report.heard_percent else { return "no audio of the bot".to_owned() };
    let audio = &report.audio;
    let worst =
        report.heard_percent_worst.map(|worst| format!(", worst call {worst:.1} %")).unwrap_or_default();
    format!(
        "{percent:.2} % of {:.1} s{worst}, {} gaps, {:.2} s concealed, {} packets lost",
        audio.received_seconds, audio.gaps, audio.concealed_seconds, audio.packets_lost
    )
}

/// The generator's own figures, in words.
pub(super) fn generator(report: &Report) -> String {
    let own = &report.generator;
    let share = own.cpu_seconds / (report.seconds * own.cores).max(f64::MIN_POSITIVE) * 100.0;
    let mut text = format!(
        "p99 {:.1} ms late, {} frames dropped, {:.1} s of CPU ({share:.0} % of {})",
        own.tick_lateness_p99_ms,
        own.dropped_frames,
        own.cpu_seconds,
        cores(own.cores)
    );
    if own.peak_memory_bytes > 0 {
        let _ = write!(text, ", {:.0} MB", own.peak_memory_bytes as f64 / 1e6);
    }
    text
}

fn cores(cores: f64) -> String {
    if (cores - 1.0).abs() < 1e-9 { "1 core".to_owned() } else { format!("{} cores", number(cores)) }
}

fn line(text: &mut String, name: &str, value: &str) {
    let _ = writeln!(text, "{name:<12}{value}");
}

fn row(name: &str, times: &Percentiles) -> String {
    let cell = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.0}"));
    let cells = [times.p50, times.p90, times.p95, times.p99, times.max].map(cell);
    let [p50, p90, p95, p99, max] = cells;
    format!("{name:<15}{p50:>9}{p90:>9}{p95:>9}{p99:>9}{max:>9}{:>9}", times.count)
}

/// A number without needless digits.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}
