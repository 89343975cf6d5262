//! How much audio is held back before playing begins: more after it ran dry, less again when all is well.

use std::time::Duration;

/// A pause longer than this is not taken for a delay of the network.
const LONGEST_GAP: Duration = Duration::from_millis(1_000);
/// How much is added to what was missing.
const MARGIN: Duration = Duration::from_millis(10);
/// After how much undisturbed playing the delay shrinks, and into which part of what is above the least.
const CALM: Duration = Duration::from_secs(2);
const SHRINK: u32 = 2;

/// The delay aimed at.
#[derive(Debug)]
pub(super) struct TargetDelay {
    least: Duration,
    most: Duration,
    present: Duration,
    /// For how long nothing was missing.
    calm: Duration,
}

impl TargetDelay {
    pub(super) fn new(least: Duration, most: Duration) -> Self {
        Self { least, most: most.max(least), present: least, calm: Duration::ZERO }
    }

    pub(super) const fn present(&self) -> Duration {
        self.present
    }

    pub(super) const fn most(&self) -> Duration {
        self.most
    }

    /// Audio was missing for `gap` where it should have gone on.
    pub(super) fn on_gap(&mut self, gap: Duration) {
        if gap <= LONGEST_GAP {
            self.present = (self.present + gap + MARGIN).min(self.most);
            self.calm = Duration::ZERO;
        }
    }

    /// Audio was there in time.
    pub(super) fn on_played(&mut self, time: Duration) {
        self.calm += time;
        if self.calm >= CALM {
            self.calm = Duration::ZERO;
            self.present -= (self.present - self.least) / SHRINK;
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
    fn grows_with_what_is_missing_and_shrinks_when_all_is_well() {
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
