//! Pictures and encoded frames.
//!
//! Plain values; clones share the pixels. No I/O and no clock.

use std::{any::Any, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

/// The longest supported side of a picture, in pixels. Larger pictures are refused or dropped.
pub const MAX_VIDEO_SIDE: u32 = 8_192;

/// The size and rate of a stream of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct VideoFormat {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Pictures per second.
    pub frame_rate: u32,
}

impl fmt::Display for VideoFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{} at {} fps", self.width, self.height, self.frame_rate)
    }
}

/// How far a picture must be turned clockwise to stand upright.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rotation {
    /// Not at all.
    #[default]
    Upright,
    /// By 90 degrees.
    Quarter,
    /// By 180 degrees.
    Half,
    /// By 270 degrees.
    ThreeQuarters,
}

impl Rotation {
    /// The rotation of so many degrees; `None` unless they are a multiple of 90.
    pub const fn from_degrees(degrees: i32) -> Option<Self> {
        match degrees.rem_euclid(360) {
            0 => Some(Self::Upright),
            90 => Some(Self::Quarter),
            180 => Some(Self::Half),
            270 => Some(Self::ThreeQuarters),
            _ => None,
        }
    }

    /// The rotation in degrees.
    pub const fn degrees(self) -> u32 {
        match self {
            Self::Upright => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarters => 270,
        }
    }
}

/// One plane of a picture, top row first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plane {
    /// The rows. The last row may end after its last pixel.
    pub data: Bytes,
    /// The distance from one row to the next, in bytes.
    pub stride: usize,
}

/// The size of one plane of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaneSize {
    /// Its name in errors, such as `Y`.
    pub name: &'static str,
    /// The length of a row in bytes.
    pub row: usize,
    /// The number of rows.
    pub rows: usize,
}

impl PlaneSize {
    /// How many bytes the plane takes if its rows are `stride` bytes apart. The last row ends after
    /// its last pixel. `None` if rows would overlap, or if no memory is that large.
    pub fn length(self, stride: usize) -> Option<usize> {
        let before_last = self.rows.saturating_sub(1).checked_mul(stride)?;
        let length = before_last.checked_add(self.row)?;
        (stride >= self.row && isize::try_from(length).is_ok()).then_some(length)
    }

    fn fits(self, plane: &Plane) -> bool {
        self.length(plane.stride).is_some_and(|needed| plane.data.len() >= needed)
    }
}

/// How pixels lie in memory. New forms may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PixelFormat {
    /// As in [`VideoPixels::I420`].
    I420,
    /// As in [`VideoPixels::Nv12`].
    Nv12,
    /// As in [`VideoPixels::Bgra`].
    Bgra,
}

impl PixelFormat {
    /// The planes of a picture.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when a side is not between 1 and [`MAX_VIDEO_SIDE`].
    pub fn planes(self, width: u32, height: u32) -> Result<Vec<PlaneSize>, Error> {
        if !is_supported(width, height) {
            let text = format!("a picture of {width}x{height} is not between 1 and {MAX_VIDEO_SIDE} pixels");
            return Err(Error::new(ErrorKind::InvalidArgument, text));
        }
        let (full, rows) = (width as usize, height as usize);
        let (half, half_rows) = (width.div_ceil(2) as usize, height.div_ceil(2) as usize);
        let plane = |name, row, rows| PlaneSize { name, row, rows };
        Ok(match self {
            Self::I420 => {
                vec![plane("Y", full, rows), plane("U", half, half_rows), plane("V", half, half_rows)]
            }
            Self::Nv12 => vec![plane("Y", full, rows), plane("UV", half * 2, half_rows)],
            Self::Bgra => vec![plane("BGRA", full * 4, rows)],
        })
    }
}

/// A picture that only the platform can read, such as a buffer of the graphics processor.
pub trait NativePicture: Any + fmt::Debug + Send + Sync {}

/// The pixels of a picture. New forms may be added.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum VideoPixels {
    /// Planes Y, U and V with 8 bits per sample. U and V have half the width and height, rounded up.
    I420([Plane; 3]),
    /// A plane Y, and a plane of alternating U and V, otherwise as in I420.
    Nv12([Plane; 2]),
    /// One plane with four bytes per pixel: blue, green, red and one that is ignored.
    Bgra(Plane),
    /// A handle of the platform's own.
    Native(Arc<dyn NativePicture>),
}

/// A picture.
#[derive(Clone, Debug)]
pub struct VideoFrame {
    /// Width of the pixels as stored, before the rotation.
    pub width: u32,
    /// Height of the pixels as stored, before the rotation.
    pub height: u32,
    /// How the picture must be turned for display.
    pub rotation: Rotation,
    /// When it was captured, from an origin of the source's choice.
    pub timestamp: Duration,
    /// The pixels.
    pub pixels: VideoPixels,
}

