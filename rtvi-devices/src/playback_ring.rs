//! A lock-free ring that takes the bot's samples into the system's callback.
//!
//! The ring has the device's own format. The callback uses [`PlaybackConsumer`], which only copies,
//! and fades out flushed samples; the client's audio task uses [`PlaybackProducer`], which converts
//! from 16 bits.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use cpal::{FromSample, Sample, SizedSample};
use rtrb::{Consumer, Producer, RingBuffer};

use rtvi_core::media::AudioFormat;

use super::sync::{AtomicU64, AtomicUsize};

/// Size of the ring. It is much larger than what the client lets wait, so that it also holds
/// flushed samples that the callback has not skipped yet. Samples that do not fit are dropped.
const RING: Duration = Duration::from_millis(400);

/// The samples that must not be played any more.
#[derive(Default)]
struct Flush {
    /// How many of all samples written so far.
    samples: AtomicU64,
    /// How many groups of samples, one for each channel, the fade-out takes.
    fade: AtomicUsize,
}

/// The callback's side.
pub(super) struct PlaybackConsumer<T> {
    ring: Consumer<T>,
    channels: usize,
    /// How many samples were taken out so far.
    taken: u64,
    flush: Arc<Flush>,
    /// The value of `flush.samples` that was handled last.
    handled: u64,
    /// Groups of samples in the whole fade.
    fade: usize,
    /// Groups that are left of the fade.
    fading: usize,
}

impl<T> PlaybackConsumer<T>
where
    T: SizedSample + FromSample<f32>,
    f32: FromSample<T>,
{
    /// Fills `out` with the next samples, and then with silence. Neither allocates nor waits.
    pub(super) fn fill(&mut self, out: &mut [T]) {
        let flushed = self.flush.samples.load(Ordering::Acquire);
        if flushed > self.handled {
            self.begin_fade(flushed);
        }
        let mut done = 0;
        if self.fading > 0 {
            done = self.fade_out(out);
        }
        if self.fading == 0 {
            self.skip_flushed();
            done += self.copy(out.get_mut(done..).unwrap_or_default());
        }
        out.get_mut(done..).unwrap_or_default().fill(T::EQUILIBRIUM);
    }

    /// Starts a fade over no more samples than there are, since it must reach silence. A fade under
    /// way continues.
    fn begin_fade(&mut self, flushed: u64) {
        self.handled = flushed;
        if self.fading > 0 {
            return;
        }
        let left = usize::try_from(flushed.saturating_sub(self.taken)).unwrap_or(usize::MAX);
        self.fade = self.flush.fade.load(Ordering::Relaxed).min(left / self.channels);
        self.fading = self.fade;
    }

    /// Fades out the first of the flushed samples and returns how many.
    fn fade_out(&mut self, out: &mut [T]) -> usize {
        let stale = usize::try_from(self.handled.saturating_sub(self.taken)).unwrap_or(usize::MAX);
        let wanted = out.len().min(stale).min(self.fading * self.channels);
        let count = self.copy(out.get_mut(..wanted).unwrap_or_default());
        for group in out.get_mut(..count).unwrap_or_default().chunks_mut(self.channels) {
            self.fading = self.fading.saturating_sub(1);
            let gain = self.fading as f32 / self.fade.max(1) as f32;
            group.iter_mut().for_each(|sample| *sample = T::from_sample(f32::from_sample(*sample) * gain));
        }
        if count < out.len() {
            self.fading = 0;
        }
        count
    }

    fn copy(&mut self, out: &mut [T]) -> usize {
        let (read, _) = self.ring.pop_partial_slice(out);
        self.taken += read.len() as u64;
        read.len()
    }

    fn skip_flushed(&mut self) {
        let stale = usize::try_from(self.handled.saturating_sub(self.taken)).unwrap_or(usize::MAX);
        let present = self.ring.slots().min(stale);
        if let Ok(chunk) = self.ring.read_chunk(present) {
            chunk.commit_all();
            self.taken += present as u64;
        }
    }
}

/// The client's side.
pub(super) trait PlaybackProducer: Send {
    /// The format of the samples.
    fn format(&self) -> AudioFormat;

    /// How many samples wait to be played.
    fn waiting(&self) -> usize;

    /// Adds samples behind those that wait. Samples that do not fit are dropped.
    fn write(&mut self, samples: &[i16]);

    /// Drops the samples that wait, except those that fade out within this time.
    fn flush(&mut self, fade: Duration);
}

struct RingProducer<T> {
    format: AudioFormat,
    ring: Producer<T>,
    written: u64,
    flush: Arc<Flush>,
}

impl<T: SizedSample + FromSample<i16> + Send> PlaybackProducer for RingProducer<T> {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn waiting(&self) -> usize {
        let present = (self.ring.buffer().capacity() - self.ring.slots()) as u64;
        let fresh = present.min(self.written - self.flush.samples.load(Ordering::Relaxed));
        usize::try_from(fresh).unwrap_or(usize::MAX)
    }

