//! The interface between the device thread and the system's audio, so that the thread can be tested
//! without any.
//!
//! Values and one trait; no system calls.

use std::fmt;

use rtvi_core::{Error, media::DeviceInfo};

use super::{capture_ring::CaptureConsumer, playback_ring::PlaybackProducer};

/// Whether a device records or plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    /// A microphone.
    Capture,
    /// A speaker.
    Playback,
}

impl Direction {
    pub(super) const fn noun(self) -> &'static str {
        match self {
            Self::Capture => "microphone",
            Self::Playback => "speaker",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.noun())
    }
}

/// The client's side of an open device.
pub(super) enum StreamHandle {
    Capture(Box<dyn CaptureConsumer>),
    Playback(Box<dyn PlaybackProducer>),
}

/// Called at most once, from any thread, when an open device has ended by itself.
pub(super) type OnEnd = Box<dyn FnOnce() + Send>;

/// The system's audio. Used on one thread only; may block.
pub(super) trait Backend {
    /// An open device; dropping it closes the device.
    type Stream;

    /// The devices that are present now.
    fn list(&mut self, direction: Direction) -> Result<Vec<DeviceInfo>, Error>;

    /// Opens and starts a device.
    fn open(
        &mut self,
        direction: Direction,
        device: &DeviceInfo,
        on_end: OnEnd,
    ) -> Result<(Self::Stream, StreamHandle), Error>;
}
