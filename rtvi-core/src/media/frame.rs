//! Audio formats and frames.
//!
//! Plain values, no I/O and no clock.

use std::time::Duration;

use bytes::Bytes;

/// Sample rate and channel count of 16-bit PCM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AudioFormat {
    /// Samples per second and channel, in Hz.
    pub sample_rate: u32,
    /// Number of interleaved channels.
    pub channels: u16,
}

impl AudioFormat {
    /// One channel at `sample_rate` Hz.
    pub const fn mono(sample_rate: u32) -> Self {
        Self { sample_rate, channels: 1 }
    }

    /// How many samples, all channels together, `time` takes; rounded down to whole sample groups.
    pub fn samples_in(self, time: Duration) -> usize {
        let groups =
            u64::from(self.sample_rate) * u64::try_from(time.as_micros()).unwrap_or(u64::MAX) / 1_000_000;
        usize::try_from(groups).unwrap_or(usize::MAX).saturating_mul(usize::from(self.channels))
    }

    /// How long `samples` samples, all channels together, play. Zero for a format without rate or channels.
    pub fn duration_of(self, samples: usize) -> Duration {
        let per_second = u64::from(self.sample_rate) * u64::from(self.channels);
        match (samples as u64 * 1_000_000).checked_div(per_second) {
            Some(micros) => Duration::from_micros(micros),
            None => Duration::ZERO,
        }
    }
}

/// A piece of audio as it crosses the transport seam: 16-bit little-endian PCM, channels interleaved.
///
/// Cloning shares the samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioFrame {
    /// How to read `pcm`.
    pub format: AudioFormat,
    /// The samples' bytes.
    pub pcm: Bytes,
}

impl AudioFrame {
    /// How long the frame plays.
    pub fn duration(&self) -> Duration {
        self.format.duration_of(self.pcm.len() / 2)
    }
}
