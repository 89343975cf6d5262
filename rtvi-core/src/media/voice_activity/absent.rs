//! In place of listening when the feature `processing` is off: it says so.

use crate::{
    error::{Error, ErrorKind},
    media::AudioFormat,
};

use super::VoiceActivityOptions;

/// Nothing: it can't be made.
#[derive(Debug)]
pub struct VoiceActivity(());

impl VoiceActivity {
    /// Speech can't be told in this build.
    ///
    /// # Errors
    /// Always [`ErrorKind::UnsupportedFeature`].
    pub fn new(_format: AudioFormat, _options: VoiceActivityOptions) -> Result<Self, Error> {
        let message = "local voice activity: built without the feature `processing`";
        Err(Error::new(ErrorKind::UnsupportedFeature, message))
    }

    /// Ignored.
    pub const fn process(&mut self, _samples: &[i16]) {}

    /// Never.
    pub const fn is_speaking(&self) -> bool {
        let Self(()) = self;
        false
    }

    /// Nothing to begin anew.
    pub const fn reset(&mut self) {}
}
