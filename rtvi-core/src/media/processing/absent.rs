//! Takes the place of the processor without the feature `processing`.

use crate::{
    error::{Error, ErrorKind},
    media::AudioFormat,
};

use super::{AudioProcessing, ProcessingStats};

/// A processor without stages.
#[derive(Debug)]
pub struct VoiceProcessor;

impl VoiceProcessor {
    /// Fails unless all stages are off.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`] when any stage is on.
    pub fn new(_format: AudioFormat, options: AudioProcessing) -> Result<Self, Error> {
        if options.is_off() {
            return Ok(Self);
        }
        Err(Error::new(
            ErrorKind::UnsupportedFeature,
            "audio processing: built without the feature `processing`",
        ))
    }

    /// Does nothing.
    pub const fn set_options(&mut self, _options: AudioProcessing) {}

    /// False.
    pub const fn is_active(&self) -> bool {
        false
    }

    /// Does nothing.
    pub const fn far_end(&mut self, _samples: &[i16], _format: AudioFormat) {}

    /// Does nothing.
    pub const fn process(&mut self, _block: &mut [i16]) {}

    /// No measurements.
    pub fn stats(&self) -> ProcessingStats {
        ProcessingStats::default()
    }
}
