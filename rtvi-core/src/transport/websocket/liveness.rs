//! Decides when to ping a silent server and when to declare it dead.
//!
//! Pure: its callers pass the time and the events.

use std::time::Duration;

use tokio::time::Instant;

/// A server that has been silent for this long is pinged, and pinged again at this interval.
const PING_AFTER: Duration = Duration::from_millis(500);

/// How long a server may take to answer a probe after the network changed.
const PROBE_TIMEOUT: Duration = Duration::from_secs(1);

/// The state of the socket at a tick.
#[derive(Clone, Copy, Debug)]
pub(super) struct LivenessInputs {
    /// When the last bytes arrived.
    pub(super) read_at: Instant,
    /// When the last bytes were sent.
    pub(super) written_at: Instant,
    /// Since when bytes have been waiting that the socket does not accept.
    pub(super) blocked_since: Option<Instant>,
    /// Whether the socket is being read, or waits for a slow app.
    pub(super) reading: bool,
}

/// What to do at a tick.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing.
    Fine,
    /// Send a ping.
    Ping,
    /// Close: the server sends nothing any more.
    ReadTimeout(Duration),
    /// Close: the server accepts no data any more.
    WriteTimeout(Duration),
}

/// Detects a server that is frozen or unreachable although the connection is not closed.
#[derive(Debug)]
pub(super) struct Liveness {
    stall_timeout: Duration,
    /// Silence counts only after the server has sent data. Many bots load their models while they
    /// accept a connection and are silent for seconds. Until then, the client's own deadline for
    /// bot-ready applies.
    armed: bool,
    /// Whether the server has ever answered a ping. A server that never does may be alive with
    /// nothing to send; it counts as dead only if it accepts no data any more.
    answers_pings: bool,
    /// Silence before this time does not count: the socket was not read because the app was slow.
    excused_until: Instant,
    /// When the last ping was sent. The first is sent before everything else, to find out whether
    /// pings are answered.
    pinged_at: Instant,
    /// When the network changed, until data arrives after it.
    probed_at: Option<Instant>,
}

impl Liveness {
    /// Creates a watch for a connection that begins with a ping.
    pub(super) const fn new(stall_timeout: Duration, now: Instant) -> Self {
        Self {
            stall_timeout,
            armed: false,
            answers_pings: false,
            excused_until: now,
            pinged_at: now,
            probed_at: None,
        }
    }

    /// The server has sent a message or audio.
    pub(super) const fn heard_data(&mut self) {
        self.armed = true;
    }

    /// The server has answered a ping.
    pub(super) const fn heard_pong(&mut self) {
        self.answers_pings = true;
    }

    /// The network changed, and a ping was sent to the server.
    pub(super) const fn probe(&mut self, now: Instant) {
        self.probed_at = Some(now);
    }

