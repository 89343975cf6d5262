//! What the audio task does besides moving audio: tells whether the user speaks, lowers the bot meanwhile, records both.

use crate::{
    client::{Ducking, PushToTalk, VoiceOptions},
    error::Error,
    log,
    media::{
        AudioFormat, AudioFrame, AudioProcessing, AudioSource, Capture, DuplexRecorder, Playout,
        VoiceActivityOptions,
    },
};

/// The voice side of a client's audio.
#[derive(Debug)]
pub(super) struct Voice {
    /// What the app chose; without a choice the source decides.
    processing: Option<AudioProcessing>,
    voice_activity: Option<VoiceActivityOptions>,
    push_to_talk: Option<PushToTalk>,
    pressed: bool,
    ducking: Option<Ducking>,
    /// Whether the user speaks as far as the driver knows.
    reported: bool,
    recorder: Option<Box<DuplexRecorder>>,
}

impl Voice {
    pub(super) fn new(options: &VoiceOptions) -> Self {
        let listens =
            options.voice_activity.or_else(|| options.ducking.map(|_| VoiceActivityOptions::default()));
        Self {
            processing: options.audio_processing,
            voice_activity: listens,
            push_to_talk: options.push_to_talk,
            pressed: false,
            ducking: options.ducking,
            reported: false,
            recorder: None,
        }
    }

    /// What is done with the audio of a source.
    pub(super) fn processing_for(&self, source: &dyn AudioSource) -> AudioProcessing {
        let natural = if source.needs_processing() { AudioProcessing::ALL } else { AudioProcessing::OFF };
        self.processing.unwrap_or(natural)
    }

    /// Makes a new capture do what the app wants.
    pub(super) fn prepare(&self, capture: &mut Capture, processing: AudioProcessing) {
        complain(capture.set_processing(processing));
        complain(capture.set_voice_activity(self.voice_activity));
        capture.set_push_to_talk(self.push_to_talk.map(|button| button.pre_roll));
        capture.set_pressed(self.pressed);
    }

    pub(super) fn set_processing(&mut self, options: AudioProcessing, capture: Option<&mut Capture>) {
        self.processing = Some(options);
        if let Some(capture) = capture {
            complain(capture.set_processing(options));
        }
    }

    pub(super) fn set_pressed(&mut self, pressed: bool, capture: Option<&mut Capture>) {
        self.pressed = pressed;
        if let Some(capture) = capture {
            capture.set_pressed(pressed);
        }
    }

    /// Begins or ends a recording; gives back the present one.
    pub(super) const fn record(
        &mut self,
        recorder: Option<Box<DuplexRecorder>>,
    ) -> Option<Box<DuplexRecorder>> {
        std::mem::replace(&mut self.recorder, recorder)
    }

    pub(super) fn on_played(&mut self, samples: &[i16], format: AudioFormat) {
        if let Some(recorder) = &mut self.recorder {
            recorder.bot(samples, format);
        }
    }

    pub(super) fn on_captured(&mut self, frame: &AudioFrame) {
        if let Some(recorder) = &mut self.recorder {
            recorder.user(frame);
        }
    }

    /// Ends a tick. Gives `report` what has changed about the user's speaking, and again until it takes it.
    pub(super) fn end_tick(
        &mut self,
        capture: Option<&Capture>,
        playout: &Playout,
        report: impl FnOnce(bool) -> bool,
    ) {
        if let Some(recorder) = &mut self.recorder {
            recorder.align();
        }
        let speaking = capture.is_some_and(Capture::is_speaking);
        if let Some(ducking) = self.ducking {
            let talks_over = speaking && capture.is_some_and(Capture::is_open);
            playout.set_ducking(if talks_over { ducking.gain } else { 1.0 });
        }
        if speaking != self.reported && report(speaking) {
            self.reported = speaking;
        }
    }
}

/// Audio that can't be processed or listened to is still sent.
fn complain(result: Result<(), Error>) {
    if let Err(error) = result {
        log::warn!(%error, "the microphone is used as it is");
    }
}
