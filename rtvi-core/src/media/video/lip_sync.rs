//! Delays the bot's pictures so that they are shown with the audio that belongs to them.
//!
//! Pure. Sender reports relate the timestamps of each stream to one clock of the sender (RFC 3550
//! §6.4.1). Audio is never delayed for the picture's sake.

use std::time::Duration;

/// The longest delay of a picture.
const MAX_DELAY: Duration = Duration::from_millis(200);
/// Without newer audio for so long, pictures wait for none.
const SILENCE: Duration = Duration::from_secs(1);
/// What nobody notices: a picture this much ahead of its sound is not delayed.
const TOLERANCE: Duration = Duration::from_millis(20);

/// What a sender report says about one stream: a time of the sender's clock, and the timestamp of
/// the media captured then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockPoint {
    /// The sender's clock, as the upper and lower 32 bits of seconds (NTP format).
    pub ntp: u64,
    /// The timestamp.
    pub timestamp: u32,
}

/// Relates the pictures of one sender to its audio.
#[derive(Debug, Default)]
pub struct LipSync {
    audio: Option<(ClockPoint, u32)>,
    video: Option<(ClockPoint, u32)>,
    /// The timestamp of audio, and when it is heard.
    heard: Option<(u32, Duration)>,
}

impl LipSync {
    /// A sender report of the audio arrived; `clock` is the rate of its timestamps in Hz.
    pub const fn on_audio_report(&mut self, point: ClockPoint, clock: u32) {
        self.audio = Some((point, clock));
    }

    /// A sender report of the video arrived.
    pub const fn on_video_report(&mut self, point: ClockPoint, clock: u32) {
        self.video = Some((point, clock));
    }

    /// Audio with this timestamp is heard at `at`.
    pub const fn on_heard(&mut self, at: Duration, timestamp: u32) {
        self.heard = Some((timestamp, at));
    }

    /// How long to hold a picture with this timestamp that is complete at `now`. Zero while the
    /// clocks are unknown, and when its sound has been heard.
    pub fn delay(&self, now: Duration, timestamp: u32) -> Duration {
        self.ahead(now, timestamp)
            .filter(|ahead| *ahead > TOLERANCE)
            .map_or(Duration::ZERO, |ahead| ahead.min(MAX_DELAY))
    }

    /// How much earlier than its sound the picture would be shown.
    fn ahead(&self, now: Duration, timestamp: u32) -> Option<Duration> {
        let (heard, at) = self.heard.filter(|(_, at)| now.saturating_sub(*at) < SILENCE)?;
        let (audio, picture) = (sender_time(self.audio?, heard), sender_time(self.video?, timestamp));
        let micros = |time: Duration| i128::try_from(time.as_micros()).ok();
        let ahead = picture - audio - (micros(now)? - micros(at)?);
        u64::try_from(ahead).ok().map(Duration::from_micros)
    }
}

/// The sender's clock when the media with this timestamp was captured, in microseconds.
fn sender_time((point, clock): (ClockPoint, u32), timestamp: u32) -> i128 {
    let since = i128::from(timestamp.wrapping_sub(point.timestamp) as i32);
    let at = i128::from(point.ntp) * 1_000_000 / (1 << 32);
    at + since * 1_000_000 / i128::from(clock.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// Both streams began at one moment of the sender; audio of that moment is heard at `heard`.
    fn sync(heard: Duration) -> LipSync {
        let mut sync = LipSync::default();
        let ntp = 3_900_000_000 << 32 | 1 << 31;
        sync.on_audio_report(ClockPoint { ntp, timestamp: u32::MAX - 9 }, 48_000);
        sync.on_video_report(ClockPoint { ntp: ntp + (1 << 32), timestamp: 90_000 }, 90_000);
        sync.on_heard(heard, u32::MAX - 9);
        sync
    }

    #[test]
    fn pictures_wait_for_their_sound() {
        let sync = sync(ms(100));
        for (arrives, captured, delay) in [
            (0, 0, 100),
            (60, 0, 40),
            (90, 0, 0),
            (150, 0, 0),
            (140, 120, 80),
            (200, 900, 200),
            (90, 1_000, 200),
            (1_100, 1_100, 0),
        ] {
            assert_eq!(sync.delay(ms(arrives), captured * 90), ms(delay), "{arrives} {captured}");
        }
        assert!(sync.delay(ms(0), u32::MAX) <= MAX_DELAY);
    }

    #[test]
    fn without_clocks_nothing_waits() {
        let mut sync = LipSync::default();
        sync.on_heard(ms(0), 0);
        assert_eq!(sync.delay(ms(0), 0), ms(0));
        sync.on_audio_report(ClockPoint { ntp: u64::MAX, timestamp: 0 }, 0);
        sync.on_video_report(ClockPoint { ntp: 0, timestamp: 0 }, 0);
        assert_eq!(sync.delay(Duration::MAX, u32::MAX), ms(0));
    }
}
