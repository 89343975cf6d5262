//! A display from which the app itself takes the bot's pictures or encoded frames.
//!
//! The two sides of a bounded hand-over; no thread and no clock.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{VideoAccepts, VideoCodec, VideoFrame, VideoOutput, VideoSink, encoded_queue::EncodedQueue};

/// The app's side, which returns the bot's pictures or encoded frames.
///
/// Any thread may use it, and no call blocks.
#[derive(Debug)]
pub struct FrameOutput {
    shared: Arc<Mutex<Shared>>,
}

impl FrameOutput {
    /// Returns the newest picture since the last call, or the next encoded frame in order; `None`
    /// when there is none. The first encoded frame, and the first one after a gap, is a key frame.
    ///
    /// One picture waits: a newer one replaces it. Eight encoded frames wait: a ninth drops them,
    /// and the client asks the bot for a key frame.
    pub fn read(&self) -> Option<VideoOutput> {
        lock(&self.shared).take()
    }

    /// Asks the bot for a key frame, because the app's decoder can't continue without one. Does
    /// nothing for pictures.
    pub fn request_key_frame(&self) {
        lock(&self.shared).is_requested = true;
    }

    /// Whether the bot's video is there: it has begun and not stopped.
    pub fn is_on(&self) -> bool {
        lock(&self.shared).is_on
    }

    /// How many pictures or encoded frames the app did not read in time.
    pub fn dropped(&self) -> u64 {
        let shared = lock(&self.shared);
        shared.dropped + shared.encoded.dropped()
    }
}

/// The client's side of a display of the app's own. Pass it to the client as its display.
#[derive(Debug)]
pub struct FrameSink {
    accepts: VideoAccepts,
    shared: Arc<Mutex<Shared>>,
}

impl FrameSink {
    /// A sink of pictures, and the app's side of it.
    pub fn pictures() -> (FrameOutput, Self) {
        Self::new(VideoAccepts::Pixels)
    }

    /// A sink of frames that the app decodes, the preferred codec first, and the app's side of it.
    pub fn encoded(codecs: Vec<VideoCodec>) -> (FrameOutput, Self) {
        Self::new(VideoAccepts::Encoded(codecs))
    }

    fn new(accepts: VideoAccepts) -> (FrameOutput, Self) {
        let shared = Arc::default();
        (FrameOutput { shared: Arc::clone(&shared) }, Self { accepts, shared })
    }
}

impl VideoSink for FrameSink {
    fn accepts(&self) -> VideoAccepts {
        self.accepts.clone()
    }

    fn write(&mut self, output: VideoOutput) {
        lock(&self.shared).put(output);
    }

    fn needs_key_frame(&mut self) -> bool {
        let mut shared = lock(&self.shared);
        let is_requested = std::mem::take(&mut shared.is_requested);
        shared.encoded.takes_request() || is_requested
    }

    fn stop(&mut self) {
        lock(&self.shared).end();
    }
}

impl Drop for FrameSink {
    fn drop(&mut self) {
        lock(&self.shared).end();
    }
}

/// What lies between the two sides.
#[derive(Debug, Default)]
struct Shared {
    is_on: bool,
    is_requested: bool,
    newest: Option<VideoFrame>,
    encoded: EncodedQueue,
    /// Pictures that newer ones replaced.
    dropped: u64,
}

impl Shared {
    fn put(&mut self, output: VideoOutput) {
        self.is_on = true;
        match output {
            VideoOutput::Pixels(frame) => self.dropped += u64::from(self.newest.replace(frame).is_some()),
            VideoOutput::Encoded(frame) => {
                self.is_requested &= !frame.is_key;
                self.encoded.push(frame);
            }
        }
    }

    fn take(&mut self) -> Option<VideoOutput> {
        let encoded = || self.encoded.pop().map(VideoOutput::Encoded);
        self.newest.take().map(VideoOutput::Pixels).or_else(encoded)
    }

    /// Old frames are of no use once the video has ended.
    fn end(&mut self) {
        (self.is_on, self.is_requested, self.newest) = (false, false, None);
        self.encoded.restart();
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::media::video::{EncodedFrame, Plane, Rotation, VideoPixels};

    fn picture(width: u32) -> VideoOutput {
        let plane = Plane { data: vec![0; 16].into(), stride: 16 };
        VideoOutput::Pixels(VideoFrame {
            width,
            height: 1,
            rotation: Rotation::Upright,
            timestamp: Duration::ZERO,
            pixels: VideoPixels::Bgra(plane),
        })
    }

    fn encoded(width: u32, is_key: bool) -> VideoOutput {
        VideoOutput::Encoded(EncodedFrame {
            codec: VideoCodec::Vp8,
            data: vec![1].into(),
            is_key,
            width,
            height: 1,
            timestamp: Duration::ZERO,
        })
    }

    /// The widths of what waits.
    fn waiting(output: &FrameOutput) -> Vec<u32> {
        let width = |frame| match frame {
            VideoOutput::Pixels(frame) => frame.width,
            VideoOutput::Encoded(frame) => frame.width,
        };
        std::iter::from_fn(|| output.read()).map(width).collect()
    }

    #[test]
    fn the_newest_picture_wins_and_ends_with_the_video() {
        let (output, mut sink) = FrameSink::pictures();
        assert_eq!((sink.accepts(), output.is_on()), (VideoAccepts::Pixels, false));
        (1..=3).for_each(|width| sink.write(picture(width)));
        assert_eq!((waiting(&output), output.dropped(), output.is_on()), (vec![3], 2, true));
        assert!(!sink.needs_key_frame());
        sink.write(picture(4));
        sink.stop();
        assert!(output.read().is_none() && !output.is_on());
    }

    #[test]
    fn a_slow_app_continues_with_a_key_frame() {
        let (output, mut sink) = FrameSink::encoded(vec![VideoCodec::Vp8]);
        (1..=8).for_each(|width| sink.write(encoded(width, width == 1)));
        assert!(!sink.needs_key_frame());
        sink.write(encoded(9, false));
        assert!(sink.needs_key_frame() && !sink.needs_key_frame());
        sink.write(encoded(10, true));
        sink.write(encoded(11, false));
        assert_eq!((waiting(&output), output.dropped()), (vec![10, 11], 9));
    }

    #[test]
    fn the_app_asks_for_key_frames() {
        let (output, mut sink) = FrameSink::encoded(vec![VideoCodec::Vp8]);
        sink.write(encoded(1, true));
        output.request_key_frame();
        sink.write(encoded(2, false));
        assert!(sink.needs_key_frame() && !sink.needs_key_frame());
        output.request_key_frame();
        sink.write(encoded(3, true));
        assert!(!sink.needs_key_frame(), "here it is");
    }
}
