//! A packet of video as it came from the network, and the frames that packets carry.
//!
//! Pure; reads untrusted bytes and never panics.

use bytes::Bytes;

use super::{VideoCodec, h264, vp8};

/// The clock of video timestamps, in Hz (RFC 7741 §4.1, RFC 6184 §8.2.1).
pub const VIDEO_CLOCK: u32 = 90_000;

/// What an RTP packet of video contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoPacket {
    /// The sequence number.
    pub number: u16,
    /// The timestamp of its frame.
    pub timestamp: u32,
    /// Whether it is marked as the last packet of its frame.
    pub is_last: bool,
    /// The payload.
    pub payload: Bytes,
}

/// What a frame says about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameHeader {
    /// Whether it can be decoded without an earlier frame.
    pub is_key: bool,
    /// Width and height in pixels, if the frame contains them.
    pub size: Option<(u32, u32)>,
}

/// Whether a payload is the first one of a key frame.
pub(super) fn starts_key_frame(codec: VideoCodec, payload: &[u8]) -> bool {
    match codec {
        VideoCodec::Vp8 => vp8::starts_key_frame(payload),
        VideoCodec::H264 => h264::starts_key_frame(payload),
    }
}

/// Joins the payloads of a frame; `None` if they don't fit together.
pub(super) fn join<'a>(codec: VideoCodec, payloads: impl Iterator<Item = &'a [u8]>) -> Option<Bytes> {
    match codec {
        VideoCodec::Vp8 => vp8::join(payloads),
        VideoCodec::H264 => h264::join(payloads),
    }
}

/// Reads the header of a complete frame; `None` if it is not a frame of this codec.
pub fn read_frame_header(codec: VideoCodec, frame: &[u8]) -> Option<FrameHeader> {
    match codec {
        VideoCodec::Vp8 => vp8::read_frame_header(frame),
        VideoCodec::H264 => h264::read_frame_header(frame),
    }
}
