//! The generator watches itself: whether it was fast enough for its figures to mean anything.
//!
//! [`Watch`] reads the system's files; the verdict and the readers of these files are pure.

mod quota;

use std::{num::NonZero, sync::Arc, thread, time::Duration};

use tokio::{
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval},
};

use crate::{
    pace::Lateness,
    report::{Generator, Report},
};

use quota::Quota;

/// How often the runtime itself is checked.
const HEARTBEAT: Duration = Duration::from_millis(10);
/// How late frames may be at the 99th percentile, in milliseconds: one frame.
const LATE_MS: f64 = 20.0;
/// How many frames it takes to judge.
const FEW: u64 = 100;
/// The share of frames that may be dropped.
const DROPPED: f64 = 0.005;
/// The share of its cores that the generator may use.
const BUSY: f64 = 0.9;
/// The share of the time for which a quota may stop it.
const THROTTLED: f64 = 0.02;
/// With less than this of a core, the system stops a generator for most of each tenth of a second.
const LEAST_CORES: f64 = 0.5;

/// Watches from its creation on.
#[derive(Debug)]
pub(crate) struct Watch {
    cpu: fn() -> Option<f64>,
    cpu_before: f64,
    quota: Quota,
    heartbeat: JoinHandle<()>,
}

impl Watch {
    /// Begins to watch on the present runtime. `cpu` reads the CPU time of the process in seconds.
    pub(crate) fn begin(lateness: Arc<Lateness>, cpu: fn() -> Option<f64>) -> Self {
        let heartbeat = tokio::spawn(async move {
            let mut beats = interval(HEARTBEAT);
            beats.set_missed_tick_behavior(MissedTickBehavior::Burst);
            loop {
                let due: Instant = beats.tick().await;
                lateness.record(due.elapsed());
            }
        });
        Self { cpu, cpu_before: cpu().unwrap_or(0.0), quota: Quota::read(), heartbeat }
    }

    /// Ends, and reports what it saw.
    pub(crate) fn end(self, lateness: &Lateness) -> Generator {
        self.heartbeat.abort();
        let now = Quota::read();
        let all = thread::available_parallelism().map_or(1, NonZero::get) as f64;
        Generator {
            tick_lateness_p99_ms: 0.0,
            cpu_seconds: ((self.cpu)().unwrap_or(0.0) - self.cpu_before).max(0.0),
            dropped_frames: lateness.skipped(),
            cores: now.cores.map_or(all, |cores| cores.min(all)),
            throttled_seconds: (now.throttled_seconds - self.quota.throttled_seconds).max(0.0),
            peak_memory_bytes: 0,
            processes: 1,
        }
    }
}

/// Why the generator was the bottleneck; empty if it was not.
pub(crate) fn reasons(report: &Report) -> Vec<String> {
    let own = &report.generator;
    let frames = report.counts.tick_lateness.len();
    let mut reasons = Vec::new();
    if own.cores < LEAST_CORES {
        reasons.push(format!("it may use only {:.2} of a core; it needs at least {LEAST_CORES}", own.cores));
    }
    if frames < FEW {
        return reasons;
    }
    let late = own.tick_lateness_p99_ms;
    if late > LATE_MS {
        reasons.push(format!(
            "its frames were up to {late:.1} ms late at the 99th percentile; the limit is {LATE_MS} ms"
        ));
    }
    let dropped = own.dropped_frames as f64 / (frames + own.dropped_frames) as f64;
    if dropped > DROPPED {
        reasons.push(format!("it dropped {} frames, {:.1} % of all", own.dropped_frames, dropped * 100.0));
    }
    let busy = own.cpu_seconds / (report.seconds * own.cores);
    if busy > BUSY {
        reasons.push(format!("it used {:.0} % of the {:.1} cores that it has", busy * 100.0, own.cores));
    }
    let throttled = own.throttled_seconds / report.seconds;
    if throttled > THROTTLED {
        reasons.push(format!("a quota stopped it for {:.1} s", own.throttled_seconds));
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of 10 s with this much lateness in each frame.
    fn report(late: u64, generator: Generator) -> Report {
        let mut report = Report { seconds: 10.0, generator, ..Report::default() };
        report.counts.tick_lateness.record_many(Duration::from_millis(late), 1_000);
        report.derive();
        report
    }

    const CALM: Generator = Generator {
        tick_lateness_p99_ms: 0.0,
        cpu_seconds: 2.0,
        dropped_frames: 0,
        cores: 2.0,
        throttled_seconds: 0.0,
        peak_memory_bytes: 0,
        processes: 1,
    };

    #[test]
    fn a_bottleneck_has_a_reason() {
        for (late, generator, reason) in [
            (1, CALM, ""),
            (20, CALM, ""),
            (21, CALM, "21.0 ms late"),
            (1, Generator { dropped_frames: 5, ..CALM }, ""),
            (1, Generator { dropped_frames: 6, ..CALM }, "dropped 6 frames"),
            (1, Generator { cpu_seconds: 17.9, ..CALM }, ""),
            (1, Generator { cpu_seconds: 18.5, ..CALM }, "92 % of the 2.0 cores"),
            (1, Generator { cores: 0.2, cpu_seconds: 0.1, ..CALM }, "0.20 of a core"),
            (1, Generator { throttled_seconds: 0.3, ..CALM }, "stopped it for 0.3 s"),
        ] {
            let reasons = reasons(&report(late, generator)).join("; ");
            assert!(
                reasons.contains(reason) && reasons.is_empty() == reason.is_empty(),
                "{reason}: {reasons}"
            );
        }
    }

    #[test]
    fn a_moment_is_too_short_to_judge() {
        let mut short = report(500, CALM);
        short.counts.tick_lateness = Default::default();
        short.counts.tick_lateness.record(Duration::from_millis(500));
        short.derive();
        assert!(reasons(&short).is_empty());
    }

    #[tokio::test]
    async fn the_runtime_is_watched() {
        let lateness = Arc::new(Lateness::default());
        let watch = Watch::begin(Arc::clone(&lateness), || Some(1.0));
        tokio::time::sleep(Duration::from_millis(60)).await;
        let generator = watch.end(&lateness);
        assert!(lateness.counts().len() >= 3 && generator.cores > 0.0);
        assert!(generator.cpu_seconds.abs() < 1e-9);
    }
}