impl VideoFrame {
    /// Checks that the size is between 1 and [`MAX_VIDEO_SIDE`] and that the planes hold that many
    /// pixels.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] naming the size and the plane.
    pub fn check(&self) -> Result<(), Error> {
        let Self { width, height, .. } = *self;
        let (format, planes): (_, &[Plane]) = match &self.pixels {
            VideoPixels::I420(planes) => (PixelFormat::I420, planes),
            VideoPixels::Nv12(planes) => (PixelFormat::Nv12, planes),
            VideoPixels::Bgra(plane) => (PixelFormat::Bgra, std::slice::from_ref(plane)),
            // It has the size's limits too.
            VideoPixels::Native(_) => (PixelFormat::Bgra, &[]),
        };
        let sizes = format.planes(width, height)?;
        match sizes.iter().zip(planes).find(|(size, plane)| !size.fits(plane)) {
            Some((size, _)) => Err(Error::new(
                ErrorKind::InvalidArgument,
                format!("plane {} is too short for a picture of {width}x{height}", size.name),
            )),
            None => Ok(()),
        }
    }
}

/// Whether both sides of a picture are between 1 and [`MAX_VIDEO_SIDE`].
pub(crate) const fn is_supported(width: u32, height: u32) -> bool {
    width >= 1 && height >= 1 && width <= MAX_VIDEO_SIDE && height <= MAX_VIDEO_SIDE
}

/// A way to compress pictures. New codecs may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum VideoCodec {
    /// VP8 (RFC 6386).
    Vp8,
    /// H.264, constrained baseline profile.
    H264,
}

impl VideoCodec {
    /// The name in session descriptions, such as `VP8`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vp8 => "VP8",
            Self::H264 => "H264",
        }
    }
}

/// A compressed picture.
///
/// VP8: one frame as in RFC 6386. H.264: one access unit in Annex B form, of which a key frame
/// begins with its parameter sets (SPS, PPS).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedFrame {
    /// How it is compressed.
    pub codec: VideoCodec,
    /// The compressed picture.
    pub data: Bytes,
    /// Whether it can be decoded without an earlier frame.
    pub is_key: bool,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// When it was captured, from an origin of the source's choice.
    pub timestamp: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(length: usize, stride: usize) -> Plane {
        Plane { data: vec![0; length].into(), stride }
    }

    fn frame(width: u32, height: u32, pixels: VideoPixels) -> VideoFrame {
        VideoFrame { width, height, rotation: Rotation::Upright, timestamp: Duration::ZERO, pixels }
    }

    #[test]
    fn planes_must_hold_the_picture() {
        let i420 = |y, u, v| VideoPixels::I420([plane(y, 5), plane(u, 3), plane(v, 3)]);
        assert!(frame(5, 3, i420(15, 6, 6)).check().is_ok());
        for (pixels, short) in [
            (i420(14, 6, 6), "plane Y"),
            (i420(15, 5, 6), "plane U"),
            (i420(15, 6, 5), "plane V"),
            (VideoPixels::Nv12([plane(15, 5), plane(11, 6)]), "plane UV"),
            (VideoPixels::Nv12([plane(15, 5), plane(90, 5)]), "plane UV"),
            (VideoPixels::Bgra(plane(59, 20)), "plane BGRA"),
        ] {
            let error = frame(5, 3, pixels).check().unwrap_err();
            assert!(error.message().contains(short), "{error}");
        }
        assert!(frame(5, 3, VideoPixels::Nv12([plane(15, 5), plane(12, 6)])).check().is_ok());
        assert!(frame(5, 3, VideoPixels::Bgra(plane(24 * 2 + 20, 24))).check().is_ok());
    }

    #[test]
    fn absurd_sizes_are_refused() {
        for (width, height) in [(0, 1), (1, 0), (MAX_VIDEO_SIDE + 1, 1), (u32::MAX, u32::MAX)] {
            assert!(frame(width, height, VideoPixels::Bgra(plane(4, usize::MAX))).check().is_err());
        }
        let endless = frame(2, 3, VideoPixels::Bgra(plane(100, usize::MAX)));
        assert!(endless.check().is_err());
    }

    #[test]
    fn rotations_are_quarters() {
        for degrees in [0, 90, 180, 270] {
            let rotation = Rotation::from_degrees(degrees).unwrap();
            assert_eq!(rotation.degrees(), degrees.unsigned_abs());
            assert_eq!(Rotation::from_degrees(degrees - 360), Some(rotation));
        }
        assert_eq!((Rotation::from_degrees(45), Rotation::from_degrees(i32::MIN)), (None, None));
    }
}
