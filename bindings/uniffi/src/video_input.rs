//! The source of the user's video: a camera or a screen of the app, which compresses the pictures
//! itself.
//!
//! Depends on [`crate::video_devices`] and on the core's source of pushed frames.

use std::sync::{Arc, Mutex, PoisonError};

use rtvi_core::{
    Error, ErrorKind,
    client::MediaDevice,
    ffi::EncodedVideoFrame,
    media::{
        DeviceControl, DeviceEvent,
        video::{
            EncodedFrame, FrameInput, FrameSource, VideoCodec, VideoFeeder, VideoFormat, VideoInput,
            VideoSource, VideoTarget,
        },
    },
};

use crate::{
    error::{FfiError, guard},
    video_devices::{self, DeviceSelection, VideoDevices},
};

/// Controls the camera or the screen behind an [`FfiVideoInput`], and its encoder.
///
/// Called on a thread of the SDK, one call at a time. A call must return at once, but for `start`
/// and `stop`, which may take as long as the device does.
#[uniffi::export(with_foreign)]
pub trait FfiVideoControl: Send + Sync {
    /// Called when the client needs pictures: begin to push, with a key frame and as close to
    /// `wanted` as possible. May be called again after `stop`. An exception is the reason why the
    /// device failed.
    fn start(&self, wanted: VideoFormat) -> Result<(), FfiError>;
    /// Called when the frames must meet another target, and once when the first ones are needed.
    fn set_target(&self, target: VideoTarget) -> Result<(), FfiError>;
    /// Called when the next frame must be a key frame.
    fn request_key_frame(&self) -> Result<(), FfiError>;
    /// Called when the app selects another device. Report the result by
    /// [`device_used`](FfiVideoInput::device_used); an exception is the reason why it failed.
    fn select(&self, device_id: String) -> Result<(), FfiError>;
    /// Called when the client no longer needs pictures: release the device.
    fn stop(&self) -> Result<(), FfiError>;
}

/// The input into which the app pushes the encoded frames of a camera or a screen.
///
/// No method waits, and any thread may call it.
#[derive(uniffi::Object)]
pub struct FfiVideoInput {
    input: FrameInput,
    devices: Arc<VideoDevices>,
    /// Absent once a client has taken it.
    source: Mutex<Option<Box<dyn VideoSource>>>,
}

#[uniffi::export]
impl FfiVideoInput {
    /// Creates an input for frames of one codec. If `has_devices` is true, there are several devices
    /// to select from, which [`devices_changed`](Self::devices_changed) names.
    #[uniffi::constructor]
    pub fn new(codec: VideoCodec, has_devices: bool, control: Arc<dyn FfiVideoControl>) -> Arc<Self> {
        let (input, source) = FrameSource::encoded(codec, Feeder(Arc::clone(&control)));
        let devices = Arc::new(VideoDevices::default());
        let selection = has_devices.then(|| DeviceSelection { control, devices: Arc::clone(&devices) });
        let source = DeviceSource { source, selection };
        Arc::new(Self { input, devices, source: Mutex::new(Some(Box::new(source))) })
    }

    /// Passes a frame to the client. Returns `false` if it was dropped, because the client needs no
    /// pictures now, or because the frame does not continue the ones before. Eight frames wait: a
    /// ninth drops them, and the frames up to the next key frame, which the client requests. Fails as
    /// `invalidArgument` for another codec and for a size that is not supported.
    pub fn push(&self, frame: EncodedVideoFrame) -> Result<bool, FfiError> {
        guard(|| self.input.push(EncodedFrame::from(frame)))
    }

    /// Reports that the device failed. The client emits a `deviceError`, for a screen a
    /// `screenShareError`, and starts the device again when the app enables it again.
    pub fn fail(&self, error: Error) {
        self.input.fail(FfiError::from(error).into_core(ErrorKind::Device));
    }

    /// Reports which devices there are, at first and after every change.
    pub fn devices_changed(&self, devices: Vec<MediaDevice>) {
        self.devices.list(devices);
    }

    /// Reports the device that is used from now on.
    pub fn device_used(&self, device: MediaDevice) {
        self.devices.report(DeviceEvent::Using(video_devices::info(device)));
    }
}

impl FfiVideoInput {
    pub(crate) fn take_source(&self) -> Result<Box<dyn VideoSource>, Error> {
        let source = self.source.lock().unwrap_or_else(PoisonError::into_inner).take();
        source.ok_or_else(|| {
            Error::new(ErrorKind::InvalidArgument, "this video input belongs to another client")
        })
    }
}

/// Informs the app of what the client needs.
struct Feeder(Arc<dyn FfiVideoControl>);

