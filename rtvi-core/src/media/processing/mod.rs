//! Making the microphone fit for talking to a bot: echo cancellation, noise suppression, automatic gain, high-pass filter.
//!
//! May depend on `media::frame` and `crate::error`; the work itself is the crate `sonora`'s (feature `processing`). Must never
//! look at a clock: far end and near end are matched by the order of calls.

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

/// Which stages the user's audio goes through before it is sent. Each can be switched while a session runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct AudioProcessing {
    /// Removes what the microphone hears of the bot, also while the user speaks. It finds the delay between speaker and
    /// microphone itself, up to about half a second, and brings the high-pass filter with it. Without it a bot on a
    /// loudspeaker interrupts itself. Default: false.
    pub echo_cancellation: bool,
    /// Removes steady noise, by about 12 dB. Default: false.
    pub noise_suppression: bool,
    /// Brings quiet speech to the usual loudness and limits loud speech. Default: false.
    pub gain_control: bool,
    /// Removes rumble and hum below about 100 Hz. Default: false.
    pub high_pass: bool,
}

impl AudioProcessing {
    /// No stage: the audio is sent as it comes. For audio that is clean already, such as a file's or a phone's own
    /// voice-processing unit's.
    pub const OFF: Self =
        Self { echo_cancellation: false, noise_suppression: false, gain_control: false, high_pass: false };

    /// All stages: for the plain microphone of a device.
    pub const ALL: Self =
        Self { echo_cancellation: true, noise_suppression: true, gain_control: true, high_pass: true };

    /// Whether there is a stage at all.
    pub const fn is_off(self) -> bool {
        !(self.echo_cancellation || self.noise_suppression || self.gain_control || self.high_pass)
    }
}

/// How the processing of the microphone does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct ProcessingStats {
    /// By how much the echo lags behind what was given to the speaker, as the echo canceller has found out.
    pub echo_delay: Option<Duration>,
    /// How much weaker the echo was made, in decibels, as the echo canceller reckons (ERLE).
    pub echo_reduction_db: Option<f32>,
}
