//! The tasks of sources and display, against sources, sinks and codecs of the test's own.

use std::{
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    runtime::Handle,
    time::{Instant, sleep},
};

use super::VideoHandle;
use crate::{
    client::{
        PipecatClientOptions,
        machine::{DeviceKind, Input, Shown, VideoConfig, VideoSourceKind, VideoStream},
    },
    error::{DeviceErrorKind, Error},
    media::video::{
        EncodedFrame, Plane, Rotation, VideoAccepts, VideoCodec, VideoCodecs, VideoDecoder, VideoEncoder,
        VideoFormat, VideoFrame, VideoInput, VideoOutput, VideoPixels, VideoSink, VideoSource, VideoTarget,
    },
    transport::{
        Closed, Connection, TransportCapabilities, TransportPort, VideoDemand, VideoPort, WebSocketTransport,
    },
};

/// A picture of 2x2 pixels.
fn picture(timestamp: Duration) -> VideoFrame {
    let plane = Plane { data: Bytes::from_static(&[7; 16]), stride: 8 };
    let pixels = VideoPixels::Bgra(plane);
    VideoFrame { width: 2, height: 2, rotation: Rotation::Upright, timestamp, pixels }
}

/// What happens to a source.
#[derive(Default)]
struct Control {
    is_on: AtomicBool,
    /// Whether it has new pictures.
    is_still: AtomicBool,
    /// Whether it can be started.
    is_broken: AtomicBool,
    /// Whether the next read panics.
    panics: AtomicBool,
}

/// A camera with 50 pictures a second.
struct Camera {
    control: Arc<Control>,
    begin: Instant,
    next: Duration,
}

impl VideoSource for Camera {
    fn start(&mut self, wanted: VideoFormat) -> Result<(), Error> {
        assert_eq!(wanted, VideoFormat { width: 640, height: 480, frame_rate: 24 });
        if self.control.is_broken.load(Ordering::Relaxed) {
            return Err(Error::device(DeviceErrorKind::NotFound, "it is gone"));
        }
        self.control.is_on.store(true, Ordering::Relaxed);
        self.next = self.begin.elapsed();
        Ok(())
    }

    fn read(&mut self) -> Option<VideoInput> {
        assert!(!self.control.panics.swap(false, Ordering::Relaxed), "it is broken");
        let now = self.begin.elapsed();
        if now < self.next || self.control.is_still.load(Ordering::Relaxed) {
            return None;
        }
        self.next += Duration::from_millis(20);
        Some(VideoInput::Pixels(picture(now)))
    }

    fn stop(&mut self) {
        self.control.is_on.store(false, Ordering::Relaxed);
    }
}

/// Codecs whose frames say only whether they are key frames.
#[derive(Default)]
struct Codecs {
    bitrate: Arc<AtomicU32>,
}

struct Codec(Arc<AtomicU32>);

impl VideoCodecs for Codecs {
    fn codecs(&self) -> Vec<VideoCodec> {
        vec![VideoCodec::Vp8, VideoCodec::H264]
    }

    fn encoder(&self, _: VideoCodec, target: VideoTarget) -> Result<Box<dyn VideoEncoder>, Error> {
        self.bitrate.store(target.bitrate, Ordering::Relaxed);
        Ok(Box::new(Codec(Arc::clone(&self.bitrate))))
    }

    fn decoder(&self, _: VideoCodec) -> Result<Box<dyn VideoDecoder>, Error> {
        Ok(Box::new(Codec(Arc::clone(&self.bitrate))))
    }
}

impl VideoEncoder for Codec {
    fn encode(&mut self, frame: &VideoFrame, key_frame: bool) -> Result<Option<EncodedFrame>, Error> {
        Ok(Some(encoded(key_frame, frame.timestamp)))
    }

    fn set_target(&mut self, target: VideoTarget) -> Result<(), Error> {
        self.0.store(target.bitrate, Ordering::Relaxed);
        Ok(())
    }
}

