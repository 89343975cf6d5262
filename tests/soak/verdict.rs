//! What is said of a run in the end.
//!
//! Pure; depends on [`crate::sample`].

use std::collections::BTreeSet;

use crate::{
    incident::Incident,
    options::Options,
    sample::{RestPoint, Sample, median},
};

/// The part of the time at the beginning that does not count: allocators and caches warm up.
const WARM_UP: f64 = 0.2;
/// The most that resident memory may grow, in bytes: the goal of an hour.
const RSS_GROWTH: f64 = 1e6;
/// The most that what is allocated may grow, in bytes: what a leak would show in, however the allocator lays it out.
const HEAP_GROWTH: f64 = 0.25e6;
/// What a latency may grow by, in parts and milliseconds: machines have other things to do at times.
const LATENCY_GROWTH: (f64, f64) = (2.0, 20.0);

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    /// What.
    pub(crate) what: &'static str,
    /// What was found.
    pub(crate) found: String,
    /// How it should be; nothing if it is only told.
    pub(crate) wanted: Option<String>,
    /// Whether it is so.
    pub(crate) is_good: bool,
}

impl Finding {
    fn judged(what: &'static str, found: String, wanted: impl Into<String>, is_good: bool) -> Self {
        Self { what, found, wanted: Some(wanted.into()), is_good }
    }

    fn told(what: &'static str, found: String) -> Self {
        Self { what, found, wanted: None, is_good: true }
    }

    /// What is told where it is not to be judged.
    fn judged_if(self, is_judged: bool) -> Self {
        if is_judged { self } else { Self::told(self.what, self.found) }
    }
}

/// All that is looked at.
#[derive(Debug)]
pub(crate) struct Evidence<'a> {
    pub(crate) options: &'a Options,
    pub(crate) samples: &'a [Sample],
    /// One a round.
    pub(crate) rests: &'a [RestPoint],
    /// What went wrong with the run itself.
    pub(crate) problems: &'a [String],
}

/// Looks at everything.
pub(crate) fn judge(evidence: &Evidence<'_>) -> Vec<Finding> {
    let is_long = evidence.options.is_long();
    let mut findings = vec![settled(evidence), happened(evidence)];
    let allowance = evidence.options.allowance();
    findings.push(flat("descriptors at rest", evidence.rests, allowance, |rest| rest.descriptors));
    findings.push(flat("threads at rest", evidence.rests, 0, |rest| rest.threads));
    findings.push(flat("tasks at rest", evidence.rests, allowance, |rest| rest.tasks));
    findings.push(left(evidence.samples));
    findings.push(
        growth("growth of resident memory", evidence.rests, RSS_GROWTH, |rest| rest.rss as f64)
            .judged_if(is_long),
    );
    findings.push(
        growth("growth of allocated memory", evidence.rests, HEAP_GROWTH, |rest| rest.heap as f64)
            .judged_if(is_long),
    );
    findings.push(latency("connecting", evidence.samples, |sample| &sample.beat.connects).judged_if(is_long));
    findings.push(latency("requests", evidence.samples, |sample| &sample.beat.requests).judged_if(is_long));
    findings
}

fn settled(evidence: &Evidence<'_>) -> Finding {
    let calls: u64 = evidence.samples.iter().map(|sample| sample.beat.calls).sum();
    let failed: u64 = evidence.samples.iter().flat_map(|sample| sample.beat.failures.values()).sum();
    let told = evidence.samples.iter().flat_map(|sample| &sample.beat.problems);
    let problems: Vec<&String> = evidence.problems.iter().chain(told).collect();
    let found = match problems.first() {
        None => format!("{calls} ({failed} by an error), all in time"),
        Some(first) => format!("{calls} ({failed} by an error); {} problems: {first}", problems.len()),
    };
    Finding::judged(
        "calls settled",
        found,
        "all in their deadline, answers right, no panic",
        problems.is_empty() && calls > 0,
    )
}

/// Nothing is shown by a run in which nothing happened.
fn happened(evidence: &Evidence<'_>) -> Finding {
    let sum = |count: fn(&Sample) -> u64| -> u64 { evidence.samples.iter().map(count).sum() };
    let connects = sum(|sample| sample.beat.connects.len() as u64);
    let requests = sum(|sample| sample.beat.requests.len() as u64);
    let functions = sum(|sample| sample.beat.functions);
    let incidents: BTreeSet<Incident> =
        evidence.samples.iter().filter_map(|sample| sample.incident).collect();
    let found = format!(
        "{connects} connects, {requests} answers, {functions} functions called, {} kinds of faults, {} rests",
        incidents.len(),
        evidence.rests.len(),
    );
    let is_good =
        connects > 0 && requests > 0 && functions > 0 && incidents.len() > 2 && evidence.rests.len() > 1;
    Finding::judged("what happened", found, "some of each", is_good)
}

/// What there is when the last client has gone.
fn left(samples: &[Sample]) -> Finding {
    let left = samples.last().and_then(|sample| sample.beat.left);
    let found = left.map_or("the clients did not say".to_owned(), |(descriptors, tasks)| {
        format!("{descriptors} descriptors, {tasks} tasks")
    });
    Finding::judged("left behind by the last client", found, "nothing", left == Some((0, 0)))
}

