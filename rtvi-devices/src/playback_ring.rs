//! Carries the bot's samples into the system's callback: a lock-free ring in the device's own
//! format.
//!
//! The callback uses [`PlaybackConsumer`]. It only copies, and fades out when told to drop the
//! waiting audio. The client's audio task uses [`PlaybackProducer`] and converts.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use cpal::{FromSample, Sample, SizedSample};
use rtrb::{Consumer, Producer, RingBuffer};

use rtvi_core::media::AudioFormat;

use super::sync::{AtomicU64, AtomicUsize};

/// The size of the ring: far more than the client queues, to hold flushed audio that the callback
/// has not skipped yet. What does not fit is dropped.
const RING: Duration = Duration::from_millis(400);

/// The samples that must no longer be played.
#[derive(Default)]
struct Flush {
    /// The end of the flushed samples, counted from the first sample written.
    samples: AtomicU64,
    /// The length of the fade-out, in groups of samples, one for each channel.
    fade: AtomicUsize,
}

/// The callback's end.
pub(super) struct PlaybackConsumer<T> {
    ring: Consumer<T>,
    channels: usize,
    /// The number of samples taken so far.
    taken: u64,
    flush: Arc<Flush>,
    /// The last value of `flush` that was applied.
    obeyed: u64,
    /// The number of sample groups in a whole fade.
    fade: usize,
    /// The number of sample groups left in the current fade.
    fading: usize,
}

