//! What happens to a picture before an encoder: I420, upright, no larger than wanted, even sides.
//!
//! Depends on [`crate::convert`]. Copies nothing when the picture fits as it is.

use crate::{
    convert::to_i420,
    i420::{I420, packed_rows, packed_size, plane_sizes},
};
use fast_image_resize::{
    FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer,
    images::{Image, ImageRef},
};
use rtvi_core::{
    Error, ErrorKind,
    media::video::{Rotation, VideoFrame},
};

/// Prepares pictures; keeps its working memory from one to the next.
#[derive(Debug, Default)]
pub(crate) struct Upright {
    resizer: Resizer,
}

impl Upright {
    /// The picture upright, with its proportions, at most as large as `most` (width and height) and
    /// never enlarged. Both sides are even: codecs code two pixels at a time, so an odd last column
    /// or row is left out.
    pub(crate) fn prepare(&mut self, frame: &VideoFrame, most: (u32, u32)) -> Result<I420, Error> {
        let stored = to_i420(frame)?;
        let picture = match frame.rotation {
            Rotation::Upright => stored,
            rotation => turned(&stored, rotation),
        };
        let (width, height) = fit((picture.width, picture.height), most);
        if (width, height) == (picture.width & !1, picture.height & !1) {
            return Ok(I420 { width, height, ..picture });
        }
        self.scaled(&picture, width, height)
    }

    /// The picture in another size, whatever its proportions.
    pub(crate) fn scaled(&mut self, picture: &I420, width: u32, height: u32) -> Result<I420, Error> {
        let mut data = Vec::with_capacity(packed_size(width, height));
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
        for ((plane, row, rows), (new_row, new_rows)) in
            picture.sized_planes().zip(plane_sizes(width, height))
        {
            let pixels = packed_rows(plane, row, rows);
            let from = ImageRef::new(row as u32, rows as u32, &pixels, PixelType::U8);
            let from = from.map_err(|error| unusable(&error))?;
            let mut to = Image::new(new_row as u32, new_rows as u32, PixelType::U8);
            self.resizer.resize(&from, &mut to, &options).map_err(|error| unusable(&error))?;
            data.extend_from_slice(to.buffer());
        }
        Ok(I420::packed(width, height, data))
    }
}

/// The largest size with the proportions of `size` that is even and within `most`.
fn fit((width, height): (u32, u32), most: (u32, u32)) -> (u32, u32) {
    let even = |side: u32| (side & !1).max(2);
    if width <= most.0 && height <= most.1 {
        return (even(width), even(height));
    }
    let scaled = |side: u32, most: u32, whole: u32| {
        let side = u64::from(side) * u64::from(most) / u64::from(whole.max(1));
        even(u32::try_from(side).unwrap_or(u32::MAX))
    };
    if u64::from(most.0) * u64::from(height) <= u64::from(most.1) * u64::from(width) {
        (even(most.0), scaled(height, most.0, width))
    } else {
        (scaled(width, most.1, height), even(most.1))
    }
}

/// The picture turned clockwise.
fn turned(picture: &I420, rotation: Rotation) -> I420 {
    let is_half = rotation == Rotation::Half;
    let size = (picture.width, picture.height);
    let (width, height) = if is_half { size } else { (size.1, size.0) };
    let mut data = Vec::with_capacity(packed_size(width, height));
    for ((plane, row, rows), (new_row, new_rows)) in picture.sized_planes().zip(plane_sizes(width, height)) {
        let pixel = |x: usize, y: usize| plane.data.get(y * plane.stride + x).copied().unwrap_or_default();
        for y in 0..new_rows {
            data.extend((0..new_row).map(|x| match rotation {
                Rotation::Upright => pixel(x, y),
                Rotation::Quarter => pixel(y, rows - 1 - x),
                Rotation::Half => pixel(row - 1 - x, rows - 1 - y),
                Rotation::ThreeQuarters => pixel(row - 1 - y, x),
            }));
        }
    }
    I420::packed(width, height, data)
}

fn unusable(error: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorKind::Internal, format!("the picture can't be turned or scaled: {error}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rtvi_core::media::video::{Plane, VideoPixels};

    use super::*;

    /// A picture whose luma tells the place: 10 a column and 40 a row.
    fn picture(width: u32, height: u32, rotation: Rotation) -> VideoFrame {
        let stride = width as usize + 3;
        let luma = (0..height).flat_map(|y| (0..stride as u32).map(move |x| (x * 10 + y * 40) as u8));
        let luma: Vec<u8> = luma.collect();
        let [_, (half, rows), _] = plane_sizes(width, height);
        let chroma = || Plane { data: vec![128; half * rows].into(), stride: half };
        let pixels = VideoPixels::I420([Plane { data: luma.into(), stride }, chroma(), chroma()]);
        VideoFrame { width, height, rotation, timestamp: Duration::ZERO, pixels }
    }

    fn luma(picture: &I420, x: usize, y: usize) -> u8 {
        picture.planes[0].data[y * picture.planes[0].stride + x]
    }

    #[test]
    fn pictures_are_turned_clockwise() {
        // The corners of the stored picture: 0 at the left top, 50 right top, 120 left bottom.
        for (rotation, size, left_top, right_top) in [
            (Rotation::Upright, (6, 4), 0, 50),
            (Rotation::Quarter, (4, 6), 120, 0),
            (Rotation::Half, (6, 4), 170, 120),
            (Rotation::ThreeQuarters, (4, 6), 50, 170),
        ] {
            let turned = Upright::default().prepare(&picture(6, 4, rotation), (640, 480)).unwrap();
            assert_eq!((turned.width, turned.height), size, "{rotation:?}");
            assert_eq!(luma(&turned, 0, 0), left_top, "{rotation:?}");
            assert_eq!(luma(&turned, size.0 as usize - 1, 0), right_top, "{rotation:?}");
        }
    }

    #[test]
    fn a_picture_that_fits_is_not_copied() {
        let frame = picture(7, 5, Rotation::Upright);
        let prepared = Upright::default().prepare(&frame, (640, 480)).unwrap();
        assert_eq!((prepared.width, prepared.height), (6, 4));
        let VideoPixels::I420(planes) = &frame.pixels else { unreachable!("it is I420") };
        assert_eq!(prepared.planes[0].data.as_ptr(), planes[0].data.as_ptr());
    }

    #[test]
    fn larger_pictures_keep_their_proportions() {
        for (size, most, expected) in [
            ((1920, 1080), (1280, 720), (1280, 720)),
            ((1280, 720), (640, 480), (640, 360)),
            ((480, 640), (640, 480), (360, 480)),
            ((640, 480), (640, 480), (640, 480)),
            ((16, 16), (640, 480), (16, 16)),
            ((8192, 1), (640, 480), (640, 2)),
            ((1, 8192), (2, 2), (2, 2)),
        ] {
            assert_eq!(fit(size, most), expected, "{size:?} in {most:?}");
        }
        let scaled = Upright::default().prepare(&picture(20, 10, Rotation::Upright), (10, 10)).unwrap();
        assert_eq!((scaled.width, scaled.height, scaled.planes[1].stride), (10, 4, 5));
        assert!(scaled.sized_planes().all(|(plane, row, rows)| plane.data.len() == row * rows));
    }
}
