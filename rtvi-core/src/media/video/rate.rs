//! How many bits per second a stream may take: of what is sent, and of what the server may send.
//!
//! Pure: the caller passes the time. Audio always goes first.

use std::time::Duration;

use super::{VideoKind, VideoTarget, ladder::Ladder};

/// The lowest bitrate of a stream that is sent.
const MIN_BITRATE: f64 = 100_000.0;
/// The bitrates that streams begin with.
const FIRST_CAMERA: f64 = 600_000.0;
const FIRST_SCREEN: f64 = 800_000.0;
/// A server's estimate counts up to this multiple of what was sent. Servers measure what arrives and
/// estimate about 1.5 times as much while the network carries it, so a higher estimate says nothing
/// about the network.
const HEADROOM: f64 = 1.1;
/// An estimate below this counts only if packets are lost, because a still picture takes little.
const MIN_ESTIMATE: f64 = 250_000.0;
/// The loss from which an estimate below that counts.
const LOSSY: f64 = 0.05;
/// The loss below which the bitrate grows, and by how much in a second.
const LOW_LOSS: f64 = 0.02;
const GROWTH: f64 = 1.08;
/// The loss above which it falls.
const HIGH_LOSS: f64 = 0.10;
/// The loss of audio above which the bitrate of video is halved.
const AUDIO_LOSS: f64 = 0.05;
/// The longest time between two reports that counts.
const MAX_REPORT: Duration = Duration::from_secs(2);

/// The bitrate of one stream that is sent.
#[derive(Debug)]
pub struct VideoRate {
    most: VideoTarget,
    ladder: Ladder,
    own: f64,
    loss: f64,
    reported_at: Option<Duration>,
    target: VideoTarget,
}

impl VideoRate {
    /// The bitrate of a stream that begins. It never exceeds `most`.
    pub fn new(kind: VideoKind, most: VideoTarget) -> Self {
        let first = match kind {
            VideoKind::Camera => FIRST_CAMERA,
            VideoKind::Screen => FIRST_SCREEN,
        };
        let ladder = Ladder::new(kind, most.format);
        let mut rate = Self { most, ladder, own: first, loss: 0.0, reported_at: None, target: most };
        rate.update(Duration::ZERO);
        rate
    }

    /// What the encoder must deliver now.
    pub const fn target(&self) -> VideoTarget {
        self.target
    }

    /// The server reports which part of the packets was lost since its last report (RFC 3550
    /// §6.4.1).
    pub fn on_report(&mut self, now: Duration, loss: f64) {
        self.loss = loss.clamp(0.0, 1.0);
        let before = self.reported_at.replace(now).unwrap_or(now);
        let since = now.saturating_sub(before).min(MAX_REPORT);
        if self.loss > HIGH_LOSS {
            self.own *= 1.0 - self.loss / 2.0;
        } else if self.loss < LOW_LOSS {
            self.own *= GROWTH.powf(since.as_secs_f64());
        }
        self.update(now);
    }

    /// The server reports which part of the audio was lost. Video makes room for it.
    pub fn on_audio_report(&mut self, now: Duration, loss: f64) {
        if loss > AUDIO_LOSS {
            self.own *= 0.5;
            self.update(now);
        }
    }

    /// The server estimates how many bits per second it can receive (REMB), while `sent` were sent
    /// in the last second.
    pub fn on_estimate(&mut self, now: Duration, bitrate: u64, sent: u64) {
        let least = if self.loss > LOSSY { MIN_BITRATE } else { MIN_ESTIMATE };
        if bitrate as f64 <= sent as f64 * HEADROOM {
            self.own = self.own.min((bitrate as f64).max(least));
            self.update(now);
        }
    }

    fn update(&mut self, now: Duration) {
        let most = f64::from(self.most.bitrate);
        self.own = self.own.min(most).max(MIN_BITRATE.min(most));
        let bitrate = self.own as u32;
        let format = self.ladder.follow(now, bitrate);
        self.target = VideoTarget { format, bitrate, ..self.most };
    }
}

/// The lowest bitrate that the server is asked for.
const MIN_RECEIVED: f64 = 250_000.0;
/// How much of it remains after a loss, and how much it grows without.
const FALL: f64 = 0.7;
const RISE: f64 = 1.15;
/// How long there must be no loss before it grows, and how long a change lasts at least: each change
/// costs a key frame.
const STEADY: Duration = Duration::from_secs(5);
/// How often the client sends the server its estimate.
const PERIOD: Duration = Duration::from_secs(1);

/// The bitrate that the server is allowed to send.
#[derive(Debug)]
pub struct ReceiveRate {
    most: f64,
    bitrate: f64,
    changed_at: Option<Duration>,
    lossless_since: Option<Duration>,
    told_at: Option<Duration>,
}

impl ReceiveRate {
    /// Allows `most` bits per second at first, and never more.
    pub const fn new(most: u32) -> Self {
        let most = most as f64;
        Self { most, bitrate: most, changed_at: None, lossless_since: None, told_at: None }
    }

    /// Once a second: takes the part of the packets that was lost since the last time, and returns
    /// the bitrate to tell the server. `None` until the second is over.
    pub fn poll(&mut self, now: Duration, loss: impl FnOnce() -> f64) -> Option<u64> {
        if self.told_at.is_some_and(|at| now.saturating_sub(at) < PERIOD) {
            return None;
        }
        self.told_at = Some(now);
        self.follow(now, loss());
        Some(self.bitrate.round() as u64)
    }

