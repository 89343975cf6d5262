//! How late the generator itself is: when each piece of audio was due, and when it moved.
//!
//! [`Pace`] is pure. [`Lateness`] is shared by all calls and counts without a lock.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use crate::counts::Counts;

/// The length of a frame in every transport.
pub(crate) const FRAME: Duration = Duration::from_millis(20);
/// A client that is later than this skips what was due, instead of catching up (as in the core).
const SKIP: Duration = Duration::from_millis(500);
/// The width of a cell of [`Lateness`], and their number: up to one second.
const CELL: Duration = Duration::from_micros(100);
const CELLS: usize = 10_000;

/// The plan of one session's frames. A frame is due a fixed time after the one before it, whatever
/// happened to that; the frame that was least late says when the first was due.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pace {
    frames: u32,
    /// When the first frame was due.
    first: Option<Duration>,
}

/// What is known of a frame that moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tick {
    /// When it was due.
    pub(crate) due: Duration,
    /// How late it was.
    pub(crate) late: Duration,
    /// How many frames were skipped before it.
    pub(crate) skipped: u64,
}

impl Pace {
    /// The next frame moves now.
    pub(crate) fn tick(&mut self, now: Duration) -> Tick {
        let offset = FRAME * self.frames;
        self.frames = self.frames.saturating_add(1);
        let first = self.first.unwrap_or(Duration::MAX).min(now.saturating_sub(offset));
        let late = now.saturating_sub(first + offset);
        let skipped = if late > SKIP { (late.as_millis() / FRAME.as_millis()) as u64 } else { 0 };
        // What was skipped moves the plan: the frames after it are not late.
        self.first = Some(if skipped > 0 { first + late } else { first });
        Tick { due: first + offset, late, skipped }
    }
}

/// How late frames were, in all calls.
#[derive(Debug)]
pub(crate) struct Lateness {
    cells: Box<[AtomicU64]>,
    skipped: AtomicU64,
}

impl Default for Lateness {
    fn default() -> Self {
        Self { cells: (0..CELLS).map(|_| AtomicU64::new(0)).collect(), skipped: AtomicU64::new(0) }
    }
}

impl Lateness {
    /// Counts a frame that was so late. More than a second counts as one.
    pub(crate) fn record(&self, late: Duration) {
        let cell = (late.as_micros() / CELL.as_micros()) as usize;
        if let Some(cell) = self.cells.get(cell.min(CELLS - 1)) {
            cell.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts frames that were never moved, because the generator was too late for them.
    pub(crate) fn skip(&self, frames: u64) {
        self.skipped.fetch_add(frames, Ordering::Relaxed);
    }

    /// How many frames were never moved.
    pub(crate) fn skipped(&self) -> u64 {
        self.skipped.load(Ordering::Relaxed)
    }

    /// What was counted so far.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (cell, count) in (0..).zip(&*self.cells) {
            counts.record_many(CELL * cell, count.load(Ordering::Relaxed));
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn frames_are_late_against_the_plan() {
        let mut pace = Pace::default();
        let late: Vec<u64> = [103, 120, 140, 195, 196, 200, 220]
            .map(|now| pace.tick(ms(now)).late.as_millis() as u64)
            .to_vec();
        // The second frame shows that the first was 3 ms late.
        assert_eq!(late, [0, 0, 0, 35, 16, 0, 0]);
        assert_eq!(pace.tick(ms(250)), Tick { due: ms(240), late: ms(10), skipped: 0 });
    }

    #[test]
    fn skipped_frames_move_the_plan() {
        let mut pace = Pace::default();
        pace.tick(ms(100));
        assert_eq!(pace.tick(ms(720)), Tick { due: ms(120), late: ms(600), skipped: 30 });
        assert_eq!(pace.tick(ms(740)), Tick { due: ms(740), late: ms(0), skipped: 0 });
    }

    #[test]
    fn lateness_of_all_calls_adds_up() {
        let lateness = Lateness::default();
        for millis in [0, 1, 1, 40, 5_000] {
            lateness.record(ms(millis));
        }
        lateness.skip(3);
        let counts = lateness.counts();
        assert_eq!((counts.len(), counts.percentile(50.0), counts.max()), (5, Some(1.0), Some(999.9)));
        assert_eq!(lateness.skipped(), 3);
    }
}