    fn write(&mut self, samples: &[i16]) {
        let room = self.ring.slots().min(samples.len());
        let whole = room - room % usize::from(self.format.channels);
        if let Ok(chunk) = self.ring.write_chunk_uninit(whole) {
            let samples = samples.iter().map(|sample| T::from_sample(*sample));
            self.written += chunk.fill_from_iter(samples) as u64;
        }
    }

    fn flush(&mut self, fade: Duration) {
        let groups = self.format.samples_in(fade) / usize::from(self.format.channels).max(1);
        self.flush.fade.store(groups, Ordering::Relaxed);
        self.flush.samples.store(self.written, Ordering::Release);
    }
}

/// Both sides of a ring for samples of this format.
pub(super) fn playback_ring<T>(format: AudioFormat) -> (PlaybackConsumer<T>, Box<dyn PlaybackProducer>)
where
    T: SizedSample + FromSample<i16> + Send + 'static,
{
    let (producer, consumer) = RingBuffer::new(format.samples_in(RING));
    let flush = Arc::new(Flush::default());
    let channels = usize::from(format.channels).max(1);
    let consumer = PlaybackConsumer {
        ring: consumer,
        channels,
        taken: 0,
        flush: Arc::clone(&flush),
        handled: 0,
        fade: 0,
        fading: 0,
    };
    (consumer, Box::new(RingProducer { format, ring: producer, written: 0, flush }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMAT: AudioFormat = AudioFormat::mono(8_000);
    const FADE: Duration = Duration::from_millis(5);

    fn filled<T>(consumer: &mut PlaybackConsumer<T>, count: usize) -> Vec<T>
    where
        T: SizedSample + FromSample<f32>,
        f32: FromSample<T>,
    {
        let mut out = vec![T::EQUILIBRIUM; count];
        consumer.fill(&mut out);
        out
    }

    #[test]
    fn what_is_missing_is_silence() {
        let (mut consumer, mut producer) = playback_ring::<u8>(FORMAT);
        producer.write(&[i16::MAX, i16::MIN]);
        assert_eq!(producer.waiting(), 2);
        assert_eq!(filled(&mut consumer, 4), [255, 0, 128, 128]);
        assert_eq!(producer.waiting(), 0);
    }

    #[test]
    fn a_flush_fades_and_goes_on_with_what_comes_after() {
        let (mut consumer, mut producer) = playback_ring::<i16>(FORMAT);
        producer.write(&[8_000; 200]);
        assert_eq!(filled(&mut consumer, 80), [8_000; 80]);
        producer.flush(FADE);
        assert_eq!(producer.waiting(), 0);
        producer.write(&[500; 10]);
        let out = filled(&mut consumer, 80);
        assert!(out[..40].windows(2).all(|pair| pair[1] < pair[0]), "{out:?}");
        assert_eq!((out[0], out[39]), (7_800, 0));
        assert_eq!((&out[40..50], out[50]), ([500; 10].as_slice(), 0));
    }

    #[test]
    fn a_fade_goes_across_callbacks_and_ends_with_what_there_is() {
        let (mut consumer, mut producer) =
            playback_ring::<f32>(AudioFormat { sample_rate: 8_000, channels: 2 });
        producer.write(&[16_384; 200]);
        producer.flush(FADE);
        let (first, second) = (filled(&mut consumer, 50), filled(&mut consumer, 50));
        assert!(first[0] > 0.48 && first[48] > second[0] && second[26] > 0.0, "{first:?} {second:?}");
        assert_eq!(second[30..], [0.0; 20]);
        producer.write(&[16_384; 4]);
        producer.flush(FADE);
        assert_eq!(
            filled(&mut consumer, 8),
            [0.25, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            "a fade of what there is"
        );
        producer.write(&[16_384; 2]);
        assert_eq!(filled(&mut consumer, 2), [0.5, 0.5], "no fade is left over");
    }

    #[test]
    fn a_flush_may_fade_for_longer_or_not_at_all() {
        let (mut consumer, mut producer) = playback_ring::<i16>(FORMAT);
        producer.write(&[8_000; 400]);
        producer.flush(Duration::from_millis(20));
        let out = filled(&mut consumer, 200);
        assert_eq!((out[79], out[159], &out[160..]), (4_000, 0, [0; 40].as_slice()));
        producer.write(&[8_000; 400]);
        producer.flush(Duration::ZERO);
        assert_eq!(filled(&mut consumer, 80), [0; 80]);
    }

    #[test]
    fn a_full_ring_takes_no_more() {
        let (mut consumer, mut producer) = playback_ring::<i16>(FORMAT);
        producer.write(&[1; 4_000]);
        assert_eq!(producer.waiting(), 3_200);
        for _ in 0..10 {
            producer.flush(FADE);
            producer.write(&[1; 800]);
        }
        assert_eq!(producer.waiting(), 0);
        filled(&mut consumer, 100);
        producer.write(&[1; 800]);
        assert_eq!(producer.waiting(), 800);
    }
}