fn flat(
    what: &'static str,
    rests: &[RestPoint],
    allowance: usize,
    count: fn(&RestPoint) -> usize,
) -> Finding {
    let first = rests.first().map_or(0, count);
    let most = rests.iter().map(count).max().unwrap_or(0);
    let last = rests.last().map_or(0, count);
    let found = format!("{first} at first, {most} at most, {last} at last");
    let wanted = match allowance {
        0 => "never more than at first".to_owned(),
        allowance => format!("never more than at first and {allowance} idle HTTP connections"),
    };
    Finding::judged(what, found, wanted, most <= first + allowance)
}

/// Compares the medians of the first and the last third of what comes after the warm-up.
fn growth(what: &'static str, rests: &[RestPoint], most: f64, bytes: fn(&RestPoint) -> f64) -> Finding {
    let warm = rests.get((rests.len() as f64 * WARM_UP).ceil() as usize..).unwrap_or_default();
    let third = warm.len().div_ceil(3);
    let (first, last) = (warm.get(..third), warm.get(warm.len() - third..));
    let medians = [first, last].map(|part| median(part.unwrap_or_default().iter().map(bytes)));
    let wanted = format!("less than {:.2} MB", most / 1e6);
    let [Some(first), Some(last)] = medians else {
        return Finding::judged(what, "too few rests".to_owned(), wanted, false);
    };
    let found = format!("{:+.3} MB: from {:.3} to {:.3} MB", (last - first) / 1e6, first / 1e6, last / 1e6);
    Finding::judged(what, found, wanted, last - first < most)
}

fn latency(what: &'static str, samples: &[Sample], of: fn(&Sample) -> &Vec<f64>) -> Finding {
    let warm = samples.get((samples.len() as f64 * WARM_UP) as usize..).unwrap_or_default();
    let third = warm.len() / 3;
    let (first, last) = (warm.get(..third), warm.get(warm.len() - third..));
    let medians = [first, last]
        .map(|part| median(part.unwrap_or_default().iter().flat_map(|sample| of(sample).iter().copied())));
    let (parts, millis) = LATENCY_GROWTH;
    let wanted = format!("at most {parts} times as long and {millis} ms");
    let [Some(first), Some(last)] = medians else {
        return Finding::judged(what, "too few".to_owned(), wanted, false);
    };
    let found = format!("median {first:.2} ms at first, {last:.2} ms at last");
    Finding::judged(what, found, wanted, last <= first * parts + millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        beat::{Beat, Phase},
        usage::Usage,
    };

    fn options() -> Options {
        Options::read(&[
            "--minutes".to_owned(),
            "60".to_owned(),
            "--transport".to_owned(),
            "websocket".to_owned(),
        ])
        .unwrap()
    }

    fn rests(grow: usize) -> Vec<RestPoint> {
        let rest =
            RestPoint { rss: 20_000_000, heap: 5_000_000, descriptors: 30, threads: 4, tasks: 40, at: 0.0 };
        (0..30).map(|index| RestPoint { rss: rest.rss + (index * grow) as u64, ..rest }).collect()
    }

    fn samples() -> Vec<Sample> {
        let sample = |index: usize| Sample {
            at: index as f64,
            phase: Phase::Work,
            incident: Incident::ALL.get(index % 9).copied(),
            usage: Usage::default(),
            beat: Beat {
                calls: 3,
                functions: 1,
                connects: vec![5.0],
                requests: vec![1.0, 2.0],
                ..Beat::default()
            },
        };
        let mut samples: Vec<Sample> = (0..90).map(sample).collect();
        samples[89].beat.left = Some((0, 0));
        samples
    }

    fn bad(samples: &[Sample], rests: &[RestPoint]) -> Vec<&'static str> {
        let options = options();
        let evidence = Evidence { options: &options, samples, rests, problems: &[] };
        judge(&evidence).into_iter().filter(|finding| !finding.is_good).map(|finding| finding.what).collect()
    }

    #[test]
    fn a_good_run_is_good() {
        assert_eq!(bad(&samples(), &rests(0)), [""; 0]);
    }

    #[test]
    fn what_grows_is_found() {
        assert_eq!(bad(&samples(), &rests(100_000)), ["growth of resident memory"]);
        let mut heap = rests(0);
        heap.iter_mut().enumerate().for_each(|(index, rest)| rest.heap += index * 50_000);
        assert_eq!(bad(&samples(), &heap), ["growth of allocated memory"]);
        let mut open = rests(0);
        open[20].descriptors += 1;
        open[21].threads += 1;
        open[29].tasks += 1;
        assert_eq!(bad(&samples(), &open).len(), 3);
        let mut slow = samples();
        slow.iter_mut().skip(60).for_each(|sample| sample.beat.requests = vec![30.0]);
        assert_eq!(bad(&slow, &rests(0)), ["requests"]);
    }

    #[test]
    fn what_is_left_is_found() {
        for left in [None, Some((1, 0)), Some((0, 1))] {
            let mut samples = samples();
            samples[89].beat.left = left;
            assert_eq!(bad(&samples, &rests(0)), ["left behind by the last client"]);
        }
    }

    #[test]
    fn a_run_without_work_shows_nothing() {
        assert!(bad(&[], &[]).contains(&"what happened"));
        let mut one = samples();
        one[3].beat.problems.push("connect did not end within 14 s".to_owned());
        assert_eq!(bad(&one, &rests(0)), ["calls settled"]);
    }
}
