//! Whether the server is still there.
//!
//! Pure: time and what was heard are arguments. A bot that sends audio does so without a pause, so
//! missing audio is the first sign of a dead server; but a short gap in the network, or a server
//! that is busy for a moment, looks the same. A new connection ends most bots' conversations.
//! Therefore it needs evidence: the server's port refuses connections, or nothing at all was heard
//! for longer than such a gap lasts.

use std::time::Duration;

use tokio::time::Instant;

/// How many packets make a bot one that sends audio all the time (half a second).
const STEADY_AUDIO: u32 = 25;
/// How long nothing was heard of a bot that sends audio all the time until the server's port is
/// asked.
const AUDIO_GAP: Duration = Duration::from_secs(1);
/// The same for a bot that does not: it only confirms our keep-alive ping each second, a little
/// later.
const CONFIRMATION_GAP: Duration = Duration::from_millis(1_300);
/// How often the port is asked.
const PROBE_EVERY: Duration = Duration::from_secs(1);

/// What to do at a tick.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing.
    Fine,
    /// Ask the server's port whether anybody is there.
    Probe,
    /// Give up: nothing was heard for this long.
    Silent(Duration),
}

/// Watches one connection.
#[derive(Debug)]
pub(super) struct Health {
    stall_timeout: Duration,
    /// Silence alone counts only from when the server has sent a message: many bots load their
    /// models while they accept a connection. Until then the client's own deadline for bot-ready
    /// applies, and the port is asked.
    armed: bool,
    audio_packets: u32,
    heard_at: Instant,
    probed_at: Option<Instant>,
}

impl Health {
    pub(super) const fn new(stall_timeout: Duration, now: Instant) -> Self {
        Self { stall_timeout, armed: false, audio_packets: 0, heard_at: now, probed_at: None }
    }

    /// A packet of the bot's audio arrived.
    pub(super) const fn heard_audio(&mut self, now: Instant) {
        self.audio_packets = self.audio_packets.saturating_add(1);
        self.heard_at = now;
    }

    /// A message of the server arrived.
    pub(super) const fn heard_message(&mut self, now: Instant) {
        self.armed = true;
        self.heard_at = now;
    }

    /// The server has confirmed what was sent through the data channel.
    pub(super) const fn heard_confirmation(&mut self, now: Instant) {
        self.heard_at = now;
    }

    pub(super) fn tick(&mut self, now: Instant) -> Verdict {
        let silent_for = now.saturating_duration_since(self.heard_at);
        if self.armed && silent_for >= self.stall_timeout {
            return Verdict::Silent(silent_for);
        }
        let gap = if self.audio_packets >= STEADY_AUDIO { AUDIO_GAP } else { CONFIRMATION_GAP };
        let probed_lately = self.probed_at.is_some_and(|at| now.saturating_duration_since(at) < PROBE_EVERY);
        if silent_for >= gap && !probed_lately {
            self.probed_at = Some(now);
            return Verdict::Probe;
        }
        Verdict::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STALL: Duration = Duration::from_secs(4);

    struct Watch {
        start: Instant,
        health: Health,
    }

    impl Watch {
        fn new() -> Self {
            let start = Instant::now();
            Self { start, health: Health::new(STALL, start) }
        }

        fn talking() -> Self {
            let mut watch = Self::new();
            watch.health.heard_message(watch.start);
            (0..STEADY_AUDIO).for_each(|_| watch.health.heard_audio(watch.start));
            watch
        }

        fn at(&self, millis: u64) -> Instant {
            self.start + Duration::from_millis(millis)
        }

        fn tick(&mut self, millis: u64) -> Verdict {
            self.health.tick(self.at(millis))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn missing_audio_makes_ask_each_second_then_give_up() {
        let mut watch = Watch::talking();
        let verdicts: Vec<_> = (1..=16).map(|tick| watch.tick(tick * 250)).collect();
        let probes: Vec<_> = (1..)
            .zip(&verdicts)
            .filter(|(_, verdict)| **verdict == Verdict::Probe)
            .map(|(tick, _)| tick * 250)
            .collect();
        assert_eq!(probes, [1_000, 2_000, 3_000]);
        assert_eq!(verdicts[15], Verdict::Silent(STALL));
    }

    #[tokio::test(start_paused = true)]
    async fn audio_that_goes_on_is_fine() {
        let mut watch = Watch::talking();
        for millis in (20..20_000).step_by(20) {
            watch.health.heard_audio(watch.at(millis));
            assert_eq!(watch.tick(millis), Verdict::Fine);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_bot_without_audio_lives_by_its_confirmations() {
        let mut watch = Watch::new();
        watch.health.heard_message(watch.start);
        for second in 1..60 {
            watch.health.heard_confirmation(watch.at(second * 1_000));
            assert_eq!(watch.tick(second * 1_000), Verdict::Fine);
        }
        assert_eq!(watch.tick(60_299), Verdict::Fine);
        assert_eq!(watch.tick(60_300), Verdict::Probe);
        assert_eq!(watch.tick(62_999), Verdict::Probe);
        assert_eq!(watch.tick(63_000), Verdict::Silent(STALL));
    }

    #[tokio::test(start_paused = true)]
    async fn a_bot_that_stops_its_audio_but_confirms_stays() {
        let mut watch = Watch::talking();
        for second in 1..20 {
            watch.health.heard_confirmation(watch.at(second * 1_000));
            assert_eq!(watch.tick(second * 1_000), Verdict::Fine);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_bot_may_take_its_time_to_start() {
        let mut watch = Watch::new();
        (0..100).for_each(|_| watch.health.heard_audio(watch.start));
        assert_eq!(watch.tick(60_000), Verdict::Probe);
        assert_eq!(watch.tick(60_100), Verdict::Fine);
    }
}
