//! From what a source gives to what may be sent: resampled, processed, looked at for speech.

use crate::{
    error::Error,
    media::{
        AudioFormat, AudioProcessing, ProcessingStats, Resampler, VoiceActivity, VoiceActivityOptions,
        VoiceProcessor, processing::BLOCK,
    },
};

/// The stages between a source and the gate.
#[derive(Debug)]
pub(super) struct Chain {
    resampler: Resampler,
    processor: Option<VoiceProcessor>,
    voice: Option<VoiceActivity>,
    /// Samples in the target format that make no whole block yet. Empty while there is nothing to do in blocks.
    raw: Vec<i16>,
    /// Samples in a block.
    block: usize,
    /// Whether the user must not be listened to.
    deaf: bool,
}

impl Chain {
    pub(super) fn new(from: AudioFormat, to: AudioFormat) -> Result<Self, Error> {
        let resampler = Resampler::new(from, to)?;
        let block = to.samples_in(BLOCK).max(1);
        Ok(Self { resampler, processor: None, voice: None, raw: Vec::new(), block, deaf: false })
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
        self.voice = options.map(|options| VoiceActivity::new(self.resampler.to(), options)).transpose()?;
        Ok(())
    }

    pub(super) const fn set_deaf(&mut self, deaf: bool) {
        self.deaf = deaf;
    }

    pub(super) fn is_speaking(&self) -> bool {
        self.voice.as_ref().is_some_and(VoiceActivity::is_speaking)
    }

    pub(super) fn processing_stats(&self) -> ProcessingStats {
        self.processor.as_ref().map(VoiceProcessor::stats).unwrap_or_default()
    }

    pub(super) fn far_end(&mut self, samples: &[i16], format: AudioFormat) {
        if let Some(processor) = &mut self.processor {
            processor.far_end(samples, format);
        }
    }

    /// Takes samples of the source and appends what is ready.
    pub(super) fn process(&mut self, samples: &[i16], ready: &mut Vec<i16>) {
        let active = self.processor.as_ref().is_some_and(VoiceProcessor::is_active);
        if !active && self.voice.is_none() {
            ready.append(&mut self.raw);
            return self.resampler.process(samples, ready);
        }
        self.resampler.process(samples, &mut self.raw);
        let whole = self.raw.len() - self.raw.len() % self.block;
        for block in self.raw.get_mut(..whole).unwrap_or_default().chunks_exact_mut(self.block) {
            if let Some(processor) = &mut self.processor {
                processor.process(block);
            }
            match &mut self.voice {
                Some(voice) if self.deaf => voice.reset(),
                Some(voice) => voice.process(block),
                None => {}
            }
            ready.extend_from_slice(block);
        }
        self.raw.drain(..whole);
    }

    /// Forgets what is inside; what was learned of the room stays.
    pub(super) fn forget(&mut self) {
        self.resampler.reset();
        self.raw.clear();
        if let Some(voice) = &mut self.voice {
            voice.reset();
        }
    }
}