impl VideoDecoder for Codec {
    fn decode(&mut self, frame: &EncodedFrame) -> Result<Option<VideoFrame>, Error> {
        match frame.data.first() {
            Some(_) => Ok(Some(picture(frame.timestamp))),
            None => Err(Error::new(crate::ErrorKind::Protocol, "it is empty")),
        }
    }
}

fn encoded(is_key: bool, timestamp: Duration) -> EncodedFrame {
    let (codec, data) = (VideoCodec::Vp8, Bytes::from_static(b"x"));
    EncodedFrame { codec, data, is_key, width: 2, height: 2, timestamp }
}

/// Keeps when pictures are shown, and how often they ended.
#[derive(Clone, Default)]
struct Display(Arc<Mutex<(Vec<Duration>, u32)>>);

impl Display {
    fn shown(&self) -> MutexGuard<'_, (Vec<Duration>, u32)> {
        self.0.lock().unwrap()
    }
}

impl VideoSink for Display {
    fn accepts(&self) -> VideoAccepts {
        VideoAccepts::Pixels
    }

    fn write(&mut self, output: VideoOutput) {
        let VideoOutput::Pixels(frame) = output else { panic!("it is not a picture") };
        assert!(frame.timestamp < Duration::from_secs(900), "this one breaks the display");
        self.shown().0.push(frame.timestamp);
    }

    fn stop(&mut self) {
        self.shown().1 += 1;
    }
}

/// A connection that keeps its ends.
struct Carrier(Option<VideoPort>);

impl Connection for Carrier {
    fn capabilities(&self) -> TransportCapabilities {
        TransportCapabilities { max_message_size: 1, capture: None }
    }

    fn take_video(&mut self, video: VideoPort) -> bool {
        self.0 = Some(video);
        true
    }

    fn run(self: Box<Self>, _: TransportPort) -> futures_util::future::BoxFuture<'static, Closed> {
        Box::pin(std::future::pending())
    }
}

struct Bench {
    handle: VideoHandle,
    port: VideoPort,
    control: Arc<Control>,
    display: Display,
    bitrate: Arc<AtomicU32>,
}

fn bench() -> Bench {
    let (control, display, codecs) = (Arc::new(Control::default()), Display::default(), Codecs::default());
    let bitrate = Arc::clone(&codecs.bitrate);
    let mut options = PipecatClientOptions::new(WebSocketTransport::default());
    let begin = Instant::now();
    options.camera = Some(Box::new(Camera { control: Arc::clone(&control), begin, next: Duration::ZERO }));
    options.video = Some(Box::new(display.clone()));
    options.video_codecs = Some(Arc::new(codecs));
    let (mut handle, config) = VideoHandle::new(&mut options, &Handle::current());
    let expected = (VideoSourceKind::OfApp, VideoSourceKind::Absent);
    assert_eq!((config.cam, config.screen), expected);
    let mut carrier = Carrier(None);
    assert!(handle.connect(&mut carrier));
    let port = carrier.0.unwrap();
    assert_eq!(port.plan.codecs, [VideoCodec::Vp8, VideoCodec::H264]);
    assert!(port.plan.screen.is_none() && port.plan.bot == Some(1_500_000));
    Bench { handle, port, control, display, bitrate }
}

impl Bench {
    fn demand(&self, change: impl FnOnce(&mut VideoDemand)) {
        self.port.camera.demand.send_modify(change);
    }

    /// The frames that the camera sends within this time: whether each is a key frame.
    async fn frames(&mut self, time: Duration) -> Vec<bool> {
        let mut frames = Vec::new();
        let end = Instant::now() + time;
        while let Ok(Some(frame)) = tokio::time::timeout_at(end, self.port.camera.frames.recv()).await {
            frames.push(frame.is_key);
        }
        frames
    }

