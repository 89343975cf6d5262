//! Audio of the bot that came in and is not played: gathered, and reported now and then.
//!
//! Pure. What the jitter buffer drops because it came too late is in the figures, not here: that is the network's doing.

use std::time::Duration;

use crate::media::{AudioDropReason, AudioDropped};

/// What was dropped since it was last reported, for each reason.
#[derive(Debug, Default)]
pub(super) struct Drops {
    dropped: Vec<AudioDropped>,
    /// How many packets could not be decoded so far.
    unreadable: u64,
    /// How many packets were not even looked at so far.
    packets: u64,
}

impl Drops {
    /// A packet of a source and payload type that the answer does not tell.
    pub(super) fn unknown(&mut self, source: u32, payload_type: u8) {
        let detail = || format!("source {source}, payload type {payload_type}");
        self.packets += 1;
        self.add(AudioDropReason::UnknownStream, 1, detail);
    }

    /// A packet of a source that is not played because another one is.
    pub(super) fn second(&mut self, source: u32) {
        let detail = || format!("source {source}: the server sends two at a time, and one is played");
        self.packets += 1;
        self.add(AudioDropReason::UnknownStream, 1, detail);
    }

    /// So many packets that there was no room for.
    pub(super) fn no_room(&mut self, count: u64) {
        self.packets += count;
        if count > 0 {
            self.add(AudioDropReason::PlayoutFull, count, || {
                "packets came faster than they were taken".to_owned()
            });
        }
    }

    /// How many packets could not be decoded in all.
    pub(super) fn set_unreadable(&mut self, count: u64) {
        let more = count.saturating_sub(self.unreadable);
        self.unreadable = count;
        if more > 0 {
            self.add(AudioDropReason::Unreadable, more, || "packets that are not Opus".to_owned());
        }
    }

    fn add(&mut self, reason: AudioDropReason, count: u64, detail: impl FnOnce() -> String) {
        let new = AudioDropped::new(reason, Duration::ZERO, count);
        match self.dropped.iter_mut().find(|known| known.reason == reason) {
            Some(known) => known.add(new),
            None => self.dropped.push(new.with_detail(detail())),
        }
    }

    /// How many packets were dropped undecoded in all.
    pub(super) const fn packets(&self) -> u64 {
        self.packets
    }

    /// What is to be reported.
    pub(super) fn take(&mut self) -> Vec<AudioDropped> {
        std::mem::take(&mut self.dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_adds_up_until_it_is_reported() {
        let mut drops = Drops::default();
        assert_eq!(drops.take(), []);
        (0..3).for_each(|_| drops.unknown(7, 0));
        drops.second(8);
        drops.no_room(0);
        drops.no_room(5);
        drops.set_unreadable(2);
        drops.set_unreadable(2);
        let of = |reason, count| AudioDropped::new(reason, Duration::ZERO, count);
        assert_eq!(
            drops.take(),
            [
                of(AudioDropReason::UnknownStream, 4).with_detail("source 7, payload type 0"),
                of(AudioDropReason::PlayoutFull, 5).with_detail("packets came faster than they were taken"),
                of(AudioDropReason::Unreadable, 2).with_detail("packets that are not Opus"),
            ]
        );
        drops.set_unreadable(3);
        assert_eq!(drops.take().first().map(|dropped| dropped.count), Some(1));
        assert_eq!(drops.packets(), 9, "those that were decoded in vain are counted elsewhere");
    }
}
