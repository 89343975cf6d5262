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

use serde::Deserialize;

#[cfg(not(feature = "processing"))]
pub use absent::VoiceActivity;
#[cfg(feature = "processing")]
pub use listener::VoiceActivity;

use super::from_millis;

/// When speech counts as begun and as ended.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct VoiceActivityOptions {
    /// From which likelihood on a moment counts as speech, 0 to 1; default 0.5. Higher is deafer.
    pub threshold: f32,
    /// How long there must be speech until it has begun; default 64 ms, so that a click is none.
    #[serde(rename = "startAfterMs", deserialize_with = "from_millis")]
    pub start_after: Duration,
    /// How long there must be none until it has ended; default 500 ms, so that a breath does not end it.
    #[serde(rename = "stopAfterMs", deserialize_with = "from_millis")]
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
