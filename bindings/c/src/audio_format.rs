//! Sample rate and channels as C sees them.
//!
//! Depends on nothing.

use rtvi_core::media::AudioFormat;

/// The format of 16-bit samples.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct rtvi_audio_format {
    /// Samples per second in each channel: 1000 to 384000.
    pub sample_rate: u32,
    /// The number of interleaved channels: 1 to 8.
    pub channels: u16,
}

impl From<rtvi_audio_format> for AudioFormat {
    fn from(format: rtvi_audio_format) -> Self {
        Self { sample_rate: format.sample_rate, channels: format.channels }
    }
}
