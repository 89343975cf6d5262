//! Counters of the audio that a client has moved.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::media::{AudioDropReason, AudioDropped, Playout, PlayoutStats, ProcessingStats};

use super::drops::Amount;

/// How much audio a client has moved since it was created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct AudioStats {
    /// The user's audio passed to the transport, silence included.
    pub sent: Duration,
    /// The user's audio that was lost because the transport, its server or the client did not take
    /// it in time, or because it came too early before the bot was ready.
    /// The event `audioDropped` gives the reason.
    pub send_dropped: Duration,
    /// The bot's audio that arrived.
    pub received: Duration,
    /// The bot's audio passed to the speaker.
    pub played: Duration,
    /// The bot's audio that was discarded because the bot was interrupted.
    pub flushed: Duration,
    /// The bot's audio that was lost because too much of it was waiting, or because the speaker was
    /// too slow. The transport's statistics count the WebRTC packets that were dropped before
    /// decoding.
    pub receive_dropped: Duration,
}

/// The counters of the audio task, readable from any thread.
#[derive(Debug, Default)]
pub(in crate::client) struct AudioCounters {
    playout: Arc<Playout>,
    sent_micros: AtomicU64,
    dropped_micros: AtomicU64,
    dropped_frames: AtomicU64,
    user_lost_micros: AtomicU64,
    bot_lost_micros: AtomicU64,
    processing: Mutex<ProcessingStats>,
}

impl AudioCounters {
    /// The counters of a client that plays through `playout`.
    pub(super) fn new(playout: Arc<Playout>) -> Self {
        Self { playout, ..Self::default() }
    }

    pub(in crate::client) fn stats(&self) -> AudioStats {
        let bot = self.playout.stats();
        AudioStats {
            sent: micros(&self.sent_micros),
            send_dropped: micros(&self.dropped_micros) + micros(&self.user_lost_micros),
            received: bot.received,
            played: bot.played,
            flushed: bot.flushed,
            receive_dropped: bot.dropped + micros(&self.bot_lost_micros),
        }
    }

    pub(in crate::client) fn playout_stats(&self) -> PlayoutStats {
        self.playout.stats()
    }

    pub(in crate::client) fn processing(&self) -> ProcessingStats {
        *self.processing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_processing(&self, stats: ProcessingStats) {
        *self.processing.lock().unwrap_or_else(PoisonError::into_inner) = stats;
    }

    /// The user's audio that the transport did not take in time.
    pub(super) fn backlog(&self) -> Amount {
        Amount { time: micros(&self.dropped_micros), count: self.dropped_frames.load(Ordering::Relaxed) }
    }

    /// The bot's audio that found no room, and the frames that could not be read.
    pub(super) fn of_bot(&self) -> (Amount, Amount) {
        let bot = self.playout.stats();
        let full = Amount { time: bot.dropped, count: bot.dropped_frames };
        (full, Amount { time: Duration::ZERO, count: bot.malformed })
    }

    /// Counts a frame of the user that the transport took or refused.
    pub(super) fn count(&self, time: Duration, sent: bool) {
        add(if sent { &self.sent_micros } else { &self.dropped_micros }, time);
        self.dropped_frames.fetch_add(u64::from(!sent), Ordering::Relaxed);
    }

    /// Counts audio that the client itself has lost, except where `count` and the playout count it.
    pub(super) fn lose_in_client(&self, dropped: &AudioDropped) {
        use AudioDropReason::{MicrophoneFull, PreConnectFull, SpeakerFull};
        if matches!(dropped.reason, MicrophoneFull | PreConnectFull | SpeakerFull) {
            self.lose(dropped);
        }
    }

    /// Counts audio that was lost elsewhere, such as in the transport.
    pub(in crate::client) fn lose(&self, dropped: &AudioDropped) {
        let of_user = dropped.reason.is_of_user();
        add(if of_user { &self.user_lost_micros } else { &self.bot_lost_micros }, dropped.time);
    }
}

fn micros(counter: &AtomicU64) -> Duration {
    Duration::from_micros(counter.load(Ordering::Relaxed))
}

fn add(counter: &AtomicU64, time: Duration) {
    counter.fetch_add(u64::try_from(time.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_anywhere_is_counted_once() {
        let counters = AudioCounters::default();
        let lost = |reason| AudioDropped::new(reason, Duration::from_millis(20), 1);
        counters.count(Duration::from_millis(20), false);
        for reason in [
            AudioDropReason::MicrophoneBacklog,
            AudioDropReason::MicrophoneFull,
            AudioDropReason::PreConnectFull,
            AudioDropReason::PlayoutFull,
            AudioDropReason::SpeakerFull,
        ] {
            counters.lose_in_client(&lost(reason));
        }
        counters.lose(&lost(AudioDropReason::MicrophoneBacklog));
        let stats = counters.stats();
        assert_eq!(stats.send_dropped, Duration::from_millis(80), "one of each, and one of the transport");
        assert_eq!(stats.receive_dropped, Duration::from_millis(20));
    }
}
