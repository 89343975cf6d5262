//! A camera or screen whose frames the app sees too.
//!
//! A [`FrameSink`] beside any source; no thread and no clock.

use std::fmt;

use crate::{error::Error, media::DeviceControl};

use super::{
    FrameOutput, FrameSink, VideoCodec, VideoFormat, VideoInput, VideoOutput, VideoSink, VideoSource,
    VideoTarget,
};

/// A source that shares each frame that the client reads with the app. Copies no pixels.
///
/// The client reads a camera while a connection takes its pictures, so there is no preview before
/// that.
pub struct PreviewedSource {
    source: Box<dyn VideoSource>,
    preview: FrameSink,
}

impl PreviewedSource {
    /// Shares the frames of `source`. Returns the app's side as well.
    pub fn new(source: Box<dyn VideoSource>) -> (FrameOutput, Self) {
        let (output, preview) = match source.codec() {
            Some(codec) => FrameSink::encoded(vec![codec]),
            None => FrameSink::pictures(),
        };
        (output, Self { source, preview })
    }
}

impl fmt::Debug for PreviewedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreviewedSource").field("preview", &self.preview).finish_non_exhaustive()
    }
}

impl VideoSource for PreviewedSource {
    fn start(&mut self, wanted: VideoFormat) -> Result<(), Error> {
        self.source.start(wanted)
    }

    fn read(&mut self) -> Option<VideoInput> {
        let frame = self.source.read()?;
        self.preview.write(match frame.clone() {
            VideoInput::Pixels(frame) => VideoOutput::Pixels(frame),
            VideoInput::Encoded(frame) => VideoOutput::Encoded(frame),
        });
        if self.preview.needs_key_frame() {
            self.source.request_key_frame();
        }
        Some(frame)
    }

    fn codec(&self) -> Option<VideoCodec> {
        self.source.codec()
    }

    fn set_target(&mut self, target: VideoTarget) {
        self.source.set_target(target);
    }

    fn request_key_frame(&mut self) {
        self.source.request_key_frame();
    }

    fn is_finished(&self) -> bool {
        self.source.is_finished()
    }

    fn failure(&self) -> Option<Error> {
        self.source.failure()
    }

    fn stop(&mut self) {
        self.source.stop();
        self.preview.stop();
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        self.source.control()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::media::video::{FrameSource, Plane, Rotation, VideoFeeder, VideoFrame, VideoPixels};

    struct Nobody;

    impl VideoFeeder for Nobody {}

    #[test]
    fn the_app_sees_what_the_client_reads() {
        let (input, source) = FrameSource::pictures(Nobody);
        let (preview, mut source) = PreviewedSource::new(Box::new(source));
        source.start(VideoFormat { width: 1, height: 1, frame_rate: 1 }).unwrap();
        let data = bytes::Bytes::from(vec![1, 2, 3, 4]);
        let pixels = VideoPixels::Bgra(Plane { data: data.clone(), stride: 4 });
        let (rotation, timestamp) = (Rotation::Upright, Duration::ZERO);
        input.push(VideoFrame { width: 1, height: 1, rotation, timestamp, pixels }).unwrap();
        assert!(preview.read().is_none());
        assert!(source.read().is_some() && source.read().is_none());
        let Some(VideoOutput::Pixels(seen)) = preview.read() else { panic!("there is a picture") };
        let VideoPixels::Bgra(plane) = seen.pixels else { panic!("it is BGRA") };
        assert_eq!(plane.data.as_ptr(), data.as_ptr());
        source.stop();
        assert!(!preview.is_on());
    }
}
