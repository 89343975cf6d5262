//! Audio frames whose memory is reused.
//!
//! Depends on `media::frame`. Must never change a frame that somebody else still holds.

use std::{collections::VecDeque, sync::Arc};

use super::{AudioFormat, AudioFrame};

/// How many frames the pool keeps: the 25 that may wait for a transport, and a few in use. Beyond
/// that, each frame is a new allocation.
const CAPACITY: usize = 32;

/// Makes the frames of one stream. Allocates only while its consumer holds on to them.
#[derive(Debug)]
pub(super) struct FramePool {
    format: AudioFormat,
    /// The frames made last, oldest first.
    recent: VecDeque<Arc<[i16]>>,
}

impl FramePool {
    /// A pool of frames in this format.
    pub(super) const fn new(format: AudioFormat) -> Self {
        Self { format, recent: VecDeque::new() }
    }

    /// A frame with a copy of `samples`.
    pub(super) fn frame(&mut self, samples: &[i16]) -> AudioFrame {
        let samples = self.reuse(samples).unwrap_or_else(|| self.allocate(samples));
        self.recent.push_back(Arc::clone(&samples));
        AudioFrame { format: self.format, samples }
    }

    /// The oldest frame with new samples, if it has their length and nobody else holds it.
    fn reuse(&mut self, samples: &[i16]) -> Option<Arc<[i16]>> {
        let oldest = Arc::get_mut(self.recent.front_mut()?)?;
        if oldest.len() != samples.len() {
            self.recent.pop_front();
            return None;
        }
        oldest.copy_from_slice(samples);
        self.recent.pop_front()
    }

    fn allocate(&mut self, samples: &[i16]) -> Arc<[i16]> {
        if self.recent.len() == CAPACITY {
            self.recent.pop_front();
        }
        Arc::from(samples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_that_nobody_holds_are_reused() {
        let mut pool = FramePool::new(AudioFormat::mono(16_000));
        let place = pool.frame(&[1; 320]).samples.as_ptr();
        for value in 2..100 {
            let frame = pool.frame(&[value; 320]);
            assert_eq!((frame.samples.as_ptr(), &frame.samples[..]), (place, [value; 320].as_slice()));
        }
    }

    #[test]
    fn frames_that_are_held_keep_their_samples() {
        let mut pool = FramePool::new(AudioFormat::mono(16_000));
        let held: Vec<AudioFrame> = (0..100).map(|value| pool.frame(&[value; 4])).collect();
        assert!(held.iter().zip(0..).all(|(frame, value)| frame.samples[..] == [value; 4]));
        assert_eq!(pool.recent.len(), CAPACITY);
    }

    #[test]
    fn frames_may_have_any_length() {
        let mut pool = FramePool::new(AudioFormat::mono(16_000));
        for length in [4, 0, 7, 7, 4] {
            assert_eq!(pool.frame(&vec![3; length]).samples[..], vec![3; length]);
        }
        assert_eq!(pool.recent.len(), 1);
    }
}
