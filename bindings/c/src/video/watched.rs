//! Detects when a client has released its camera, screen and display, as for its audio.
//!
//! Depends on [`crate::media_end`].

use rtvi_core::{
    Error, PipecatClientOptions,
    media::{
        DeviceControl,
        video::{
            VideoAccepts, VideoCodec, VideoFormat, VideoInput, VideoOutput, VideoSink, VideoSource,
            VideoTarget,
        },
    },
};

use crate::media_end::{Token, Watched};

/// Watches the video of a client.
pub(crate) fn watch(options: &mut PipecatClientOptions, token: &Token) {
    for source in [&mut options.camera, &mut options.screen] {
        *source = source.take().map(|inner| Box::new(Watched::new(inner, token)) as Box<_>);
    }
    options.video = options.video.take().map(|inner| Box::new(Watched::new(inner, token)) as Box<_>);
}

impl VideoSource for Watched<Box<dyn VideoSource>> {
    fn start(&mut self, wanted: VideoFormat) -> Result<(), Error> {
        self.inner.start(wanted)
    }

    fn read(&mut self) -> Option<VideoInput> {
        self.inner.read()
    }

    fn codec(&self) -> Option<VideoCodec> {
        self.inner.codec()
    }

    fn set_target(&mut self, target: VideoTarget) {
        self.inner.set_target(target);
    }

    fn request_key_frame(&mut self) {
        self.inner.request_key_frame();
    }

    fn is_finished(&self) -> bool {
        self.inner.is_finished()
    }

    fn failure(&self) -> Option<Error> {
        self.inner.failure()
    }

    fn stop(&mut self) {
        self.inner.stop();
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        self.inner.control()
    }
}

impl VideoSink for Watched<Box<dyn VideoSink>> {
    fn accepts(&self) -> VideoAccepts {
        self.inner.accepts()
    }

    fn write(&mut self, output: VideoOutput) {
        self.inner.write(output);
    }

    fn needs_key_frame(&mut self) -> bool {
        self.inner.needs_key_frame()
    }

    fn stop(&mut self) {
        self.inner.stop();
    }

    fn failure(&self) -> Option<Error> {
        self.inner.failure()
    }
}
