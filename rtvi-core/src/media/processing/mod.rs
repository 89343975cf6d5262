//! Processing of the microphone's audio: echo cancellation, noise suppression, automatic gain
//! control and a high-pass filter.
//!
//! May depend on `media::frame` and `crate::error`. The crate `sonora` (feature `processing`) does
//! the work. Must have no clock: the order of calls aligns the far end with the near end.

#[cfg(not(feature = "processing"))]
mod absent;
#[cfg(feature = "processing")]
mod reference;
#[cfg(feature = "processing")]
mod voice_processor;

use std::time::Duration;

use serde::{Deserialize, Serialize};

#[cfg(not(feature = "processing"))]
pub use absent::VoiceProcessor;
#[cfg(feature = "processing")]
pub use voice_processor::VoiceProcessor;

/// How much audio is processed at once.
pub(crate) const BLOCK: Duration = Duration::from_millis(10);

/// The processing stages of the user's audio. Each can be turned on or off during a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct AudioProcessing {
    /// Removes the bot's voice from the microphone's audio, even while the user speaks. It finds
    /// the delay between speaker and microphone itself, up to about half a second, and includes the
    /// high-pass filter. Without it, a bot on a loudspeaker interrupts itself. Default: false.
    pub echo_cancellation: bool,
    /// Removes steady noise, by about 12 dB. Default: false.
    pub noise_suppression: bool,
    /// Amplifies quiet speech and limits loud speech. Default: false.
    pub gain_control: bool,
    /// Removes rumble and hum below about 100 Hz. Default: false.
    pub high_pass: bool,
}

impl AudioProcessing {
    /// No stages: for audio that is clean already, such as a file's or that of a phone's own voice
    /// processing.
    pub const OFF: Self =
        Self { echo_cancellation: false, noise_suppression: false, gain_control: false, high_pass: false };

    /// All stages: for an unprocessed microphone.
    pub const ALL: Self =
        Self { echo_cancellation: true, noise_suppression: true, gain_control: true, high_pass: true };

    /// Whether all stages are off.
    pub const fn is_off(self) -> bool {
        !(self.echo_cancellation || self.noise_suppression || self.gain_control || self.high_pass)
    }
}

/// Measurements of the processing of the microphone's audio.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct ProcessingStats {
    /// How far the echo lags behind the speaker, as the echo canceller has measured.
    pub echo_delay: Option<Duration>,
    /// How much weaker the echo became, in decibels, as the echo canceller estimates (ERLE).
    pub echo_reduction_db: Option<f32>,
}
