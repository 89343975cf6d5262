//! Times in JSON: whole milliseconds.
//!
//! Depends on serde. Nothing else.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// Reads a time of up to 49 days.
pub(crate) fn from_millis<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u32::deserialize(deserializer).map(|count| Duration::from_millis(count.into()))
}
