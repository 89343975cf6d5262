//! Video: pictures, encoded frames, sources, sinks, codecs, and their way over RTP.
//!
//! May depend on `crate::error`, the audio part of `media`, and the packet types of `rtc`. Contains
//! no codec and touches no pixel. Has no runtime and no clock: the time is an argument.

mod codecs;
mod frame;
mod seam;

pub use codecs::{VideoCodecs, VideoDecoder, VideoEncoder, VideoTarget};
pub use frame::{
    EncodedFrame, MAX_VIDEO_SIDE, NativePicture, Plane, Rotation, VideoCodec, VideoFormat, VideoFrame,
    VideoPixels,
};
pub use seam::{VideoAccepts, VideoInput, VideoOutput, VideoSink, VideoSource};