impl<T> PlaybackConsumer<T>
where
    T: SizedSample + FromSample<f32>,
    f32: FromSample<T>,
{
    /// Fills `out` with the next samples, padded with silence. Neither allocates nor waits.
    pub(super) fn give(&mut self, out: &mut [T]) {
        let flushed = self.flush.samples.load(Ordering::Acquire);
        if flushed > self.obeyed {
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

    /// Limited to the available audio, since the fade must reach silence. A running fade continues.
    fn begin_fade(&mut self, flushed: u64) {
        self.obeyed = flushed;
        if self.fading > 0 {
            return;
        }
        let left = usize::try_from(flushed.saturating_sub(self.taken)).unwrap_or(usize::MAX);
        self.fade = self.flush.fade.load(Ordering::Relaxed).min(left / self.channels);
        self.fading = self.fade;
    }

    /// Delivers the start of the dropped audio with decreasing gain; returns the number of samples.
    fn fade_out(&mut self, out: &mut [T]) -> usize {
        let stale = usize::try_from(self.obeyed.saturating_sub(self.taken)).unwrap_or(usize::MAX);
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
        let stale = usize::try_from(self.obeyed.saturating_sub(self.taken)).unwrap_or(usize::MAX);
        let present = self.ring.slots().min(stale);
        if let Ok(chunk) = self.ring.read_chunk(present) {
            chunk.commit_all();
            self.taken += present as u64;
        }
    }
}

/// The client's end.
pub(super) trait PlaybackProducer: Send {
    /// The format of the samples.
    fn format(&self) -> AudioFormat;

    /// The number of samples that wait to be played.
    fn waiting(&self) -> usize;

    /// Queues samples; those that do not fit are dropped.
    fn write(&mut self, samples: &[i16]);

    /// Drops the waiting samples, except those that fade out within this time.
    fn flush(&mut self, fade: Duration);
}

struct Feed<T> {
    format: AudioFormat,
    ring: Producer<T>,
    written: u64,
    flush: Arc<Flush>,
}

impl<T: SizedSample + FromSample<i16> + Send> PlaybackProducer for Feed<T> {
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

/// Creates both ends of a ring for samples of this format.
pub(super) fn playback_ring<T>(format: AudioFormat) -> (PlaybackConsumer<T>, Box<dyn PlaybackProducer>)
where
    T: SizedSample + FromSample<i16> + Send + 'static,
{
    let (producer, consumer) = RingBuffer::new(format.samples_in(RING));
    let flush = Arc::new(Flush::default());
    let channels = usize::from(format.channels).max(1);
    let outlet = PlaybackConsumer {
        ring: consumer,
        channels,
        taken: 0,
        flush: Arc::clone(&flush),
        obeyed: 0,
        fade: 0,
        fading: 0,
    };
    (outlet, Box::new(Feed { format, ring: producer, written: 0, flush }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMAT: AudioFormat = AudioFormat::mono(8_000);
    const FADE: Duration = Duration::from_millis(5);

    fn given<T>(outlet: &mut PlaybackConsumer<T>, count: usize) -> Vec<T>
    where
        T: SizedSample + FromSample<f32>,
        f32: FromSample<T>,
    {
        let mut out = vec![T::EQUILIBRIUM; count];
        outlet.give(&mut out);
        out
    }

    #[test]
    fn what_is_missing_is_silence() {
        let (mut outlet, mut end) = playback_ring::<u8>(FORMAT);
        end.write(&[i16::MAX, i16::MIN]);
        assert_eq!(end.waiting(), 2);
        assert_eq!(given(&mut outlet, 4), [255, 0, 128, 128]);
        assert_eq!(end.waiting(), 0);
    }

    #[test]
    fn a_flush_fades_and_goes_on_with_what_comes_after() {
        let (mut outlet, mut end) = playback_ring::<i16>(FORMAT);
        end.write(&[8_000; 200]);
        assert_eq!(given(&mut outlet, 80), [8_000; 80]);
        end.flush(FADE);
        assert_eq!(end.waiting(), 0);
        end.write(&[500; 10]);
        let out = given(&mut outlet, 80);
        assert!(out[..40].windows(2).all(|pair| pair[1] < pair[0]), "{out:?}");
        assert_eq!((out[0], out[39]), (7_800, 0));
        assert_eq!((&out[40..50], out[50]), ([500; 10].as_slice(), 0));
    }

    #[test]
    fn a_fade_goes_across_callbacks_and_ends_with_what_there_is() {
        let (mut outlet, mut end) = playback_ring::<f32>(AudioFormat { sample_rate: 8_000, channels: 2 });
        end.write(&[16_384; 200]);
        end.flush(FADE);
        let (first, second) = (given(&mut outlet, 50), given(&mut outlet, 50));
        assert!(first[0] > 0.48 && first[48] > second[0] && second[26] > 0.0, "{first:?} {second:?}");
        assert_eq!(second[30..], [0.0; 20]);
        end.write(&[16_384; 4]);
        end.flush(FADE);
        assert_eq!(
            given(&mut outlet, 8),
            [0.25, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            "a fade of what there is"
        );
        end.write(&[16_384; 2]);
        assert_eq!(given(&mut outlet, 2), [0.5, 0.5], "no fade is left over");
    }

    #[test]
    fn a_flush_may_fade_for_longer_or_not_at_all() {
        let (mut outlet, mut end) = playback_ring::<i16>(FORMAT);
        end.write(&[8_000; 400]);
        end.flush(Duration::from_millis(20));
        let out = given(&mut outlet, 200);
        assert_eq!((out[79], out[159], &out[160..]), (4_000, 0, [0; 40].as_slice()));
        end.write(&[8_000; 400]);
        end.flush(Duration::ZERO);
        assert_eq!(given(&mut outlet, 80), [0; 80]);
    }

    #[test]
    fn a_full_ring_takes_no_more() {
        let (mut outlet, mut end) = playback_ring::<i16>(FORMAT);
        end.write(&[1; 4_000]);
        assert_eq!(end.waiting(), 3_200);
        for _ in 0..10 {
            end.flush(FADE);
            end.write(&[1; 800]);
        }
        assert_eq!(end.waiting(), 0);
        given(&mut outlet, 100);
        end.write(&[1; 800]);
        assert_eq!(end.waiting(), 800);
    }
}
