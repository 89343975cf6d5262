//! The likelihood of speech in each window of 16 ms.

use std::fmt;

use earshot::Detector;

use crate::{
    error::Error,
    media::{AudioFormat, Resampler},
};

/// The format of the detector.
const FORMAT: AudioFormat = AudioFormat::mono(16_000);
/// Samples in a window: 16 ms.
const LENGTH: usize = 256;

/// Cuts audio into windows for the detector.
pub(super) struct Windows {
    detector: Box<Detector>,
    resampler: Resampler,
    pending: Vec<i16>,
}

impl Windows {
    pub(super) fn new(format: AudioFormat) -> Result<Self, Error> {
        let resampler = Resampler::new(format, FORMAT)?;
        Ok(Self { detector: Detector::default_boxed(), resampler, pending: Vec::with_capacity(4 * LENGTH) })
    }

    pub(super) fn process(&mut self, samples: &[i16], mut report: impl FnMut(f32)) {
        self.resampler.process(samples, &mut self.pending);
        let windows = self.pending.chunks_exact(LENGTH);
        let whole = windows.len() * LENGTH;
        windows.for_each(|window| report(self.detector.predict_i16(window)));
        self.pending.drain(..whole);
    }

    pub(super) fn reset(&mut self) {
        self.detector.reset();
        self.resampler.reset();
        self.pending.clear();
    }
}

impl fmt::Debug for Windows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Windows").field("resampler", &self.resampler).finish_non_exhaustive()
    }
}
