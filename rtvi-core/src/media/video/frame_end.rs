//! Marks where a frame ends, for receivers that learn it only from what follows; and makes receivers
//! say again which packets they lack.
//!
//! Pure: the caller passes the time. Pipecat's WebRTC server decodes a frame when the first packet of
//! the next one arrives, and asks for a missing packet only when it finds a gap, never later. So an
//! empty packet with the next frame's timestamp follows each frame. While the network loses packets,
//! there are two at times, the second one first: the server finds a gap, which is filled at once, and
//! lists all packets that it lacks.

use std::time::Duration;

/// How long after a loss the receiver is made to list what it lacks.
const LOSSY: Duration = Duration::from_secs(10);
/// How often.
const PERIOD: Duration = Duration::from_millis(100);
/// The time from the first frame to the one announced after it, and the shortest and the longest one
/// later.
const FIRST_STEP: Duration = Duration::from_millis(40);
const MIN_STEP: Duration = Duration::from_millis(1);
const MAX_STEP: Duration = Duration::from_millis(100);

/// The ends of the frames of one stream.
#[derive(Debug, Default)]
pub struct FrameEnds {
    /// When the last frame was captured, and which time was announced for the next one.
    last: Option<(Duration, Duration)>,
    lost_at: Option<Duration>,
    asked_at: Option<Duration>,
}

impl FrameEnds {
    /// The time of a frame that was captured at `captured`, as it was announced, and the time to
    /// announce for the next one.
    pub fn times(&self, captured: Duration) -> (Duration, Duration) {
        let Some((before, time)) = self.last else { return (captured, captured + FIRST_STEP) };
        let step = captured.saturating_sub(before).clamp(MIN_STEP, MAX_STEP);
        (time, (captured + step).max(time + MIN_STEP))
    }

    /// The frame captured at `captured` is sent, and the time of the next one with it.
    pub const fn announce(&mut self, captured: Duration, next: Duration) {
        self.last = Some((captured, next));
    }

    /// A packet was lost.
    pub const fn on_loss(&mut self, now: Duration) {
        self.lost_at = Some(now);
    }

    /// Whether the frame that ends now has two marks, in the wrong order.
    pub fn asks(&mut self, now: Duration) -> bool {
        let is_lossy = self.lost_at.is_some_and(|at| now.saturating_sub(at) < LOSSY);
        let is_early = self.asked_at.is_some_and(|at| now.saturating_sub(at) < PERIOD);
        if !is_lossy || is_early {
            return false;
        }
        self.asked_at = Some(now);
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
    fn each_frame_has_the_time_that_was_announced() {
        let mut ends = FrameEnds::default();
        let mut announced = None;
        for (captured, time) in [(0, 0), (40, 40), (85, 80), (85, 130), (90, 131), (900, 132), (940, 1_000)] {
            let (given, next) = ends.times(ms(captured));
            ends.announce(ms(captured), next);
            assert_eq!(given, ms(time), "{captured}");
            assert!(announced.is_none_or(|announced| announced == given) && next > given);
            announced = Some(next);
        }
    }

    #[test]
    fn a_time_is_never_wrong_by_more_than_a_step() {
        let mut ends = FrameEnds::default();
        for captured in (0..10_000).step_by(33) {
            let (given, next) = ends.times(ms(captured));
            ends.announce(ms(captured), next);
            assert!(given.abs_diff(ms(captured)) <= ms(33), "{given:?} {captured}");
        }
    }

    #[test]
    fn the_receiver_is_asked_ten_times_a_second_for_ten_seconds_after_a_loss() {
        let mut ends = FrameEnds::default();
        assert!(!ends.asks(ms(0)));
        ends.on_loss(ms(0));
        let asked = (0..20_000).step_by(20).filter(|at| ends.asks(ms(*at))).collect::<Vec<_>>();
        assert_eq!((asked.first(), asked.get(1), asked.len()), (Some(&0), Some(&100), 100));
    }
}
