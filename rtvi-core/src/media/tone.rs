//! A source of a steady tone.
//!
//! Pure; an [`AudioSource`] without a clock of its own.

use std::f64::consts::TAU;

use crate::error::{Error, ErrorKind};

use super::{AudioFormat, AudioSource};

/// An endless sine, the same on every channel.
#[derive(Clone, Copy, Debug)]
pub struct ToneSource {
    format: AudioFormat,
    peak: f64,
    /// Cycles per sample.
    step: f64,
    /// The position of the next sample in its cycle, 0 to 1.
    phase: f64,
}

impl ToneSource {
    /// A tone of `frequency` Hz whose peaks reach `amplitude` of full scale.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] unless the format is supported, `frequency` is above 0 and at
    /// most half the sample rate, and `amplitude` is 0 to 1.
    pub fn new(format: AudioFormat, frequency: f64, amplitude: f64) -> Result<Self, Error> {
        let invalid = |what: String| Err(Error::new(ErrorKind::InvalidArgument, what));
        if !format.is_supported() {
            return invalid(format!("a tone can't have {format}"));
        }
        let highest = f64::from(format.sample_rate) / 2.0;
        if !(frequency > 0.0 && frequency <= highest) {
            return invalid(format!("a tone of {frequency} Hz is not between 0 and {highest} Hz"));
        }
        if !(0.0..=1.0).contains(&amplitude) {
            return invalid(format!("a tone's amplitude of {amplitude} is not between 0 and 1"));
        }
        let step = frequency / f64::from(format.sample_rate);
        Ok(Self { format, peak: amplitude * f64::from(i16::MAX), step, phase: 0.0 })
    }
}

impl AudioSource for ToneSource {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn available(&self) -> Option<usize> {
        None
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        let channels = usize::from(self.format.channels);
        for group in out.chunks_exact_mut(channels) {
            group.fill(((self.phase * TAU).sin() * self.peak).round() as i16);
            self.phase = (self.phase + self.step).fract();
        }
        out.len() - out.len() % channels
    }

    fn is_finished(&self) -> bool {
        false
    }

    fn stop(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_the_wanted_wave() {
        let format = AudioFormat { sample_rate: 8_000, channels: 2 };
        let mut tone = ToneSource::new(format, 1_000.0, 0.5).unwrap();
        let mut out = [0; 17];
        assert_eq!(tone.read(&mut out), 16);
        let left: Vec<i16> = out[..16].iter().step_by(2).copied().collect();
        assert_eq!(left, [0, 11_585, 16_384, 11_585, 0, -11_585, -16_384, -11_585]);
        assert!(out[..16].chunks(2).all(|pair| pair[0] == pair[1]));
        assert_eq!(out[16], 0);
    }

    #[test]
    fn continues_between_reads() {
        let format = AudioFormat::mono(16_000);
        let (mut once, mut twice) = ([0; 200], [0; 200]);
        ToneSource::new(format, 441.0, 1.0).unwrap().read(&mut once);
        let mut tone = ToneSource::new(format, 441.0, 1.0).unwrap();
        tone.read(&mut twice[..77]);
        tone.read(&mut twice[77..]);
        assert_eq!(once, twice);
    }

    #[test]
    fn refuses_impossible_tones() {
        let format = AudioFormat::mono(16_000);
        for (format, frequency, amplitude) in [
            (format, 0.0, 1.0),
            (format, f64::NAN, 1.0),
            (format, 8_001.0, 1.0),
            (format, 440.0, 1.5),
            (format, 440.0, -0.1),
            (AudioFormat::mono(0), 440.0, 0.5),
        ] {
            let error = ToneSource::new(format, frequency, amplitude).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        }
    }
}
