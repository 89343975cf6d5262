//! The verdict of a run.

use crate::{
    Options,
    run::Findings,
    second::{Held, Second, median},
};

/// The part of the run at the beginning that does not count, while allocators and caches warm up.
const WARM_UP: f64 = 0.2;
/// The most that resident memory may grow, in bytes: the goal for an hour.
const RSS_GROWTH: f64 = 1e6;
/// The most that allocated memory may grow, in bytes. A leak shows here first, independent of the
/// allocator's layout.
const HEAP_GROWTH: f64 = 0.25e6;
/// The largest factor by which a latency may grow, and the largest number of milliseconds. The
/// margin allows for other work on the machine.
const LATENCY_GROWTH: (f64, f64) = (2.0, 20.0);

/// One line of the verdict.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    what: &'static str,
    found: String,
    is_good: bool,
}

fn line(what: &'static str, found: String, is_good: bool) -> Line {
    Line { what, found, is_good }
}

/// Prints the verdict and returns whether every line is good.
pub(crate) fn show(lines: &[Line]) -> bool {
    for Line { what, found, is_good } in lines {
        println!("soak: {} {what}: {found}", if *is_good { "good" } else { "BAD " });
    }
    let is_good = lines.iter().all(|line| line.is_good);
    println!("soak: the verdict is {}", if is_good { "good" } else { "BAD" });
    is_good
}

/// Judges the run. For a short run, memory and latency are shown and not judged.
pub(crate) fn judge(options: &Options, seconds: &[Second], findings: &Findings) -> Vec<Line> {
    let Findings { rests, left } = findings;
    let allowance = options.allowance();
    let mut lines = vec![
        settled(seconds),
        happened(seconds, rests),
        flat("descriptors at rest", rests, allowance, |held| held.descriptors),
        flat("threads at rest", rests, 0, |held| held.threads),
        flat("tasks at rest", rests, allowance, |held| held.tasks),
        line("descriptors and tasks that the last client left", format!("{left:?}"), *left == Some((0, 0))),
    ];
    let slow = [
        growth("resident memory", rests, RSS_GROWTH, |held| held.rss),
        growth("allocated memory", rests, HEAP_GROWTH, |held| held.heap),
        latency("connecting", seconds, |second| second.connect_ms),
        latency("requests", seconds, |second| second.request_ms),
    ];
    let is_shown_only = !options.is_long();
    lines.extend(slow.map(|line| Line { is_good: line.is_good || is_shown_only, ..line }));
    lines
}

fn settled(seconds: &[Second]) -> Line {
    let sum = |count: fn(&Second) -> usize| seconds.iter().map(count).sum::<usize>();
    let (calls, failed) = (sum(|second| second.calls), sum(|second| second.failed));
    let problems = sum(|second| second.problems);
    let found = format!("{calls}, {failed} of them with an error; {problems} problems");
    line("calls", found, problems == 0 && calls > 0)
}

/// A run in which nothing happens shows nothing.
fn happened(seconds: &[Second], rests: &[Held]) -> Line {
    let sum = |count: fn(&Second) -> usize| seconds.iter().map(count).sum::<usize>();
    let counts = [
        sum(|second| second.connects),
        sum(|second| second.requests),
        sum(|second| second.functions),
        sum(|second| usize::from(second.fault == "killed")),
        sum(|second| usize::from(second.fault == "frozen")),
    ];
    let [connects, answers, functions, ..] = counts;
    let rests = rests.len();
    let found =
        format!("{connects} connects, {answers} answers, {functions} functions called, {rests} rests");
    line("what happened", found, counts.iter().all(|count| *count > 0) && rests > 1)
}

fn flat(what: &'static str, rests: &[Held], allowance: usize, count: fn(&Held) -> usize) -> Line {
    let (first, last) = (rests.first().map_or(0, count), rests.last().map_or(0, count));
    let most = rests.iter().map(count).max().unwrap_or(0);
    let found = format!("{first} at first, {most} at most, {last} at last; {allowance} more allowed");
    line(what, found, most <= first + allowance)
}

