//! The voice activity detector: turns likelihoods into periods of speech.

use std::time::Duration;

use crate::{error::Error, media::AudioFormat};

use super::{VoiceActivityOptions, windows::Windows};

/// Detects speech in windows of 16 ms. Allocates only when created.
#[derive(Debug)]
pub struct VoiceActivity {
    windows: Windows,
    decision: Decision,
}

impl VoiceActivity {
    /// A detector for audio in `format`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a format that is not
    /// [supported](AudioFormat::is_supported);
    /// [`ErrorKind::UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) when built without
    /// the feature `processing`.
    pub fn new(format: AudioFormat, options: VoiceActivityOptions) -> Result<Self, Error> {
        Ok(Self { windows: Windows::new(format)?, decision: Decision::new(options) })
    }

    /// Processes the next samples.
    pub fn process(&mut self, samples: &[i16]) {
        self.windows.process(samples, |likelihood| self.decision.take(likelihood));
    }

    /// Whether the user speaks.
    pub const fn is_speaking(&self) -> bool {
        self.decision.speaking
    }

    /// Starts again with silence.
    pub fn reset(&mut self) {
        self.windows.reset();
        self.decision = Decision::new(self.decision.options);
    }
}

/// The duration of a window.
const WINDOW: Duration = Duration::from_millis(16);

/// Turns the likelihoods of windows into periods of speech.
#[derive(Debug)]
struct Decision {
    options: VoiceActivityOptions,
    speaking: bool,
    /// How long the windows have contradicted `speaking`.
    contradicted: Duration,
}

impl Decision {
    const fn new(options: VoiceActivityOptions) -> Self {
        Self { options, speaking: false, contradicted: Duration::ZERO }
    }

    fn take(&mut self, likelihood: f32) {
        if (likelihood >= self.options.threshold) == self.speaking {
            self.contradicted = Duration::ZERO;
            return;
        }
        self.contradicted += WINDOW;
        let enough = if self.speaking { self.options.stop_after } else { self.options.start_after };
        if self.contradicted >= enough {
            self.speaking = !self.speaking;
            self.contradicted = Duration::ZERO;
        }
    }
}

#[cfg(test)]
mod tests;
