//! Several reports as one, as if one generator had made all the calls.
//!
//! Pure.

use std::fmt;

use super::{AllCounts, Audio, Calls, Generator, Phases, Report, Second};

/// How many of the worst calls a report names.
pub(crate) const WORST: usize = 5;
/// The most seconds of a timeline: a week. Reports that are further apart can't be merged.
const MAX_SECONDS: u64 = 604_800;

/// Why reports can't be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmergeable {
    /// There is none.
    Nothing,
    /// They are of runs that began more than a week apart.
    Apart,
}

impl fmt::Display for Unmergeable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "there is no report",
            Self::Apart => "the runs began more than a week apart",
        })
    }
}

impl std::error::Error for Unmergeable {}

/// Merges reports. Their timelines are aligned by the time at which the runs began. Thresholds are
/// not kept: what each part held says nothing about the whole.
///
/// # Errors
/// There is no report, or the runs began more than a week apart.
pub fn merge(reports: &[Report]) -> Result<Report, Unmergeable> {
    let begin = reports.iter().map(|report| report.started_at_ms).min().ok_or(Unmergeable::Nothing)?;
    let mut whole = Report::default();
    for report in reports {
        let shift_ms = report.started_at_ms - begin;
        if shift_ms / 1_000 > MAX_SECONDS || report.timeline.len() as u64 > MAX_SECONDS {
            return Err(Unmergeable::Apart);
        }
        add(&mut whole, report, shift_ms);
    }
    whole.started_at_ms = begin;
    whole.worst.sort_by(|a, b| b.badness.total_cmp(&a.badness));
    whole.worst.truncate(WORST);
    whole.derive();
    Ok(whole)
}

fn add(whole: &mut Report, report: &Report, shift_ms: u64) {
    whole.rtvi_load = super::VERSION;
    join(&mut whole.target, &report.target);
    join(&mut whole.scenario, &report.scenario);
    whole.seconds = whole.seconds.max(report.seconds + shift_ms as f64 / 1_000.0);
    whole.calls.add(report.calls);
    whole.turns.answered += report.turns.answered;
    whole.turns.unanswered += report.turns.unanswered;
    whole.reconnects += report.reconnects;
    whole.checks_failed += report.checks_failed;
    whole.audio.add(&report.audio);
    let worst = [whole.heard_percent_worst, report.heard_percent_worst].into_iter().flatten();
    whole.heard_percent_worst = worst.min_by(f64::total_cmp);
    whole.generator.add(&report.generator);
    whole.void |= report.void;
    for reason in &report.void_reasons {
        if !whole.void_reasons.contains(reason) {
            whole.void_reasons.push(reason.clone());
        }
    }
    for (kind, count) in &report.errors {
        *whole.errors.entry(kind.clone()).or_default() += count;
    }
    whole.worst.extend(report.worst.iter().cloned());
    whole.counts.add(&report.counts);
    add_timeline(&mut whole.timeline, &report.timeline, (shift_ms / 1_000) as usize);
}

fn join(whole: &mut String, part: &str) {
    if whole.is_empty() {
        part.clone_into(whole);
    } else if !whole.split(" + ").any(|known| known == part) {
        whole.push_str(" + ");
        whole.push_str(part);
    }
}

fn add_timeline(whole: &mut Vec<Second>, part: &[Second], shift: usize) {
    if whole.len() < part.len() + shift {
        whole.resize(part.len() + shift, Second::default());
    }
    for (sum, second) in whole.iter_mut().skip(shift).zip(part) {
        sum.add(second);
    }
}

impl Second {
    /// Adds what happened elsewhere in this second.
    pub(crate) fn add(&mut self, other: &Self) {
        self.started += other.started;
        self.ready += other.ready;
        self.lost += other.lost;
        self.ended += other.ended;
        self.answers.merge(&other.answers);
        self.unanswered += other.unanswered;
    }
}

impl Calls {
    const fn add(&mut self, other: Self) {
        self.started += other.started;
        self.ready += other.ready;
        self.failed += other.failed;
        self.refused += other.refused;
        self.dropped += other.dropped;
    }
}

impl Audio {
    /// Adds another call's audio.
    pub(crate) fn add(&mut self, other: &Self) {
        self.received_seconds += other.received_seconds;
        self.heard_seconds += other.heard_seconds;
        self.concealed_seconds += other.concealed_seconds;
        self.gaps += other.gaps;
        self.dropped_seconds += other.dropped_seconds;
        self.packets_lost += other.packets_lost;
        self.send_dropped_seconds += other.send_dropped_seconds;
    }
}

impl Generator {
    fn add(&mut self, other: &Self) {
        self.cpu_seconds += other.cpu_seconds;
        self.dropped_frames += other.dropped_frames;
        self.cores += other.cores;
        self.throttled_seconds += other.throttled_seconds;
        self.peak_memory_bytes += other.peak_memory_bytes;
        self.processes += other.processes;
    }
}

impl AllCounts {
    fn add(&mut self, other: &Self) {
        self.connect.merge(&other.connect);
        self.answer.merge(&other.answer);
        self.tick_lateness.merge(&other.tick_lateness);
        let Phases { start, open, bot_ready, first_audio } = &mut self.phases;
        start.merge(&other.phases.start);
        open.merge(&other.phases.open);
        bot_ready.merge(&other.phases.bot_ready);
        first_audio.merge(&other.phases.first_audio);
    }
}
