//! Draws the demo bot's face and writes it as VP8: `cargo run -p rtvi-video --example avatar FILE`.
//!
//! The file has one key frame for each opening of the mouth, first with open eyes, then with closed
//! ones; `examples/bot/src/small_webrtc/avatar.rs` relies on that order.
#![expect(clippy::expect_used, reason = "a tool of developers fails by panicking")]

use std::time::Duration;

use rtvi_core::media::video::{
    Plane, Rotation, VideoEncoder, VideoFormat, VideoFrame, VideoOutput, VideoPixels, VideoSink, VideoTarget,
};
use rtvi_video::{VideoRecorder, Vp8Encoder};

const WIDTH: u32 = 320;
const HEIGHT: u32 = 240;
/// Leaves about 2 KB for each frame.
const BITRATE: u32 = 400_000;
/// Openings of the mouth: closed, and five more.
const MOUTHS: u32 = 6;

/// A colour: luma and two chromas.
type Colour = [u8; 3];

const WALL: Colour = [70, 150, 105];
const SKIN: Colour = [170, 110, 150];
const EYE: Colour = [40, 128, 128];
const MOUTH: Colour = [30, 120, 165];

fn main() {
    let path = std::env::args().nth(1).expect("usage: avatar FILE");
    let format = VideoFormat { width: WIDTH, height: HEIGHT, frame_rate: 25 };
    let mut encoder = Vp8Encoder::new(VideoTarget { format, bitrate: BITRATE, max_frame_size: 100_000 });
    let mut recorder = VideoRecorder::ivf(path).expect("the file can be created");
    for number in 0..2 * MOUTHS {
        let at = Duration::from_millis(40) * number;
        let frame = face(number % MOUTHS, number < MOUTHS, at);
        let encoded = encoder.encode(&frame, true).expect("it can be encoded").expect("a key frame");
        recorder.write(VideoOutput::Encoded(encoded));
    }
    let status = recorder.status();
    drop(recorder);
    assert_eq!((status.written(), status.error().is_some()), (u64::from(2 * MOUTHS), false));
}

fn face(mouth: u32, has_open_eyes: bool, timestamp: Duration) -> VideoFrame {
    let colour = |x: u32, y: u32| {
        let (x, y) = (f64::from(x), f64::from(y));
        let eye = if has_open_eyes { 11.0 } else { 2.0 };
        if is_in(x, y, (125.0, 95.0), (10.0, eye)) || is_in(x, y, (195.0, 95.0), (10.0, eye)) {
            EYE
        } else if is_in(x, y, (160.0, 165.0), (34.0, 2.0 + 5.0 * f64::from(mouth))) {
            MOUTH
        } else if is_in(x, y, (160.0, 125.0), (85.0, 100.0)) {
            SKIN
        } else {
            WALL
        }
    };
    let plane = |at: usize| {
        let step = if at == 0 { 1 } else { 2 };
        let places = (0..HEIGHT / step).flat_map(|y| (0..WIDTH / step).map(move |x| (x * step, y * step)));
        let data: Vec<u8> = places.map(|(x, y)| colour(x, y)[at]).collect();
        Plane { data: data.into(), stride: (WIDTH / step) as usize }
    };
    VideoFrame {
        width: WIDTH,
        height: HEIGHT,
        rotation: Rotation::Upright,
        timestamp,
        pixels: VideoPixels::I420([plane(0), plane(1), plane(2)]),
    }
}

/// Whether a place lies in an ellipse.
fn is_in(x: f64, y: f64, centre: (f64, f64), radii: (f64, f64)) -> bool {
    ((x - centre.0) / radii.0).powi(2) + ((y - centre.1) / radii.1).powi(2) <= 1.0
}
