//! When a call has to send silence, because the microphone has no frame.
//!
//! Pure: its callers pass the time.

use tokio::time::Instant;

use super::FRAME;

/// How many frames the microphone may be late, so that its jitter causes no silence between words.
const SLACK: u64 = 3;
/// How many frames are sent at once after a delay. The rest is skipped: nobody waits for old
/// silence.
const MAX_CATCH_UP: u64 = 25;

/// Counts the frames of a call against the clock.
#[derive(Debug, Default)]
pub(super) struct Pacer {
    begin: Option<Instant>,
    sent: u64,
}

impl Pacer {
    /// A frame was sent.
    pub(super) const fn count(&mut self) {
        self.sent += 1;
    }

    /// How many frames of silence are to be sent now. The first call begins the count.
    pub(super) fn missing(&mut self, now: Instant) -> u64 {
        let begin = *self.begin.get_or_insert(now);
        let due = now.saturating_duration_since(begin).as_millis() / FRAME.as_millis();
        let due = u64::try_from(due).unwrap_or(u64::MAX);
        let missing = due.saturating_sub(self.sent + SLACK);
        self.sent += missing.saturating_sub(MAX_CATCH_UP);
        missing.min(MAX_CATCH_UP)
    }

    /// Begins again, after a time in which nothing was to be sent.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn silence_fills_what_the_microphone_leaves() {
        let (mut pacer, begin) = (Pacer::default(), Instant::now());
        let mut silence = 0;
        for tick in 0..100 {
            for _ in 0..pacer.missing(begin + FRAME * tick) {
                pacer.count();
                silence += 1;
            }
        }
        assert_eq!(silence, 99 - SLACK, "two seconds without a microphone");
        for tick in 100..200 {
            pacer.count();
            assert_eq!(pacer.missing(begin + FRAME * tick), 0, "the microphone keeps up");
        }
        assert_eq!(pacer.missing(begin + FRAME * 202), 3, "three frames are missing");
    }

    #[tokio::test(start_paused = true)]
    async fn old_silence_is_skipped() {
        let (mut pacer, begin) = (Pacer::default(), Instant::now());
        assert_eq!(pacer.missing(begin), 0);
        assert_eq!(pacer.missing(begin + FRAME * 1_000), MAX_CATCH_UP);
        for _ in 0..MAX_CATCH_UP {
            pacer.count();
        }
        assert_eq!(pacer.missing(begin + FRAME * 1_000), 0);
        pacer.reset();
        assert_eq!(pacer.missing(begin + FRAME * 2_000), 0);
    }
}
