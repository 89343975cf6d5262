//! Listens for speech: makes periods out of moments.

use std::time::Duration;

use crate::{error::Error, media::AudioFormat};

use super::{VoiceActivityOptions, windows::Windows};

/// Tells speech from everything else, 16 ms at a time. Allocates when made only.
#[derive(Debug)]
pub struct VoiceActivity {
    windows: Windows,
    decision: Decision,
}

impl VoiceActivity {
    /// For audio in `format`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a format that is not
    /// [supported](AudioFormat::is_supported); [`ErrorKind::UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) when built without the
    /// feature `processing`.
    pub fn new(format: AudioFormat, options: VoiceActivityOptions) -> Result<Self, Error> {
        Ok(Self { windows: Windows::new(format)?, decision: Decision::new(options) })
    }

    /// Listens to the next samples.
    pub fn process(&mut self, samples: &[i16]) {
        self.windows.process(samples, |likelihood| self.decision.take(likelihood));
    }

    /// Whether the user speaks.
    pub const fn is_speaking(&self) -> bool {
        self.decision.speaking
    }

    /// Begins anew, with silence.
    pub fn reset(&mut self) {
        self.windows.reset();
        self.decision = Decision::new(self.decision.options);
    }
}

/// How long one judgement is about.
const WINDOW: Duration = Duration::from_millis(16);

/// Makes periods of speech out of moments.
#[derive(Debug)]
struct Decision {
    options: VoiceActivityOptions,
    speaking: bool,
    /// For how long the moments have said otherwise.
    against: Duration,
}

impl Decision {
    const fn new(options: VoiceActivityOptions) -> Self {
        Self { options, speaking: false, against: Duration::ZERO }
    }

    fn take(&mut self, likelihood: f32) {
        if (likelihood >= self.options.threshold) == self.speaking {
            self.against = Duration::ZERO;
            return;
        }
        self.against += WINDOW;
        let enough = if self.speaking { self.options.stop_after } else { self.options.start_after };
        if self.against >= enough {
            self.speaking = !self.speaking;
            self.against = Duration::ZERO;
        }
    }
}

#[cfg(test)]
mod tests;
