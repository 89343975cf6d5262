//! Requests for key frames: how often they are sent, and how often they are answered.
//!
//! Pure: the caller passes the time. A request is a PLI (RFC 4585 §6.3.1) or a FIR (RFC 5104
//! §4.3.1).

use std::time::Duration;

/// How long a request may take before it is repeated, at first.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest time between two requests. The pause doubles up to it.
const MAX_PAUSE: Duration = Duration::from_secs(4);
/// The shortest time between two key frames on request.
const MIN_DISTANCE: Duration = Duration::from_millis(300);

/// When to ask the sender for a key frame.
#[derive(Debug, Default)]
pub struct KeyFrameRequests {
    /// When the last request was sent, and the pause after it.
    last: Option<(Duration, Duration)>,
}

impl KeyFrameRequests {
    /// Whether to send a request now, given that a key frame is needed or not.
    pub fn poll(&mut self, now: Duration, is_needed: bool) -> bool {
        if !is_needed {
            // The pause stays: a stream that breaks again at once must not cause more requests.
            if self.last.is_some_and(|(at, _)| now.saturating_sub(at) >= MAX_PAUSE) {
                self.last = None;
            }
            return false;
        }
        let pause = match self.last {
            None => FIRST_PAUSE,
            Some((at, pause)) if now.saturating_sub(at) >= pause => (pause * 2).min(MAX_PAUSE),
            Some(_) => return false,
        };
        self.last = Some((now, pause));
        true
    }

    /// A key frame arrived: the next need is a new one.
    pub fn on_key_frame(&mut self) {
        if let Some((_, pause)) = &mut self.last {
            *pause = FIRST_PAUSE;
        }
    }
}

/// When to answer the receiver's requests with a key frame.
#[derive(Debug, Default)]
pub struct KeyFrameAnswers {
    last: Option<Duration>,
    is_pending: bool,
}

impl KeyFrameAnswers {
    /// The receiver asks for a key frame.
    pub const fn request(&mut self) {
        self.is_pending = true;
    }

    /// A key frame is sent now, which answers all requests before it.
    pub const fn on_key_frame(&mut self, now: Duration) {
        self.last = Some(now);
        self.is_pending = false;
    }

    /// Whether to make a key frame now.
    pub fn poll(&mut self, now: Duration) -> bool {
        let is_early = self.last.is_some_and(|last| now.saturating_sub(last) < MIN_DISTANCE);
        if !self.is_pending || is_early {
            return false;
        }
        (self.last, self.is_pending) = (Some(now), false);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn requests_become_rarer_until_a_key_frame_arrives() {
        let mut requests = KeyFrameRequests::default();
        let asked = |requests: &mut KeyFrameRequests, from: u64, to: u64| {
            (from..to).step_by(10).filter(|at| requests.poll(ms(*at), true)).collect::<Vec<_>>()
        };
        assert_eq!(asked(&mut requests, 0, 16_000), [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500]);
        requests.on_key_frame();
        assert!(!requests.poll(ms(15_900), false));
        assert_eq!(asked(&mut requests, 15_900, 17_500), [16_000, 17_000]);
        assert!(!requests.poll(ms(21_000), false));
        assert!(requests.poll(ms(21_001), true), "a new need is answered at once");
    }

    #[test]
    fn key_frames_keep_their_distance() {
        let mut answers = KeyFrameAnswers::default();
        assert!(!answers.poll(ms(0)));
        answers.request();
        answers.request();
        assert!(answers.poll(ms(10)) && !answers.poll(ms(400)));
        answers.request();
        assert!(answers.poll(ms(401)));
        answers.request();
        assert!(!answers.poll(ms(700)) && answers.poll(ms(701)));
    }
}
