//! Which size and frame rate a bitrate is enough for.
//!
//! Pure: the caller passes the time. A camera gets smaller before it gets jerky; a screen gets slower
//! first, because text must stay readable.

use std::time::Duration;

use super::VideoFormat;

/// How long a bitrate must be enough for a better picture before there is one.
const PROOF: Duration = Duration::from_secs(10);
/// How much more than the limit of a step it must be then, in tenths.
const MARGIN: u64 = 13;

/// What a stream shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VideoKind {
    /// People and things in motion.
    Camera,
    /// Text and windows.
    Screen,
}

/// A step down from the full picture.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// Taken below this bitrate, in bits per second for a picture of the reference size.
    below: u64,
    /// How large the picture is, in quarters of its width and height.
    quarters: u32,
    /// The highest frame rate.
    frame_rate: u32,
}

const fn step(below: u64, quarters: u32, frame_rate: u32) -> Step {
    Step { below, quarters, frame_rate }
}

impl VideoKind {
    /// The size that the limits of the steps are for, in pixels.
    const fn reference(self) -> u64 {
        match self {
            Self::Camera => 640 * 480,
            Self::Screen => 1_280 * 720,
        }
    }

    const fn steps(self) -> [Step; 3] {
        match self {
            Self::Camera => [step(350_000, 3, 20), step(200_000, 2, 15), step(120_000, 2, 8)],
            Self::Screen => [step(500_000, 4, 5), step(300_000, 4, 2), step(180_000, 2, 2)],
        }
    }
}

/// Chooses size and frame rate of one stream.
#[derive(Debug)]
pub(super) struct Ladder {
    kind: VideoKind,
    full: VideoFormat,
    /// How many steps down.
    down: usize,
    /// Since when the bitrate has been enough for fewer.
    enough_since: Option<Duration>,
}

impl Ladder {
    pub(super) const fn new(kind: VideoKind, full: VideoFormat) -> Self {
        Self { kind, full, down: 0, enough_since: None }
    }

    /// Follows the bitrate and returns the format.
    pub(super) fn follow(&mut self, now: Duration, bitrate: u32) -> VideoFormat {
        let needed = self.steps_for(u64::from(bitrate));
        if needed > self.down {
            (self.down, self.enough_since) = (needed, None);
        } else if self.steps_for(u64::from(bitrate) * 10 / MARGIN) >= self.down {
            self.enough_since = None;
        } else if now.saturating_sub(*self.enough_since.get_or_insert(now)) >= PROOF {
            (self.down, self.enough_since) = (self.down.saturating_sub(1), None);
        }
        self.format()
    }

    fn steps_for(&self, bitrate: u64) -> usize {
        let pixels = u64::from(self.full.width) * u64::from(self.full.height);
        // A small picture needs no less than half of what one of the reference size does.
        let reference = self.kind.reference();
        let pixels = pixels.max(reference / 2);
        let is_below = |step: &Step| bitrate * reference < step.below * pixels;
        self.kind.steps().iter().take_while(|step| is_below(step)).count()
    }

    /// The format of the present step.
    fn format(&self) -> VideoFormat {
        let steps = self.kind.steps();
        let Some(step) = self.down.checked_sub(1).and_then(|index| steps.get(index)) else {
            return self.full;
        };
        // Codecs want even sides.
        let smaller = |full: u32| ((full / 4 * step.quarters) & !1).clamp(full.min(2), full);
        let side = |full: u32| if step.quarters == 4 { full } else { smaller(full) };
        VideoFormat {
            width: side(self.full.width),
            height: side(self.full.height),
            frame_rate: self.full.frame_rate.min(step.frame_rate),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder(kind: VideoKind, (width, height, frame_rate): (u32, u32, u32)) -> Ladder {
        Ladder::new(kind, VideoFormat { width, height, frame_rate })
    }

    fn at(ladder: &mut Ladder, seconds: u64, bitrate: u32) -> (u32, u32, u32) {
        let format = ladder.follow(Duration::from_secs(seconds), bitrate);
        (format.width, format.height, format.frame_rate)
    }

    #[test]
    fn a_camera_gets_smaller_and_a_screen_slower() {
        for (bitrate, camera, screen) in [
            (600_000, (640, 480, 24), (1_280, 720, 10)),
            (400_000, (640, 480, 24), (1_280, 720, 5)),
            (349_999, (480, 360, 20), (1_280, 720, 5)),
            (250_000, (480, 360, 20), (1_280, 720, 2)),
            (150_000, (320, 240, 15), (640, 360, 2)),
            (0, (320, 240, 8), (640, 360, 2)),
        ] {
            assert_eq!(at(&mut ladder(VideoKind::Camera, (640, 480, 24)), 0, bitrate), camera, "{bitrate}");
            assert_eq!(at(&mut ladder(VideoKind::Screen, (1_280, 720, 10)), 0, bitrate), screen, "{bitrate}");
        }
    }

    #[test]
    fn larger_pictures_need_more() {
        assert_eq!(at(&mut ladder(VideoKind::Camera, (1_280, 960, 30)), 0, 1_000_000), (960, 720, 20));
        assert_eq!(at(&mut ladder(VideoKind::Camera, (160, 120, 10)), 0, 180_000), (160, 120, 10));
        assert_eq!(at(&mut ladder(VideoKind::Camera, (1, 1, 1)), 0, 1), (1, 1, 1));
    }

    #[test]
    fn the_way_up_is_slow_and_one_step_at_a_time() {
        let mut ladder = ladder(VideoKind::Camera, (640, 480, 24));
        assert_eq!(at(&mut ladder, 0, 150_000), (320, 240, 15));
        for second in 1..60 {
            assert_eq!(at(&mut ladder, second, 250_000), (320, 240, 15), "too close to the limit");
        }
        assert_eq!(at(&mut ladder, 60, 600_000), (320, 240, 15));
        assert_eq!(at(&mut ladder, 65, 250_000), (320, 240, 15), "begins again");
        assert_eq!(at(&mut ladder, 66, 600_000), (320, 240, 15));
        assert_eq!(at(&mut ladder, 76, 600_000), (480, 360, 20));
        assert_eq!(at(&mut ladder, 77, 600_000), (480, 360, 20));
        assert_eq!(at(&mut ladder, 87, 600_000), (640, 480, 24));
    }
}
