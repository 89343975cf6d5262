//! A duration as a whole number of nanoseconds, exact, so that deadlines of a replay fall where they fell.
//!
//! Pure.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// Nanoseconds, [`MAX_NANOS`] at most: what is longer counts as that long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u64")]
pub(crate) struct Nanos(u64);

/// Longer than any session: 400 days.
const MAX_NANOS: u64 = 400 * 86_400 * 1_000_000_000;

impl Nanos {
    /// When `time` will have passed. Whatever an app chose, `Duration::MAX` for "never" too: there is always such a moment.
    pub(crate) fn after(now: Instant, time: Duration) -> Instant {
        now + Duration::from(Self::from(time))
    }
}

impl From<Duration> for Nanos {
    fn from(time: Duration) -> Self {
        Self(u64::try_from(time.as_nanos()).unwrap_or(MAX_NANOS).min(MAX_NANOS))
    }
}

impl From<Nanos> for Duration {
    fn from(time: Nanos) -> Self {
        Self::from_nanos(time.0)
    }
}

impl TryFrom<u64> for Nanos {
    type Error = &'static str;

    fn try_from(nanos: u64) -> Result<Self, &'static str> {
        if nanos > MAX_NANOS { Err("a time of more than 400 days") } else { Ok(Self(nanos)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_exact_and_bounded() {
        let time = Duration::new(86_400, 1);
        assert_eq!(Duration::from(Nanos::from(time)), time);
        assert_eq!(Nanos::from(Duration::MAX), Nanos(MAX_NANOS));
        assert!(serde_json::from_str::<Nanos>("34560000000000001").is_err());
        assert_eq!(serde_json::from_str::<Nanos>("1").unwrap(), Nanos(1));
    }
}
