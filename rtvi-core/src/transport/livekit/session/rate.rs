//! How often the server may make the client do something. Pure.

use std::time::Duration;

use tokio::time::Instant;

/// Counts what happens in a period of time.
#[derive(Debug)]
pub(super) struct Rate {
    most: u32,
    period: Duration,
    begin: Instant,
    count: u32,
}

impl Rate {
    pub(super) const fn new(most: u32, period: Duration, now: Instant) -> Self {
        Self { most, period, begin: now, count: 0 }
    }

    /// Counts one more; false if there are too many in this period.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        if now.saturating_duration_since(self.begin) >= self.period {
            (self.begin, self.count) = (now, 0);
        }
        self.count += 1;
        self.count <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_period_has_room_for_so_many() {
        let begin = Instant::now();
        let mut rate = Rate::new(2, Duration::from_secs(10), begin);
        let at = [0, 1, 9, 10, 11, 12, 40].map(|second| rate.take(begin + Duration::from_secs(second)));
        assert_eq!(at, [true, true, false, true, true, false, true]);
    }
}
