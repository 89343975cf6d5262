//! Encoded frames as other languages see them: bytes and whole microseconds.
//!
//! Depends on the frames of `media` only.

use std::time::Duration;

use crate::media::video::{EncodedFrame, VideoCodec};

/// A compressed picture, upright.
///
/// VP8: one frame as in RFC 6386. H.264: one access unit in Annex B form, of which a key frame
/// begins with its parameter sets (SPS, PPS).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct EncodedVideoFrame {
    /// How it is compressed.
    pub codec: VideoCodec,
    /// The compressed picture.
    pub data: Vec<u8>,
    /// Whether it can be decoded without an earlier frame.
    pub is_key: bool,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// When it was captured, in microseconds from an origin of the source's choice.
    pub timestamp_us: u64,
}

impl From<EncodedFrame> for EncodedVideoFrame {
    fn from(frame: EncodedFrame) -> Self {
        let EncodedFrame { codec, data, is_key, width, height, timestamp } = frame;
        let timestamp_us = u64::try_from(timestamp.as_micros()).unwrap_or(u64::MAX);
        Self { codec, data: data.into(), is_key, width, height, timestamp_us }
    }
}

impl From<EncodedVideoFrame> for EncodedFrame {
    fn from(frame: EncodedVideoFrame) -> Self {
        let EncodedVideoFrame { codec, data, is_key, width, height, timestamp_us } = frame;
        Self {
            codec,
            data: data.into(),
            is_key,
            width,
            height,
            timestamp: Duration::from_micros(timestamp_us),
        }
    }
}
