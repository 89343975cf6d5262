//! The test pattern: moves, and carries its number.
//!
//! Drawing is pure; only the source has a clock, that of [`crate::capture`].

use std::time::Duration;

use rtvi_core::{
    Error,
    media::video::{VideoFormat, VideoFrame, VideoInput, VideoPixels, VideoSource},
};

use crate::{
    capture::{Capture, CaptureStatus, Grab, Grabbed},
    i420::{I420, packed_size, plane_sizes},
};

/// Luma of black and white in limited range.
const BLACK: u8 = 16;
const WHITE: u8 = 235;

/// The cells of the number: a white and a black one, then 16 bits, the highest first.
const CELLS: usize = 18;

/// A source that draws a moving pattern in the size and at the rate that the client wants.
///
/// A square wanders over a colour gradient. A bar at the top holds the picture's number as black
/// and white cells, which survive compression; [`number`](Self::number) reads it. Numbers begin at
/// 0 with each start and wrap after 65 535.
#[derive(Debug, Default)]
pub struct PatternSource {
    capture: Capture,
}

impl PatternSource {
    /// A source that draws nothing before it is started.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was drawn, and what was not read.
    pub fn status(&self) -> CaptureStatus {
        self.capture.status()
    }

    /// The number in a picture of the pattern, also after compression. `None` for other pictures
    /// and forms other than I420. Pictures less than 160 pixels wide are too small to tell.
    pub fn number(frame: &VideoFrame) -> Option<u16> {
        let VideoPixels::I420([luma, ..]) = &frame.pixels else { return None };
        let (cell, height) = cell(frame.width, frame.height);
        let bit = |at: usize| {
            let (x, y) = (at * cell + cell / 2, height / 2);
            luma.data.get(y * luma.stride + x).map(|luma| *luma > (BLACK + WHITE) / 2)
        };
        let has_mark = bit(0)? && !bit(1)?;
        let number = (2..CELLS).try_fold(0, |number, at| Some(number << 1 | u16::from(bit(at)?)))?;
        has_mark.then_some(number)
    }
}

/// Width and height of a cell of the number, in pixels.
const fn cell(width: u32, height: u32) -> (usize, usize) {
    (width as usize / CELLS, height as usize / 12)
}

impl VideoSource for PatternSource {
    fn start(&mut self, wanted: VideoFormat) -> Result<(), Error> {
        self.capture.start(Drawing::new(wanted), wanted.frame_rate)
    }

    fn read(&mut self) -> Option<VideoInput> {
        self.capture.read().map(VideoInput::Pixels)
    }

    fn failure(&self) -> Option<Error> {
        self.capture.failure()
    }

    fn stop(&mut self) {
        self.capture.stop();
    }
}

/// The pattern in one size.
struct Drawing {
    format: VideoFormat,
    /// The still part of the picture.
    background: Vec<u8>,
    number: u16,
}

impl Drawing {
    fn new(format: VideoFormat) -> Self {
        let mut background = Vec::with_capacity(packed_size(format.width, format.height));
        for (plane, (row, rows)) in plane_sizes(format.width, format.height).into_iter().enumerate() {
            let luma = |x: usize, y: usize| 60 + (x * 60 / row + y * 60 / rows) as u8;
            let chroma = |along: usize, whole: usize| 90 + (along * 76 / whole) as u8;
            for y in 0..rows {
                background.extend((0..row).map(|x| match plane {
                    0 => luma(x, y),
                    1 => chroma(x, row),
                    _ => chroma(y, rows),
                }));
            }
        }
        Self { format, background, number: 0 }
    }

    /// The picture with this number.
    fn draw(&self, number: u16) -> I420 {
        let (width, height) = (self.format.width as usize, self.format.height as usize);
        let mut data = self.background.clone();
        let (cell, bar) = cell(self.format.width, self.format.height);
        for at in 0..CELLS {
            let is_white = at == 0 || at >= 2 && number >> (CELLS - 1 - at) & 1 == 1;
            fill(&mut data, width, at * cell..(at + 1) * cell, 0..bar, if is_white { WHITE } else { BLACK });
        }
        let side = (height / 4).min(width / 4);
        let step = usize::from(number) * 5;
        let (x, y) =
            (there_and_back(step, width - side), bar + there_and_back(step / 2, height - bar - side));
        fill(&mut data, width, x..x + side, y..y + side, 200);
        I420::packed(self.format.width, self.format.height, data)
    }
}

impl Grab for Drawing {
    fn grab(&mut self, at: Duration) -> Result<Grabbed, Error> {
        let picture = self.draw(self.number);
        self.number = self.number.wrapping_add(1);
        Ok(Grabbed::Picture(picture.into_frame(at)))
    }
}

/// Paints a rectangle of the luma plane.
fn fill(
    luma: &mut [u8],
    width: usize,
    columns: std::ops::Range<usize>,
    rows: std::ops::Range<usize>,
    value: u8,
) {
    for line in luma.chunks_mut(width).skip(rows.start).take(rows.len()) {
        if let Some(pixels) = line.get_mut(columns.clone()) {
            pixels.fill(value);
        }
    }
}

/// Moves between 0 and `end`.
const fn there_and_back(step: usize, end: usize) -> usize {
    if end == 0 {
        return 0;
    }
    let at = step % (2 * end);
    if at <= end { at } else { 2 * end - at }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(width: u32, height: u32) -> Drawing {
        Drawing::new(VideoFormat { width, height, frame_rate: 24 })
    }

    #[test]
    fn pictures_carry_their_number() {
        for (width, height) in [(640, 480), (1280, 720), (160, 120)] {
            let drawing = drawing(width, height);
            for number in [0, 1, 0x5555, 0xaaaa, u16::MAX] {
                let frame = drawing.draw(number).into_frame(Duration::ZERO);
                assert!(frame.check().is_ok());
                assert_eq!(PatternSource::number(&frame), Some(number), "{width}x{height}");
            }
        }
        let grey = I420::packed(640, 480, vec![128; packed_size(640, 480)]).into_frame(Duration::ZERO);
        assert_eq!(PatternSource::number(&grey), None);
    }

    #[test]
    fn the_pattern_moves() {
        let drawing = drawing(640, 480);
        assert_ne!(drawing.draw(0).planes[0], drawing.draw(1).planes[0]);
    }

    #[test]
    fn every_size_can_be_drawn() {
        for (width, height) in [(1, 1), (2, 2), (16, 16), (17, 9), (3840, 2160)] {
            let frame = drawing(width, height).draw(77).into_frame(Duration::ZERO);
            assert!(frame.check().is_ok(), "{width}x{height}");
            assert_eq!((frame.width, frame.height), (width, height));
        }
    }
}
