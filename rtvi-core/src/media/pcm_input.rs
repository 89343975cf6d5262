//! A microphone that the app itself fills with samples.
//!
//! The two sides of a bounded lock-free ring; no thread and no clock.

use std::time::Duration;

use rtrb::{Consumer, Producer, RingBuffer};

use crate::error::{Error, ErrorKind};

use super::{AudioFormat, AudioSource};

/// How much audio waits between [`PcmInput`] and [`PcmSource`]. When full, [`PcmInput::push`] takes
/// no more.
const INPUT_LIMIT: Duration = Duration::from_secs(2);

/// Who sets the pace of app-provided audio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PcmPace {
    /// The app pushes in real time, as a device does. The client catches up when audio arrives
    /// late, and drops audio that was pushed between a stop and the next start.
    Live,
    /// The app pushes synthesized or stored audio whenever there is room; the client takes it in
    /// real time.
    Paced,
}

/// The app's side, which takes the user's samples. Dropping it ends the audio; the client then
/// sends silence.
///
/// Never blocks or allocates, so a real-time audio callback may use it.
#[derive(Debug)]
pub struct PcmInput {
    format: AudioFormat,
    ring: Producer<i16>,
}

impl PcmInput {
    /// The format of the samples.
    pub const fn format(&self) -> AudioFormat {
        self.format
    }

    /// Adds interleaved samples and returns how many fit. At most two seconds of audio wait, and
    /// only whole groups of one sample per channel are taken. Push the rest again later, or drop
    /// it.
    pub fn push(&mut self, samples: &[i16]) -> usize {
        let room = self.free().min(samples.len());
        let whole = room - room % usize::from(self.format.channels);
        let (taken, _) = self.ring.push_partial_slice(samples.get(..whole).unwrap_or_default());
        taken.len()
    }

    /// The number of samples that fit now.
    pub fn free(&self) -> usize {
        self.ring.slots()
    }
}

/// The client's side of app-provided audio. Pass it to the client as its microphone.
#[derive(Debug)]
pub struct PcmSource {
    format: AudioFormat,
    pace: PcmPace,
    ring: Consumer<i16>,
    was_stopped: bool,
}

impl PcmSource {
    /// A microphone and the app's side of it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when the format is not
    /// [supported](AudioFormat::is_supported).
    pub fn new(format: AudioFormat, pace: PcmPace) -> Result<(PcmInput, Self), Error> {
        if !format.is_supported() {
            return Err(Error::new(ErrorKind::InvalidArgument, format!("can't take audio of {format}")));
        }
        let (producer, consumer) = RingBuffer::new(format.samples_in(INPUT_LIMIT));
        Ok((PcmInput { format, ring: producer }, Self { format, pace, ring: consumer, was_stopped: false }))
    }
}

impl AudioSource for PcmSource {
    fn format(&self) -> AudioFormat {
        self.format
    }

    /// Drops audio that a live input received while it was stopped.
    fn start(&mut self) -> Result<(), Error> {
        if std::mem::take(&mut self.was_stopped) && self.pace == PcmPace::Live {
            let old = self.ring.slots();
            if let Ok(chunk) = self.ring.read_chunk(old) {
                chunk.commit_all();
            }
        }
        Ok(())
    }

    fn available(&self) -> Option<usize> {
        match self.pace {
            PcmPace::Live => Some(self.ring.slots()),
            PcmPace::Paced => None,
        }
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        let (read, _) = self.ring.pop_partial_slice(out);
        read.len()
    }

    fn is_finished(&self) -> bool {
        // In this order: samples pushed just before the other side is dropped must not be missed.
        self.ring.is_abandoned() && self.ring.slots() == 0
    }

    fn stop(&mut self) {
        self.was_stopped = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_what_was_pushed_and_then_ends() {
        let (mut input, mut source) = PcmSource::new(AudioFormat::mono(8_000), PcmPace::Live).unwrap();
        assert_eq!(input.push(&[1, 2, 3]), 3);
        assert_eq!(source.available(), Some(3));
        let mut out = [0; 2];
        assert_eq!(source.read(&mut out), 2);
        drop(input);
        assert!(!source.is_finished());
        assert_eq!(source.read(&mut out), 1);
        assert_eq!(out, [3, 2]);
        assert!(source.is_finished());
    }

    #[test]
    fn live_audio_from_before_the_start_is_dropped() {
        for (pace, kept) in [(PcmPace::Live, 0), (PcmPace::Paced, 3)] {
            let (mut input, mut source) = PcmSource::new(AudioFormat::mono(8_000), pace).unwrap();
            input.push(&[1; 2]);
            source.start().unwrap();
            assert_eq!(source.read(&mut [0; 5]), 2, "what was pushed before the first start is there");
            source.stop();
            input.push(&[2; 3]);
            source.start().unwrap();
            assert_eq!(source.read(&mut [0; 5]), kept, "{pace:?}");
            input.push(&[3]);
            source.start().unwrap();
            assert_eq!(source.read(&mut [0; 5]), 1);
        }
    }

    #[test]
    fn takes_two_seconds_and_only_whole_groups() {
        let format = AudioFormat { sample_rate: 8_000, channels: 2 };
        let (mut input, mut source) = PcmSource::new(format, PcmPace::Paced).unwrap();
        assert_eq!(input.push(&[1, 2, 3]), 2);
        assert_eq!(input.push(&vec![5; 50_000]), 31_998);
        assert_eq!((input.push(&[1, 2]), input.free()), (0, 0));
        let mut out = vec![0; 50_000];
        assert_eq!(source.read(&mut out), 32_000);
        assert_eq!(&out[..3], &[1, 2, 5]);
        assert_eq!(source.available(), None);
    }

    #[test]
    fn refuses_unusable_formats() {
        let error = PcmSource::new(AudioFormat::mono(3), PcmPace::Live).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().contains("3 Hz"), "{error}");
    }
}
