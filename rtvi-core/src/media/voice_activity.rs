//! Voice activity detection: whether the user speaks, without the help of a server.
//!
//! May depend on `media::resample` and `crate::error`. The crate `earshot` (feature `processing`),
//! a small neural network in plain Rust, judges each window. Must have no clock: samples count the
//! time.

#[cfg(not(feature = "processing"))]
mod absent;
#[cfg(feature = "processing")]
mod listener;
#[cfg(feature = "processing")]
mod windows;

use std::time::Duration;

use serde::{Deserialize, Serialize};

#[cfg(not(feature = "processing"))]
pub use absent::VoiceActivity;
#[cfg(feature = "processing")]
pub use listener::VoiceActivity;

/// When speech counts as started and as ended.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "VoiceActivity"))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct VoiceActivityOptions {
    /// The likelihood from which audio counts as speech, 0 to 1. A higher value is less sensitive.
    /// Default: 0.5.
    pub threshold: f32,
    /// How long speech must last to count as started, so that a click does not. Default: 64 ms.
    #[serde(rename = "startAfterMs", with = "crate::media::millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub start_after: Duration,
    /// How long a pause must last to end speech, so that a breath does not. Default: 500 ms.
    #[serde(rename = "stopAfterMs", with = "crate::media::millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub stop_after: Duration,
}

impl Default for VoiceActivityOptions {
    fn default() -> Self {
        Self {
            threshold: 0.5,
            start_after: Duration::from_millis(64),
            stop_after: Duration::from_millis(500),
        }
    }
}
