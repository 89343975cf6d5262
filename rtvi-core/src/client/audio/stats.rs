//! How much audio has been moved.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::media::{AudioDropReason, AudioDropped, Playout, ProcessingStats};

use super::drops::Amount;

/// How much audio a client has moved since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct AudioStats {
    /// Of the microphone, given to the transport; silence included.
    pub sent: Duration,
    /// Of the microphone, lost because it was not taken in time: by the transport or its server, by the client, or before the bot was
    /// ready. The event `audioDropped` says which.
    pub send_dropped: Duration,
    /// Of the bot, arrived.
    pub received: Duration,
    /// Of the bot, given to the speaker.
    pub played: Duration,
    /// Of the bot, dropped because it was interrupted.
    pub flushed: Duration,
    /// Of the bot, lost because too much of it was waiting to be played, or by a speaker that was too slow. Packets of WebRTC that were not
    /// even decoded are in the statistics of the transport.
    pub receive_dropped: Duration,
}

/// Counts what the audio task moves; readable from any thread.
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
    /// Counters of a client whose bot is heard through `playout`.
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

    pub(in crate::client) fn processing(&self) -> ProcessingStats {
        *self.processing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_processing(&self, stats: ProcessingStats) {
        *self.processing.lock().unwrap_or_else(PoisonError::into_inner) = stats;
    }

    /// What of the microphone the transport could not take in time.
    pub(super) fn backlog(&self) -> Amount {
        Amount { time: micros(&self.dropped_micros), count: self.dropped_frames.load(Ordering::Relaxed) }
    }

    /// What of the bot there was no room for, and what could not be read.
    pub(super) fn of_bot(&self) -> (Amount, Amount) {
        let bot = self.playout.stats();
        let full = Amount { time: bot.dropped, count: bot.dropped_frames };
        (full, Amount { time: Duration::ZERO, count: bot.malformed })
    }

    pub(super) fn count(&self, time: Duration, sent: bool) {
        add(if sent { &self.sent_micros } else { &self.dropped_micros }, time);
        self.dropped_frames.fetch_add(u64::from(!sent), Ordering::Relaxed);
    }

    /// Counts what the client itself has lost, but for what is counted already: before the transport, and in the playout.
    pub(super) fn lose_in_client(&self, dropped: &AudioDropped) {
        use AudioDropReason::{MicrophoneFull, PreConnectFull, SpeakerFull};
        if matches!(dropped.reason, MicrophoneFull | PreConnectFull | SpeakerFull) {
            self.lose(dropped);
        }
    }

    /// Counts what was lost elsewhere, as in the transport.
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
