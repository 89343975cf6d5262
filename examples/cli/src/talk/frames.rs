//! The video of a run, over all its connections. Pure.

use rtvi_core::media::VideoStats;

/// What a run has sent and received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Frames {
    pub(super) camera: u64,
    pub(super) screen: u64,
    pub(super) bot: u64,
    pub(super) freezes: u64,
}

impl Frames {
    fn of(stats: &VideoStats) -> Self {
        Self {
            camera: stats.camera.frames,
            screen: stats.screen.frames,
            bot: stats.bot.frames,
            freezes: stats.bot.freezes,
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            camera: self.camera + other.camera,
            screen: self.screen + other.screen,
            bot: self.bot + other.bot,
            freezes: self.freezes + other.freezes,
        }
    }

    /// Whether counts of the same connection can have come to `later`.
    const fn grew_to(self, later: Self) -> bool {
        self.camera <= later.camera
            && self.screen <= later.screen
            && self.bot <= later.bot
            && self.freezes <= later.freezes
    }
}

/// Adds up what connections report about themselves, each from 0.
#[derive(Debug, Default)]
pub(super) struct FrameCount {
    /// Of the connections that ended.
    ended: Frames,
    /// Of the present one, as it last reported.
    present: Frames,
}

impl FrameCount {
    /// Applies a connection's report.
    pub(super) fn update(&mut self, stats: &VideoStats) {
        let frames = Frames::of(stats);
        if !self.present.grew_to(frames) {
            self.ended = self.total();
        }
        self.present = frames;
    }

    /// The counts of all connections.
    pub(super) fn total(&self) -> Frames {
        self.ended.plus(self.present)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(camera: u64, bot: u64, freezes: u64) -> VideoStats {
        let mut stats = VideoStats::default();
        stats.camera.frames = camera;
        stats.bot.frames = bot;
        stats.bot.freezes = freezes;
        stats
    }

    #[test]
    fn connections_add_up() {
        let mut count = FrameCount::default();
        for (camera, bot, freezes) in [(10, 8, 0), (34, 30, 1), (5, 0, 0), (20, 11, 2)] {
            count.update(&stats(camera, bot, freezes));
        }
        assert_eq!(count.total(), Frames { camera: 54, screen: 0, bot: 41, freezes: 3 });
    }
}
