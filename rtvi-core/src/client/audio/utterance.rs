//! How much of an utterance of the bot the listener has heard.
//!
//! Pure: works on the counters of a playout. Must see the events of a session in their order.

use std::time::Duration;

use crate::{
    client::{BotAudioHeard, machine::BotSpeech},
    media::PlayoutStats,
};

/// Audio that arrived at most this long before the server announced the bot's speech belongs to it.
const EARLY: Duration = Duration::from_millis(400);

/// Follows an utterance from its beginning until it has been played.
#[derive(Debug, Default)]
pub(super) struct UtteranceTracker {
    present: Option<Utterance>,
}

#[derive(Debug)]
struct Utterance {
    /// How much audio had arrived before it.
    received_before: Duration,
    /// How much audio will have been heard when its playing begins.
    heard_before: Duration,
    /// How much audio had arrived when it was complete.
    complete_at: Option<Duration>,
}

impl UtteranceTracker {
    /// Takes a report of the server. Returns an event when the present utterance is over.
    pub(super) fn follow(&mut self, speech: BotSpeech, stats: PlayoutStats) -> Option<BotAudioHeard> {
        match speech {
            BotSpeech::Began => self.begin(stats),
            BotSpeech::Ended => {
                if let Some(present) = &mut self.present {
                    present.complete_at.get_or_insert(stats.received);
                }
                self.poll(stats)
            }
            BotSpeech::Interrupted => self.present.take().and_then(|present| present.report(stats, true)),
        }
    }

    /// Reports the previous utterance as it is now: the next one plays after it.
    fn begin(&mut self, stats: PlayoutStats) -> Option<BotAudioHeard> {
        let previous = self.present.take().and_then(|present| present.report(stats, false));
        let waiting = waiting(stats);
        let early = waiting.min(EARLY);
        self.present = Some(Utterance {
            received_before: stats.received.saturating_sub(early),
            heard_before: stats.heard() + (waiting - early),
            complete_at: None,
        });
        previous
    }

    /// Returns an event once a complete utterance has been played.
    pub(super) fn poll(&mut self, stats: PlayoutStats) -> Option<BotAudioHeard> {
        let complete_at = self.present.as_ref()?.complete_at?;
        if stats.received.saturating_sub(waiting(stats)) < complete_at {
            return None;
        }
        self.present.take().and_then(|present| present.report(stats, false))
    }
}

impl Utterance {
    /// Nothing for an utterance without audio.
    fn report(&self, stats: PlayoutStats, interrupted: bool) -> Option<BotAudioHeard> {
        let received = self.complete_at.unwrap_or(stats.received).saturating_sub(self.received_before);
        let heard = stats.heard().saturating_sub(self.heard_before).min(received);
        (!received.is_zero()).then_some(BotAudioHeard { heard, received, interrupted })
    }
}

/// How much audio has arrived and is still to be played.
fn waiting(stats: PlayoutStats) -> Duration {
    stats.received.saturating_sub(stats.heard() + stats.dropped + stats.flushed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    const fn stats(received: u64, played: u64, flushed: u64) -> PlayoutStats {
        PlayoutStats {
            received: ms(received),
            played: ms(played),
            dropped: Duration::ZERO,
            dropped_frames: 0,
            flushed: ms(flushed),
            concealed: Duration::ZERO,
            gaps: 0,
            malformed: 0,
        }
    }

    const fn report(heard: u64, received: u64, interrupted: bool) -> Option<BotAudioHeard> {
        Some(BotAudioHeard { heard: ms(heard), received: ms(received), interrupted })
    }

    #[test]
    fn all_of_what_was_said_is_heard_once_it_was_played() {
        let mut heard = UtteranceTracker::default();
        assert_eq!(
            heard.follow(BotSpeech::Began, stats(1_000, 960, 0)),
            None,
            "40 ms came before the report"
        );
        assert_eq!(heard.follow(BotSpeech::Ended, stats(3_000, 2_000, 0)), None);
        assert_eq!(heard.poll(stats(3_000, 2_980, 0)), None);
        assert_eq!(heard.poll(stats(3_200, 3_000, 0)), report(2_040, 2_040, false));
        assert_eq!(heard.poll(stats(4_000, 4_000, 0)), None);
    }

    #[test]
    fn an_interruption_tells_how_much_was_heard() {
        let mut heard = UtteranceTracker::default();
        heard.follow(BotSpeech::Began, stats(0, 0, 0));
        assert_eq!(
            heard.follow(BotSpeech::Interrupted, stats(5_000, 1_200, 3_800)),
            report(1_200, 5_000, true)
        );
        assert_eq!(heard.follow(BotSpeech::Ended, stats(5_000, 1_200, 3_800)), None);
        assert_eq!(heard.follow(BotSpeech::Interrupted, stats(5_000, 1_200, 3_800)), None);
    }

    #[test]
    fn what_waits_in_front_does_not_count() {
        let mut heard = UtteranceTracker::default();
        heard.follow(BotSpeech::Began, stats(2_000, 0, 0));
        assert_eq!(heard.follow(BotSpeech::Interrupted, stats(3_000, 1_000, 2_000)), report(0, 1_400, true));
    }

    #[test]
    fn an_utterance_without_audio_is_none() {
        let mut heard = UtteranceTracker::default();
        heard.follow(BotSpeech::Began, stats(700, 700, 0));
        assert_eq!(heard.follow(BotSpeech::Ended, stats(700, 700, 0)), None);
    }

    #[test]
    fn concealed_audio_does_not_count_as_heard() {
        let mut heard = UtteranceTracker::default();
        heard.follow(BotSpeech::Began, stats(0, 0, 0));
        let end = PlayoutStats { concealed: ms(30), ..stats(500, 530, 0) };
        assert_eq!(heard.follow(BotSpeech::Ended, end), report(500, 500, false));
    }
}
