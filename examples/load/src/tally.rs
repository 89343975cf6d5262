//! The sum of all calls, from which the report is made.
//!
//! Pure. Time is passed in, counted from the beginning of the run.

use std::time::Duration;

use crate::{
    counts::Counts,
    record::{End, Record, kind},
    report::{Audio, Report, Second, WorstCall},
    talk::TurnResult,
};

/// How many of the worst calls are named, each with its trace.
const WORST: usize = 5;
/// The most seconds of a timeline: a week. What happens later counts for the last.
const MAX_SECONDS: usize = 604_800;

/// The sum so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) report: Report,
    worst: Vec<(WorstCall, String)>,
    /// The audio of all calls up to now, in seconds: received, and heard as it was sent.
    so_far: (f64, f64),
}

/// A call that has ended.
pub(crate) struct EndedCall<'a> {
    pub(crate) call: u32,
    pub(crate) record: &'a Record,
    pub(crate) end: End,
    pub(crate) audio: Audio,
    pub(crate) first_audio: Option<Duration>,
    pub(crate) unanswered: u32,
    /// The function that the bot waited for in the last of them, if any.
    pub(crate) waited_for: Option<String>,
    pub(crate) slowest: Option<Duration>,
    pub(crate) failed_checks: u32,
}

impl Tally {
    fn second(&mut self, at: Duration) -> &mut Second {
        let index = usize::try_from(at.as_secs()).unwrap_or(usize::MAX).min(MAX_SECONDS - 1);
        let timeline = &mut self.report.timeline;
        if timeline.len() <= index {
            timeline.resize(index + 1, Second::default());
        }
        &mut timeline[index]
    }

    pub(crate) fn started(&mut self, now: Duration) {
        self.report.calls.started += 1;
        self.second(now).started += 1;
    }

    /// A call that was planned for then is ready.
    pub(crate) fn ready(&mut self, now: Duration, planned: Duration) {
        self.report.calls.ready += 1;
        self.report.counts.connect.record(now.saturating_sub(planned));
        self.second(now).ready += 1;
    }

    /// Takes a turn. `calls_function`: the bot waits for a function call.
    pub(crate) fn turn(&mut self, turn: TurnResult, calls_function: bool) {
        match turn.answer {
            Some(answer) => {
                self.report.turns.answered += 1;
                self.report.counts.answer.record(answer);
                self.second(turn.ended).answers.record(answer);
            }
            None => {
                self.report.turns.unanswered += 1;
                let kind = if calls_function { "functionCall" } else { "noAnswer" };
                self.error(kind.to_owned());
                self.second(turn.ended).unanswered += 1;
            }
        }
    }

    /// A call in progress has heard more since `before`.
    pub(crate) fn hears(&mut self, before: &Audio, now: &Audio) {
        self.so_far.0 += now.received_seconds - before.received_seconds;
        self.so_far.1 += now.heard_seconds - before.heard_seconds;
    }

    /// How much was heard up to now, in percent.
    pub(crate) fn heard_so_far(&self) -> Option<f64> {
        let percent = self.so_far.1 / self.so_far.0 * 100.0;
        percent.is_finite().then_some(percent.clamp(0.0, 100.0))
    }

    fn error(&mut self, kind: String) {
        *self.report.errors.entry(kind).or_default() += 1;
    }

    /// Takes a call that has ended. `trace` makes its session trace, if it is wanted.
    pub(crate) fn ended(&mut self, now: Duration, call: EndedCall<'_>, trace: impl FnOnce() -> String) {
        self.count_end(now, &call);
        let phases = &mut self.report.counts.phases;
        let (start, open, bot_ready) = (&mut phases.start, &mut phases.open, &mut phases.bot_ready);
        let own = &call.record.phases;
        for (counts, phase) in [
            (start, own.start),
            (open, own.open),
            (bot_ready, own.bot_ready),
            (&mut phases.first_audio, call.first_audio),
        ] {
            phase.into_iter().for_each(|phase| Counts::record(counts, phase));
        }
        self.report.reconnects += call.record.reconnects;
        self.report.audio.add(&call.audio);
        self.hear(&call.audio);
        let checks = u64::from(call.failed_checks);
        if checks > 0 {
            self.report.checks_failed += checks;
            *self.report.errors.entry("check".to_owned()).or_default() += checks;
        }
        self.consider(&call, trace);
    }

    fn count_end(&mut self, now: Duration, call: &EndedCall<'_>) {
        let calls = &mut self.report.calls;
        let error = match &call.end {
            End::Planned => None,
            End::Failed(error) => {
                calls.failed += 1;
                Some(kind(error))
            }
            End::Refused(_) => {
                calls.refused += 1;
                Some("refused".to_owned())
            }
            End::Dropped(kind) => {
                calls.dropped += 1;
                Some(kind.clone())
            }
        };
        let second = self.second(now);
        second.lost += u64::from(error.is_some());
        second.ended += u64::from(call.record.ready.is_some());
        error.into_iter().for_each(|error| self.error(error));
    }

    fn hear(&mut self, audio: &Audio) {
        let percent = audio.heard_seconds / audio.received_seconds * 100.0;
        if percent.is_finite() {
            let worst = self.report.heard_percent_worst.map_or(percent, |worst| worst.min(percent));
            self.report.heard_percent_worst = Some(worst);
        }
    }

