//! The arrival times of packets, and the delay that they require.
//!
//! Pure: the caller passes the time. Timestamps come from the network and may have any value. Must
//! never grow with the length of a call.

use std::{collections::VecDeque, time::Duration};

use super::FRAME;

/// The clock of Opus timestamps, in Hz (RFC 7587 §4.1).
const CLOCK: i64 = 48_000;
/// How many arrivals determine the delay (3 s). Older ones are forgotten.
const HISTORY: usize = 150;
/// How many arrivals there are between two updates of the delay.
const UPDATE_EVERY: u64 = 10;
/// The share of packets that should arrive in time, in percent. Retransmission, error correction
/// and concealment do the rest.
const IN_TIME: usize = 97;
/// The largest change that counts as jitter. A larger one was a pause.
const MAX_CHANGE: Duration = Duration::from_millis(400);
/// For how many arrivals a repeated packet counts (30 s).
const REPEAT_HISTORY: u64 = 1_500;
/// How many repeated packets are remembered. When full, the oldest is forgotten.
const MAX_REPEATS: usize = 64;
/// How many repeated packets it takes to increase the delay.
const MIN_REPEATS: usize = 2;
/// The share of repeated packets that should arrive in time, in percent.
const REPEATS_IN_TIME: usize = 85;

/// The delays of recent packets.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    /// The arrival and the timestamp of the first packet, the reference for all others.
    first: Option<(Duration, u32)>,
    /// How much longer each recent packet took than the first, in microseconds.
    delays: VecDeque<i64>,
    /// The same for repeated packets, each with the number of arrivals until then.
    repeats: VecDeque<(u64, i64)>,
    count: u64,
    jitter: Duration,
}

impl Arrivals {
    /// Adds an arrival. Returns whether the delay is due for an update.
    pub(super) fn add(&mut self, now: Duration, timestamp: u32, repeated: bool) -> bool {
        let delay = self.delay(now, timestamp);
        self.count += 1;
        if repeated {
            push(&mut self.repeats, (self.count, delay), MAX_REPEATS);
        } else {
            if let Some(previous) = self.delays.back() {
                let change = Duration::from_micros(delay.abs_diff(*previous));
                self.jitter = (self.jitter * 15 + change.min(MAX_CHANGE)) / 16;
            }
            push(&mut self.delays, delay, HISTORY);
        }
        self.count.is_multiple_of(UPDATE_EVERY)
    }

    /// How much longer a packet took than the first, in microseconds.
    fn delay(&mut self, now: Duration, timestamp: u32) -> i64 {
        let (begin, first) = *self.first.get_or_insert((now, timestamp));
        let sent = i64::from(timestamp.wrapping_sub(first).cast_signed()) * 1_000_000 / CLOCK;
        let arrived = i64::try_from(now.saturating_sub(begin).as_micros()).unwrap_or(i64::MAX);
        arrived.saturating_sub(sent)
    }

    /// The delay that the network requires, at most `max`. Repeated packets count when `max` is
    /// enough for them.
    pub(super) fn target(&self, max: Duration) -> Duration {
        let spread = self.spread();
        let for_repeats = self.repeats_lag().filter(|lag| *lag <= max);
        for_repeats.map_or(spread, |lag| lag.max(spread)).min(max)
    }

    /// How far the slow packets, except the slowest few, lag behind the fastest; at least one
    /// frame.
    fn spread(&self) -> Duration {
        self.lag(self.delays.iter().copied().collect(), IN_TIME)
    }

    /// The same for repeated packets, if there were some recently. At least two frames, since they
    /// all come about equally late and the buffer may hold one frame less than its target.
    fn repeats_lag(&self) -> Option<Duration> {
        let recent = self.repeats.iter().filter(|(at, _)| self.count - at < REPEAT_HISTORY);
        let delays: Vec<_> = recent.map(|(_, delay)| *delay).collect();
        (delays.len() >= MIN_REPEATS).then(|| self.lag(delays, REPEATS_IN_TIME) + FRAME)
    }

    fn lag(&self, mut delays: Vec<i64>, percent: usize) -> Duration {
        let Some(fastest) = self.delays.iter().min().copied() else { return FRAME };
        let index = delays.len().saturating_sub(1) * percent / 100;
        let (_, slow, _) = delays.select_nth_unstable(index);
        let lag = u64::try_from(slow.saturating_sub(fastest)).unwrap_or(0);
        Duration::from_micros(lag) + FRAME
    }

    /// The interarrival jitter of RFC 3550 §6.4.1.
    pub(super) const fn jitter(&self) -> Duration {
        self.jitter
    }
}

/// Adds an item and forgets the oldest when `capacity` is reached.
fn push<T>(remembered: &mut VecDeque<T>, item: T, capacity: usize) {
    if remembered.len() == capacity {
        remembered.pop_front();
    }
    remembered.push_back(item);
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: Duration = Duration::from_millis(400);

    /// Packet `number` arrives `late` milliseconds later than the fastest.
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
    fn repeated_packets_get_the_delay_that_they_need() {
        let mut arrivals = steady(0, 50);
        assert_eq!(arrivals.target(MAX), FRAME);
        arrive(&mut arrivals, 45, 120, true);
        assert_eq!(arrivals.target(MAX), FRAME, "one does not count");
        arrive(&mut arrivals, 48, 120, true);
        assert_eq!(arrivals.target(MAX), Duration::from_millis(160));
        (50..1_550).for_each(|number| arrive(&mut arrivals, number, 0, false));
        assert_eq!(arrivals.target(MAX), FRAME, "forgotten when no more are lost");
    }

    #[test]
    fn packets_that_can_never_be_in_time_do_not_count() {
        let mut arrivals = steady(0, 50);
        (30..40).for_each(|number| arrive(&mut arrivals, number, 600, true));
        assert_eq!(arrivals.target(MAX), FRAME);
        assert_eq!(arrivals.jitter(), Duration::ZERO, "repeated packets are not jitter");
    }

    #[test]
    fn without_arrivals_the_delay_is_minimal() {
        let mut arrivals = Arrivals::default();
        assert_eq!(arrivals.target(MAX), FRAME);
        (0..3).for_each(|_| arrive(&mut arrivals, 3, 9, true));
        assert_eq!(arrivals.target(MAX), FRAME * 2);
    }
}
