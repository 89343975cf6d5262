//! How much audio has been moved.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::media::{Playout, ProcessingStats};

use super::drops::Amount;

/// How much audio a client has moved since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AudioStats {
    /// Of the microphone, given to the transport; silence included.
    pub sent: Duration,
    /// Of the microphone, lost because the transport could not take it in time.
    pub send_dropped: Duration,
    /// Of the bot, arrived.
    pub received: Duration,
    /// Of the bot, given to the speaker.
    pub played: Duration,
    /// Of the bot, dropped because it was interrupted.
    pub flushed: Duration,
    /// Of the bot, lost because too much of it was waiting.
    pub receive_dropped: Duration,
}

/// Counts what the audio task moves; readable from any thread.
#[derive(Debug, Default)]
pub(in crate::client) struct AudioCounters {
    playout: Arc<Playout>,
    sent_micros: AtomicU64,
    dropped_micros: AtomicU64,
    dropped_frames: AtomicU64,
    processing: Mutex<ProcessingStats>,
}

impl AudioCounters {
    /// Counters of a client whose bot is heard through `playout`.
    pub(super) fn new(playout: Arc<Playout>) -> Self {
        Self { playout, ..Self::default() }
    }

    pub(in crate::client) fn stats(&self) -> AudioStats {
        let bot = self.playout.stats();
        AudioStats {
            sent: Duration::from_micros(self.sent_micros.load(Ordering::Relaxed)),
            send_dropped: Duration::from_micros(self.dropped_micros.load(Ordering::Relaxed)),
            received: bot.received,
            played: bot.played,
            flushed: bot.flushed,
            receive_dropped: bot.dropped,
        }
    }

    pub(in crate::client) fn processing(&self) -> ProcessingStats {
        *self.processing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_processing(&self, stats: ProcessingStats) {
        *self.processing.lock().unwrap_or_else(PoisonError::into_inner) = stats;
    }

    /// What of the microphone the transport could not take in time.
    pub(super) fn backlog(&self) -> Amount {
        let time = Duration::from_micros(self.dropped_micros.load(Ordering::Relaxed));
        Amount { time, count: self.dropped_frames.load(Ordering::Relaxed) }
    }

    /// What of the bot there was no room for, and what could not be read.
    pub(super) fn of_bot(&self) -> (Amount, Amount) {
        let bot = self.playout.stats();
        let full = Amount { time: bot.dropped, count: bot.dropped_frames };
        (full, Amount { time: Duration::ZERO, count: bot.malformed })
    }

    pub(super) fn count(&self, time: Duration, sent: bool) {
        let counter = if sent { &self.sent_micros } else { &self.dropped_micros };
        counter.fetch_add(u64::try_from(time.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.dropped_frames.fetch_add(u64::from(!sent), Ordering::Relaxed);
    }
}
