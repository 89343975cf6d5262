//! Encoded frames that wait between the app and the client.
//!
//! Pure. Frames depend on the ones before, so the queue never leaves a gap: after a drop it takes
//! nothing until the next key frame.

use std::collections::VecDeque;

use super::EncodedFrame;

/// How many frames wait. When full, all of them are dropped and counted: who reads so late has no
/// use for them.
const MAX_WAITING: usize = 8;
/// The largest frame in bytes; a larger one is dropped. More than any server takes.
const MAX_FRAME: usize = 1 << 20;

/// A bounded queue that begins with a key frame, also after a drop.
#[derive(Debug)]
pub(super) struct EncodedQueue {
    frames: VecDeque<EncodedFrame>,
    needs_key_frame: bool,
    /// Whether the writer does not know yet that a key frame is needed.
    owes_request: bool,
    dropped: u64,
}

impl Default for EncodedQueue {
    fn default() -> Self {
        Self {
            frames: VecDeque::with_capacity(MAX_WAITING),
            needs_key_frame: true,
            owes_request: false,
            dropped: 0,
        }
    }
}

impl EncodedQueue {
    /// Takes a frame. Returns `false` if it was dropped.
    pub(super) fn push(&mut self, frame: EncodedFrame) -> bool {
        if self.frames.len() >= MAX_WAITING {
            self.dropped += self.frames.len() as u64;
            self.frames.clear();
            self.needs_key_frame = true;
        }
        if frame.data.len() > MAX_FRAME || frame.data.is_empty() {
            self.needs_key_frame = true;
        } else if frame.is_key || !self.needs_key_frame {
            self.needs_key_frame = false;
            self.owes_request = false;
            self.frames.push_back(frame);
            return true;
        }
        self.owes_request = true;
        self.dropped += 1;
        false
    }

    /// Returns the oldest frame.
    pub(super) fn pop(&mut self) -> Option<EncodedFrame> {
        self.frames.pop_front()
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Begins again with another stream; every encoder begins with a key frame.
    pub(super) fn restart(&mut self) {
        self.frames.clear();
        (self.needs_key_frame, self.owes_request) = (true, false);
    }

    /// Whether a key frame waits, which answers a request for one.
    pub(super) fn has_key_frame(&self) -> bool {
        self.frames.iter().any(|frame| frame.is_key)
    }

    /// Whether the writer must be asked for a key frame. Each need is reported once.
    pub(super) fn takes_request(&mut self) -> bool {
        std::mem::take(&mut self.owes_request)
    }

    /// The number of dropped frames.
    pub(super) const fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::media::video::VideoCodec;

    fn frame(number: u8, is_key: bool) -> EncodedFrame {
        EncodedFrame {
            codec: VideoCodec::Vp8,
            data: vec![number].into(),
            is_key,
            width: 2,
            height: 2,
            timestamp: Duration::ZERO,
        }
    }

    fn rest(queue: &mut EncodedQueue) -> Vec<u8> {
        std::iter::from_fn(|| queue.pop()).map(|frame| frame.data[0]).collect()
    }

    #[test]
    fn begins_with_a_key_frame() {
        let mut queue = EncodedQueue::default();
        assert!(!queue.takes_request(), "every encoder begins with one");
        assert!(!queue.push(frame(0, false)));
        assert!(queue.takes_request() && !queue.takes_request());
        assert!(queue.push(frame(1, true)) && queue.push(frame(2, false)));
        assert!(queue.has_key_frame());
        assert_eq!((rest(&mut queue), queue.dropped()), (vec![1, 2], 1));
        assert!(queue.push(frame(3, false)) && !queue.has_key_frame());
    }

    #[test]
    fn a_full_queue_continues_with_the_next_key_frame() {
        let mut queue = EncodedQueue::default();
        assert!((0..8).all(|number| queue.push(frame(number, number == 0))));
        assert!(!queue.push(frame(8, false)) && !queue.push(frame(9, false)));
        assert_eq!((queue.pop(), queue.dropped()), (None, 10));
        assert!(queue.takes_request());
        assert!(queue.push(frame(10, true)) && queue.push(frame(11, false)));
        assert!(!queue.takes_request());
        assert_eq!(rest(&mut queue), [10, 11]);
    }

    #[test]
    fn a_key_frame_replaces_what_a_full_queue_holds() {
        let mut queue = EncodedQueue::default();
        assert!((0..8).all(|number| queue.push(frame(number, number == 0))));
        assert!(queue.push(frame(8, true)));
        assert!(!queue.takes_request(), "here it is");
        assert_eq!((rest(&mut queue), queue.dropped()), (vec![8], 8));
    }

    #[test]
    fn unusable_frames_leave_no_gap() {
        for size in [0, MAX_FRAME + 1] {
            let mut queue = EncodedQueue::default();
            assert!(queue.push(frame(0, true)));
            assert!(!queue.push(EncodedFrame { data: vec![0; size].into(), ..frame(1, true) }));
            assert!(!queue.push(frame(2, false)) && queue.push(frame(3, true)));
            assert_eq!((rest(&mut queue), queue.dropped()), (vec![0, 3], 2));
        }
    }
}
