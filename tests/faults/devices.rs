//! Microphones and speakers that fail.

use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
};

use rtvi_core::{
    Error, PipecatClientOptions,
    media::{AudioFormat, AudioSink, AudioSource},
};

/// Whether the device of this process has failed yet.
static IS_BROKEN: AtomicBool = AtomicBool::new(false);

/// How a device fails in the middle of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    /// The microphone ends.
    MicEnds,
    /// The microphone delivers no more audio and reports no error.
    MicStalls,
    /// The app's code for the microphone panics.
    MicPanics,
    /// The speaker accepts no more audio and reports no error.
    SpeakerStalls,
    /// The app's code for the speaker panics.
    SpeakerPanics,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MicEnds => "microphone ends",
            Self::MicStalls => "microphone delivers no more audio",
            Self::MicPanics => "the app's own microphone panics",
            Self::SpeakerStalls => "speaker accepts no more audio",
            Self::SpeakerPanics => "the app's own speaker panics",
        })
    }
}

impl Defect {
    /// Provides the client with a device that will fail.
    pub(crate) fn configure(self, options: &mut PipecatClientOptions) {
        match self {
            Self::MicEnds | Self::MicStalls | Self::MicPanics => {
                options.microphone = Some(Box::new(Mic(self)))
            }
            Self::SpeakerStalls | Self::SpeakerPanics => options.speaker = Some(Box::new(Speaker(self))),
        }
    }

    /// Makes the device fail from now on.
    pub(crate) fn strike() {
        IS_BROKEN.store(true, Ordering::Relaxed);
    }

    fn has_come(self, defect: Self) -> bool {
        self == defect && IS_BROKEN.load(Ordering::Relaxed)
    }
}

struct Mic(Defect);

impl AudioSource for Mic {
    fn format(&self) -> AudioFormat {
        AudioFormat::mono(16_000)
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn available(&self) -> Option<usize> {
        let is_gone = self.0.has_come(Defect::MicStalls) || self.is_finished();
        Some(if is_gone { 0 } else { 320 })
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        assert!(!self.0.has_come(Defect::MicPanics), "the microphone was pulled out");
        out.fill(1_000);
        out.len()
    }

    fn is_finished(&self) -> bool {
        self.0.has_come(Defect::MicEnds)
    }

    fn stop(&mut self) {}
}

struct Speaker(Defect);

impl AudioSink for Speaker {
    fn format(&self) -> AudioFormat {
        AudioFormat::mono(24_000)
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn wanted(&self) -> Option<usize> {
        Some(if self.0.has_come(Defect::SpeakerStalls) { 0 } else { 480 })
    }

    fn write(&mut self, _samples: &[i16]) {
        assert!(!self.0.has_come(Defect::SpeakerPanics), "the speaker was pulled out");
    }

    fn flush(&mut self) {}

    fn stop(&mut self) {}
}
