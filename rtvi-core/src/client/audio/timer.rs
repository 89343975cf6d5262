//! A repeating timer that counts the ticks of the audio task.
//!
//! Pure: has no clock.

use std::time::Duration;

/// Expires once in each period.
#[derive(Debug)]
pub(super) struct Timer {
    period: Duration,
    left: Duration,
}

impl Timer {
    pub(super) const fn new(period: Duration) -> Self {
        Self { period, left: period }
    }

    /// Lets `time` pass. Returns whether the timer has expired; it then starts again.
    pub(super) const fn has_expired(&mut self, time: Duration) -> bool {
        self.left = self.left.saturating_sub(time);
        let expired = self.left.is_zero();
        if expired {
            self.left = self.period;
        }
        expired
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_expires_once_in_each_period() {
        let tick = Duration::from_millis(20);
        let mut timer = Timer::new(Duration::from_millis(50));
        let expired: Vec<bool> = (0..6).map(|_| timer.has_expired(tick)).collect();
        assert_eq!(expired, [false, false, true, false, false, true]);
    }
}