    pub(super) fn tick(&mut self, now: Instant, inputs: LivenessInputs) -> Verdict {
        if !inputs.reading {
            self.excused_until = now;
            return Verdict::Fine;
        }
        self.probed_at = self.probed_at.filter(|at| inputs.read_at <= *at);
        if self.answers_pings
            && let Some(at) = self.probed_at.map(|at| at.max(self.excused_until))
            && now.saturating_duration_since(at) >= PROBE_TIMEOUT
        {
            return Verdict::ReadTimeout(now.saturating_duration_since(inputs.read_at));
        }
        if let Some(since) = inputs.blocked_since {
            // A server that accepts bytes is alive, even if a ping is stuck behind them.
            let alive_at = since.max(inputs.written_at).max(self.excused_until);
            self.excused_until = self.excused_until.max(inputs.written_at);
            let deaf_for = now.saturating_duration_since(alive_at);
            return if deaf_for >= self.stall_timeout {
                Verdict::WriteTimeout(deaf_for)
            } else {
                Verdict::Fine
            };
        }
        let silent_for = now.saturating_duration_since(inputs.read_at.max(self.excused_until));
        if self.armed && self.answers_pings && silent_for >= self.stall_timeout {
            return Verdict::ReadTimeout(silent_for);
        }
        if silent_for >= PING_AFTER && now.saturating_duration_since(self.pinged_at) >= PING_AFTER {
            self.pinged_at = now;
            return Verdict::Ping;
        }
        Verdict::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STALL: Duration = Duration::from_millis(5_500);

    struct Watch {
        start: Instant,
        liveness: Liveness,
        inputs: LivenessInputs,
    }

    impl Watch {
        fn new(armed: bool) -> Self {
            let start = Instant::now();
            let mut liveness = Liveness::new(STALL, start);
            if armed {
                liveness.heard_data();
                liveness.heard_pong();
            }
            let inputs =
                LivenessInputs { read_at: start, written_at: start, blocked_since: None, reading: true };
            Self { start, liveness, inputs }
        }

        fn at(&self, millis: u64) -> Instant {
            self.start + Duration::from_millis(millis)
        }

        fn tick(&mut self, millis: u64) -> Verdict {
            self.liveness.tick(self.at(millis), self.inputs)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_server_is_pinged_then_given_up() {
        let mut watch = Watch::new(true);
        let verdicts: Vec<_> = (1..=22).map(|tick| watch.tick(tick * 250)).collect();
        let (last, before) = verdicts.split_last().unwrap();
        assert_eq!(*last, Verdict::ReadTimeout(STALL));
        let pings = before.iter().filter(|verdict| **verdict == Verdict::Ping).count();
        assert_eq!((pings, before.contains(&Verdict::ReadTimeout(STALL))), (10, false), "{before:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_answers_no_ping_may_be_quiet() {
        let mut watch = Watch::new(false);
        watch.liveness.heard_data();
        for seconds in 1..60 {
            assert_eq!(watch.tick(seconds * 1_000), Verdict::Ping, "it has nothing to say for {seconds} s");
        }
        watch.liveness.probe(watch.at(59_000));
        assert_eq!(watch.tick(60_000), Verdict::Ping, "the network changed, and it may still be there");
        watch.inputs.blocked_since = Some(watch.at(60_000));
        assert_eq!(watch.tick(65_500), Verdict::WriteTimeout(STALL), "but it takes what is sent");
    }

    #[tokio::test(start_paused = true)]
    async fn any_bytes_show_that_the_peer_is_alive() {
        let mut watch = Watch::new(true);
        watch.inputs.read_at = watch.at(5_000);
        assert_eq!(watch.tick(5_400), Verdict::Fine);
        assert_eq!(watch.tick(10_400), Verdict::Ping);
        assert_eq!(watch.tick(10_500), Verdict::ReadTimeout(STALL));
    }

    #[tokio::test(start_paused = true)]
    async fn a_bot_may_take_its_time_to_start() {
        let mut watch = Watch::new(false);
        assert_eq!(watch.tick(60_000), Verdict::Ping);
        watch.liveness.heard_data();
        watch.liveness.heard_pong();
        assert_eq!(watch.tick(60_500), Verdict::ReadTimeout(Duration::from_millis(60_500)));
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_change_of_network_a_server_answers_soon_or_is_given_up() {
        let mut watch = Watch::new(false);
        watch.liveness.heard_pong();
        watch.liveness.probe(watch.at(300));
        watch.inputs.read_at = watch.at(300);
        assert_eq!(watch.tick(1_100), Verdict::Ping, "not yet");
        assert_eq!(watch.tick(1_300), Verdict::ReadTimeout(PROBE_TIMEOUT));
        watch.liveness.probe(watch.at(1_400));
        watch.inputs.read_at = watch.at(1_500);
        for millis in [1_600, 2_400, 5_000] {
            assert!(!matches!(watch.tick(millis), Verdict::ReadTimeout(_)), "it has answered");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn our_own_slowness_is_not_the_servers() {
        let mut watch = Watch::new(true);
        watch.inputs.reading = false;
        assert_eq!(watch.tick(20_000), Verdict::Fine);
        watch.inputs.reading = true;
        assert_eq!(watch.tick(20_400), Verdict::Fine);
        assert_eq!(watch.tick(25_500), Verdict::ReadTimeout(STALL));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_has_taken_much_slowly_gets_time_to_answer() {
        let mut watch = Watch::new(true);
        watch.inputs.blocked_since = Some(watch.at(1_000));
        watch.inputs.written_at = watch.at(60_000);
        assert_eq!(watch.tick(60_000), Verdict::Fine);
        watch.inputs.blocked_since = None;
        assert_ne!(watch.tick(60_250), Verdict::ReadTimeout(Duration::from_millis(60_250)));
        assert_eq!(watch.tick(65_500), Verdict::ReadTimeout(STALL));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_takes_nothing_is_given_up() {
        let mut watch = Watch::new(true);
        watch.inputs.blocked_since = Some(watch.at(10_000));
        watch.inputs.read_at = watch.at(13_000);
        assert_eq!(watch.tick(13_000), Verdict::Fine);
        watch.inputs.written_at = watch.at(12_000);
        assert_eq!(watch.tick(17_000), Verdict::Fine);
        assert_eq!(watch.tick(17_500), Verdict::WriteTimeout(STALL));
    }
}
