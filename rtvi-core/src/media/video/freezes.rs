//! Counts the pauses of a shown picture that a person notices.
//!
//! Pure: the caller passes the time. The rule is that of WebRTC's statistics (`freezeCount` in
//! W3C's webrtc-stats): a pause longer than three usual ones, and at least 150 ms longer than one.

use std::time::Duration;

/// How many frames the usual pause is the mean of.
const FRAMES: u32 = 30;
/// How much longer than usual a freeze is at least.
const MARGIN: Duration = Duration::from_millis(150);

/// The freezes of one stream.
#[derive(Debug, Default)]
pub struct Freezes {
    last: Option<Duration>,
    mean: Duration,
    seen: u32,
    count: u64,
    time: Duration,
}

impl Freezes {
    /// A frame is shown now.
    pub fn on_frame(&mut self, now: Duration) {
        let Some(last) = self.last.replace(now) else { return };
        let pause = now.saturating_sub(last);
        if self.seen > 0 && pause > (self.mean * 3).max(self.mean + MARGIN) {
            self.count += 1;
            self.time += pause;
        }
        self.seen = (self.seen + 1).min(FRAMES);
        self.mean = (self.mean * (self.seen - 1) + pause) / self.seen;
    }

    /// The stream pauses on purpose: the time until the next frame is no freeze.
    pub const fn pause(&mut self) {
        self.last = None;
    }

    /// How many freezes there were.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// How long they took together.
    pub const fn time(&self) -> Duration {
        self.time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pauses_that_stand_out_are_freezes() {
        let mut freezes = Freezes::default();
        let mut now = Duration::ZERO;
        let mut frames = |freezes: &mut Freezes, pauses: &[u64]| {
            for pause in pauses {
                now += Duration::from_millis(*pause);
                freezes.on_frame(now);
            }
        };
        frames(&mut freezes, &[900, 40, 40, 40, 40, 40, 180]);
        assert_eq!(freezes.count(), 0);
        frames(&mut freezes, &[40, 40, 40, 40, 40, 400]);
        assert_eq!((freezes.count(), freezes.time()), (1, Duration::from_millis(400)));
        freezes.pause();
        frames(&mut freezes, &[9_000, 40]);
        assert_eq!(freezes.count(), 1);
    }
}
