//! How late packets arrive, and how much delay that asks for.
//!
//! Pure: depends on nothing but the times it is told. Timestamps come from the network and may be anything. Must never grow with
//! the length of a call.

use std::{collections::VecDeque, time::Duration};

use super::FRAME;

/// The clock of Opus timestamps, in Hz (RFC 7587 §4.1).
const CLOCK: i64 = 48_000;
/// How many arrivals the delay is reckoned from (3 s): what was bad before is forgotten then.
const HISTORY: usize = 150;
/// Arrivals between two reckonings.
const RECKON_EVERY: u64 = 10;
/// The share of packets that should arrive in time, in percent; repetition, error correction and concealment do the rest.
const IN_TIME: usize = 97;
/// The largest change that counts in the mean deviation: what is more was a pause.
const MOST_CHANGE: Duration = Duration::from_millis(400);
/// How many arrivals a repeated packet matters for (30 s).
const REPEAT_HISTORY: u64 = 1_500;
/// How many repeated packets are remembered; the oldest is forgotten for a further one.
const MAX_REPEATS: usize = 64;
/// Fewer are no reason to hold more.
const FEW_REPEATS: usize = 2;
/// The share of repeated packets that should arrive in time, in percent.
const REPEATS_IN_TIME: usize = 85;

/// How much later than the quickest one each recent packet arrived.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    /// Arrival and timestamp of the first packet, to which the others are compared.
    first: Option<(Duration, u32)>,
    /// Microseconds by which each recent packet took longer than the first.
    delays: VecDeque<i64>,
    /// The same for packets that were sent again, each with how many had arrived by then.
    repeats: VecDeque<(u64, i64)>,
    count: u64,
    jitter: Duration,
}

impl Arrivals {
    /// Notes an arrival; true when there is enough news to reckon anew.
    pub(super) fn add(&mut self, now: Duration, timestamp: u32, repeated: bool) -> bool {
        let delay = self.delay(now, timestamp);
        self.count += 1;
        if repeated {
            push(&mut self.repeats, (self.count, delay), MAX_REPEATS);
        } else {
            if let Some(previous) = self.delays.back() {
                let change = Duration::from_micros(delay.abs_diff(*previous));
                self.jitter = (self.jitter * 15 + change.min(MOST_CHANGE)) / 16;
            }
            push(&mut self.delays, delay, HISTORY);
        }
        self.count.is_multiple_of(RECKON_EVERY)
    }

    /// By how many microseconds a packet took longer than the first.
    fn delay(&mut self, now: Duration, timestamp: u32) -> i64 {
        let (begin, first) = *self.first.get_or_insert((now, timestamp));
        let sent = i64::from(timestamp.wrapping_sub(first).cast_signed()) * 1_000_000 / CLOCK;
        let arrived = i64::try_from(now.saturating_sub(begin).as_micros()).unwrap_or(i64::MAX);
        arrived.saturating_sub(sent)
    }

    /// How much delay the network asks for, of no more than `most`: packets sent again count when that is enough for them.
    pub(super) fn target(&self, most: Duration) -> Duration {
        let spread = self.spread();
        let for_repeats = self.repeats_lag().filter(|lag| *lag <= most);
        for_repeats.map_or(spread, |lag| lag.max(spread)).min(most)
    }

    /// By how much the slow packets, but for the slowest few, lag behind the quickest; one frame at least.
    fn spread(&self) -> Duration {
        self.lag(self.delays.iter().copied().collect(), IN_TIME)
    }

    /// The same for those sent again, when there were some lately; two frames at least, as they all come about equally late, and the buffer
    /// may hold a frame less than it aims at.
    fn repeats_lag(&self) -> Option<Duration> {
        let recent = self.repeats.iter().filter(|(at, _)| self.count - at < REPEAT_HISTORY);
        let delays: Vec<_> = recent.map(|(_, delay)| *delay).collect();
        (delays.len() >= FEW_REPEATS).then(|| self.lag(delays, REPEATS_IN_TIME) + FRAME)
    }

    fn lag(&self, mut delays: Vec<i64>, percent: usize) -> Duration {
        let Some(quickest) = self.delays.iter().min().copied() else { return FRAME };
        let index = delays.len().saturating_sub(1) * percent / 100;
        let (_, slow, _) = delays.select_nth_unstable(index);
        let lag = u64::try_from(slow.saturating_sub(quickest)).unwrap_or(0);
        Duration::from_micros(lag) + FRAME
    }

    /// How unevenly packets arrive: the mean deviation of RFC 3550 §6.4.1.
    pub(super) const fn jitter(&self) -> Duration {
        self.jitter
    }
}

/// Adds to what is remembered, which stays as large as it may be.
fn push<T>(remembered: &mut VecDeque<T>, item: T, most: usize) {
    if remembered.len() == most {
        remembered.pop_front();
    }
    remembered.push_back(item);
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: Duration = Duration::from_millis(400);

    /// Packet `number` arrives by so many milliseconds later than the quickest.
    fn arrive(arrivals: &mut Arrivals, number: u32, late: u64, repeated: bool) {
        let now = Duration::from_millis(u64::from(number) * 20 + late);
        arrivals.add(now, number.wrapping_mul(960), repeated);
    }

    fn steady(from: u32, to: u32) -> Arrivals {
        let mut arrivals = Arrivals::default();
        (from..to).for_each(|number| arrive(&mut arrivals, number, 0, false));
        arrivals
    }

    #[test]
    fn what_is_sent_again_asks_for_the_delay_that_it_needs() {
        let mut arrivals = steady(0, 50);
        assert_eq!(arrivals.target(MOST), FRAME);
        arrive(&mut arrivals, 45, 120, true);
        assert_eq!(arrivals.target(MOST), FRAME, "one is none");
        arrive(&mut arrivals, 48, 120, true);
        assert_eq!(arrivals.target(MOST), Duration::from_millis(160));
        (50..1_550).for_each(|number| arrive(&mut arrivals, number, 0, false));
        assert_eq!(arrivals.target(MOST), FRAME, "forgotten when no more are lost");
    }

    #[test]
    fn what_could_never_arrive_in_time_is_not_waited_for() {
        let mut arrivals = steady(0, 50);
        (30..40).for_each(|number| arrive(&mut arrivals, number, 600, true));
        assert_eq!(arrivals.target(MOST), FRAME);
        assert_eq!(arrivals.jitter(), Duration::ZERO, "they say nothing of how evenly packets arrive");
    }

    #[test]
    fn nothing_that_is_known_needs_no_delay() {
        let mut arrivals = Arrivals::default();
        assert_eq!(arrivals.target(MOST), FRAME);
        (0..3).for_each(|_| arrive(&mut arrivals, 3, 9, true));
        assert_eq!(arrivals.target(MOST), FRAME * 2);
    }
}
