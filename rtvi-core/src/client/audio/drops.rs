//! How much audio the client itself has dropped since the last report.
//!
//! Pure. The audio task reports a few times a second; the machine limits how often the app hears of
//! it.

use std::time::Duration;

use crate::media::{AudioDropReason, AudioDropped};

/// How much was dropped, and in how many frames. Both only grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) time: Duration,
    pub(super) count: u64,
}

impl Amount {
    /// A time, counted in frames of this length, the last of which may be incomplete.
    pub(super) fn in_frames(time: Duration, frame: Duration) -> Self {
        let count = time.as_nanos().div_ceil(frame.as_nanos().max(1));
        Self { time, count: u64::try_from(count).unwrap_or(u64::MAX) }
    }
}

/// The amounts reported so far for each reason.
#[derive(Debug, Default)]
pub(super) struct Reported {
    amounts: Vec<(AudioDropReason, Amount)>,
}

impl Reported {
    /// Calls `report` with the amount dropped for a reason since its last report. When `report`
    /// returns false, the amount stays for the next call. A total that is smaller than before
    /// counts from zero.
    pub(super) fn follow(
        &mut self,
        reason: AudioDropReason,
        present: Amount,
        report: impl FnOnce(AudioDropped) -> bool,
    ) {
        let index = self.amounts.iter().position(|(known, _)| *known == reason);
        let before = index.and_then(|index| self.amounts.get(index)).map(|(_, amount)| *amount);
        let before = before.filter(|before| before.count <= present.count).unwrap_or_default();
        let time = present.time.saturating_sub(before.time);
        if present != before && !report(AudioDropped::new(reason, time, present.count - before.count)) {
            return;
        }
        match index.and_then(|index| self.amounts.get_mut(index)) {
            Some((_, amount)) => *amount = present,
            None => self.amounts.push((reason, present)),
        }
    }

    /// Forgets the amount reported for a reason, whose total starts at zero again.
    pub(super) fn forget(&mut self, reason: AudioDropReason) {
        self.amounts.retain(|(known, _)| *known != reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REASON: AudioDropReason = AudioDropReason::PlayoutFull;

    const fn amount(millis: u64, count: u64) -> Amount {
        Amount { time: Duration::from_millis(millis), count }
    }

    fn dropped(millis: u64, count: u64) -> Option<AudioDropped> {
        Some(AudioDropped::new(REASON, Duration::from_millis(millis), count))
    }

    #[test]
    fn only_what_is_new_is_reported_and_nothing_is_lost() {
        let mut reported = Reported::default();
        let mut follow = |present, takes| {
            let mut reported_now = None;
            reported.follow(REASON, present, |dropped| {
                reported_now = Some(dropped);
                takes
            });
            reported_now
        };
        assert_eq!(follow(Amount::default(), true), None);
        assert_eq!(follow(amount(40, 2), true), dropped(40, 2));
        assert_eq!(follow(amount(40, 2), true), None);
        assert_eq!(follow(amount(60, 3), false), dropped(20, 1));
        assert_eq!(follow(amount(100, 5), true), dropped(60, 3), "with what could not be reported before");
        assert_eq!(follow(amount(20, 1), true), dropped(20, 1), "of a device that counts from the beginning");
        assert_eq!(follow(Amount::default(), true), None, "again");
        assert_eq!(follow(amount(40, 2), true), dropped(40, 2), "and has lost more than before");
    }
}
