//! The interface for encoders and decoders, which other crates or the app provide.
//!
//! Traits and values only.

use crate::error::Error;

use super::{EncodedFrame, VideoCodec, VideoFormat, VideoFrame};

/// What an encoder, or a source of encoded frames, must deliver from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct VideoTarget {
    /// The largest size, and the rate. A picture keeps its proportions and is never enlarged.
    pub format: VideoFormat,
    /// Bits per second.
    pub bitrate: u32,
    /// The largest size of one frame in bytes, also of a key frame. A larger frame is dropped.
    pub max_frame_size: u32,
}

/// Compresses pictures. A thread of the client calls it, and each call may take a frame's time.
pub trait VideoEncoder: Send + 'static {
    /// Compresses a picture. Turns it upright, scales it down to the target's size if it is larger,
    /// and converts its pixels. The size may differ from the picture before.
    ///
    /// Returns `None` when the encoder leaves the picture out to keep its bitrate; never if
    /// `key_frame` asks for a key frame.
    ///
    /// # Errors
    /// The picture's form is not supported, or the encoder failed. The client drops the picture.
    fn encode(&mut self, frame: &VideoFrame, key_frame: bool) -> Result<Option<EncodedFrame>, Error>;

    /// Follows a new target, if possible without a key frame.
    ///
    /// # Errors
    /// The encoder can't follow; it keeps its target.
    fn set_target(&mut self, target: VideoTarget) -> Result<(), Error>;
}

/// Decompresses frames. A thread of the client calls it, and each call may take a frame's time.
pub trait VideoDecoder: Send + 'static {
    /// Decompresses a frame. Returns `None` when it contains no picture to show. The frame comes
    /// from the network and may be damaged.
    ///
    /// # Errors
    /// The frame can't be decoded. The client continues with the next key frame.
    fn decode(&mut self, frame: &EncodedFrame) -> Result<Option<VideoFrame>, Error>;
}

/// The codecs that an app has.
pub trait VideoCodecs: Send + Sync + 'static {
    /// The codecs with an encoder or a decoder, the preferred one first.
    fn codecs(&self) -> Vec<VideoCodec>;

    /// Creates an encoder.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) when there is none
    /// for the codec.
    fn encoder(&self, codec: VideoCodec, target: VideoTarget) -> Result<Box<dyn VideoEncoder>, Error>;

    /// Creates a decoder.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) when there is none
    /// for the codec.
    fn decoder(&self, codec: VideoCodec) -> Result<Box<dyn VideoDecoder>, Error>;
}
