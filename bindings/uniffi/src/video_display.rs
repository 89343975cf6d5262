//! The destination of the bot's video: a display of the app, which decodes the frames itself.
//!
//! Depends on the core's sinks.

use std::sync::Arc;

use rtvi_core::{
    Error, ErrorKind,
    ffi::EncodedVideoFrame,
    media::video::{VideoAccepts, VideoCodec, VideoOutput, VideoSink},
};

use crate::error::FfiError;

/// Shows the bot's video.
///
/// Called on a thread of the SDK, one call at a time. An exception of [`write`](Self::write) is a
/// failure: the client emits a `deviceError` and shows nothing more.
#[uniffi::export(with_foreign)]
pub trait FfiVideoDisplay: Send + Sync {
    /// The codecs that it can decode, the preferred one first. Called once.
    fn codecs(&self) -> Result<Vec<VideoCodec>, FfiError>;
    /// Takes a frame to decode and show now. The first one, and the first one after a gap, is a key
    /// frame. May block for less than the time of a frame.
    fn write(&self, frame: EncodedVideoFrame) -> Result<(), FfiError>;
    /// Whether it can't continue without a key frame. Asked after each frame; the client then
    /// writes nothing before the next key frame, and requests one from the server.
    fn needs_key_frame(&self) -> Result<bool, FfiError>;
    /// Called when the bot's video has ended. Other video may follow.
    fn stop(&self) -> Result<(), FfiError>;
}

/// The core's end of a display.
pub(crate) fn sink(display: Arc<dyn FfiVideoDisplay>) -> Box<dyn VideoSink> {
    Box::new(Display { display, failure: None })
}

struct Display {
    display: Arc<dyn FfiVideoDisplay>,
    failure: Option<Error>,
}

impl Display {
    fn note<T: Default>(&mut self, result: Result<T, FfiError>) -> T {
        result.unwrap_or_else(|error| {
            self.failure = Some(error.into_core(ErrorKind::Device));
            T::default()
        })
    }
}

impl VideoSink for Display {
    fn accepts(&self) -> VideoAccepts {
        let codecs = self.display.codecs().unwrap_or_else(|error| {
            tracing::warn!(target: "rtvi", "the app's display names no codecs: {error}");
            Vec::new()
        });
        VideoAccepts::Encoded(codecs)
    }

    fn write(&mut self, output: VideoOutput) {
        if let VideoOutput::Encoded(frame) = output {
            let written = self.display.write(frame.into());
            self.note(written);
        }
    }

    fn needs_key_frame(&mut self) -> bool {
        let needs = self.display.needs_key_frame();
        self.note(needs)
    }

    fn stop(&mut self) {
        if let Err(error) = self.display.stop() {
            tracing::warn!(target: "rtvi", "the app's display could not be stopped: {error}");
        }
    }

    fn failure(&self) -> Option<Error> {
        self.failure.clone()
    }
}
