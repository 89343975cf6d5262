//! Whether the user speaks, found out here and not by the server.
//!
//! May depend on `media::resample` and `crate::error`; the judgement of a moment is the crate `earshot`'s (feature `processing`), a small
//! neural network in plain Rust. Must never look at a clock: time is counted in samples.

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

/// When speech counts as begun and as ended.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "VoiceActivity"))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct VoiceActivityOptions {
    /// From which likelihood on a moment counts as speech, 0 to 1. Higher is deafer. Default: 0.5.
    pub threshold: f32,
    /// How long there must be speech until it has begun, so that a click is none. Default: 64 ms.
    #[serde(rename = "startAfterMs", with = "crate::media::millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub start_after: Duration,
    /// How long there must be none until it has ended, so that a breath does not end it. Default: 500 ms.
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
