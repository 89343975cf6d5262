//! The processing of one stream by `sonora`, a Rust port of WebRTC's audio processing.

use std::{fmt, time::Duration};

use sonora::{
    AudioProcessing as Engine, Config, StreamConfig,
    config::{AdaptiveDigital, EchoCanceller, GainController2, HighPassFilter, NoiseSuppression},
};

use crate::{
    error::{Error, ErrorKind},
    media::AudioFormat,
};

use super::{AudioProcessing, BLOCK, ProcessingStats, reference::Reference};

/// Processes the user's audio in blocks of 10 ms. Costs nothing without stages.
pub struct VoiceProcessor {
    options: AudioProcessing,
    format: AudioFormat,
    /// Absent while no stage is on.
    engine: Option<Box<Engine>>,
    reference: Reference,
    input: Vec<i16>,
}

impl VoiceProcessor {
    /// A processor of audio in `format`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when 10 ms of the format are not a whole number of samples.
    pub fn new(format: AudioFormat, options: AudioProcessing) -> Result<Self, Error> {
        if !format.is_supported() || !format.sample_rate.is_multiple_of(100) {
            let message = format!("audio of {format} can't be processed");
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        let mut processor = Self {
            options: AudioProcessing::OFF,
            format,
            engine: None,
            reference: Reference::default(),
            input: vec![0; format.samples_in(BLOCK)],
        };
        processor.set_options(options);
        Ok(processor)
    }

    /// Turns stages on or off. A stage that stays on keeps what it has learned.
    pub fn set_options(&mut self, options: AudioProcessing) {
        if std::mem::replace(&mut self.options, options) == options {
            return;
        }
        if options.is_off() {
            self.engine = None;
        } else if let Some(engine) = &mut self.engine {
            engine.apply_config(config(options));
        } else {
            self.engine = Some(Box::new(engine(self.format, options)));
        }
        if !options.echo_cancellation {
            self.reference = Reference::default();
        }
    }

    /// Whether any stage is on.
    pub const fn is_active(&self) -> bool {
        self.engine.is_some()
    }

    /// Takes the samples that the speaker plays now. Call it in step with
    /// [`process`](Self::process).
    pub fn far_end(&mut self, samples: &[i16], format: AudioFormat) {
        let Some(engine) = self.engine.as_deref_mut().filter(|_| self.options.echo_cancellation) else {
            return;
        };
        self.reference.take(samples, format, |block, played, rate| {
            let stream = StreamConfig::new(rate, 1);
            // Fails only for blocks of a wrong length, which these are not.
            let _ = engine.process_render_i16_with_config(block, &stream, &stream, played);
        });
    }

    /// Processes one block of 10 ms in place. Blocks of another length stay as they are.
    pub fn process(&mut self, block: &mut [i16]) {
        let Some(engine) = self.engine.as_deref_mut() else { return };
        if block.len() != self.input.len() {
            return;
        }
        self.input.copy_from_slice(block);
        // As above. The block would stay unprocessed.
        let _ = engine.process_capture_i16(&self.input, block);
    }

    /// The present measurements.
    pub fn stats(&self) -> ProcessingStats {
        let Some(engine) = self.engine.as_deref().filter(|_| self.options.echo_cancellation) else {
            return ProcessingStats::default();
        };
        let stats = engine.statistics();
        let millis = stats.delay_ms.and_then(|millis| u64::try_from(millis).ok());
        ProcessingStats {
            echo_delay: millis.map(Duration::from_millis),
            echo_reduction_db: stats.echo_return_loss_enhancement.map(|db| db as f32),
        }
    }
}

impl fmt::Debug for VoiceProcessor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VoiceProcessor")
            .field("options", &self.options)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

fn engine(format: AudioFormat, options: AudioProcessing) -> Engine {
    let stream = StreamConfig::new(format.sample_rate, format.channels);
    Engine::builder().config(config(options)).capture_config(stream).build()
}

fn config(options: AudioProcessing) -> Config {
    Config {
        high_pass_filter: options.high_pass.then(HighPassFilter::default),
        echo_canceller: options.echo_cancellation.then(EchoCanceller::default),
        noise_suppression: options.noise_suppression.then(NoiseSuppression::default),
        gain_controller2: options.gain_control.then(|| GainController2 {
            adaptive_digital: Some(AdaptiveDigital::default()),
            ..GainController2::default()
        }),
        ..Config::default()
    }
}

#[cfg(test)]
mod tests;
