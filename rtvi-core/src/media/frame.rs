//! Audio formats and frames.
//!
//! Plain values, no I/O and no clock.

use std::{fmt, sync::Arc, time::Duration};

/// The lowest supported sample rate, in Hz. Audio below it is refused or dropped.
pub const MIN_SAMPLE_RATE: u32 = 1_000;

/// The highest supported sample rate, in Hz. Audio above it is refused or dropped.
pub const MAX_SAMPLE_RATE: u32 = 384_000;

/// The largest supported number of channels. Audio with more is refused or dropped.
pub const MAX_CHANNELS: u16 = 8;

/// The sample rate and the number of channels of 16-bit PCM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AudioFormat {
    /// Samples per second in each channel, in Hz.
    pub sample_rate: u32,
    /// Number of interleaved channels.
    pub channels: u16,
}

impl AudioFormat {
    /// One channel at `sample_rate` Hz.
    pub const fn mono(sample_rate: u32) -> Self {
        Self { sample_rate, channels: 1 }
    }

    /// The number of samples in `time`, all channels together, rounded down to whole groups of one
    /// sample per channel.
    pub fn samples_in(self, time: Duration) -> usize {
        let groups = u128::from(self.sample_rate).saturating_mul(time.as_micros()) / 1_000_000;
        usize::try_from(groups).unwrap_or(usize::MAX).saturating_mul(usize::from(self.channels))
    }

    /// The duration of `samples` samples, all channels together. Zero for a format without a rate
    /// or channels.
    pub fn duration_of(self, samples: usize) -> Duration {
        let per_second = u64::from(self.sample_rate) * u64::from(self.channels);
        match (samples as u64).saturating_mul(1_000_000).checked_div(per_second) {
            Some(micros) => Duration::from_micros(micros),
            None => Duration::ZERO,
        }
    }

    /// Whether the rate is between [`MIN_SAMPLE_RATE`] and [`MAX_SAMPLE_RATE`], and the number of
    /// channels between one and [`MAX_CHANNELS`].
    pub const fn is_supported(self) -> bool {
        self.sample_rate >= MIN_SAMPLE_RATE
            && self.sample_rate <= MAX_SAMPLE_RATE
            && self.channels >= 1
            && self.channels <= MAX_CHANNELS
    }
}

impl fmt::Display for AudioFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.channels == 1 { "" } else { "s" };
        write!(f, "{} Hz with {} channel{plural}", self.sample_rate, self.channels)
    }
}

/// A piece of audio, as it passes between the client and a transport.
///
/// Clones share the samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioFrame {
    /// The format of `samples`.
    pub format: AudioFormat,
    /// The samples, channels interleaved.
    pub samples: Arc<[i16]>,
}

impl AudioFrame {
    /// A frame of these samples.
    pub fn new(format: AudioFormat, samples: impl Into<Arc<[i16]>>) -> Self {
        Self { format, samples: samples.into() }
    }

    /// A frame of 16-bit little-endian PCM; `None` when the last sample is incomplete.
    pub fn from_le_bytes(format: AudioFormat, pcm: &[u8]) -> Option<Self> {
        let (samples, rest) = pcm.as_chunks();
        let samples = || samples.iter().map(|sample| i16::from_le_bytes(*sample)).collect();
        rest.is_empty().then(|| Self { format, samples: samples() })
    }

    /// The duration of the frame.
    pub fn duration(&self) -> Duration {
        self.format.duration_of(self.samples.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_samples_and_time() {
        let stereo = AudioFormat { sample_rate: 44_100, channels: 2 };
        assert_eq!(stereo.samples_in(Duration::from_millis(20)), 1764);
        assert_eq!(stereo.duration_of(88_200), Duration::from_secs(1));
        assert_eq!(AudioFormat::mono(11_025).samples_in(Duration::from_millis(20)), 220);
    }

    #[test]
    fn survives_absurd_values() {
        let none = AudioFormat { sample_rate: 0, channels: 0 };
        assert_eq!(none.duration_of(100), Duration::ZERO);
        assert_eq!(none.samples_in(Duration::MAX), 0);
        let most = AudioFormat { sample_rate: u32::MAX, channels: u16::MAX };
        assert_eq!(most.samples_in(Duration::MAX), usize::MAX);
        assert!(!none.is_supported() && !most.is_supported());
        assert!(AudioFormat::mono(8_000).is_supported());
    }

    #[test]
    fn bytes_become_samples() {
        let format = AudioFormat::mono(8_000);
        let frame = AudioFrame::from_le_bytes(format, &[1, 2, 0xFE, 0xFF]);
        assert_eq!(frame, Some(AudioFrame::new(format, [0x0201, -2])));
        assert_eq!(AudioFrame::from_le_bytes(format, &[1, 2, 3]), None);
        assert_eq!(AudioFrame::from_le_bytes(format, &[]), Some(AudioFrame::new(format, [])));
    }

    #[test]
    fn reads_well() {
        assert_eq!(AudioFormat::mono(16_000).to_string(), "16000 Hz with 1 channel");
        assert_eq!(AudioFormat { sample_rate: 8_000, channels: 2 }.to_string(), "8000 Hz with 2 channels");
    }
}
