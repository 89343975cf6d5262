//! The system's audio: on Linux a sound server if one runs, otherwise `cpal`.
//!
//! Chooses again whenever devices are listed, so it notices a server that starts or ends.

use rtvi_core::{Error, media::DeviceInfo};

use super::{
    backend::{Backend, Direction, OnEnd, StreamHandle},
    cpal_backend::CpalBackend,
};

#[cfg(target_os = "linux")]
use super::pulse_backend::{PulseBackend, PulseStream};

/// The backends of this system.
#[derive(Default)]
pub(super) struct System {
    #[cfg(target_os = "linux")]
    pulse: PulseBackend,
    cpal: CpalBackend,
}

/// An open device of either backend; dropping it closes the device.
pub(super) enum SystemStream {
    #[cfg(target_os = "linux")]
    Pulse {
        _stream: PulseStream,
    },
    Cpal {
        _stream: cpal::Stream,
    },
}

impl Backend for System {
    type Stream = SystemStream;

    fn list(&mut self, direction: Direction) -> Result<Vec<DeviceInfo>, Error> {
        #[cfg(target_os = "linux")]
        if PulseBackend::is_available() {
            return self.pulse.list(direction);
        }
        self.cpal.list(direction)
    }

    fn open(
        &mut self,
        direction: Direction,
        device: &DeviceInfo,
        on_end: OnEnd,
    ) -> Result<(SystemStream, StreamHandle), Error> {
        #[cfg(target_os = "linux")]
        if PulseBackend::is_available() {
            let (stream, handle) = self.pulse.open(direction, device, on_end)?;
            return Ok((SystemStream::Pulse { _stream: stream }, handle));
        }
        let (stream, handle) = self.cpal.open(direction, device, on_end)?;
        Ok((SystemStream::Cpal { _stream: stream }, handle))
    }
}
