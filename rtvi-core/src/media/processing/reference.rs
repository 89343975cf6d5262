//! The far end of the echo canceller: the samples that the speaker plays, in blocks.

use crate::media::{AudioFormat, Resampler};

use super::BLOCK;

/// The rate for audio whose own rate has no whole number of samples in a block.
const FALLBACK_RATE: u32 = 48_000;

/// Splits the speaker's samples into mono blocks of 10 ms.
#[derive(Debug, Default)]
pub(super) struct Reference {
    format: Option<AudioFormat>,
    /// Converts to mono, and to another rate if necessary.
    converter: Option<Resampler>,
    pending: Vec<i16>,
    played: Vec<i16>,
}

impl Reference {
    /// Takes samples in `format`. Passes each whole block to `process`, with an output block of the
    /// same size and the rate of both.
    pub(super) fn take(
        &mut self,
        samples: &[i16],
        format: AudioFormat,
        mut process: impl FnMut(&[i16], &mut [i16], u32),
    ) {
        if self.format != Some(format) {
            self.begin(format);
        }
        let Some(converter) = &mut self.converter else { return };
        converter.process(samples, &mut self.pending);
        let length = self.played.len().max(1);
        let whole = self.pending.len() - self.pending.len() % length;
        for block in self.pending.get(..whole).unwrap_or_default().chunks_exact(length) {
            process(block, &mut self.played, converter.to().sample_rate);
        }
        self.pending.drain(..whole);
    }

    fn begin(&mut self, format: AudioFormat) {
        let rate = if format.sample_rate.is_multiple_of(100) { format.sample_rate } else { FALLBACK_RATE };
        let mono = AudioFormat::mono(rate);
        self.format = Some(format);
        self.converter = Resampler::new(format, mono).ok();
        self.pending.clear();
        self.played.resize(mono.samples_in(BLOCK), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(reference: &mut Reference, samples: &[i16], format: AudioFormat) -> Vec<(Vec<i16>, u32)> {
        let mut given = Vec::new();
        reference.take(samples, format, |block, played, rate| {
            assert_eq!(block.len(), played.len());
            given.push((block.to_vec(), rate));
        });
        given
    }

    #[test]
    fn cuts_and_keeps_the_rest() {
        let mut reference = Reference::default();
        let format = AudioFormat::mono(16_000);
        assert!(blocks(&mut reference, &[1; 100], format).is_empty());
        let given = blocks(&mut reference, &[2; 250], format);
        assert_eq!(given, [([vec![1; 100], vec![2; 60]].concat(), 16_000), (vec![2; 160], 16_000)]);
    }

    #[test]
    fn mixes_channels_and_brings_odd_rates_to_a_usable_one() {
        let mut reference = Reference::default();
        let stereo = AudioFormat { sample_rate: 24_000, channels: 2 };
        assert_eq!(blocks(&mut reference, &[[4, 8]; 240].concat(), stereo), [(vec![6; 240], 24_000)]);
        let odd = blocks(&mut reference, &vec![5; 11_025], AudioFormat::mono(11_025));
        assert!(
            (98..=100).contains(&odd.len())
                && odd.iter().all(|(block, rate)| block.len() == 480 && *rate == 48_000)
        );
        assert!(blocks(&mut reference, &[1; 100], AudioFormat::mono(0)).is_empty());
    }
}
