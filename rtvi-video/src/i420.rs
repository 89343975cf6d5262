//! An I420 picture in one block of memory: the form that codecs and files work with.
//!
//! Depends on the core's picture types. Never copies pixels that it can share.

use std::{borrow::Cow, time::Duration};

use bytes::Bytes;
use rtvi_core::media::video::{Plane, Rotation, VideoFrame, VideoPixels};

/// An upright picture with planes Y, U and V, whose planes are long enough.
#[derive(Clone, Debug)]
pub(crate) struct I420 {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) planes: [Plane; 3],
}

impl I420 {
    /// Makes a picture of tightly packed planes. Each plane has its place in `data`, in this order:
    /// Y, U, V. Too short data leaves planes short, which [`VideoFrame::check`] finds.
    pub(crate) fn packed(width: u32, height: u32, data: Vec<u8>) -> Self {
        let data = Bytes::from(data);
        let mut from = 0;
        let planes = plane_sizes(width, height).map(|(row, rows)| {
            let end = (from + row * rows).min(data.len());
            let plane = Plane { data: data.slice(from.min(end)..end), stride: row };
            from = end;
            plane
        });
        Self { width, height, planes }
    }

    /// The picture as a frame.
    pub(crate) fn into_frame(self, timestamp: Duration) -> VideoFrame {
        VideoFrame {
            width: self.width,
            height: self.height,
            rotation: Rotation::Upright,
            timestamp,
            pixels: VideoPixels::I420(self.planes),
        }
    }

    /// The planes, each with the length of its rows and their number.
    pub(crate) fn sized_planes(&self) -> impl Iterator<Item = (&Plane, usize, usize)> {
        let sizes = plane_sizes(self.width, self.height);
        self.planes.iter().zip(sizes).map(|(plane, (row, rows))| (plane, row, rows))
    }
}

/// The length of a row and the number of rows of each plane.
pub(crate) fn plane_sizes(width: u32, height: u32) -> [(usize, usize); 3] {
    let chroma = (width.div_ceil(2) as usize, height.div_ceil(2) as usize);
    [(width as usize, height as usize), chroma, chroma]
}

/// How many bytes a packed picture takes.
pub(crate) fn packed_size(width: u32, height: u32) -> usize {
    plane_sizes(width, height).iter().map(|(row, rows)| row * rows).sum()
}

/// The rows of a plane without what lies between them: shared if nothing does, else copied.
pub(crate) fn packed_rows(plane: &Plane, row: usize, rows: usize) -> Cow<'_, [u8]> {
    if plane.stride == row {
        return Cow::Borrowed(plane.data.get(..row * rows).unwrap_or_default());
    }
    let mut packed = Vec::with_capacity(row * rows);
    for line in plane.data.chunks(plane.stride.max(1)).take(rows) {
        packed.extend_from_slice(line.get(..row).unwrap_or_default());
    }
    Cow::Owned(packed)
}
