//! A lock-free ring that takes a microphone's samples out of the system's callback.
//!
//! The ring has the device's own format. The callback uses [`CaptureProducer`], which only copies;
//! the client's audio task uses [`CaptureConsumer`], which converts to 16 bits.

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

/// How much audio waits for the client. When full, the newest samples are lost: the client is far
/// behind, and discards old audio when it catches up.
const RING: Duration = Duration::from_millis(500);

/// The callback's side.
pub(super) struct CaptureProducer<T> {
    ring: Producer<T>,
    /// How many samples did not fit.
    lost: Arc<AtomicU64>,
}

impl<T: Copy> CaptureProducer<T> {
    /// Adds the samples that fit. Neither allocates nor waits.
    pub(super) fn push(&mut self, samples: &[T]) {
        let (_taken, rest) = self.ring.push_partial_slice(samples);
        self.lost.fetch_add(rest.len() as u64, Ordering::Relaxed);
    }
}

/// The client's side.
pub(super) trait CaptureConsumer: Send {
    /// The format of the samples.
    fn format(&self) -> AudioFormat;

    /// How many samples wait.
    fn available(&self) -> usize;

    /// Moves up to `out.len()` samples into `out` and returns how many.
    fn read(&mut self, out: &mut [i16]) -> usize;

    /// How many samples were lost because the ring was full.
    fn lost(&self) -> u64;
}

struct RingConsumer<T> {
    format: AudioFormat,
    ring: Consumer<T>,
    lost: Arc<AtomicU64>,
}

impl<T: SizedSample + Send> CaptureConsumer for RingConsumer<T>
where
    i16: FromSample<T>,
{
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn available(&self) -> usize {
        self.ring.slots()
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        let count = out.len().min(self.ring.slots());
        if let Ok(chunk) = self.ring.read_chunk(count) {
            out.iter_mut().zip(chunk).for_each(|(slot, sample)| *slot = i16::from_sample(sample));
        }
        count
    }

    fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

/// Both sides of a ring for samples of this format.
pub(super) fn capture_ring<T>(format: AudioFormat) -> (CaptureProducer<T>, Box<dyn CaptureConsumer>)
where
    T: SizedSample + Send + 'static,
    i16: FromSample<T>,
{
    let (producer, consumer) = RingBuffer::new(format.samples_in(RING));
    let lost = Arc::new(AtomicU64::new(0));
    (
        CaptureProducer { ring: producer, lost: Arc::clone(&lost) },
        Box::new(RingConsumer { format, ring: consumer, lost }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_every_format_become_16_bit() {
        let format = AudioFormat::mono(8_000);
        let (mut producer, mut consumer) = capture_ring::<f32>(format);
        producer.push(&[0.0, 0.5, -1.0, 1.0]);
        let mut out = [0; 3];
        assert_eq!((consumer.read(&mut out), out, consumer.available()), (3, [0, 16_384, i16::MIN], 1));
        let (mut producer, mut consumer) = capture_ring::<u8>(format);
        producer.push(&[128, 255]);
        assert_eq!((consumer.read(&mut out), out), (2, [0, 32_512, i16::MIN]));
    }

    #[test]
    fn a_full_ring_keeps_what_it_has() {
        let (mut producer, mut consumer) =
            capture_ring::<i16>(AudioFormat { sample_rate: 8_000, channels: 2 });
        producer.push(&[1; 7_998]);
        producer.push(&[2; 10]);
        assert_eq!((consumer.available(), consumer.lost()), (8_000, 8));
        let mut out = [0; 8_000];
        assert_eq!((consumer.read(&mut out), &out[7_996..]), (8_000, [1, 1, 2, 2].as_slice()));
    }
}
