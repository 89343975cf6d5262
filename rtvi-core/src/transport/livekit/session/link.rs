//! The signalling link: dialling, keep-alive pings, and what the next dial carries. Pure.

use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use crate::transport::livekit::{
    join::{Mode, Resumed, Token},
    wire::{JoinResponse, Ping, Pong, ReconnectReason},
};

use super::Dial;

/// How long one attempt to resume may take, up to the server's answer.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(3);
/// The first pause after a failed attempt; it doubles up to [`LONGEST_PAUSE`].
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// What the server may choose for pings, in seconds.
const PING_SECONDS: std::ops::RangeInclusive<u64> = 1..=120;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Opening a socket, or waiting for the server's first message, since then.
    Dialling(Instant),
    /// The server has answered to `join` or `reconnect`.
    Up,
    /// Pausing until then.
    Pausing(Instant),
}

/// The pings of a link that is up.
#[derive(Debug)]
struct Pings {
    interval: Duration,
    /// How long the server may be silent; `None` if it answers no pings.
    timeout: Option<Duration>,
    due: Instant,
    heard: Instant,
    begin: Instant,
    round_trip: i64,
}

/// The link of one session.
#[derive(Debug)]
pub(super) struct Link {
    state: State,
    url: Url,
    mode: Mode,
    token: Token,
    /// The server's name for the participant: with it, a dial resumes the session.
    participant_sid: Option<String>,
    failures: u32,
    pings: Pings,
    stall_timeout: Duration,
}

impl Link {
    pub(super) const fn new(url: Url, token: Token, stall_timeout: Duration, now: Instant) -> Self {
        let pings = Pings {
            interval: Duration::from_secs(5),
            timeout: None,
            due: now,
            heard: now,
            begin: now,
            round_trip: 0,
        };
        Self {
            state: State::Pausing(now),
            url,
            mode: Mode::Single,
            token,
            participant_sid: None,
            failures: 0,
            pings,
            stall_timeout,
        }
    }

    /// Whether the server takes requests.
    pub(super) fn is_up(&self) -> bool {
        self.state == State::Up
    }

    /// Whether the server has taken the client into the room.
    pub(super) const fn has_joined(&self) -> bool {
        self.participant_sid.is_some()
    }

    pub(super) const fn mode(&self) -> Mode {
        self.mode
    }

    /// Dials with what is known now.
    pub(super) fn dial(&mut self, now: Instant) -> Dial {
        self.state = State::Dialling(now);
        let resumed = self
            .participant_sid
            .clone()
            .map(|participant_sid| Resumed { participant_sid, reason: ReconnectReason::SignalDisconnected });
        Dial { url: self.url.clone(), mode: self.mode, token: self.token.clone(), resumed }
    }

    /// Goes on with two peer connections, if that was not tried yet.
    pub(super) fn fall_back(&mut self) -> bool {
        let falls_back = self.mode == Mode::Single && !self.has_joined();
        self.mode = if falls_back { Mode::Dual } else { self.mode };
        falls_back
    }

    /// The server names another one to join at; false if the way there is less safe.
    pub(super) fn redirect(&mut self, url: Url) -> bool {
        let is_safe = self.url.scheme() != "wss" || url.scheme() == "wss";
        if is_safe {
            (self.url, self.mode) = (url, Mode::Single);
        }
        is_safe
    }

    /// The server has taken the client into the room.
    pub(super) fn joined(&mut self, now: Instant, join: &JoinResponse, participant_sid: String) {
        self.participant_sid = Some(participant_sid);
        self.pings.interval = seconds(join.ping_interval).unwrap_or(self.pings.interval);
        self.pings.timeout = seconds(join.ping_timeout).map(|time| time.max(self.pings.interval));
        self.up(now);
    }

    /// The server goes on with the session.
    pub(super) fn up(&mut self, now: Instant) {
        self.state = State::Up;
        self.failures = 0;
        self.pings.heard = now;
        self.pings.due = now + self.pings.interval;
    }

    /// The server has moved the client to another room.
    pub(super) fn moved(&mut self, participant_sid: String) {
        self.participant_sid = Some(participant_sid);
    }

    /// The server has renewed the token.
    pub(super) fn set_token(&mut self, token: Token) {
        self.token = token;
    }

    /// An attempt to resume failed: pauses before the next.
    pub(super) fn pause(&mut self, now: Instant) {
        let pause = SHORTEST_PAUSE.saturating_mul(1 << self.failures.min(8)).min(LONGEST_PAUSE);
        self.failures = self.failures.saturating_add(1);
        self.state = State::Pausing(now + pause);
    }

    /// Whether it is time to dial once more.
    pub(super) fn is_dial_due(&self, now: Instant) -> bool {
        match self.state {
            State::Pausing(until) => now >= until,
            State::Dialling(since) => self.has_joined() && now >= since + ATTEMPT_LIMIT,
            State::Up => false,
        }
    }

    /// The server has sent something.
    pub(super) const fn heard(&mut self, now: Instant) {
        self.pings.heard = now;
    }

    /// For how long the server has been silent, if that is too long.
    pub(super) fn silence(&self, now: Instant) -> Option<Duration> {
        let silent_for = now.saturating_duration_since(self.pings.heard);
        // A server that is pinged every few seconds may be silent for as long.
        let limit = self.pings.timeout?.min(self.stall_timeout.max(self.ping_interval() * 2));
        (self.is_up() && silent_for >= limit).then_some(silent_for)
    }

    /// The ping to send now, if one is due.
    pub(super) fn ping(&mut self, now: Instant) -> Option<Ping> {
        if !self.is_up() || now < self.pings.due {
            return None;
        }
        self.pings.due = now + self.ping_interval();
        Some(Ping { timestamp: self.pings.clock(now), rtt: self.pings.round_trip })
    }

    pub(super) fn pong(&mut self, now: Instant, pong: &Pong) {
        let round_trip = self.pings.clock(now).saturating_sub(pong.last_ping_timestamp);
        self.pings.round_trip = round_trip.clamp(0, 60_000);
    }

    /// Often enough to notice a stall in time.
    fn ping_interval(&self) -> Duration {
        self.pings.interval.min(self.stall_timeout / 2).max(Duration::from_millis(500))
    }
}

impl Pings {
    /// The client's time, in milliseconds. Only the client reads it.
    fn clock(&self, now: Instant) -> i64 {
        i64::try_from(now.saturating_duration_since(self.begin).as_millis()).unwrap_or(i64::MAX)
    }
}

fn seconds(count: i32) -> Option<Duration> {
    let count = u64::try_from(count).ok().filter(|count| *count > 0)?;
    Some(Duration::from_secs(count.clamp(*PING_SECONDS.start(), *PING_SECONDS.end())))
}
