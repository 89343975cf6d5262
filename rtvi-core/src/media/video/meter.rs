//! Frames and bits per second of one stream.
//!
//! Pure: the caller passes the time.

use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// Counts in periods of a second.
#[derive(Debug, Default)]
pub(super) struct Meter {
    since: Duration,
    frames: u32,
    bytes: u64,
    /// The last whole period.
    rates: (u32, u64),
}

impl Meter {
    /// Counts a frame.
    pub(super) fn add(&mut self, now: Duration, bytes: usize) {
        self.turn(now);
        self.frames += 1;
        self.bytes += bytes as u64;
    }

    /// The frames and the bits of the last whole second.
    pub(super) fn rates(&mut self, now: Duration) -> (u32, u64) {
        self.turn(now);
        self.rates
    }

    fn turn(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.since);
        if passed >= SECOND {
            let is_next = passed < SECOND * 2;
            self.rates = if is_next { (self.frames, self.bytes * 8) } else { (0, 0) };
            (self.frames, self.bytes) = (0, 0);
            self.since = if is_next { self.since + SECOND } else { now };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_whole_second_counts() {
        let mut meter = Meter::default();
        let at = Duration::from_millis;
        for frame in 0..50 {
            meter.add(at(frame * 40), 100);
        }
        assert_eq!(meter.rates(at(1_999)), (25, 20_000));
        assert_eq!(meter.rates(at(2_500)), (25, 20_000));
        assert_eq!(meter.rates(at(9_000)), (0, 0));
    }
}
