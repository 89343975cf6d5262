//! A speaker from which the app itself takes the bot's samples.
//!
//! The two sides of a bounded lock-free ring; no thread and no clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use rtrb::{Consumer, Producer, RingBuffer};

use crate::error::{Error, ErrorKind};

use super::{AudioFormat, AudioSink};

/// How much audio [`PcmSink`] keeps ready for the app: enough for callbacks of 50 ms when the
/// client's task is late.
const READY: Duration = Duration::from_millis(100);

/// Size of the ring. It is larger than [`READY`] so that it also holds flushed audio that the app
/// has not skipped yet. Audio that does not fit is dropped and counted.
const OUTPUT_LIMIT: Duration = Duration::from_millis(400);

/// The app's side, which returns the bot's audio.
///
/// Never blocks or allocates, so a real-time audio callback may use it.
#[derive(Debug)]
pub struct PcmOutput {
    format: AudioFormat,
    ring: Consumer<i16>,
    taken: u64,
    flushed: Arc<AtomicU64>,
}

impl PcmOutput {
    /// The format of the samples.
    pub const fn format(&self) -> AudioFormat {
        self.format
    }

    /// Moves up to `out.len()` interleaved samples into `out` and returns how many. The number is
    /// smaller when the client is late or not connected. The rest of `out` stays as it is; play
    /// silence there.
    pub fn pull(&mut self, out: &mut [i16]) -> usize {
        self.skip_flushed();
        let whole = out.len() - out.len() % usize::from(self.format.channels);
        let (read, _) = self.ring.pop_partial_slice(out.get_mut(..whole).unwrap_or_default());
        self.taken += read.len() as u64;
        read.len()
    }

    fn skip_flushed(&mut self) {
        let stale = self.flushed.load(Ordering::Acquire).saturating_sub(self.taken);
        let present = self.ring.slots().min(usize::try_from(stale).unwrap_or(usize::MAX));
        if let Ok(chunk) = self.ring.read_chunk(present) {
            chunk.commit_all();
            self.taken += present as u64;
        }
    }
}

/// The client's side. Pass it to the client as its speaker.
///
/// The app sets the pace: the client keeps 100 ms ready and waits while the app takes none.
#[derive(Debug)]
pub struct PcmSink {
    format: AudioFormat,
    ring: Producer<i16>,
    written: u64,
    dropped: u64,
    /// How many of all samples written so far the app must not play any more.
    flushed: Arc<AtomicU64>,
}

impl PcmSink {
    /// A speaker and the app's side of it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when the format is not
    /// [supported](AudioFormat::is_supported).
    pub fn new(format: AudioFormat) -> Result<(Self, PcmOutput), Error> {
        if !format.is_supported() {
            return Err(Error::new(ErrorKind::InvalidArgument, format!("can't play audio of {format}")));
        }
        let (producer, consumer) = RingBuffer::new(format.samples_in(OUTPUT_LIMIT));
        let flushed = Arc::new(AtomicU64::new(0));
        let output = PcmOutput { format, ring: consumer, taken: 0, flushed: Arc::clone(&flushed) };
        Ok((Self { format, ring: producer, written: 0, dropped: 0, flushed }, output))
    }

    /// The number of samples dropped because the ring was full.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }
}

impl AudioSink for PcmSink {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn wanted(&self) -> Option<usize> {
        let present = (self.ring.buffer().capacity() - self.ring.slots()) as u64;
        let fresh = present.min(self.written - self.flushed.load(Ordering::Relaxed));
        let fresh = usize::try_from(fresh).unwrap_or(usize::MAX);
        Some(self.format.samples_in(READY).saturating_sub(fresh).min(self.ring.slots()))
    }

    fn write(&mut self, samples: &[i16]) {
        let room = self.ring.slots().min(samples.len());
        let whole = room - room % usize::from(self.format.channels);
        let (taken, _) = self.ring.push_partial_slice(samples.get(..whole).unwrap_or_default());
        self.written += taken.len() as u64;
        self.dropped += (samples.len() - taken.len()) as u64;
    }

    fn dropped(&self) -> u64 {
        self.dropped
    }

    fn flush(&mut self) {
        self.flushed.store(self.written, Ordering::Release);
    }

    fn stop(&mut self) {
        self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (PcmSink, PcmOutput) {
        PcmSink::new(AudioFormat::mono(8_000)).unwrap()
    }

    #[test]
    fn wants_a_tenth_of_a_second() {
        let (mut sink, mut output) = pair();
        assert_eq!(sink.wanted(), Some(800));
        sink.write(&[9; 500]);
        assert_eq!(sink.wanted(), Some(300));
        let mut out = [0; 200];
        assert_eq!(output.pull(&mut out), 200);
        assert_eq!((sink.wanted(), out[199]), (Some(500), 9));
        assert_eq!(output.pull(&mut [0; 400]), 300);
        assert_eq!(output.pull(&mut [0; 400]), 0);
    }

    #[test]
    fn flush_skips_what_was_not_taken() {
        let (mut sink, mut output) = pair();
        sink.write(&[1; 600]);
        output.pull(&mut [0; 100]);
        sink.flush();
        assert_eq!(sink.wanted(), Some(800));
        sink.write(&[2; 50]);
        let mut out = [0; 100];
        assert_eq!(output.pull(&mut out), 50);
        assert_eq!((out[0], out[49], out[50]), (2, 2, 0));
    }

    #[test]
    fn drops_and_counts_what_does_not_fit() {
        let (mut sink, mut output) = pair();
        sink.write(&[1; 4_000]);
        assert_eq!((sink.dropped(), sink.wanted()), (800, Some(0)));
        assert_eq!(output.pull(&mut [0; 5_000]), 3_200);
    }

    #[test]
    fn stays_bounded_when_flushed_audio_is_never_taken() {
        let (mut sink, mut output) = pair();
        for _ in 0..10 {
            sink.write(&[1; 800]);
            sink.flush();
        }
        assert_eq!(sink.wanted(), Some(0));
        assert_eq!(output.pull(&mut [0; 10]), 0);
        assert_eq!(sink.wanted(), Some(800));
    }

    #[test]
    fn returns_whole_groups_only() {
        let (mut sink, mut output) = PcmSink::new(AudioFormat { sample_rate: 8_000, channels: 2 }).unwrap();
        sink.write(&[1, 2, 3]);
        assert_eq!(sink.dropped(), 1);
        assert_eq!(output.pull(&mut [0; 1]), 0);
        assert_eq!(output.pull(&mut [0; 5]), 2);
    }
}
