//! What the client's own audio path dropped since it was reported last.
//!
//! Pure. Looked at by the audio task a few times a second; how often it is reported to the app is the machine's business.

use std::time::Duration;

use crate::media::{AudioDropReason, AudioDropped};

/// Counts that only grow: how much was dropped, in how many pieces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) time: Duration,
    pub(super) count: u64,
}

/// What was reported for each reason.
#[derive(Debug, Default)]
pub(super) struct Reported {
    amounts: Vec<(AudioDropReason, Amount)>,
}

impl Reported {
    /// What was dropped for a reason since the last report of it, of which `report` takes note; when it can't, it stays for the next
    /// time. A count that was set back begins at zero.
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
}

impl Reported {
    /// Forgets what was reported for a reason: what counts it begins at zero again.
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
            let mut told = None;
            reported.follow(REASON, present, |dropped| {
                told = Some(dropped);
                takes
            });
            told
        };
        assert_eq!(follow(Amount::default(), true), None);
        assert_eq!(follow(amount(40, 2), true), dropped(40, 2));
        assert_eq!(follow(amount(40, 2), true), None);
        assert_eq!(follow(amount(60, 3), false), dropped(20, 1));
        assert_eq!(follow(amount(100, 5), true), dropped(60, 3), "with what could not be told before");
        assert_eq!(follow(amount(20, 1), true), dropped(20, 1), "of a device that counts from the beginning");
        assert_eq!(follow(Amount::default(), true), None, "again");
        assert_eq!(follow(amount(40, 2), true), dropped(40, 2), "and has lost more than before");
    }
}
