//! A source of silence.
//!
//! Pure; an [`AudioSource`] without a clock of its own.

use crate::error::Error;

use super::{AudioFormat, AudioSource};

/// An endless source of silence.
#[derive(Clone, Copy, Debug)]
pub struct SilenceSource {
    format: AudioFormat,
}

impl SilenceSource {
    /// Silence in `format`.
    pub const fn new(format: AudioFormat) -> Self {
        Self { format }
    }
}

impl AudioSource for SilenceSource {
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
        out.fill(0);
        out.len()
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
    fn is_endless_and_silent() {
        let mut source = SilenceSource::new(AudioFormat::mono(16_000));
        let mut out = [7; 320];
        assert_eq!(source.read(&mut out), 320);
        assert_eq!(out, [0; 320]);
        assert!(source.available().is_none() && !source.is_finished());
    }
}
