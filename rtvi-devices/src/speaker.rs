//! A speaker of the machine as a client's audio sink.
//!
//! Runs in the client's audio task; the device thread owns the device itself.

use std::{
    cell::RefCell,
    fmt,
    sync::{Arc, mpsc::SyncSender},
    time::Duration,
};

use rtvi_core::{
    Error,
    media::{AudioFormat, AudioSink, DeviceControl, Resampler},
};

use super::{
    backend::{Direction, StreamEnd},
    endpoint::Endpoint,
    mailbox::State,
    playback_ring::PlaybackProducer,
    worker::Command,
};

/// The format it takes, whatever the device plays. Nearly all devices use this rate, so usually
/// only channels are copied.
const FORMAT: AudioFormat = AudioFormat::mono(48_000);

/// How much audio waits for the device: two ticks of the client's audio task and a period of the
/// device. With less, a late task becomes audible.
const READY: Duration = Duration::from_millis(50);

/// The default fade-out of flushed audio.
const FADE: Duration = Duration::from_millis(5);

/// A speaker of the machine; created by [`Devices::speaker`](super::Devices::speaker).
///
/// Takes 48 kHz mono whatever the device plays, so that devices can change while it runs. The
/// device is open from [`start`](AudioSink::start), which returns at once, to
/// [`stop`](AudioSink::stop). Without a working device, it takes the bot's audio at the caller's
/// pace and discards it. A flush fades out within 5 ms, or within the caller's time.
pub struct DeviceSpeaker {
    endpoint: Endpoint,
    /// In a cell because [`AudioSink::wanted`] checks whether the device has been opened.
    output: RefCell<Output>,
}

#[derive(Default)]
struct Output {
    device: Option<Device>,
    converted: Vec<i16>,
}

struct Device {
    end: Box<dyn PlaybackProducer>,
    resampler: Resampler,
}

impl DeviceSpeaker {
    pub(super) fn new(commands: Arc<SyncSender<Command>>, id: &str) -> Self {
        let endpoint = Endpoint::new(commands, Direction::Playback, id);
        Self { endpoint, output: RefCell::default() }
    }
}

impl Output {
    /// Continues with the device that was opened last.
    fn accept(&mut self, stream_end: Option<StreamEnd>) {
        let Some(StreamEnd::Playback(end)) = stream_end else { return };
        self.device = Resampler::new(FORMAT, end.format()).ok().map(|resampler| Device { end, resampler });
    }

    /// How much it takes now: no limit without a device to play on, nothing while the device is
    /// opening.
    fn wanted(&self, state: State) -> Option<usize> {
        match (state, &self.device) {
            (State::Failed, _) => None,
            (State::Closed, _) | (State::Open, None) => Some(0),
            (State::Open, Some(device)) => {
                let waiting = device.end.format().duration_of(device.end.waiting());
                Some(FORMAT.samples_in(READY.saturating_sub(waiting)))
            }
        }
    }

    fn write(&mut self, samples: &[i16]) {
        if let Some(device) = &mut self.device {
            self.converted.clear();
            device.resampler.process(samples, &mut self.converted);
            device.end.write(&self.converted);
        }
    }

    fn flush(&mut self, fade: Duration) {
        if let Some(device) = &mut self.device {
            device.resampler.reset();
            device.end.flush(fade);
        }
    }
}

impl AudioSink for DeviceSpeaker {
    fn format(&self) -> AudioFormat {
        FORMAT
    }

    fn start(&mut self) -> Result<(), Error> {
        self.output.replace(Output::default());
        self.endpoint.want(true);
        Ok(())
    }

    fn wanted(&self) -> Option<usize> {
        let mut output = self.output.borrow_mut();
        output.accept(self.endpoint.mailbox().take_stream_end());
        output.wanted(self.endpoint.mailbox().state())
    }

    fn write(&mut self, samples: &[i16]) {
        self.output.get_mut().write(samples);
    }

    fn flush(&mut self) {
        self.flush_within(FADE);
    }

    fn flush_within(&mut self, fade: Duration) {
        self.output.get_mut().flush(fade);
    }

    fn stop(&mut self) {
        self.endpoint.want(false);
        self.output.replace(Output::default());
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        Some(self.endpoint.control())
    }
}

/// The device must not stay open when a client is dropped without a stop.
impl Drop for DeviceSpeaker {
    fn drop(&mut self) {
        self.stop();
    }
}

impl fmt::Debug for DeviceSpeaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceSpeaker").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playback_ring::playback_ring;

    #[test]
    fn our_format_becomes_the_devices() {
        let mut output = Output::default();
        assert_eq!(output.wanted(State::Closed), Some(0), "being opened");
        let (mut outlet, end) = playback_ring::<f32>(AudioFormat { sample_rate: 48_000, channels: 2 });
        output.accept(Some(StreamEnd::Playback(end)));
        assert_eq!(output.wanted(State::Open), Some(2_400));
        output.write(&[16_384; 1_200]);
        assert_eq!(output.wanted(State::Open), Some(1_200));
        let mut out = [0.0; 2_402];
        outlet.give(&mut out);
        assert_eq!((out[0], out[2_399], out[2_400]), (0.5, 0.5, 0.0));
        output.write(&[16_384; 2_400]);
        output.flush(FADE);
        assert_eq!(output.wanted(State::Open), Some(2_400));
    }

    #[test]
    fn without_a_device_the_caller_paces_it() {
        let mut output = Output::default();
        assert_eq!(output.wanted(State::Failed), None);
        output.write(&[1; 100]);
        output.flush(FADE);
    }
}
