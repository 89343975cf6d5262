//! The target delay of a playout: longer after it ran dry, shorter while it plays without gaps.

use std::time::Duration;

/// A longer gap is a pause of the bot, not a delay of the network.
const MAX_GAP: Duration = Duration::from_millis(1_000);
/// How much longer than a gap the delay grows.
const MARGIN: Duration = Duration::from_millis(10);
/// How long the playout plays without gaps before the delay shrinks.
const STEADY: Duration = Duration::from_secs(2);
/// The fraction of the delay above the minimum by which it shrinks.
const SHRINK: u32 = 2;

/// The delay, between a minimum and a maximum.
#[derive(Debug)]
pub(super) struct TargetDelay {
    min: Duration,
    max: Duration,
    present: Duration,
    /// How long the playout has played without gaps.
    steady: Duration,
}

impl TargetDelay {
    pub(super) fn new(min: Duration, max: Duration) -> Self {
        Self { min, max: max.max(min), present: min, steady: Duration::ZERO }
    }

    pub(super) const fn present(&self) -> Duration {
        self.present
    }

    pub(super) const fn max(&self) -> Duration {
        self.max
    }

    /// Grows after audio was missing for `gap` in the middle of a sound.
    pub(super) fn on_gap(&mut self, gap: Duration) {
        if gap <= MAX_GAP {
            self.present = (self.present + gap + MARGIN).min(self.max);
            self.steady = Duration::ZERO;
        }
    }

    /// Shrinks while audio plays without gaps.
    pub(super) fn on_played(&mut self, time: Duration) {
        self.steady += time;
        if self.steady >= STEADY {
            self.steady = Duration::ZERO;
            self.present -= (self.present - self.min) / SHRINK;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[test]
    fn grows_after_gaps_and_shrinks_without_them() {
        let mut delay = TargetDelay::new(ms(40), ms(300));
        delay.on_gap(ms(50));
        assert_eq!(delay.present(), ms(100));
        delay.on_gap(ms(400));
        assert_eq!(delay.present(), ms(300), "no more than allowed");
        delay.on_gap(ms(2_000));
        assert_eq!(delay.present(), ms(300), "a pause of the bot");
        (0..100).for_each(|_| delay.on_played(ms(20)));
        assert_eq!(delay.present(), ms(170));
        (0..5_000).for_each(|_| delay.on_played(ms(20)));
        assert!(delay.present() < ms(41));
    }
}
