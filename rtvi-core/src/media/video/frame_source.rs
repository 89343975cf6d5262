//! A camera or screen that the app itself fills with pictures or encoded frames.
//!
//! The two sides of a bounded hand-over; no thread and no clock. What the client wants from the app
//! passes through a [`VideoFeeder`].

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::error::{Error, ErrorKind};

use super::{
    EncodedFrame, VideoCodec, VideoFormat, VideoFrame, VideoInput, VideoSource, VideoTarget,
    encoded_queue::EncodedQueue, frame::is_supported,
};

/// What the client tells the app that fills a [`FrameSource`]. Each function does nothing by
/// default. A thread of the client calls them, one at a time.
pub trait VideoFeeder: Send + 'static {
    /// The client takes frames from now on, as close to `wanted` as possible. Called again after
    /// [`stop`](Self::stop). May block while a device opens.
    ///
    /// # Errors
    /// The app has no frames to give. The client reports a failed device.
    fn start(&mut self, _wanted: VideoFormat) -> Result<(), Error> {
        Ok(())
    }

    /// What to deliver from now on. An app that encodes follows it; one with pictures may lower its
    /// rate. Must not block.
    fn set_target(&mut self, _target: VideoTarget) {}

    /// The next encoded frame must be a key frame. Not called for pictures. Must not block.
    fn request_key_frame(&mut self) {}

    /// The client takes no more frames.
    fn stop(&mut self) {}
}

/// The app's side, which takes pictures or encoded frames. Dropping it ends the video.
///
/// Any thread may use it, and no call blocks.
#[derive(Debug)]
pub struct FrameInput {
    codec: Option<VideoCodec>,
    shared: Arc<Mutex<Shared>>,
}

impl FrameInput {
    /// Passes a frame to the client. Returns `false` if the frame was dropped, because the source is
    /// off or an encoded frame does not continue the ones before.
    ///
    /// One picture waits: a newer one replaces it. Eight encoded frames wait: a ninth drops them,
    /// and the frames up to the next key frame.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when the size is not supported, when planes are too short, and
    /// when the frame is not of the kind or codec that the source was created for. The frame is
    /// dropped and not counted.
    pub fn push(&self, frame: impl Into<VideoInput>) -> Result<bool, Error> {
        match (frame.into(), self.codec) {
            (VideoInput::Pixels(frame), None) => {
                frame.check()?;
                Ok(lock(&self.shared).put(frame))
            }
            (VideoInput::Encoded(frame), Some(codec)) if frame.codec == codec => {
                check(&frame)?;
                Ok(lock(&self.shared).enqueue(frame))
            }
            (_, None) => Err(invalid("this source takes pictures only")),
            (_, Some(codec)) => {
                Err(invalid(format!("this source takes frames encoded as {} only", codec.name())))
            }
        }
    }

    /// Reports that the app can deliver no frames, for instance because its camera was unplugged. The
    /// client turns the source off, and starts it again when it is enabled again.
    pub fn fail(&self, error: Error) {
        lock(&self.shared).failure = Some(error);
    }

    /// Whether the client takes frames: the source was started and not stopped.
    pub fn is_on(&self) -> bool {
        lock(&self.shared).is_on
    }

    /// How many frames were dropped: pictures that newer ones replaced, encoded frames of a full
    /// queue, and everything that was pushed while the source was off.
    pub fn dropped(&self) -> u64 {
        let shared = lock(&self.shared);
        shared.dropped + shared.encoded.dropped()
    }
}

impl Drop for FrameInput {
    fn drop(&mut self) {
        lock(&self.shared).is_closed = true;
    }
}

/// The client's side of app-provided video. Pass it to the client as its camera or screen.
pub struct FrameSource {
    codec: Option<VideoCodec>,
    feeder: Box<dyn VideoFeeder>,
    shared: Arc<Mutex<Shared>>,
}

impl FrameSource {
    /// A source of pictures, and the app's side of it.
    pub fn pictures(feeder: impl VideoFeeder) -> (FrameInput, Self) {
        Self::new(None, Box::new(feeder))
    }

    /// A source of frames that the app encodes, and the app's side of it.
    pub fn encoded(codec: VideoCodec, feeder: impl VideoFeeder) -> (FrameInput, Self) {
        Self::new(Some(codec), Box::new(feeder))
    }

    fn new(codec: Option<VideoCodec>, feeder: Box<dyn VideoFeeder>) -> (FrameInput, Self) {
        let shared = Arc::default();
        (FrameInput { codec, shared: Arc::clone(&shared) }, Self { codec, feeder, shared })
    }
}

impl Drop for FrameSource {
    fn drop(&mut self) {
        lock(&self.shared).turn(false);
    }
}

impl fmt::Debug for FrameSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameSource").field("codec", &self.codec).finish_non_exhaustive()
    }
}

impl VideoSource for FrameSource {
    fn start(&mut self, wanted: VideoFormat) -> Result<(), Error> {
        // In this order: the app may push before `start` returns.
        lock(&self.shared).turn(true);
        self.feeder.start(wanted).inspect_err(|_| lock(&self.shared).turn(false))
    }

    fn read(&mut self) -> Option<VideoInput> {
        let (frame, owes_request) = {
            let mut shared = lock(&self.shared);
            (shared.take(), shared.encoded.takes_request())
        };
        if owes_request {
            self.feeder.request_key_frame();
        }
        frame
    }

    fn codec(&self) -> Option<VideoCodec> {
        self.codec
    }

    fn set_target(&mut self, target: VideoTarget) {
        self.feeder.set_target(target);
    }

    fn request_key_frame(&mut self) {
        if !lock(&self.shared).encoded.has_key_frame() {
            self.feeder.request_key_frame();
        }
    }

    fn is_finished(&self) -> bool {
        let shared = lock(&self.shared);
        shared.is_closed && shared.newest.is_none() && shared.encoded.is_empty()
    }

    fn failure(&self) -> Option<Error> {
        lock(&self.shared).failure.take()
    }

    fn stop(&mut self) {
        lock(&self.shared).turn(false);
        self.feeder.stop();
    }
}

/// What lies between the two sides.
#[derive(Debug, Default)]
struct Shared {
    is_on: bool,
    is_closed: bool,
    newest: Option<VideoFrame>,
    encoded: EncodedQueue,
    /// Without the encoded frames that the queue dropped.
    dropped: u64,
    failure: Option<Error>,
}

impl Shared {
    fn put(&mut self, frame: VideoFrame) -> bool {
        if !self.is_on || self.newest.replace(frame).is_some() {
            self.dropped += 1;
        }
        self.is_on
    }

    fn enqueue(&mut self, frame: EncodedFrame) -> bool {
        if self.is_on {
            return self.encoded.push(frame);
        }
        self.dropped += 1;
        false
    }

    fn take(&mut self) -> Option<VideoInput> {
        let encoded = || self.encoded.pop().map(VideoInput::Encoded);
        self.newest.take().map(VideoInput::Pixels).or_else(encoded)
    }

    /// Old frames and failures are of no use after a start or stop.
    fn turn(&mut self, on: bool) {
        self.is_on = on;
        self.newest = None;
        self.encoded.restart();
        self.failure = None;
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn check(frame: &EncodedFrame) -> Result<(), Error> {
    if is_supported(frame.width, frame.height) {
        return Ok(());
    }
    Err(invalid(format!("an encoded frame can't have {}x{} pixels", frame.width, frame.height)))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidArgument, message.into())
}

#[cfg(test)]
mod tests;
