//! The stages between a source and the gate: resampling, processing and voice activity detection.

use crate::{
    error::Error,
    media::{
        AudioFormat, AudioProcessing, ProcessingStats, Resampler, VoiceActivity, VoiceActivityOptions,
        VoiceProcessor, processing::BLOCK,
    },
};

/// The stages, in their order.
#[derive(Debug)]
pub(super) struct Chain {
    resampler: Resampler,
    processor: Option<VoiceProcessor>,
    detector: Option<VoiceActivity>,
    /// Samples in the target format that do not fill a block yet. Empty while no stage needs
    /// blocks.
    raw: Vec<i16>,
    /// Samples in a block.
    block: usize,
    /// Whether voice activity detection pauses.
    muted: bool,
}

impl Chain {
    pub(super) fn new(from: AudioFormat, to: AudioFormat) -> Result<Self, Error> {
        let resampler = Resampler::new(from, to)?;
        let block = to.samples_in(BLOCK).max(1);
        Ok(Self { resampler, processor: None, detector: None, raw: Vec::new(), block, muted: false })
    }

    pub(super) const fn format(&self) -> AudioFormat {
        self.resampler.to()
    }

    /// The format of the source.
    pub(super) const fn from(&self) -> AudioFormat {
        self.resampler.from()
    }

    /// Continues with samples of another format.
    pub(super) fn set_from(&mut self, from: AudioFormat) -> Result<(), Error> {
        self.resampler = Resampler::new(from, self.resampler.to())?;
        Ok(())
    }

    pub(super) fn set_processing(&mut self, options: AudioProcessing) -> Result<(), Error> {
        match &mut self.processor {
            Some(processor) => processor.set_options(options),
            None if options.is_off() => {}
            None => self.processor = Some(VoiceProcessor::new(self.resampler.to(), options)?),
        }
        Ok(())
    }

    pub(super) fn set_voice_activity(&mut self, options: Option<VoiceActivityOptions>) -> Result<(), Error> {
        self.detector =
            options.map(|options| VoiceActivity::new(self.resampler.to(), options)).transpose()?;
        Ok(())
    }

    pub(super) const fn set_muted(&mut self, muted: bool) {
        self.muted = muted;
    }

    pub(super) fn is_speaking(&self) -> bool {
        self.detector.as_ref().is_some_and(VoiceActivity::is_speaking)
    }

    pub(super) fn processing_stats(&self) -> ProcessingStats {
        self.processor.as_ref().map(VoiceProcessor::stats).unwrap_or_default()
    }

    pub(super) fn far_end(&mut self, samples: &[i16], format: AudioFormat) {
        if let Some(processor) = &mut self.processor {
            processor.far_end(samples, format);
        }
    }

    /// Takes samples of the source and appends the processed ones to `ready`.
    pub(super) fn process(&mut self, samples: &[i16], ready: &mut Vec<i16>) {
        let active = self.processor.as_ref().is_some_and(VoiceProcessor::is_active);
        if !active && self.detector.is_none() {
            ready.append(&mut self.raw);
            return self.resampler.process(samples, ready);
        }
        self.resampler.process(samples, &mut self.raw);
        let whole = self.raw.len() - self.raw.len() % self.block;
        for block in self.raw.get_mut(..whole).unwrap_or_default().chunks_exact_mut(self.block) {
            if let Some(processor) = &mut self.processor {
                processor.process(block);
            }
            match &mut self.detector {
                Some(detector) if self.muted => detector.reset(),
                Some(detector) => detector.process(block),
                None => {}
            }
            ready.extend_from_slice(block);
        }
        self.raw.drain(..whole);
    }

    /// Discards the samples inside. The processor keeps what it has learned of the room.
    pub(super) fn reset(&mut self) {
        self.resampler.reset();
        self.raw.clear();
        if let Some(detector) = &mut self.detector {
            detector.reset();
        }
    }
}
