use std::time::Duration;

use super::*;
use crate::media::video::{Plane, Rotation, VideoPixels};

#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<&'static str>>>);

impl Calls {
    fn add(&self, call: &'static str) {
        self.0.lock().unwrap().push(call);
    }

    fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

struct Feeder {
    calls: Calls,
    refuses: bool,
}

impl VideoFeeder for Feeder {
    fn start(&mut self, _: VideoFormat) -> Result<(), Error> {
        self.calls.add("start");
        if self.refuses { Err(Error::new(ErrorKind::Device, "covered")) } else { Ok(()) }
    }

    fn set_target(&mut self, _: VideoTarget) {
        self.calls.add("target");
    }

    fn request_key_frame(&mut self) {
        self.calls.add("key frame");
    }

    fn stop(&mut self) {
        self.calls.add("stop");
    }
}

const FORMAT: VideoFormat = VideoFormat { width: 2, height: 2, frame_rate: 10 };

fn picture(timestamp: u64) -> VideoFrame {
    VideoFrame {
        width: 2,
        height: 2,
        rotation: Rotation::Upright,
        timestamp: Duration::from_millis(timestamp),
        pixels: VideoPixels::Bgra(Plane { data: vec![0; 16].into(), stride: 8 }),
    }
}

fn encoded(timestamp: u64, is_key: bool) -> EncodedFrame {
    EncodedFrame {
        codec: VideoCodec::H264,
        data: vec![1].into(),
        is_key,
        width: 2,
        height: 2,
        timestamp: Duration::from_millis(timestamp),
    }
}

fn bench(codec: Option<VideoCodec>) -> (FrameInput, FrameSource, Calls) {
    let calls = Calls::default();
    let feeder = Feeder { calls: calls.clone(), refuses: false };
    let (input, source) = match codec {
        Some(codec) => FrameSource::encoded(codec, feeder),
        None => FrameSource::pictures(feeder),
    };
    (input, source, calls)
}

/// The timestamps of what waits.
fn waiting(source: &mut FrameSource) -> Vec<u128> {
    let timestamp = |input| match input {
        VideoInput::Pixels(frame) => frame.timestamp.as_millis(),
        VideoInput::Encoded(frame) => frame.timestamp.as_millis(),
    };
    std::iter::from_fn(|| source.read()).map(timestamp).collect()
}

#[test]
fn the_newest_picture_wins() {
    let (input, mut source, calls) = bench(None);
    assert!(!input.push(picture(1)).unwrap() && !input.is_on());
    source.start(FORMAT).unwrap();
    assert!(input.is_on() && input.push(picture(2)).unwrap() && input.push(picture(3)).unwrap());
    assert_eq!((waiting(&mut source), input.dropped()), (vec![3], 2));
    assert!(input.push(picture(4)).unwrap());
    source.stop();
    source.start(FORMAT).unwrap();
    assert!(waiting(&mut source).is_empty(), "a picture from before the stop");
    assert_eq!(calls.take(), ["start", "stop", "start"]);
}

#[test]
fn encoded_frames_stay_in_order_and_begin_with_a_key_frame() {
    let (input, mut source, calls) = bench(Some(VideoCodec::H264));
    source.start(FORMAT).unwrap();
    assert!(!input.push(encoded(1, false)).unwrap());
    assert!(source.read().is_none() && source.read().is_none());
    assert_eq!(calls.take(), ["start", "key frame"]);
    assert!(input.push(encoded(2, true)).unwrap() && input.push(encoded(3, false)).unwrap());
    source.request_key_frame();
    assert!(calls.take().is_empty(), "the one that waits is the answer");
    assert_eq!(waiting(&mut source), [2, 3]);
    source.request_key_frame();
    source.set_target(VideoTarget { format: FORMAT, bitrate: 1, max_frame_size: 1 });
    assert_eq!(calls.take(), ["key frame", "target"]);
    source.stop();
    assert!(!input.push(encoded(4, true)).unwrap());
    source.start(FORMAT).unwrap();
    assert!(!input.push(encoded(5, false)).unwrap(), "a new stream begins with a key frame");
    assert_eq!(input.dropped(), 3);
}

#[test]
fn what_does_not_belong_here_is_refused() {
    let (input, mut source, _) = bench(Some(VideoCodec::H264));
    source.start(FORMAT).unwrap();
    let refused = |frame: VideoInput| input.push(frame).unwrap_err();
    assert!(refused(picture(0).into()).message().contains("H264"));
    assert!(
        refused(EncodedFrame { codec: VideoCodec::Vp8, ..encoded(0, true) }.into())
            .message()
            .contains("H264")
    );
    assert!(refused(EncodedFrame { width: 0, ..encoded(0, true) }.into()).message().contains("0x2"));
    let (input, ..) = bench(None);
    assert!(input.push(encoded(0, true)).is_err());
    let error = input.push(VideoFrame { width: 3, ..picture(0) }).unwrap_err();
    assert_eq!((error.kind(), input.dropped()), (ErrorKind::InvalidArgument, 0));
}

#[test]
fn failures_and_the_end_reach_the_client() {
    let (input, mut source, _) = bench(None);
    source.start(FORMAT).unwrap();
    input.fail(Error::new(ErrorKind::Device, "unplugged"));
    assert_eq!(source.failure().map(|error| error.kind()), Some(ErrorKind::Device));
    assert!(source.failure().is_none());
    input.push(picture(1)).unwrap();
    drop(input);
    assert!(!source.is_finished());
    assert_eq!(waiting(&mut source), [1]);
    assert!(source.is_finished());
}

#[test]
fn a_client_that_is_gone_holds_no_picture() {
    let (input, mut source, _) = bench(None);
    source.start(FORMAT).unwrap();
    let (pixels, owner) = (bytes::Bytes::from(vec![0; 16]), picture(1));
    let data = pixels.clone();
    let frame = VideoFrame { pixels: VideoPixels::Bgra(Plane { data, stride: 8 }), ..owner };
    assert!(input.push(frame).unwrap() && !pixels.is_unique());
    drop(source);
    assert!(pixels.is_unique() && !input.is_on() && !input.push(picture(2)).unwrap());
}

#[test]
fn a_source_that_does_not_start_is_off() {
    let calls = Calls::default();
    let (input, mut source) = FrameSource::pictures(Feeder { calls, refuses: true });
    assert!(source.start(FORMAT).is_err());
    assert!(!input.is_on());
}
