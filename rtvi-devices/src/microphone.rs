//! A microphone of the machine as a client's audio source.
//!
//! Runs in the client's audio task; the device thread owns the device.

use std::{
    cell::RefCell,
    fmt,
    sync::{Arc, mpsc::SyncSender},
};

use rtvi_core::{
    Error,
    media::{AudioFormat, AudioSource, DeviceControl},
};

use super::{
    backend::{Direction, StreamHandle},
    capture_ring::CaptureConsumer,
    endpoint::Endpoint,
    worker::Command,
};

/// The format reported until the device is open.
const DEFAULT_FORMAT: AudioFormat = AudioFormat::mono(48_000);

/// A microphone of the machine, made by [`Devices::microphone`](super::Devices::microphone).
///
/// [`start`](AudioSource::start) returns at once and the device thread then opens the device. It
/// stays open until [`stop`](AudioSource::stop). Samples come in the device's own format, which
/// changes when another device takes over.
pub struct DeviceMicrophone {
    endpoint: Endpoint,
    /// The open device, in a cell because [`AudioSource::available`] takes over a newly opened one.
    device: RefCell<Option<Box<dyn CaptureConsumer>>>,
}

impl DeviceMicrophone {
    pub(super) fn new(commands: Arc<SyncSender<Command>>, id: &str) -> Self {
        let endpoint = Endpoint::new(commands, Direction::Capture, id);
        Self { endpoint, device: RefCell::default() }
    }
}

impl AudioSource for DeviceMicrophone {
    fn format(&self) -> AudioFormat {
        self.device.borrow().as_ref().map_or(DEFAULT_FORMAT, |device| device.format())
    }

    fn start(&mut self) -> Result<(), Error> {
        self.device.take();
        self.endpoint.set_wanted(true);
        Ok(())
    }

    fn available(&self) -> Option<usize> {
        let mut device = self.device.borrow_mut();
        if let Some(StreamHandle::Capture(opened)) = self.endpoint.mailbox().take_stream() {
            *device = Some(opened);
        }
        Some(device.as_ref().map_or(0, |device| device.available()))
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        self.device.get_mut().as_mut().map_or(0, |device| device.read(out))
    }

    fn is_finished(&self) -> bool {
        false
    }

    fn needs_processing(&self) -> bool {
        true
    }

    /// Counts for the present device only.
    fn dropped(&self) -> u64 {
        self.device.borrow().as_ref().map_or(0, |device| device.lost())
    }

    fn stop(&mut self) {
        self.endpoint.set_wanted(false);
        self.device.take();
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        Some(self.endpoint.control())
    }
}

/// Closes the device when a client is dropped without ending its session.
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
    use std::{sync::mpsc::sync_channel, time::Duration};

    use rtvi_core::media::Capture;

    use super::*;
    use crate::capture_ring::{CaptureProducer, capture_ring};

    const CD: AudioFormat = AudioFormat { sample_rate: 44_100, channels: 2 };

    /// A microphone whose device thread is this test.
    fn microphone() -> DeviceMicrophone {
        DeviceMicrophone::new(Arc::new(sync_channel(8).0), "mic")
    }

    fn open(microphone: &DeviceMicrophone, format: AudioFormat) -> CaptureProducer<f32> {
        let (producer, consumer) = capture_ring(format);
        microphone.endpoint.mailbox().put_stream(StreamHandle::Capture(consumer));
        producer
    }

    #[test]
    fn it_gives_the_samples_of_the_device_unconverted() {
        let mut microphone = microphone();
        let mut out = [0; 10];
        assert_eq!((microphone.available(), microphone.read(&mut out)), (Some(0), 0), "not open yet");
        assert_eq!(microphone.format(), DEFAULT_FORMAT);
        open(&microphone, CD).push(&[0.5, -1.0, 0.25, 0.0]);
        assert_eq!((microphone.available(), microphone.format()), (Some(4), CD));
        assert_eq!((microphone.read(&mut out), out[..4].to_vec()), (4, vec![16_384, i16::MIN, 8_192, 0]));
    }

    #[test]
    fn another_device_takes_over_with_a_format_of_its_own() {
        let mut microphone = microphone();
        open(&microphone, DEFAULT_FORMAT).push(&[0.1; 480]);
        assert_eq!(microphone.available(), Some(480));
        open(&microphone, CD).push(&[0.25; 882]);
        assert_eq!((microphone.available(), microphone.format()), (Some(882), CD));
        let mut out = [0; 2_000];
        assert_eq!((microphone.read(&mut out), out[0], out[881]), (882, 8_192, 8_192));
    }

    #[test]
    fn a_capture_resamples_it_from_the_rate_of_the_device() {
        let microphone = microphone();
        let mut device = open(&microphone, CD);
        let frame = Duration::from_millis(20);
        let mut capture = Capture::new(Box::new(microphone), AudioFormat::mono(16_000), frame).unwrap();
        capture.resume(&[]);
        let mut heard = Vec::new();
        for tick in 0..50 {
            // A tone of 1 kHz on both channels.
            let tone = |i: u32| ((tick * 882 + i) as f32 / 44.1 * std::f32::consts::TAU).sin() / 2.0;
            let samples: Vec<f32> = (0..882).map(tone).flat_map(|sample| [sample; 2]).collect();
            device.push(&samples);
            capture.tick(|frame| heard.extend_from_slice(&frame.samples));
        }
        assert!((15_000..=16_000).contains(&heard.len()), "{}", heard.len());
        let crossings = heard.windows(2).filter(|pair| (pair[0] < 0) != (pair[1] < 0)).count();
        assert!(crossings.abs_diff(heard.len() / 8) < 10, "{crossings} in {}", heard.len());
    }
}
