//! Pictures and encoded frames as C sees them.
//!
//! Depends on [`crate::memory`]. Values only.

use crate::memory::SizedStruct;

/// How pixels lie in memory. Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_pixel_format {
    /// Three planes Y, U and V with 8 bits per sample. U and V have half the width and height,
    /// rounded up.
    RTVI_PIXELS_I420 = 1,
    /// Two planes: Y, and alternating U and V, otherwise as in I420.
    RTVI_PIXELS_NV12 = 2,
    /// One plane with four bytes per pixel: blue, green, red and one that is ignored.
    RTVI_PIXELS_BGRA = 3,
}

/// A way to compress pictures. Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_video_codec {
    /// VP8.
    RTVI_VIDEO_VP8 = 1,
    /// H.264, constrained baseline profile.
    RTVI_VIDEO_H264 = 2,
}

/// The size and rate of a stream of pictures.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct rtvi_video_format {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Pictures per second.
    pub frame_rate: u32,
}

/// What a source of encoded frames must deliver from now on. It may grow at its end.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_video_target {
    /// The largest size, and the rate. A picture keeps its proportions.
    pub format: rtvi_video_format,
    /// Bits per second.
    pub bitrate: u32,
    /// The largest size of one frame in bytes, also of a key frame. A larger frame is dropped.
    pub max_frame_size: usize,
}

/// A picture. Set `size`, and set planes that the format does not have to zero.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_video_frame {
    /// `sizeof(rtvi_video_frame)`.
    pub size: usize,
    /// Width of the pixels as stored, before the rotation: 1 to 8192.
    pub width: u32,
    /// Height of the pixels as stored, before the rotation: 1 to 8192.
    pub height: u32,
    /// An `rtvi_pixel_format`.
    pub format: i32,
    /// By how many degrees the picture must be turned clockwise for display: 0, 90, 180 or 270.
    pub rotation: i32,
    /// When it was captured, in microseconds from an origin of the source's choice.
    pub timestamp_us: u64,
    /// The planes, top row first. The last row of a plane may end after its last pixel.
    pub data: [*const u8; 3],
    /// The distance from one row of a plane to the next, in bytes.
    pub stride: [usize; 3],
}

// SAFETY: `repr(C)`, `size` first, and zeros are null or numbers.
unsafe impl SizedStruct for rtvi_video_frame {}

/// A compressed picture. Set `size`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_encoded_frame {
    /// `sizeof(rtvi_encoded_frame)`.
    pub size: usize,
    /// An `rtvi_video_codec`.
    pub codec: i32,
    /// Width in pixels: 1 to 8192.
    pub width: u32,
    /// Height in pixels: 1 to 8192.
    pub height: u32,
    /// Whether it can be decoded without an earlier frame.
    pub is_key: bool,
    /// When it was captured, in microseconds from an origin of the source's choice.
    pub timestamp_us: u64,
    /// The compressed picture. VP8: one frame. H.264: one access unit in Annex B form, of which a
    /// key frame begins with its parameter sets.
    pub data: *const u8,
    /// The number of bytes at `data`: 1 to 1048576.
    pub length: usize,
}

// SAFETY: `repr(C)`, `size` first, and zeros are null, false or numbers.
unsafe impl SizedStruct for rtvi_encoded_frame {}
