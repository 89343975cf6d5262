//! Times in JSON: whole milliseconds where they are read, milliseconds with a fraction where they are written, as client-js has them.
//!
//! Depends on serde. Nothing else.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Reads a time of up to 49 days.
pub(crate) fn from_millis<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u32::deserialize(deserializer).map(|count| Duration::from_millis(count.into()))
}

/// Writes a time.
pub(crate) fn as_fraction<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    (time.as_secs_f64() * 1000.0).serialize(serializer)
}

/// Writes a time that may be unknown.
#[expect(clippy::ref_option, reason = "the form that serde wants")]
pub(crate) fn as_optional_fraction<S: Serializer>(
    time: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    time.map(|time| time.as_secs_f64() * 1000.0).serialize(serializer)
}
