//! Takes the place of the detector without the feature `processing`.

use crate::{
    error::{Error, ErrorKind},
    media::AudioFormat,
};

use super::VoiceActivityOptions;

/// Can't be created.
#[derive(Debug)]
pub struct VoiceActivity(());

impl VoiceActivity {
    /// Fails: this build can't detect speech.
    ///
    /// # Errors
    /// Always [`ErrorKind::UnsupportedFeature`].
    pub fn new(_format: AudioFormat, _options: VoiceActivityOptions) -> Result<Self, Error> {
        let message = "local voice activity: built without the feature `processing`";
        Err(Error::new(ErrorKind::UnsupportedFeature, message))
    }

    /// Does nothing.
    pub const fn process(&mut self, _samples: &[i16]) {}

    /// False.
    pub const fn is_speaking(&self) -> bool {
        let Self(()) = self;
        false
    }

    /// Does nothing.
    pub const fn reset(&mut self) {}
}
