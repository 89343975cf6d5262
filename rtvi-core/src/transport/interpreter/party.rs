//! Who is speaking: what was last reported of it, and what is true now.
//!
//! Pure.

use std::time::{Duration, Instant};

use crate::media::PlayoutStats;

/// How long speech must last to count as begun, so that a click does not.
const START_AFTER: Duration = Duration::from_millis(60);
/// How long a pause must last to end speech, so that a breath does not.
const STOP_AFTER: Duration = Duration::from_millis(500);
/// How much of the last audio a playout may still hold: what its resampler keeps back.
const KEPT_BACK: Duration = Duration::from_millis(20);

/// A state that is reported when it has changed.
#[derive(Debug, Default)]
struct Speaking {
    now: bool,
    reported: bool,
}

impl Speaking {
    /// The change since the last call, if there is one.
    const fn take_change(&mut self) -> Option<bool> {
        if self.now == self.reported {
            return None;
        }
        self.reported = self.now;
        Some(self.now)
    }
}

/// The user, by the audio that is sent.
#[derive(Debug, Default)]
pub(super) struct User {
    speaking: Speaking,
    /// How long the audio has contradicted the state.
    contradicted: Duration,
}

impl User {
    /// Audio of this length was sent.
    pub(super) fn hear(&mut self, loud: bool, time: Duration) {
        if loud == self.speaking.now {
            self.contradicted = Duration::ZERO;
            return;
        }
        self.contradicted += time;
        let enough = if loud { START_AFTER } else { STOP_AFTER };
        if self.contradicted >= enough {
            self.speaking.now = loud;
            self.contradicted = Duration::ZERO;
        }
    }

    /// Ends speech at once.
    pub(super) fn hush(&mut self) {
        *self = Self { speaking: Speaking { now: false, ..self.speaking }, contradicted: Duration::ZERO };
    }

    pub(super) const fn take_change(&mut self) -> Option<bool> {
        self.speaking.take_change()
    }
}

/// The bot, by its audio and the playout: it speaks from the arrival of audible audio until that
/// audio was played and a pause has followed. Servers send faster than real time.
#[derive(Debug, Default)]
pub(super) struct Bot {
    speaking: Speaking,
    /// The end of the last audible audio, counted in received audio.
    loud_until: Duration,
    /// Since when all audible audio has been played.
    quiet_since: Option<Instant>,
}

impl Bot {
    /// Audible audio arrived, up to this much of all received audio.
    pub(super) const fn hear(&mut self, until: Duration) {
        self.speaking.now = true;
        self.loud_until = until;
        self.quiet_since = None;
    }

    /// Audio was played.
    pub(super) fn play(&mut self, now: Instant, stats: PlayoutStats) {
        if !self.speaking.now {
            return;
        }
        let waiting = stats.received.saturating_sub(stats.heard() + stats.dropped + stats.flushed);
        if stats.received.saturating_sub(waiting) + KEPT_BACK < self.loud_until {
            self.quiet_since = None;
            return;
        }
        let since = *self.quiet_since.get_or_insert(now);
        if now.saturating_duration_since(since) >= STOP_AFTER {
            self.hush();
        }
    }

    /// Ends speech at once.
    pub(super) const fn hush(&mut self) {
        self.speaking.now = false;
        self.quiet_since = None;
    }

    pub(super) const fn is_speaking(&self) -> bool {
        self.speaking.now
    }

    /// Whether the client knows that the bot is speaking.
    pub(super) const fn is_reported(&self) -> bool {
        self.speaking.reported
    }

    pub(super) const fn take_change(&mut self) -> Option<bool> {
        self.speaking.take_change()
    }
}
