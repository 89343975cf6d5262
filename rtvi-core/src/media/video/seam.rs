//! The interface for cameras, screens and displays of every kind: devices, files, patterns, phones.
//!
//! A thread of the client polls each source, and another one feeds the sink. Must not know the
//! protocol or a transport.

use crate::{error::Error, media::DeviceControl};

use super::{EncodedFrame, VideoCodec, VideoFormat, VideoFrame, VideoTarget};

/// What a source delivers.
#[derive(Clone, Debug)]
pub enum VideoInput {
    /// A picture, which the client compresses.
    Pixels(VideoFrame),
    /// A frame that the platform has compressed, upright.
    Encoded(EncodedFrame),
}

impl From<VideoFrame> for VideoInput {
    fn from(frame: VideoFrame) -> Self {
        Self::Pixels(frame)
    }
}

impl From<EncodedFrame> for VideoInput {
    fn from(frame: EncodedFrame) -> Self {
        Self::Encoded(frame)
    }
}

/// Where the user's pictures come from: a camera or a screen.
///
/// One thread at a time calls it. A source that panics or reports a [failure](Self::failure) has
/// failed: the client emits a `deviceError`, for a screen a `screenShareError`, and sends nothing.
/// It starts the source again when it is enabled again.
pub trait VideoSource: Send + 'static {
    /// Starts capturing, as close to `wanted` as possible. May be called again after
    /// [`stop`](Self::stop). May block while the device opens.
    ///
    /// # Errors
    /// [`ErrorKind::Device`](crate::ErrorKind::Device) when the device can't be opened.
    fn start(&mut self, wanted: VideoFormat) -> Result<(), Error>;

    /// Returns the newest picture since the last call, and drops older ones; `None` when there is
    /// no new one. Does not block. A source of encoded frames returns each frame in order.
    fn read(&mut self) -> Option<VideoInput>;

    /// The codec of a source that delivers encoded frames; `None` for pictures. Does not change.
    fn codec(&self) -> Option<VideoCodec> {
        None
    }

    /// What to deliver from now on. A source of encoded frames follows it; one of pictures may
    /// lower its rate.
    fn set_target(&mut self, _target: VideoTarget) {}

    /// The next encoded frame must be a key frame. Not called for pictures.
    fn request_key_frame(&mut self) {}

    /// Whether all pictures were read and none will follow, as at the end of a file.
    fn is_finished(&self) -> bool {
        false
    }

    /// The failure since the last call, if any.
    fn failure(&self) -> Option<Error> {
        None
    }

    /// Stops capturing and releases the device.
    fn stop(&mut self);

    /// The control that selects among the devices behind this source; `None` when there is nothing
    /// to select. The client asks once.
    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        None
    }
}

/// What a sink takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VideoAccepts {
    /// Pictures, which the client decompresses.
    Pixels,
    /// Encoded frames of these codecs, the preferred one first.
    Encoded(Vec<VideoCodec>),
}

/// A picture of the bot, in the form that the sink [accepts](VideoSink::accepts).
#[derive(Clone, Debug)]
pub enum VideoOutput {
    /// A picture.
    Pixels(VideoFrame),
    /// An encoded frame. The first one, and the first one after a gap, is a key frame.
    Encoded(EncodedFrame),
}

/// Where the bot's pictures go.
///
/// One thread at a time calls it. A sink fails as a [`VideoSource`] does.
pub trait VideoSink: Send + 'static {
    /// What the sink takes. Does not change.
    fn accepts(&self) -> VideoAccepts;

    /// Takes a picture to show now. May block for less than the time of a frame.
    fn write(&mut self, output: VideoOutput);

    /// Whether a sink of encoded frames can't continue without a key frame. The client asks after
    /// each frame and then requests one from the server.
    fn needs_key_frame(&mut self) -> bool {
        false
    }

    /// The bot's pictures have ended. Others may follow.
    fn stop(&mut self);

    /// The failure since the last call, if any.
    fn failure(&self) -> Option<Error> {
        None
    }
}
