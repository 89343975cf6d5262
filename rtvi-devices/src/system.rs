//! The system's audio: on Linux a sound server if one runs, otherwise what `cpal` finds.
//!
//! Chooses again at each listing of devices, so that it detects a server that starts or stops.

use rtvi_core::{Error, media::DeviceInfo};

use super::{
    backend::{Backend, Direction, OnEnd, StreamEnd},
    cpal_backend::CpalBackend,
};

#[cfg(target_os = "linux")]
use super::pulse_backend::{PulseBackend, PulseStream};

/// All available backends.
#[derive(Default)]
pub(super) struct System {
    #[cfg(target_os = "linux")]
    pulse: PulseBackend,
    cpal: CpalBackend,
}

/// An open device of either backend; dropping it closes it.
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
        if PulseBackend::is_there() {
            return self.pulse.list(direction);
        }
        self.cpal.list(direction)
    }

    fn open(
        &mut self,
        direction: Direction,
        device: &DeviceInfo,
        on_end: OnEnd,
    ) -> Result<(SystemStream, StreamEnd), Error> {
        #[cfg(target_os = "linux")]
        if PulseBackend::is_there() {
            let (stream, stream_end) = self.pulse.open(direction, device, on_end)?;
            return Ok((SystemStream::Pulse { _stream: stream }, stream_end));
        }
        let (stream, stream_end) = self.cpal.open(direction, device, on_end)?;
        Ok((SystemStream::Cpal { _stream: stream }, stream_end))
    }
}
