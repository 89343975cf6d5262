//! A run: calls begin when they are due and are followed to their end.
//!
//! Depends on a runtime that exists. All calls share it: a call has no thread of its own.

use std::{
    rc::Rc,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use rtvi_core::media::AudioFormat;
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use crate::{
    arrivals::Arrivals,
    call::{Caller, Shared, call},
    counts::Percentiles,
    pace::Lateness,
    report::{Calls, Report, VERSION, WorstCall},
    talk::Manners,
    tally::Tally,
    voice::Voice,
    watch::{Watch, reasons},
};

/// How often progress is reported.
const PROGRESS: Duration = Duration::from_millis(500);

/// What happens in a run.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) arrivals: Arrivals,
    pub(crate) manners: Manners,
    pub(crate) voice: Arc<Voice>,
    pub(crate) heard: AudioFormat,
    pub(crate) duration: Option<Duration>,
}

/// A run of the generator.
#[derive(Clone, Debug)]
pub struct Run {
    /// When calls begin.
    pub arrivals: Arrivals,
    /// What the callers say.
    pub voice: Voice,
    /// How they behave.
    pub manners: Manners,
    /// The format in which they hear the bot.
    pub heard: AudioFormat,
    /// How long a call lasts from the moment its bot is ready. Without it, a call lasts until
    /// everything is said and answered.
    pub duration: Option<Duration>,
    /// Where the calls go, for the report.
    pub target: String,
    /// What the callers do, for the report.
    pub scenario: String,
    /// Reads the CPU time of the process in seconds.
    pub cpu: fn() -> Option<f64>,
}

/// How a run stands.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// The time since it began.
    pub elapsed: Duration,
    /// The calls so far.
    pub calls: Calls,
    /// How many calls are in progress, ready or not.
    pub in_progress: usize,
    /// How many calls there will be.
    pub planned: u32,
    /// The time until calls were ready, so far.
    pub connects: Percentiles,
    /// The answers so far.
    pub answers: Percentiles,
    /// Turns that no answer followed in time, so far.
    pub unanswered: u64,
    /// How often a lost connection was restored in calls that have ended.
    pub reconnects: u64,
    /// How much of the bot's audio was heard as it was sent, up to each call's last turn, in
    /// percent. `None` without audio.
    pub heard_percent: Option<f64>,
    /// How late the generator's frames were at the 99th percentile, in milliseconds.
    pub late_ms: f64,
}

/// Ends a run early: no further call begins, and all calls hang up.
#[derive(Clone, Debug)]
pub struct Stop(watch::Sender<bool>);

impl Default for Stop {
    fn default() -> Self {
        Self(watch::channel(false).0)
    }
}

impl Stop {
    /// Ends it.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Run {
    /// Makes all calls on the present runtime. Returns the report and the session traces of the
    /// worst calls, in the report's order. `on_progress` is called twice a second.
    pub async fn make(
        self,
        caller: Rc<dyn Caller>,
        stop: &Stop,
        mut on_progress: impl FnMut(&Progress),
    ) -> (Report, Vec<String>) {
        let lateness = Arc::new(Lateness::default());
        let watch = Watch::begin(Arc::clone(&lateness), self.cpu);
        let plan = Plan {
            arrivals: self.arrivals,
            manners: self.manners,
            voice: Arc::new(self.voice),
            heard: self.heard,
            duration: self.duration,
        };
        let shared = Rc::new(Shared {
            plan,
            caller,
            tally: Tally::default().into(),
            lateness: Arc::clone(&lateness),
            zero: Instant::now(),
            stop: stop.0.subscribe(),
        });
        let begin = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        drive(&shared, &mut on_progress).await;
        let seconds = shared.zero.elapsed().as_secs_f64();
        let generator = watch.end(&lateness);
        let mut tally = shared.tally.borrow_mut();
        let (worst, traces): (Vec<WorstCall>, Vec<String>) = tally.take_worst().into_iter().unzip();
        let mut report = std::mem::take(&mut tally.report);
        report.rtvi_load = VERSION;
        (report.target, report.scenario) = (self.target, self.scenario);
        report.started_at_ms = u64::try_from(begin.as_millis()).unwrap_or(u64::MAX);
        report.seconds = seconds;
        report.generator = generator;
        report.counts.tick_lateness = lateness.counts();
        report.worst = worst;
        report.derive();
        report.void_reasons = reasons(&report);
        report.void = !report.void_reasons.is_empty();
        (report, traces)
    }
}

/// Begins the calls and follows them until the last one has ended.
async fn drive(shared: &Rc<Shared>, on_progress: &mut impl FnMut(&Progress)) {
    let (arrivals, mut stop) = (shared.plan.arrivals, shared.stop.clone());
    let mut calls = FuturesUnordered::new();
    let mut progress = interval(PROGRESS);
    progress.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let (mut next, mut stopped) = (0, *stop.borrow());
    loop {
        let begins = next < arrivals.calls && !stopped;
        if !begins && calls.is_empty() {
            break;
        }
        tokio::select! {
            () = sleep_until(shared.zero + arrivals.at(next)), if begins => {
                calls.push(call(Rc::clone(shared), next));
                next += 1;
            }
            Some(()) = calls.next(), if !calls.is_empty() => {}
            _ = stop.wait_for(|stop| *stop), if !stopped => stopped = true,
            _ = progress.tick() => on_progress(&now(shared, calls.len())),
        }
    }
    on_progress(&now(shared, 0));
}

fn now(shared: &Shared, in_progress: usize) -> Progress {
    let tally = shared.tally.borrow();
    let report = &tally.report;
    Progress {
        elapsed: shared.zero.elapsed(),
        calls: report.calls,
        in_progress,
        planned: shared.plan.arrivals.calls,
        connects: report.counts.connect.percentiles(),
        answers: report.counts.answer.percentiles(),
        unanswered: report.turns.unanswered,
        reconnects: report.reconnects,
        heard_percent: tally.heard_so_far(),
        late_ms: shared.lateness.counts().percentile(99.0).unwrap_or(0.0),
    }
}
