//! What the audio task does with the audio besides moving it: processing, voice activity, ducking,
//! push-to-talk and recording.

use crate::{
    client::{Ducking, PushToTalk, VoiceOptions},
    error::Error,
    log,
    media::{
        AudioFormat, AudioFrame, AudioProcessing, AudioSource, Capture, DuplexRecorder, Playout,
        VoiceActivityOptions,
    },
    transport::CaptureFormat,
};

/// The voice options of a client, applied to each capture in turn.
#[derive(Debug)]
pub(super) struct Voice {
    /// The app's choice; while absent, the source decides.
    processing: Option<AudioProcessing>,
    voice_activity: Option<VoiceActivityOptions>,
    push_to_talk: Option<PushToTalk>,
    pressed: bool,
    ducking: Option<Ducking>,
    /// Whether the driver believes that the user speaks.
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

    /// A capture of this source with the app's options, or the source and why the transport's
    /// format is unusable.
    pub(super) fn capture(
        &self,
        source: Box<dyn AudioSource>,
        wanted: CaptureFormat,
    ) -> Result<Capture, (Box<dyn AudioSource>, Error)> {
        let default = if source.needs_processing() { AudioProcessing::ALL } else { AudioProcessing::OFF };
        let mut capture = Capture::of(source, wanted.format, wanted.frame)?;
        warn(capture.set_processing(self.processing.unwrap_or(default)));
        warn(capture.set_voice_activity(self.voice_activity));
        capture.set_push_to_talk(self.push_to_talk.map(|button| button.pre_roll));
        capture.set_pressed(self.pressed);
        Ok(capture)
    }

    pub(super) fn set_processing(&mut self, options: AudioProcessing, capture: Option<&mut Capture>) {
        self.processing = Some(options);
        if let Some(capture) = capture {
            warn(capture.set_processing(options));
        }
    }

    pub(super) fn set_pressed(&mut self, pressed: bool, capture: Option<&mut Capture>) {
        self.pressed = pressed;
        if let Some(capture) = capture {
            capture.set_pressed(pressed);
        }
    }

    /// Starts or ends a recording and returns the previous one.
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

    /// Ends a tick. Calls `report` when the user starts or stops speaking, and in each later tick
    /// until it returns true.
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

/// Logs why an option has no effect. The audio is still sent.
fn warn(result: Result<(), Error>) {
    if let Err(error) = result {
        log::warn!(%error, "the audio of the microphone is not processed");
    }
}
