//! What the tests of this crate share: pictures and how alike they are.

use std::time::Duration;

use bytes::Bytes;
use rtvi_core::media::video::{
    Plane, Rotation, VideoFormat, VideoFrame, VideoInput, VideoPixels, VideoSource, VideoTarget,
};
use rtvi_video::PatternSource;

/// The first pictures of the pattern.
pub(crate) fn pattern(width: u32, height: u32, count: usize) -> Vec<VideoFrame> {
    let mut source = PatternSource::new();
    source.start(VideoFormat { width, height, frame_rate: 240 }).expect("starts");
    let mut frames = Vec::new();
    while frames.len() < count {
        match source.read() {
            Some(VideoInput::Pixels(frame)) => frames.push(frame),
            _ => std::thread::yield_now(),
        }
    }
    frames
}

/// A target of this size, 24 pictures a second.
pub(crate) fn target(width: u32, height: u32, bitrate: u32) -> VideoTarget {
    let format = VideoFormat { width, height, frame_rate: 24 };
    VideoTarget { format, bitrate, max_frame_size: 150_000 }
}

/// A packed picture in one colour.
pub(crate) fn plain(width: u32, height: u32, luma: u8) -> VideoFrame {
    let plane = |value: u8, width: u32, height: u32| Plane {
        data: Bytes::from(vec![value; (width * height) as usize]),
        stride: width as usize,
    };
    let (half, rows) = (width.div_ceil(2), height.div_ceil(2));
    let pixels =
        VideoPixels::I420([plane(luma, width, height), plane(128, half, rows), plane(128, half, rows)]);
    VideoFrame { width, height, rotation: Rotation::Upright, timestamp: Duration::ZERO, pixels }
}

/// The planes of an I420 picture, without what lies between their rows.
pub(crate) fn rows(frame: &VideoFrame) -> [Vec<u8>; 3] {
    let VideoPixels::I420(planes) = &frame.pixels else { panic!("not I420") };
    let sizes = [(frame.width, frame.height), half(frame), half(frame)];
    let mut sizes = sizes.into_iter();
    planes.each_ref().map(|plane| {
        let (row, rows) = sizes.next().expect("three planes");
        let lines = plane.data.chunks(plane.stride).take(rows as usize);
        lines.flat_map(|line| &line[..row as usize]).copied().collect()
    })
}

fn half(frame: &VideoFrame) -> (u32, u32) {
    (frame.width.div_ceil(2), frame.height.div_ceil(2))
}
