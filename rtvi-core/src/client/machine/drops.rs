//! Audio that was dropped: reported at once, then once a second for each reason while it lasts.
//!
//! Pure bookkeeping, as `requests`.

use std::time::{Duration, Instant};

use crate::{
    client::{Event, TransportState},
    media::AudioDropped,
};

use super::Machine;

/// How often one reason is reported at most.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// What was dropped: one entry for each reason, and there are only a few.
#[derive(Debug, Default)]
pub(super) struct Drops {
    entries: Vec<Entry>,
}

/// What was dropped for one reason since its last report.
#[derive(Debug)]
struct Entry {
    /// When it may be reported again.
    next: Instant,
    dropped: AudioDropped,
}

impl Drops {
    /// Adds dropped audio, and returns what to report now.
    fn add(&mut self, now: Instant, dropped: AudioDropped) -> Option<AudioDropped> {
        let known = self.entries.iter_mut().find(|entry| entry.dropped.reason == dropped.reason);
        match known {
            Some(entry) => {
                entry.dropped.add(dropped);
                None
            }
            None => {
                let rest = AudioDropped::new(dropped.reason, Duration::ZERO, 0);
                self.entries.push(Entry { next: now + TELL_EVERY, dropped: rest });
                Some(dropped)
            }
        }
    }

    /// Takes an entry that is due. Entries without drops for a second are removed.
    fn take_due(&mut self, now: Instant) -> Option<AudioDropped> {
        self.entries.retain(|entry| entry.next > now || entry.is_worth_telling());
        let entry = self.entries.iter_mut().find(|entry| entry.next <= now)?;
        entry.next = now + TELL_EVERY;
        let rest = AudioDropped::new(entry.dropped.reason, Duration::ZERO, 0);
        Some(std::mem::replace(&mut entry.dropped, rest))
    }

    /// Ends the session, and returns what is not reported yet.
    fn end_session(&mut self) -> Vec<AudioDropped> {
        let untold = self.entries.drain(..).filter(Entry::is_worth_telling);
        untold.map(|entry| entry.dropped).collect()
    }

    /// When the next report is due.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.entries.iter().filter(|entry| entry.is_worth_telling()).map(|entry| entry.next).min()
    }
}

impl Entry {
    fn is_worth_telling(&self) -> bool {
        self.dropped.count > 0 || !self.dropped.time.is_zero()
    }
}

impl Machine {
    /// Audio was dropped. Nothing is reported after a session's last event.
    pub(super) fn on_audio_dropped(&mut self, now: Instant, dropped: AudioDropped) {
        if self.state == TransportState::Disconnected {
            return;
        }
        self.tell_drops(now);
        if let Some(told) = self.drops.add(now, dropped) {
            self.emit(Event::AudioDropped(told));
        }
    }

    /// Reports what is due.
    pub(super) fn tell_drops(&mut self, now: Instant) {
        while let Some(dropped) = self.drops.take_due(now) {
            self.emit(Event::AudioDropped(dropped));
        }
    }

    /// Reports the rest before the session's last event.
    pub(super) fn tell_last_drops(&mut self) {
        for dropped in self.drops.end_session() {
            self.emit(Event::AudioDropped(dropped));
        }
    }
}
