//! What the device thread needs from the system's audio, so that tests can check its rules without
//! real devices.
//!
//! Values and one trait; no system calls.

use std::fmt;

use rtvi_core::{Error, media::DeviceInfo};

use super::{capture_ring::CaptureConsumer, playback_ring::PlaybackProducer};

/// The direction of audio, seen from the machine.
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

/// The client's end of an open device.
pub(super) enum StreamEnd {
    Capture(Box<dyn CaptureConsumer>),
    Playback(Box<dyn PlaybackProducer>),
}

/// Called at most once, from any thread, when an open device has ended on its own.
pub(super) type OnEnd = Box<dyn FnOnce() + Send>;

/// The system's audio. Used by one thread only; may block.
pub(super) trait Backend {
    /// An open device; dropping it closes it.
    type Stream;

    /// The devices that exist now.
    fn list(&mut self, direction: Direction) -> Result<Vec<DeviceInfo>, Error>;

    /// Opens a device, which starts running at once.
    fn open(
        &mut self,
        direction: Direction,
        device: &DeviceInfo,
        on_end: OnEnd,
    ) -> Result<(Self::Stream, StreamEnd), Error>;
}