/// Compares the medians of the first and the last third after the warm-up.
fn growth(what: &'static str, rests: &[Held], most: f64, bytes: fn(&Held) -> usize) -> Line {
    let warm = rests.get((rests.len() as f64 * WARM_UP).ceil() as usize..).unwrap_or_default();
    let third = warm.len().div_ceil(3);
    let middle = |rests: &[Held]| median(rests.iter().map(|held| bytes(held) as f64));
    let (first, last) = (middle(&warm[..third]), middle(&warm[warm.len() - third..]));
    let found = format!("{:+.3} MB, from {:.3} to {:.3} MB", (last - first) / 1e6, first / 1e6, last / 1e6);
    line(what, found, last - first < most)
}

/// Compares the medians of the first third and of the last tenth after the warm-up.
fn latency(what: &'static str, seconds: &[Second], of: fn(&Second) -> f64) -> Line {
    let warm = seconds.get((seconds.len() as f64 * WARM_UP) as usize..).unwrap_or_default();
    let middle = |part: &[Second]| median(part.iter().map(of));
    let (first, last) = (middle(&warm[..warm.len() / 3]), middle(&warm[warm.len() - warm.len() / 10..]));
    if first.is_nan() || last.is_nan() {
        return line(what, "too few to compare".to_owned(), false);
    }
    let found = format!("median {first:.2} ms at first, {last:.2} ms at last");
    line(what, found, last <= first * LATENCY_GROWTH.0 + LATENCY_GROWTH.1)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn good() -> (Vec<Second>, Findings) {
        let held = Held { rss: 20_000_000, heap: 5_000_000, descriptors: 30, threads: 4, tasks: 40 };
        let second = |at: u64| Second {
            at,
            fault: ["", "killed", "frozen"][at as usize % 3].to_owned(),
            held,
            calls: 3,
            failed: 0,
            functions: 1,
            connects: 1,
            connect_ms: 5.0,
            requests: 2,
            request_ms: 1.5,
            problems: 0,
        };
        ((0..90).map(second).collect(), Findings { rests: vec![held; 30], left: Some((0, 0)) })
    }

    fn bad((seconds, findings): &(Vec<Second>, Findings)) -> Vec<&'static str> {
        let options = Options::parse_from(["rtvi-soak", "--minutes", "60", "--transport", "websocket"]);
        let lines = judge(&options, seconds, findings).into_iter();
        lines.filter(|line| !line.is_good).map(|line| line.what).collect()
    }

    #[test]
    fn a_good_run_is_good() {
        assert_eq!(bad(&good()), [""; 0]);
    }

    #[test]
    fn what_grows_is_found() {
        let mut grown = good();
        grown.1.rests.iter_mut().enumerate().for_each(|(index, held)| held.rss += index * 100_000);
        assert_eq!(bad(&grown), ["resident memory"]);
        grown = good();
        grown.1.rests.iter_mut().enumerate().for_each(|(index, held)| held.heap += index * 50_000);
        assert_eq!(bad(&grown), ["allocated memory"]);
        grown = good();
        grown.1.rests[20].descriptors += 1;
        grown.1.rests[21].threads += 1;
        grown.1.rests[29].tasks += 1;
        assert_eq!(bad(&grown), ["descriptors at rest", "threads at rest", "tasks at rest"]);
        grown = good();
        grown.0.iter_mut().skip(60).for_each(|second| second.request_ms = 30.0);
        assert_eq!(bad(&grown), ["requests"]);
    }

    #[test]
    fn what_is_left_is_found() {
        for left in [None, Some((1, 0)), Some((0, 1))] {
            let mut run = good();
            run.1.left = left;
            assert_eq!(bad(&run), ["descriptors and tasks that the last client left"]);
        }
    }

    #[test]
    fn a_run_without_work_shows_nothing() {
        assert!(bad(&(Vec::new(), Findings::default())).contains(&"what happened"));
        let mut run = good();
        run.0[3].problems = 1;
        assert_eq!(bad(&run), ["calls"]);
    }
}