    async fn event(&mut self) -> Input {
        self.handle.next().await
    }
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_camera_sends_at_its_rate_while_it_is_on() {
    let mut bench = bench();
    bench.demand(|demand| demand.codec = Some(VideoCodec::Vp8));
    assert_eq!(bench.frames(SECOND).await, [true; 0], "it is off");
    bench.handle.show(Shown::Cam, true);
    let frames = bench.frames(SECOND * 2).await;
    assert!((46..=50).contains(&frames.len()), "24 a second: {}", frames.len());
    assert!(frames[0] && frames[1..].iter().all(|is_key| !is_key));
    assert!(matches!(bench.event().await, Input::VideoFlow { stream: VideoStream::Cam, flows: true }));
    bench.handle.show(Shown::Cam, false);
    bench.frames(SECOND / 10).await;
    assert_eq!(bench.frames(SECOND).await, [true; 0]);
    assert!(!bench.control.is_on.load(Ordering::Relaxed) && !*bench.port.camera.enabled.borrow());
    assert!(matches!(bench.event().await, Input::VideoFlow { stream: VideoStream::Cam, flows: false }));
    bench.handle.show(Shown::Cam, true);
    assert_eq!(bench.frames(SECOND / 10).await.first(), Some(&true));
}

#[tokio::test(start_paused = true)]
async fn the_connection_decides_on_codec_rate_and_key_frames() {
    let mut bench = bench();
    bench.handle.show(Shown::Cam, true);
    assert_eq!(bench.frames(SECOND).await, [true; 0], "no codec is known");
    bench.demand(|demand| demand.codec = Some(VideoCodec::Vp8));
    bench.frames(SECOND).await;
    assert_eq!(bench.bitrate.load(Ordering::Relaxed), 1_500_000);
    bench.demand(|demand| {
        let format = VideoFormat { width: 320, height: 240, frame_rate: 8 };
        demand.target = Some(VideoTarget { format, bitrate: 120_000, max_frame_size: 1_000 });
        demand.key_frames += 1;
    });
    let frames = bench.frames(SECOND * 2).await;
    assert!((15..=18).contains(&frames.len()), "8 a second: {}", frames.len());
    assert_eq!(frames.iter().filter(|is_key| **is_key).count(), 1);
    assert_eq!(bench.bitrate.load(Ordering::Relaxed), 120_000);
}

#[tokio::test(start_paused = true)]
async fn a_still_picture_is_sent_twice_a_second() {
    let mut bench = bench();
    bench.demand(|demand| demand.codec = Some(VideoCodec::Vp8));
    bench.handle.show(Shown::Cam, true);
    bench.frames(SECOND).await;
    bench.control.is_still.store(true, Ordering::Relaxed);
    bench.frames(SECOND).await;
    let frames = bench.frames(SECOND * 4).await;
    assert!((7..=8).contains(&frames.len()), "{}", frames.len());
}

#[tokio::test(start_paused = true)]
async fn a_frame_that_is_not_taken_is_followed_by_a_key_frame() {
    let mut bench = bench();
    bench.demand(|demand| demand.codec = Some(VideoCodec::Vp8));
    bench.handle.show(Shown::Cam, true);
    sleep(SECOND).await;
    let frames = bench.frames(SECOND).await;
    let late = frames.get(crate::transport::FRAME_QUEUE..).unwrap();
    assert_eq!((late.first(), late.iter().filter(|is_key| **is_key).count()), (Some(&true), 1));
}

#[tokio::test(start_paused = true)]
async fn a_camera_that_fails_is_reported_and_can_be_turned_on_again() {
    let mut bench = bench();
    bench.demand(|demand| demand.codec = Some(VideoCodec::Vp8));
    bench.control.is_broken.store(true, Ordering::Relaxed);
    bench.handle.show(Shown::Cam, true);
    let Input::DeviceFailed { device: DeviceKind::Cam, error } = bench.event().await else {
        panic!("it fails")
    };
    assert_eq!(error.message(), "it is gone");
    bench.control.is_broken.store(false, Ordering::Relaxed);
    bench.handle.show(Shown::Cam, false);
    sleep(SECOND).await;
    bench.handle.show(Shown::Cam, true);
    assert!(!bench.frames(SECOND).await.is_empty());
    bench.control.panics.store(true, Ordering::Relaxed);
    bench.frames(SECOND).await;
    assert!(matches!(bench.event().await, Input::VideoFlow { flows: true, .. }));
    assert!(matches!(bench.event().await, Input::VideoFlow { flows: false, .. }));
    let Input::DeviceFailed { device: DeviceKind::Cam, error } = bench.event().await else {
        panic!("it fails")
    };
    assert_eq!(error.message(), "the app's camera panicked: it is broken");
    assert!(!bench.control.is_on.load(Ordering::Relaxed));
}

#[tokio::test(start_paused = true)]
async fn the_bots_pictures_are_shown_from_a_key_frame_on_until_they_end() {
    let mut bench = bench();
    let at = Duration::from_secs;
    for (is_key, timestamp) in [(false, 1), (true, 2), (false, 3)] {
        bench.port.bot.frames.send(encoded(is_key, at(timestamp))).await.unwrap();
    }
    assert!(matches!(bench.event().await, Input::VideoFlow { stream: VideoStream::Bot, flows: true }));
    sleep(SECOND).await;
    assert_eq!(bench.display.shown().0, [at(2), at(3)]);
    assert!(matches!(bench.event().await, Input::VideoFlow { stream: VideoStream::Bot, flows: false }));
    assert_eq!(bench.display.shown().1, 1);
}

#[tokio::test(start_paused = true)]
async fn a_frame_with_three_behind_it_is_decoded_but_not_shown() {
    let bench = bench();
    let at = Duration::from_secs;
    for timestamp in 1..=5 {
        let frame = encoded(timestamp == 1, at(timestamp));
        bench.port.bot.frames.try_send(frame).unwrap();
    }
    sleep(SECOND).await;
    assert_eq!(bench.display.shown().0, [at(3), at(4), at(5)]);
}

#[tokio::test(start_paused = true)]
async fn a_frame_that_can_not_be_decoded_asks_for_a_key_frame() {
    let bench = bench();
    let at = Duration::from_secs;
    let empty = EncodedFrame { data: Bytes::new(), ..encoded(false, at(2)) };
    for frame in [encoded(true, at(1)), empty, encoded(false, at(3)), encoded(true, at(4))] {
        bench.port.bot.frames.send(frame).await.unwrap();
        sleep(SECOND / 25).await;
    }
    assert_eq!(bench.display.shown().0, [at(1), at(4)]);
    assert_eq!(*bench.port.bot.key_frames.borrow(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_display_that_fails_is_reported_once() {
    let mut bench = bench();
    for timestamp in [1, 900, 901] {
        let frame = encoded(true, Duration::from_secs(timestamp));
        bench.port.bot.frames.send(frame).await.unwrap();
    }
    assert!(matches!(bench.event().await, Input::VideoFlow { flows: true, .. }));
    assert!(matches!(bench.event().await, Input::VideoFlow { flows: false, .. }));
    let Input::DisplayFailed(error) = bench.event().await else { panic!("it fails") };
    assert_eq!(error.message(), "the app's display panicked: this one breaks the display");
}

#[tokio::test]
async fn a_client_without_video_offers_none() {
    let mut options = PipecatClientOptions::new(WebSocketTransport::default());
    options.client.enable_cam = true;
    let (mut handle, config) = VideoHandle::new(&mut options, &Handle::current());
    let VideoConfig { cam, cam_enabled, .. } = config;
    assert_eq!((cam, cam_enabled), (VideoSourceKind::Absent, true));
    assert!(!handle.connect(&mut Carrier(None)));
    options.video = Some(Box::new(Display::default()));
    let (mut handle, _) = VideoHandle::new(&mut options, &Handle::current());
    assert!(!handle.connect(&mut Carrier(None)), "pictures need a codec");
}
