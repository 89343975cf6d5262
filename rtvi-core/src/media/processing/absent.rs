//! In place of the processing when the feature `processing` is off: it says so.

use crate::{
    error::{Error, ErrorKind},
    media::AudioFormat,
};

use super::{AudioProcessing, ProcessingStats};

/// Nothing: it can only be made without stages.
#[derive(Debug)]
pub struct VoiceProcessor;

impl VoiceProcessor {
    /// No processing.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`] when any stage is wanted.
    pub fn new(_format: AudioFormat, options: AudioProcessing) -> Result<Self, Error> {
        if options.is_off() {
            return Ok(Self);
        }
        Err(Error::new(
            ErrorKind::UnsupportedFeature,
            "audio processing: built without the feature `processing`",
        ))
    }

    /// Nothing to switch.
    pub const fn set_options(&mut self, _options: AudioProcessing) {}

    /// Never.
    pub const fn is_active(&self) -> bool {
        false
    }

    /// Ignored.
    pub const fn far_end(&mut self, _samples: &[i16], _format: AudioFormat) {}

    /// Leaves it as it is.
    pub const fn process(&mut self, _block: &mut [i16]) {}

    /// Nothing to tell.
    pub fn stats(&self) -> ProcessingStats {
        ProcessingStats::default()
    }
}
