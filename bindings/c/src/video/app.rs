//! Functions of an app as a source and a display.
//!
//! Depends on [`crate::video::functions`] and [`crate::callback`].

use rtvi_core::{
    Error,
    media::video::{VideoAccepts, VideoFeeder, VideoFormat, VideoOutput, VideoSink, VideoTarget},
};

use crate::{
    callback::UserData,
    video::{
        convert::format_in_c,
        frame::rtvi_video_target,
        functions::{rtvi_video_display_functions, rtvi_video_feed_functions},
        picture::rtvi_video_picture,
        present::Picture,
    },
};

/// The app that fills a [`FrameSource`](rtvi_core::media::video::FrameSource).
pub(crate) struct Feeder {
    functions: Option<rtvi_video_feed_functions>,
    data: UserData,
}

impl Feeder {
    pub(crate) const fn new(functions: Option<rtvi_video_feed_functions>, data: UserData) -> Self {
        Self { functions, data }
    }
}

impl VideoFeeder for Feeder {
    fn start(&mut self, wanted: VideoFormat) -> Result<(), Error> {
        let Some(start) = self.functions.and_then(|functions| functions.start) else { return Ok(()) };
        let refusal = start(self.data.pointer(), &format_in_c(wanted));
        refusal.map_or(Ok(()), |error| Err(error.core().clone()))
    }

    fn set_target(&mut self, target: VideoTarget) {
        let Some(set_target) = self.functions.and_then(|functions| functions.set_target) else { return };
        let VideoTarget { format, bitrate, max_frame_size } = target;
        let target = rtvi_video_target {
            format: format_in_c(format),
            bitrate,
            max_frame_size: max_frame_size as usize,
        };
        set_target(self.data.pointer(), &target);
    }

    fn request_key_frame(&mut self) {
        if let Some(request) = self.functions.and_then(|functions| functions.request_key_frame) {
            request(self.data.pointer());
        }
    }

    fn stop(&mut self) {
        if let Some(stop) = self.functions.and_then(|functions| functions.stop) {
            stop(self.data.pointer());
        }
    }
}

/// A display that is functions of the app.
pub(crate) struct FunctionSink {
    accepts: VideoAccepts,
    functions: rtvi_video_display_functions,
    data: UserData,
}

impl FunctionSink {
    pub(crate) const fn new(
        accepts: VideoAccepts,
        functions: rtvi_video_display_functions,
        data: UserData,
    ) -> Self {
        Self { accepts, functions, data }
    }
}

impl VideoSink for FunctionSink {
    fn accepts(&self) -> VideoAccepts {
        self.accepts.clone()
    }

    fn write(&mut self, output: VideoOutput) {
        if let Some(write) = self.functions.write {
            let picture = rtvi_video_picture::from(Picture::new(output));
            write(self.data.pointer(), Some(&picture));
        }
    }

    fn needs_key_frame(&mut self) -> bool {
        self.functions.needs_key_frame.is_some_and(|needs| needs(self.data.pointer()))
    }

    fn stop(&mut self) {
        if let Some(stop) = self.functions.stop {
            stop(self.data.pointer());
        }
    }

    fn failure(&self) -> Option<Error> {
        let failure = self.functions.failure?;
        failure(self.data.pointer()).map(|error| error.core().clone())
    }
}
