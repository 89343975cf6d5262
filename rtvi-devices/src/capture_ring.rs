//! Carries a microphone's samples out of the system's callback: a lock-free ring in the device's
//! own format.
//!
//! The callback uses [`CaptureProducer`] and only copies. The client's audio task uses
//! [`CaptureConsumer`] and converts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use cpal::{FromSample, Sample, SizedSample};
use rtrb::{Consumer, Producer, RingBuffer};

use rtvi_core::media::AudioFormat;

/// The capacity between the callback and the client. When full, the newest samples are lost: the
/// client is far behind, and drops old audio when it catches up.
const RING: Duration = Duration::from_millis(500);

/// The callback's end.
pub(super) struct CaptureProducer<T> {
    ring: Producer<T>,
    /// The number of samples that did not fit.
    lost: Arc<AtomicU64>,
}

impl<T: Copy> CaptureProducer<T> {
    /// Takes what fits. Neither allocates nor waits.
    pub(super) fn take(&mut self, samples: &[T]) {
        let (_taken, rest) = self.ring.push_partial_slice(samples);
        self.lost.fetch_add(rest.len() as u64, Ordering::Relaxed);
    }
}

/// The client's end.
pub(super) trait CaptureConsumer: Send {
    /// The format of the samples.
    fn format(&self) -> AudioFormat;

    /// The number of waiting samples.
    fn available(&self) -> usize;

    /// Appends up to `limit` samples to `out`.
    fn read(&mut self, limit: usize, out: &mut Vec<i16>);

    /// The number of samples lost because the ring was full.
    fn lost(&self) -> u64;
}

struct Captured<T> {
    format: AudioFormat,
    ring: Consumer<T>,
    lost: Arc<AtomicU64>,
}

impl<T: SizedSample + Send> CaptureConsumer for Captured<T>
where
    i16: FromSample<T>,
{
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn available(&self) -> usize {
        self.ring.slots()
    }

    fn read(&mut self, limit: usize, out: &mut Vec<i16>) {
        if let Ok(chunk) = self.ring.read_chunk(limit.min(self.ring.slots())) {
            out.extend(chunk.into_iter().map(i16::from_sample));
        }
    }

    fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

/// Creates both ends of a ring for samples of this format.
pub(super) fn capture_ring<T>(format: AudioFormat) -> (CaptureProducer<T>, Box<dyn CaptureConsumer>)
where
    T: SizedSample + Send + 'static,
    i16: FromSample<T>,
{
    let (producer, consumer) = RingBuffer::new(format.samples_in(RING));
    let lost = Arc::new(AtomicU64::new(0));
    (
        CaptureProducer { ring: producer, lost: Arc::clone(&lost) },
        Box::new(Captured { format, ring: consumer, lost }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_every_format_become_16_bit() {
        let format = AudioFormat::mono(8_000);
        let (mut intake, mut end) = capture_ring::<f32>(format);
        intake.take(&[0.0, 0.5, -1.0, 1.0]);
        let mut out = Vec::new();
        end.read(3, &mut out);
        assert_eq!((out.as_slice(), end.available()), ([0, 16_384, i16::MIN].as_slice(), 1));
        let (mut intake, mut end) = capture_ring::<u8>(format);
        intake.take(&[128, 255]);
        out.clear();
        end.read(9, &mut out);
        assert_eq!(out, [0, 32_512]);
    }

    #[test]
    fn a_full_ring_keeps_what_it_has() {
        let (mut intake, mut end) = capture_ring::<i16>(AudioFormat { sample_rate: 8_000, channels: 2 });
        intake.take(&[1; 7_998]);
        intake.take(&[2; 10]);
        assert_eq!((end.available(), end.lost()), (8_000, 8));
        let mut out = Vec::new();
        end.read(8_000, &mut out);
        assert_eq!(out[7_996..], [1, 1, 2, 2]);
    }
}