    /// Keeps the call if it is among the worst.
    fn consider(&mut self, call: &EndedCall<'_>, trace: impl FnOnce() -> String) {
        let (badness, what) = badness(call);
        let least = self.worst.last().map_or(f64::NEG_INFINITY, |(worst, _)| worst.badness);
        if badness <= 0.0 || (self.worst.len() >= WORST && badness <= least) {
            return;
        }
        let answer_ms = call.slowest.map(millis);
        let worst = WorstCall { call: call.call, what, answer_ms, trace: None, badness };
        let place = self.worst.partition_point(|(other, _)| other.badness >= badness);
        self.worst.insert(place, (worst, trace()));
        self.worst.truncate(WORST);
    }

    /// The worst calls with their traces, worst first.
    pub(crate) fn take_worst(&mut self) -> Vec<(WorstCall, String)> {
        std::mem::take(&mut self.worst)
    }
}

fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

/// How bad a call was, and why. Calls that failed are worse than those whose answers were missing,
/// and these are worse than slow ones.
fn badness(call: &EndedCall<'_>) -> (f64, String) {
    let late = call.slowest.map_or(0.0, millis);
    match &call.end {
        End::Dropped(kind) => (4e9 + late, format!("dropped: {kind}")),
        End::Failed(error) => (3e9, format!("failed: {}: {error}", kind(error))),
        End::Refused(error) => (1e8, format!("refused: {error}")),
        End::Planned if call.failed_checks > 0 => {
            (2e9 + late, "its script did not find what it waited for".to_owned())
        }
        End::Planned if call.unanswered > 0 => {
            let why = match &call.waited_for {
                Some(name) => format!("; the bot waited for the result of {name}"),
                None => String::new(),
            };
            (1e9 + f64::from(call.unanswered), format!("{} turns were not answered{why}", call.unanswered))
        }
        End::Planned => (late, format!("slowest answer {late:.0} ms")),
    }
}

#[cfg(test)]
mod tests {
    use rtvi_core::{Error, ErrorKind};

    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn end(tally: &mut Tally, call: u32, end: End, slowest: u64, unanswered: u32) {
        let record = Record { ready: Some(ms(5)), ..Record::default() };
        let audio =
            Audio { received_seconds: 10.0, heard_seconds: 10.0 - f64::from(call), ..Audio::default() };
        let ended = EndedCall {
            call,
            record: &record,
            end,
            audio,
            first_audio: None,
            unanswered,
            waited_for: None,
            slowest: Some(ms(slowest)),
            failed_checks: 0,
        };
        tally.ended(ms(2_500), ended, || format!("trace {call}"));
    }

    #[test]
    fn calls_and_turns_are_counted_where_they_happen() {
        let mut tally = Tally::default();
        tally.started(ms(900));
        tally.ready(ms(1_100), ms(890));
        tally.turn(TurnResult { ended: ms(1_200), answer: Some(ms(850)) }, true);
        tally.turn(TurnResult { ended: ms(2_200), answer: None }, false);
        tally.turn(TurnResult { ended: ms(2_300), answer: None }, true);
        let error = Error::new(ErrorKind::Timeout, "slow");
        end(&mut tally, 0, End::Failed(error.clone()), 0, 0);
        end(&mut tally, 1, End::Refused(error), 0, 0);
        end(&mut tally, 2, End::Dropped("botLeft".to_owned()), 0, 0);
        let report = &tally.report;
        let calls = report.calls;
        assert_eq!((calls.started, calls.ready, calls.failed, calls.refused, calls.dropped), (1, 1, 1, 1, 1));
        assert_eq!(report.counts.connect.max(), Some(210.0));
        let [zero, one, two] = report.timeline.as_slice() else { panic!("three seconds") };
        assert_eq!((zero.started, one.ready, one.answers.max(), two.unanswered), (1, 1, Some(850.0), 2));
        assert_eq!((two.lost, two.ended, report.heard_percent_worst), (3, 3, Some(80.0)));
        let errors: Vec<_> = report.errors.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        assert_eq!(errors, ["botLeft 1", "functionCall 1", "noAnswer 1", "refused 1", "timeout 1"]);
    }

    #[test]
    fn what_is_heard_adds_up_while_calls_last() {
        let mut tally = Tally::default();
        assert_eq!(tally.heard_so_far(), None);
        let audio =
            |received_seconds, heard_seconds| Audio { received_seconds, heard_seconds, ..Audio::default() };
        tally.hears(&Audio::default(), &audio(10.0, 10.0));
        tally.hears(&Audio::default(), &audio(5.0, 5.0));
        tally.hears(&audio(10.0, 10.0), &audio(15.0, 14.0));
        assert_eq!(tally.heard_so_far(), Some(95.0));
    }

    #[test]
    fn the_worst_calls_keep_their_traces() {
        let mut tally = Tally::default();
        for call in 0..8 {
            end(&mut tally, call, End::Planned, 100 + u64::from(call), 0);
        }
        end(&mut tally, 8, End::Planned, 0, 2);
        end(&mut tally, 9, End::Dropped("connectionLost".to_owned()), 50, 0);
        end(&mut tally, 10, End::Planned, 0, 0);
        let worst: Vec<_> =
            tally.take_worst().into_iter().map(|(worst, trace)| (worst.call, trace)).collect();
        let expected = [9, 8, 7, 6, 5].map(|call| (call, format!("trace {call}")));
        assert_eq!(worst, expected);
    }
}
