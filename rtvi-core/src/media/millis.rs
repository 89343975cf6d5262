//! Durations in JSON: whole milliseconds up to 49 days in options, fractions of them in events, as
//! in client-js.
//!
//! Depends on serde only.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Reads a duration.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u32::deserialize(deserializer).map(from_count)
}

/// Writes a duration of at most 49 days; a longer one becomes 49 days.
pub(crate) fn serialize<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    count(*time).serialize(serializer)
}

fn from_count(count: u32) -> Duration {
    Duration::from_millis(count.into())
}

fn count(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

/// A duration or `null`.
pub(crate) mod option {
    use super::*;

    /// Reads a duration or `null`.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<u32>::deserialize(deserializer)?.map(from_count))
    }

    /// Writes a duration or `null`.
    pub(crate) fn serialize<S: Serializer>(
        time: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(count).serialize(serializer)
    }
}

/// Writes a duration with its fraction.
pub(crate) fn as_fraction<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    (time.as_secs_f64() * 1000.0).serialize(serializer)
}

/// Writes a duration that may be unknown.
#[expect(clippy::ref_option, reason = "serde's form")]
pub(crate) fn as_optional_fraction<S: Serializer>(
    time: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    time.map(|time| time.as_secs_f64() * 1000.0).serialize(serializer)
}