    /// The bitrate that the server is allowed now.
    pub const fn bitrate(&self) -> u64 {
        self.bitrate as u64
    }

    fn follow(&mut self, now: Duration, loss: f64) {
        if loss >= LOW_LOSS {
            self.lossless_since = None;
        }
        let is_steady = |since: Duration| now.saturating_sub(since) >= STEADY;
        let lossless = loss < LOW_LOSS && is_steady(*self.lossless_since.get_or_insert(now));
        let wanted = match loss > HIGH_LOSS {
            true => self.bitrate * FALL,
            false if lossless => self.bitrate * RISE,
            false => return,
        };
        let wanted = wanted.max(MIN_RECEIVED).min(self.most);
        if wanted != self.bitrate && self.changed_at.is_none_or(is_steady) {
            (self.bitrate, self.changed_at) = (wanted, Some(now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::video::VideoFormat;

    fn rate(bitrate: u32) -> VideoRate {
        let format = VideoFormat { width: 640, height: 480, frame_rate: 24 };
        VideoRate::new(VideoKind::Camera, VideoTarget { format, bitrate, max_frame_size: 1 })
    }

    const fn second(number: u64) -> Duration {
        Duration::from_secs(number)
    }

    #[test]
    fn the_bitrate_grows_without_loss_up_to_its_limit() {
        let mut rate = rate(1_500_000);
        assert_eq!(rate.target().bitrate, 600_000);
        for number in 0..=10 {
            rate.on_report(second(number), 0.0);
        }
        assert!((1_290_000..1_300_000).contains(&rate.target().bitrate), "{:?}", rate.target());
        for number in 11..30 {
            rate.on_report(second(number), 0.019);
        }
        assert_eq!(rate.target().bitrate, 1_500_000);
        assert_eq!(self::rate(90_000).target().bitrate, 90_000, "a limit below the least is kept");
    }

    #[test]
    fn loss_lowers_the_bitrate_and_then_the_picture() {
        let mut rate = rate(1_500_000);
        rate.on_report(second(0), 0.05);
        assert_eq!(rate.target().bitrate, 600_000);
        rate.on_report(second(1), 0.5);
        assert_eq!((rate.target().bitrate, rate.target().format.width), (450_000, 640));
        rate.on_report(second(2), 0.5);
        assert_eq!((rate.target().bitrate, rate.target().format.width), (337_500, 480));
        (3..20).for_each(|number| rate.on_report(second(number), 1.0));
        assert_eq!((rate.target().bitrate, rate.target().format.frame_rate), (100_000, 8));
    }

    #[test]
    fn an_estimate_is_a_limit_if_it_is_not_above_what_was_sent() {
        let mut rate = rate(1_500_000);
        for (bitrate, sent, target) in [
            (u64::MAX, 600_000, 600_000),
            (400_000, 300_000, 600_000),
            (400_000, 0, 600_000),
            (400_000, 390_000, 400_000),
            (9_000, 10_000, 250_000),
        ] {
            rate.on_estimate(second(1), bitrate, sent);
            assert_eq!(rate.target().bitrate, target, "{bitrate} {sent}");
        }
        rate.on_report(second(2), 0.06);
        rate.on_estimate(second(2), 9_000, 10_000);
        assert_eq!(rate.target().bitrate, 100_000);
    }

    #[test]
    fn an_estimate_that_follows_what_is_sent_lowers_nothing() {
        let mut rate = rate(1_500_000);
        for number in 0..30 {
            let sent = u64::from(rate.target().bitrate) / 2;
            rate.on_estimate(second(number), sent * 3 / 2, sent);
            rate.on_report(second(number), 0.0);
        }
        assert_eq!(rate.target().bitrate, 1_500_000);
    }

    #[test]
    fn audio_goes_first() {
        let mut rate = rate(1_500_000);
        rate.on_audio_report(second(0), 0.05);
        assert_eq!(rate.target().bitrate, 600_000);
        rate.on_audio_report(second(1), 0.06);
        assert_eq!(rate.target().bitrate, 300_000);
        rate.on_report(second(2), f64::NAN);
        assert!(rate.target().bitrate >= 100_000);
    }

    #[test]
    fn the_server_is_told_each_second_and_changes_are_rare() {
        let mut rate = ReceiveRate::new(1_000_000);
        let mut told = |tenth: u64, loss: f64| rate.poll(Duration::from_millis(tenth * 100), || loss);
        assert_eq!((told(0, 0.0), told(9, 0.0), told(10, 0.2)), (Some(1_000_000), None, Some(700_000)));
        assert_eq!((told(20, 0.2), told(50, 0.2)), (Some(700_000), Some(700_000)));
        assert_eq!(told(60, 0.2), Some(490_000));
        let later: Vec<Option<u64>> = (7..=24).map(|second| told(second * 10, 0.0)).collect();
        let changes: Vec<u64> = later.into_iter().flatten().collect();
        assert_eq!(changes.first(), Some(&490_000));
        assert_eq!((changes[5], changes[10], changes[15]), (563_500, 648_025, 745_229));
        for second in 30..300 {
            told(second * 10, 1.0);
        }
        assert_eq!(told(4_000, 0.05), Some(250_000));
    }
}
