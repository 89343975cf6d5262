//! Cameras of Linux by V4L2.
//!
//! `device` opens one and takes its pictures, `list` finds them, `control` selects.

mod control;
mod device;
mod list;

use std::sync::Arc;

use rtvi_core::{
    Error,
    media::{
        DeviceControl,
        video::{VideoFormat, VideoInput, VideoSource},
    },
};

use crate::capture::{Capture, CaptureStatus};
use control::{CameraControl, Selection};
use device::Camera;

pub use list::cameras;

/// The rate at which the capture thread asks. The device keeps the time.
const ASK_RATE: u32 = 240;

/// A camera of the machine.
///
/// It delivers what is nearest to the wanted size among what it can do uncompressed (YUYV, NV12 or
/// I420); cameras that compress only (MJPEG) are refused. The client can list cameras and select
/// another one at any time, also while this one runs. Unplugging is a failure.
#[derive(Debug)]
pub struct V4lCamera {
    selection: Arc<Selection>,
    capture: Capture,
}

impl V4lCamera {
    /// The camera with this id, as in [`cameras`], or the first one for
    /// [`DEFAULT_DEVICE`](rtvi_core::media::DEFAULT_DEVICE). It need not be present yet.
    pub fn new(id: &str) -> Self {
        Self { selection: Arc::new(Selection::new(id)), capture: Capture::default() }
    }

    /// What was captured, and what the client did not read.
    pub fn status(&self) -> CaptureStatus {
        self.capture.status()
    }
}

impl VideoSource for V4lCamera {
    fn start(&mut self, wanted: VideoFormat) -> Result<(), Error> {
        let camera = Camera::open(Arc::clone(&self.selection), wanted)?;
        self.capture.start(camera, ASK_RATE)
    }

    fn read(&mut self) -> Option<VideoInput> {
        self.capture.read().map(VideoInput::Pixels)
    }

    fn failure(&self) -> Option<Error> {
        self.capture.failure()
    }

    fn stop(&mut self) {
        self.capture.stop();
        self.selection.close();
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        Some(Box::new(CameraControl::new(Arc::clone(&self.selection))))
    }
}