impl Feeder {
    fn tell(&self, what: &str, call: impl FnOnce(&dyn FfiVideoControl) -> Result<(), FfiError>) {
        if let Err(error) = call(&*self.0) {
            tracing::warn!(target: "rtvi", "the app's video source could not {what}: {error}");
        }
    }
}

impl VideoFeeder for Feeder {
    fn start(&mut self, wanted: VideoFormat) -> Result<(), Error> {
        self.0.start(wanted).map_err(|error| error.into_core(ErrorKind::Device))
    }

    fn set_target(&mut self, target: VideoTarget) {
        self.tell("follow the bitrate", |control| control.set_target(target));
    }

    fn request_key_frame(&mut self) {
        self.tell("make a key frame", |control| control.request_key_frame());
    }

    fn stop(&mut self) {
        self.tell("stop", |control| control.stop());
    }
}

/// The core's end: pushed frames, and the devices behind them.
struct DeviceSource {
    source: FrameSource,
    /// Absent if there is nothing to select, and once the client has taken it.
    selection: Option<DeviceSelection>,
}

impl VideoSource for DeviceSource {
    fn start(&mut self, wanted: VideoFormat) -> Result<(), Error> {
        self.source.start(wanted)
    }

    fn read(&mut self) -> Option<VideoInput> {
        self.source.read()
    }

    fn codec(&self) -> Option<VideoCodec> {
        self.source.codec()
    }

    fn set_target(&mut self, target: VideoTarget) {
        self.source.set_target(target);
    }

    fn request_key_frame(&mut self) {
        self.source.request_key_frame();
    }

    fn is_finished(&self) -> bool {
        self.source.is_finished()
    }

    fn failure(&self) -> Option<Error> {
        self.source.failure()
    }

    fn stop(&mut self) {
        self.source.stop();
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        self.selection.take().map(|selection| Box::new(selection) as Box<dyn DeviceControl>)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Records the calls it receives. It can't be switched to the device `broken`.
    #[derive(Default)]
    pub(crate) struct Recorded(Mutex<Vec<String>>);

    impl Recorded {
        pub(crate) fn new() -> Arc<Self> {
            Arc::default()
        }

        fn note(&self, what: impl Into<String>) -> Result<(), FfiError> {
            self.0.lock().unwrap().push(what.into());
            Ok(())
        }
    }

    impl FfiVideoControl for Recorded {
        fn start(&self, wanted: VideoFormat) -> Result<(), FfiError> {
            self.note(wanted.to_string())
        }

        fn set_target(&self, target: VideoTarget) -> Result<(), FfiError> {
            self.note(format!("{} bit/s", target.bitrate))
        }

        fn request_key_frame(&self) -> Result<(), FfiError> {
            self.note("key frame")
        }

        fn select(&self, device_id: String) -> Result<(), FfiError> {
            let broken = || Error::new(ErrorKind::Internal, "no").into();
            if device_id == "broken" { Err(broken()) } else { self.note(device_id) }
        }

        fn stop(&self) -> Result<(), FfiError> {
            self.note("stop")
        }
    }

    fn frame(is_key: bool) -> EncodedVideoFrame {
        let (data, codec) = (vec![1, 2, 3], VideoCodec::H264);
        EncodedVideoFrame { codec, data, is_key, width: 640, height: 480, timestamp_us: 7 }
    }

    #[test]
    fn frames_cross_while_the_source_is_on() {
        let control = Recorded::new();
        let input = FfiVideoInput::new(VideoCodec::H264, false, Arc::clone(&control) as _);
        let mut source = input.take_source().unwrap();
        assert!(source.control().is_none() && !input.push(frame(true)).unwrap());
        source.start(VideoFormat { width: 640, height: 480, frame_rate: 24 }).unwrap();
        assert!(input.push(frame(true)).unwrap() && input.push(frame(false)).unwrap());
        assert!(input.push(EncodedVideoFrame { codec: VideoCodec::Vp8, ..frame(true) }).is_err());
        let Some(VideoInput::Encoded(first)) = source.read() else { panic!("a frame") };
        assert_eq!(EncodedVideoFrame::from(first), frame(true));
        source.request_key_frame();
        input.fail(Error::new(ErrorKind::Internal, "gone"));
        assert_eq!(source.failure().unwrap().kind(), ErrorKind::Device);
        source.stop();
        assert!(!input.push(frame(true)).unwrap());
        assert_eq!(*control.0.lock().unwrap(), ["640x480 at 24 fps", "key frame", "stop"]);
    }

    #[test]
    fn an_input_belongs_to_one_client() {
        let input = FfiVideoInput::new(VideoCodec::Vp8, true, Recorded::new());
        let mut source = input.take_source().unwrap();
        assert!(source.control().is_some() && source.control().is_none());
        assert!(input.take_source().is_err_and(|error| error.message().contains("another client")));
    }
}
