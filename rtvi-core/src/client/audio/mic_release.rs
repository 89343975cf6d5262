//! When a muted microphone is released.
//!
//! Pure: counts the time passed to it. Must not know the microphone.

use std::time::Duration;

/// Counts down from muting to the release, which is due once.
#[derive(Debug)]
pub(super) struct MicRelease {
    /// How long after muting; while absent, never.
    after: Option<Duration>,
    /// The time left; absent while unmuted and after the release.
    left: Option<Duration>,
}

impl MicRelease {
    pub(super) const fn new(after: Option<Duration>) -> Self {
        Self { after, left: None }
    }

    /// The open microphone was muted or unmuted.
    pub(super) fn set_muted(&mut self, muted: bool) {
        self.left = self.after.filter(|_| muted);
    }

    /// Lets `time` pass. Returns whether the release is due.
    pub(super) fn is_due(&mut self, time: Duration) -> bool {
        self.left = self.left.map(|left| left.saturating_sub(time));
        self.left.take_if(|left| left.is_zero()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn it_comes_once_after_its_time() {
        let mut release = MicRelease::new(Some(2 * SECOND));
        assert!(!release.is_due(5 * SECOND), "nothing is muted");
        release.set_muted(true);
        assert_eq!([SECOND, SECOND, SECOND].map(|time| release.is_due(time)), [false, true, false]);
    }

    #[test]
    fn unmuting_calls_it_off() {
        let mut release = MicRelease::new(Some(2 * SECOND));
        release.set_muted(true);
        assert!(!release.is_due(SECOND));
        release.set_muted(false);
        assert!(!release.is_due(5 * SECOND));
        release.set_muted(true);
        assert_eq!(
            [SECOND, SECOND].map(|time| release.is_due(time)),
            [false, true],
            "it counts from the last muting"
        );
    }

    #[test]
    fn at_once_or_never() {
        let mut at_once = MicRelease::new(Some(Duration::ZERO));
        at_once.set_muted(true);
        assert!(at_once.is_due(Duration::ZERO));
        let mut never = MicRelease::new(None);
        never.set_muted(true);
        assert!(!never.is_due(Duration::MAX));
    }
}
