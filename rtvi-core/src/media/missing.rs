//! The missing packets, and which of them to request again (generic NACK, RFC 4585 §6.2.1).
//!
//! Pure: sequence numbers and times in, sequence numbers out. Numbers come from the network and may
//! have any value. Must limit its requests: they must not fill a network that loses packets because
//! it is full.

use std::{collections::VecDeque, time::Duration};

/// How long missing packets are remembered.
const REMEMBERED: Duration = Duration::from_secs(1);
/// How long a reply may take beyond the round trip before a packet is requested again.
const REPLY_SLACK: Duration = Duration::from_millis(20);
/// The round-trip time until it is known.
const ASSUMED_ROUND_TRIP: Duration = Duration::from_millis(100);
/// The credit that a request costs.
const COST: u32 = 4;
/// The longest wait for reordered packets before they are requested.
const MAX_REORDERING: Duration = Duration::from_millis(40);
/// Each packet that arrives shortens that wait by this fraction.
const REORDERING_DECAY: u32 = 64;
/// After this many requests without a reply, the sender does not seem to retransmit.
const MAX_UNANSWERED: u32 = 20;
/// How long until such a sender gets another request.
const RETRY: Duration = Duration::from_secs(5);

/// The limits of a stream's requests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// How many missing packets are remembered. When full, the oldest is forgotten.
    pub(super) capacity: usize,
    /// The longest gap whose packets are requested. Packets of a longer one are too old.
    pub(super) max_gap: u16,
    /// How often a packet is requested at most.
    pub(super) max_requests: u8,
    /// The largest credit for requests. Each packet that arrives adds one.
    pub(super) max_credit: u32,
}

/// What kind of packet has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// A packet that was not requested.
    Original,
    /// A packet that came because it was requested.
    Repeated,
    /// A packet that was missing and has arrived before.
    Duplicate,
}

/// The gaps of one stream.
#[derive(Debug)]
pub(super) struct Missing {
    limits: Limits,
    newest: Option<u16>,
    packets: VecDeque<Packet>,
    round_trip: Duration,
    /// How late reordered packets arrived recently.
    reordering: Duration,
    credit: u32,
    unanswered: u32,
    last_request: Option<Duration>,
}

#[derive(Debug)]
struct Packet {
    number: u16,
    since: Duration,
    requests: u8,
    /// When it was requested last.
    requested_at: Duration,
    has_arrived: bool,
}

impl Missing {
    /// The gaps of a stream that begins.
    pub(super) const fn new(limits: Limits) -> Self {
        Self {
            limits,
            newest: None,
            packets: VecDeque::new(),
            round_trip: ASSUMED_ROUND_TRIP,
            reordering: Duration::ZERO,
            credit: limits.max_credit,
            unanswered: 0,
            last_request: None,
        }
    }

    /// Sets the round-trip time to the sender.
    pub(super) const fn set_round_trip(&mut self, round_trip: Duration) {
        self.round_trip = round_trip;
    }

    /// Forgets all gaps: the stream restarts with this packet.
    pub(super) fn restart(&mut self, number: u16) {
        *self = Self { newest: Some(number), round_trip: self.round_trip, ..Self::new(self.limits) };
    }

    /// Forgets the missing packets.
    pub(super) fn forget(&mut self) {
        self.packets.clear();
    }

    /// Adds a packet, and the gap before it.
    pub(super) fn arrive(&mut self, now: Duration, number: u16) -> Arrival {
        let newest = *self.newest.get_or_insert(number);
        let ahead = number.wrapping_sub(newest);
        if ahead > u16::MAX / 2 {
            return self.arrive_late(now, number);
        }
        if ahead > self.limits.max_gap.saturating_add(1) {
            self.packets.clear();
        } else {
            (1..ahead).for_each(|step| self.add(now, newest.wrapping_add(step)));
        }
        self.newest = Some(number);
        self.reordering -= self.reordering / REORDERING_DECAY;
        self.credit = (self.credit + 1).min(self.limits.max_credit);
        Arrival::Original
    }

    fn add(&mut self, now: Duration, number: u16) {
        if self.packets.len() >= self.limits.capacity {
            self.packets.pop_front();
        }
        self.packets.push_back(Packet {
            number,
            since: now,
            requests: 0,
            requested_at: now,
            has_arrived: false,
        });
    }

    fn arrive_late(&mut self, now: Duration, number: u16) -> Arrival {
        let Some(packet) = self.packets.iter_mut().find(|packet| packet.number == number) else {
            return Arrival::Original;
        };
        if std::mem::replace(&mut packet.has_arrived, true) {
            return Arrival::Duplicate;
        }
        // A packet that comes sooner than a reply can was only late.
        let took = now.saturating_sub(packet.requested_at);
        let is_reply = packet.requests > 1 || packet.requests == 1 && took >= self.round_trip * 3 / 4;
        if packet.requests > 0 {
            self.unanswered = 0;
        }
        if is_reply {
            return Arrival::Repeated;
        }
        let late = now.saturating_sub(packet.since);
        self.reordering = self.reordering.max(late).min(MAX_REORDERING);
        Arrival::Original
    }

    /// How long a packet has been missing; `None` if it is not known to be.
    #[cfg(feature = "video")]
    pub(super) fn age(&self, now: Duration, number: u16) -> Option<Duration> {
        let packet = self.packets.iter().find(|packet| packet.number == number && !packet.has_arrived)?;
        Some(now.saturating_sub(packet.since))
    }

    /// Adds the packets to request now to `out`. `time_left` returns the time until a packet is
    /// needed; `None` when it no longer is. It gets the packet's number and for how long it has been
    /// missing.
    ///
    /// The first request is sent even if the packet will be late, since late packets make the
    /// buffer longer. Nothing is requested while the round trip is longer than `max`.
    pub(super) fn requests(
        &mut self,
        now: Duration,
        max: Duration,
        time_left: impl Fn(u16, Duration) -> Option<Duration>,
        out: &mut Vec<u16>,
    ) {
        self.packets.retain(|packet| now.saturating_sub(packet.since) < REMEMBERED);
        if self.round_trip > max {
            return;
        }
        let again_after = self.round_trip * 5 / 4 + REPLY_SLACK;
        for packet in self.packets.iter_mut().filter(|packet| !packet.has_arrived) {
            let is_hopeless = self.unanswered >= MAX_UNANSWERED
                && self.last_request.is_some_and(|at| now.saturating_sub(at) < RETRY);
            if is_hopeless || self.credit < COST {
                return;
            }
            // Waits for the reply, unless a second request would then be too late.
            let patience = again_after.saturating_sub(now.saturating_sub(packet.requested_at));
            let is_chance =
                |left| left >= self.round_trip && (patience.is_zero() || left < patience + self.round_trip);
            let is_due = match packet.requests {
                0 => now.saturating_sub(packet.since) >= self.reordering,
                requests if requests >= self.limits.max_requests => false,
                _ => time_left(packet.number, now.saturating_sub(packet.since)).is_some_and(is_chance),
            };
            if is_due {
                self.credit -= COST;
                self.unanswered = self.unanswered.saturating_add(1);
                self.last_request = Some(now);
                (packet.requests, packet.requested_at) = (packet.requests + 1, now);
                out.push(packet.number);
            }
        }
    }
}

#[cfg(test)]
mod tests;
