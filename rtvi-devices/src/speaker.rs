//! A speaker of the machine as a client's audio sink.
//!
//! Runs in the client's audio task; the device thread owns the device.

use std::{
    cell::RefCell,
    fmt,
    sync::{Arc, mpsc::SyncSender},
    time::Duration,
};

use rtvi_core::{
    Error,
    media::{AudioFormat, AudioSink, DeviceControl},
};

use super::{
    backend::{Direction, StreamHandle},
    endpoint::Endpoint,
    mailbox::State,
    playback_ring::PlaybackProducer,
    worker::Command,
};

/// The format reported until the device is open.
const DEFAULT_FORMAT: AudioFormat = AudioFormat::mono(48_000);

/// How much audio waits for the device: two turns of the client's audio task and a period of the
/// device. With less, a late task is audible.
const READY: Duration = Duration::from_millis(50);

/// How long flushed audio takes to fade out by default.
const FADE: Duration = Duration::from_millis(5);

/// A speaker of the machine, made by [`Devices::speaker`](super::Devices::speaker).
///
/// [`start`](AudioSink::start) returns at once and the device thread then opens the device. It
/// stays open until [`stop`](AudioSink::stop). The speaker takes samples in the device's own
/// format, which changes when another device takes over. Without a working device it discards the
/// bot's audio at the caller's pace. A flush fades out within 5 ms or the time that the caller
/// chooses.
pub struct DeviceSpeaker {
    endpoint: Endpoint,
    /// The open device, in a cell because [`AudioSink::wanted`] takes over a newly opened one.
    device: RefCell<Option<Box<dyn PlaybackProducer>>>,
}

impl DeviceSpeaker {
    pub(super) fn new(commands: Arc<SyncSender<Command>>, id: &str) -> Self {
        let endpoint = Endpoint::new(commands, Direction::Playback, id);
        Self { endpoint, device: RefCell::default() }
    }
}

impl AudioSink for DeviceSpeaker {
    fn format(&self) -> AudioFormat {
        self.device.borrow().as_ref().map_or(DEFAULT_FORMAT, |device| device.format())
    }

    fn start(&mut self) -> Result<(), Error> {
        self.device.take();
        self.endpoint.set_wanted(true);
        Ok(())
    }

    /// Without a limit when the device has failed; nothing while it is being opened.
    fn wanted(&self) -> Option<usize> {
        let mut device = self.device.borrow_mut();
        if let Some(StreamHandle::Playback(opened)) = self.endpoint.mailbox().take_stream() {
            *device = Some(opened);
        }
        match (self.endpoint.mailbox().state(), device.as_ref()) {
            (State::Failed, _) => None,
            (State::Closed, _) | (State::Open, None) => Some(0),
            (State::Open, Some(device)) => {
                let waiting = device.format().duration_of(device.waiting());
                Some(device.format().samples_in(READY.saturating_sub(waiting)))
            }
        }
    }

    fn write(&mut self, samples: &[i16]) {
        if let Some(device) = self.device.get_mut() {
            device.write(samples);
        }
    }

    fn flush(&mut self) {
        self.flush_within(FADE);
    }

    fn flush_within(&mut self, fade: Duration) {
        if let Some(device) = self.device.get_mut() {
            device.flush(fade);
        }
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
    use std::sync::mpsc::sync_channel;

    use super::*;
    use crate::playback_ring::playback_ring;

    const CD: AudioFormat = AudioFormat { sample_rate: 44_100, channels: 2 };

    /// A speaker whose device thread is this test.
    fn speaker() -> DeviceSpeaker {
        let speaker = DeviceSpeaker::new(Arc::new(sync_channel(8).0), "speaker");
        speaker.endpoint.mailbox().set_state(State::Closed);
        speaker
    }

    #[test]
    fn it_takes_samples_in_the_format_of_the_device() {
        let mut speaker = speaker();
        assert_eq!((speaker.wanted(), speaker.format()), (Some(0), DEFAULT_FORMAT), "being opened");
        let (mut device, producer) = playback_ring::<f32>(CD);
        speaker.endpoint.mailbox().put_stream(StreamHandle::Playback(producer));
        speaker.endpoint.mailbox().set_state(State::Open);
        assert_eq!((speaker.wanted(), speaker.format()), (Some(4_410), CD));
        speaker.write(&[16_384; 2_204]);
        assert_eq!(speaker.wanted(), Some(2_206));
        let mut out = [0.0; 2_206];
        device.fill(&mut out);
        assert_eq!((out[0], out[2_203], out[2_204]), (0.5, 0.5, 0.0));
        speaker.write(&[16_384; 4_410]);
        speaker.flush();
        assert_eq!(speaker.wanted(), Some(4_410));
    }

    #[test]
    fn without_a_device_the_caller_paces_it() {
        let mut speaker = speaker();
        speaker.endpoint.mailbox().set_state(State::Failed);
        assert_eq!(speaker.wanted(), None);
        speaker.write(&[1; 100]);
        speaker.flush();
    }
}
