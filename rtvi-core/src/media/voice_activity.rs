//! Whether the user speaks, found out here and not by the server.
//!
//! May depend on `media::resample` and `crate::error`; the judgement of a moment is the crate `earshot`'s (feature `processing`), a small
//! neural network in plain Rust. Must never look at a clock: time is counted in samples.

#[cfg(feature = "processing")]
mod detector;

use std::time::Duration;

use crate::error::Error;
#[cfg(not(feature = "processing"))]
use crate::error::ErrorKind;

use super::AudioFormat;

/// When speech counts as begun and as ended.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct VoiceActivityOptions {
    /// From which likelihood on a moment counts as speech, 0 to 1; default 0.5. Higher is deafer.
    pub threshold: f32,
    /// How long there must be speech until it has begun; default 64 ms, so that a click is none.
    pub start_after: Duration,
    /// How long there must be none until it has ended; default 500 ms, so that a breath does not end it.
    pub stop_after: Duration,
}

impl Default for VoiceActivityOptions {
    fn default() -> Self {
        Self {
            threshold: 0.5,
            start_after: Duration::from_millis(64),
            stop_after: Duration::from_millis(500),
        }
    }
}

/// Tells speech from everything else, 16 ms at a time. Allocates when made only.
#[derive(Debug)]
pub struct VoiceActivity {
    #[cfg(feature = "processing")]
    detector: detector::Windows,
    decision: Decision,
}

impl VoiceActivity {
    /// For audio in `format`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a format that is not
    /// [supported](AudioFormat::is_supported); [`ErrorKind::UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) when built without the
    /// feature `processing`.
    #[cfg(feature = "processing")]
    pub fn new(format: AudioFormat, options: VoiceActivityOptions) -> Result<Self, Error> {
        Ok(Self { detector: detector::Windows::new(format)?, decision: Decision::new(options) })
    }

    /// Voice activity can't be told in this build.
    ///
    /// # Errors
    /// Always [`ErrorKind::UnsupportedFeature`]: built without the feature `processing`.
    #[cfg(not(feature = "processing"))]
    pub fn new(_format: AudioFormat, _options: VoiceActivityOptions) -> Result<Self, Error> {
        let message = "local voice activity: built without the feature `processing`";
        Err(Error::new(ErrorKind::UnsupportedFeature, message))
    }

    /// Listens to the next samples.
    pub fn process(&mut self, samples: &[i16]) {
        #[cfg(feature = "processing")]
        self.detector.process(samples, |likelihood| self.decision.take(likelihood));
        #[cfg(not(feature = "processing"))]
        let _ = samples;
    }

    /// Whether the user speaks.
    pub const fn is_speaking(&self) -> bool {
        self.decision.speaking
    }

    /// Begins anew, with silence.
    pub fn reset(&mut self) {
        #[cfg(feature = "processing")]
        self.detector.reset();
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
#[cfg(feature = "processing")]
mod tests;
