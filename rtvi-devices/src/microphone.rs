//! A microphone of the machine as a client's audio source.
//!
//! Runs in the client's audio task; the device thread owns the device itself.

use std::{
    cell::RefCell,
    collections::VecDeque,
    fmt,
    sync::{Arc, mpsc::SyncSender},
};

use rtvi_core::{
    Error,
    media::{AudioFormat, AudioSource, DeviceControl, Resampler},
};

use super::{
    backend::{Direction, StreamEnd},
    capture_ring::CaptureConsumer,
    endpoint::Endpoint,
    worker::Command,
};

/// The format it delivers, whatever the device records. Nearly all devices use this rate, so
/// usually no conversion is needed.
const FORMAT: AudioFormat = AudioFormat::mono(48_000);

/// A microphone of the machine; created by [`Devices::microphone`](super::Devices::microphone).
///
/// Delivers 48 kHz mono whatever the device records, so that devices can change while it runs. The
/// device is open from [`start`](AudioSource::start), which returns at once, to
/// [`stop`](AudioSource::stop).
pub struct DeviceMicrophone {
    endpoint: Endpoint,
    /// In a cell because [`AudioSource::available`] checks whether the device has been opened.
    input: RefCell<Input>,
}

/// The open device, and audio that was converted but not read yet.
#[derive(Default)]
struct Input {
    device: Option<Device>,
    raw: Vec<i16>,
    converted: Vec<i16>,
    ready: VecDeque<i16>,
}

struct Device {
    end: Box<dyn CaptureConsumer>,
    resampler: Resampler,
}

impl DeviceMicrophone {
    pub(super) fn new(commands: Arc<SyncSender<Command>>, id: &str) -> Self {
        let endpoint = Endpoint::new(commands, Direction::Capture, id);
        Self { endpoint, input: RefCell::default() }
    }
}

impl Input {
    /// Continues with the device that was opened last.
    fn accept(&mut self, stream_end: Option<StreamEnd>) {
        let Some(StreamEnd::Capture(end)) = stream_end else { return };
        self.device = Resampler::new(end.format(), FORMAT).ok().map(|resampler| Device { end, resampler });
    }

    /// The number of waiting samples, in our format; inexact while rates differ.
    fn available(&self) -> usize {
        let of_device = self
            .device
            .as_ref()
            .map_or(0, |device| FORMAT.samples_in(device.end.format().duration_of(device.end.available())));
        self.ready.len() + of_device
    }

    /// The number of lost samples, in our format. Losses of a replaced device are forgotten.
    fn lost(&self) -> u64 {
        let Some(Device { end, .. }) = &self.device else { return 0 };
        let lost = usize::try_from(end.lost()).unwrap_or(usize::MAX);
        FORMAT.samples_in(end.format().duration_of(lost)) as u64
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        if self.ready.len() < out.len() {
            self.convert(out.len());
        }
        let count = out.len().min(self.ready.len());
        out.iter_mut().zip(self.ready.drain(..count)).for_each(|(slot, sample)| *slot = sample);
        count
    }

    /// Converts about as much as yields `wanted` samples of ours.
    fn convert(&mut self, wanted: usize) {
        let Some(device) = &mut self.device else { return };
        let format = device.end.format();
        let limit = format.samples_in(FORMAT.duration_of(wanted)) + usize::from(format.channels);
        self.raw.clear();
        device.end.read(limit, &mut self.raw);
        self.converted.clear();
        device.resampler.process(&self.raw, &mut self.converted);
        self.ready.extend(&self.converted);
    }
}

impl AudioSource for DeviceMicrophone {
    fn format(&self) -> AudioFormat {
        FORMAT
    }

    fn start(&mut self) -> Result<(), Error> {
        self.input.replace(Input::default());
        self.endpoint.want(true);
        Ok(())
    }

    fn available(&self) -> Option<usize> {
        let mut input = self.input.borrow_mut();
        input.accept(self.endpoint.mailbox().take_stream_end());
        Some(input.available())
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        let input = self.input.get_mut();
        input.accept(self.endpoint.mailbox().take_stream_end());
        input.read(out)
    }

    fn is_finished(&self) -> bool {
        false
    }

    fn needs_processing(&self) -> bool {
        true
    }

    fn dropped(&self) -> u64 {
        self.input.borrow().lost()
    }

    fn stop(&mut self) {
        self.endpoint.want(false);
        self.input.replace(Input::default());
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        Some(self.endpoint.control())
    }
}

/// The device must not stay open when a client is dropped without a stop.
impl Drop for DeviceMicrophone {
    fn drop(&mut self) {
        self.stop();
    }
}

impl fmt::Debug for DeviceMicrophone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceMicrophone").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture_ring::capture_ring;

    #[test]
    fn any_format_of_a_device_becomes_ours() {
        let mut input = Input::default();
        assert_eq!((input.available(), input.read(&mut [0; 10])), (0, 0), "not open yet");
        let format = AudioFormat { sample_rate: 16_000, channels: 2 };
        let (mut intake, end) = capture_ring::<f32>(format);
        input.accept(Some(StreamEnd::Capture(end)));
        intake.take(&[0.5; 3_200]);
        assert_eq!(input.available(), 4_800);
        let mut out = vec![0; 480];
        let mut heard = Vec::new();
        loop {
            let count = input.read(&mut out);
            heard.extend_from_slice(&out[..count]);
            if count == 0 {
                break;
            }
        }
        assert!((4_200..=4_800).contains(&heard.len()), "{}", heard.len());
        let steady = &heard[1_000..4_000];
        assert!(steady.iter().all(|sample| (16_200..=16_600).contains(sample)), "{steady:?}");
    }

    #[test]
    fn a_new_device_takes_the_place_of_the_old() {
        let mut input = Input::default();
        let (mut old, end) = capture_ring::<i16>(FORMAT);
        input.accept(Some(StreamEnd::Capture(end)));
        old.take(&[1; 480]);
        let (mut new, end) = capture_ring::<i16>(FORMAT);
        input.accept(Some(StreamEnd::Capture(end)));
        new.take(&[2; 480]);
        let mut out = [0; 960];
        assert_eq!((input.read(&mut out), out[0]), (480, 2));
    }
}
