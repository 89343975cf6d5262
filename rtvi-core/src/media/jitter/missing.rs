//! Which packets are missing, and which of them to ask the sender for again (generic NACK, RFC 4585 §6.2.1).
//!
//! Pure: sequence numbers and times in, sequence numbers out. Numbers come from the network and may be anything. Must never ask
//! without bound: a network that loses much because it is full must not be filled further.

use std::{collections::VecDeque, time::Duration};

/// How many missing packets are remembered; the oldest is forgotten for a further one.
const CAPACITY: usize = 64;
/// How long they are.
const REMEMBERED: Duration = Duration::from_secs(1);
/// A longer gap is a pause of the network: what was sent in it is too old to be asked for.
const LONGEST_GAP: u16 = 16;
/// How often one packet is asked for.
const MAX_ASKED: u8 = 2;
/// How long an answer may take beyond the round trip before a packet is asked for again.
const ANSWER_SLACK: Duration = Duration::from_millis(20);
/// The round trip until it is known.
const ASSUMED_ROUND_TRIP: Duration = Duration::from_millis(100);
/// What may be asked for: each packet that arrives earns a quarter of a request, up to so many quarters.
const MOST_CREDIT: u32 = 64;
/// What a request costs.
const COST: u32 = 4;
/// The longest wait for packets that others have overtaken, before they are asked for.
const MOST_OVERTAKEN: Duration = Duration::from_millis(40);
/// With each packet that arrives that wait gets shorter by this part.
const OVERTAKEN_DECAY: u32 = 64;
/// After so many requests without an answer the sender is taken for one that repeats nothing.
const PATIENCE: u32 = 20;
/// How long until such a sender is asked once more.
const RETRY: Duration = Duration::from_secs(5);

/// What a packet that arrives is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// One that came by itself.
    Original,
    /// One that came because it was asked for.
    Repeated,
    /// One that had been missing and has come already.
    Copy,
}

/// The gaps of one stream.
#[derive(Debug)]
pub(super) struct Missing {
    newest: Option<u16>,
    packets: VecDeque<Packet>,
    round_trip: Duration,
    /// By how much packets lately came after those that overtook them.
    overtaken: Duration,
    credit: u32,
    unanswered: u32,
    last_asked: Option<Duration>,
}

#[derive(Debug)]
struct Packet {
    number: u16,
    since: Duration,
    asked: u8,
    /// When it was asked for last.
    asked_at: Duration,
    has_arrived: bool,
}

impl Default for Missing {
    fn default() -> Self {
        Self {
            newest: None,
            packets: VecDeque::new(),
            round_trip: ASSUMED_ROUND_TRIP,
            overtaken: Duration::ZERO,
            credit: MOST_CREDIT,
            unanswered: 0,
            last_asked: None,
        }
    }
}

impl Missing {
    /// How long a packet takes to the sender and back.
    pub(super) const fn set_round_trip(&mut self, round_trip: Duration) {
        self.round_trip = round_trip;
    }

    /// Forgets all gaps: the stream begins anew with this packet.
    pub(super) fn restart(&mut self, number: u16) {
        *self = Self { newest: Some(number), round_trip: self.round_trip, ..Self::default() };
    }

    /// What is missing now is not needed any more.
    pub(super) fn forget(&mut self) {
        self.packets.clear();
    }

    /// Notes a packet, and the gap before it.
    pub(super) fn note(&mut self, now: Duration, number: u16) -> Arrival {
        let newest = *self.newest.get_or_insert(number);
        let ahead = number.wrapping_sub(newest);
        if ahead > u16::MAX / 2 {
            return self.note_old(now, number);
        }
        if ahead > LONGEST_GAP + 1 {
            self.packets.clear();
        } else {
            (1..ahead).for_each(|step| self.add(now, newest.wrapping_add(step)));
        }
        self.newest = Some(number);
        self.overtaken -= self.overtaken / OVERTAKEN_DECAY;
        self.credit = (self.credit + 1).min(MOST_CREDIT);
        Arrival::Original
    }

    fn add(&mut self, now: Duration, number: u16) {
        if self.packets.len() == CAPACITY {
            self.packets.pop_front();
        }
        self.packets.push_back(Packet { number, since: now, asked: 0, asked_at: now, has_arrived: false });
    }

    fn note_old(&mut self, now: Duration, number: u16) -> Arrival {
        let Some(packet) = self.packets.iter_mut().find(|packet| packet.number == number) else {
            return Arrival::Original;
        };
        if std::mem::replace(&mut packet.has_arrived, true) {
            return Arrival::Copy;
        }
        // One that comes sooner than an answer can was only late.
        let took = now.saturating_sub(packet.asked_at);
        let is_answer = packet.asked > 1 || packet.asked == 1 && took >= self.round_trip * 3 / 4;
        if packet.asked > 0 {
            self.unanswered = 0;
        }
        if is_answer {
            return Arrival::Repeated;
        }
        let late = now.saturating_sub(packet.since);
        self.overtaken = self.overtaken.max(late).min(MOST_OVERTAKEN);
        Arrival::Original
    }

    /// Writes the packets to ask for now into `out`. `time_left` tells when a packet is needed; `None` when it no longer is.
    ///
    /// The first time a packet is asked for even if it was needed sooner: what arrives too late makes the buffer hold more. But
    /// nothing is asked for that takes longer than `most`.
    pub(super) fn requests(
        &mut self,
        now: Duration,
        most: Duration,
        time_left: impl Fn(u16) -> Option<Duration>,
        out: &mut Vec<u16>,
    ) {
        self.packets.retain(|packet| now.saturating_sub(packet.since) < REMEMBERED);
        if self.round_trip > most {
            return;
        }
        let again_after = self.round_trip * 5 / 4 + ANSWER_SLACK;
        for packet in self.packets.iter_mut().filter(|packet| !packet.has_arrived) {
            let is_hopeless = self.unanswered >= PATIENCE
                && self.last_asked.is_some_and(|asked| now.saturating_sub(asked) < RETRY);
            if is_hopeless || self.credit < COST {
                return;
            }
            // The answer gets its time, unless a second request would come too late then.
            let patience = again_after.saturating_sub(now.saturating_sub(packet.asked_at));
            let is_chance =
                |left| left >= self.round_trip && (patience.is_zero() || left < patience + self.round_trip);
            let is_due = match packet.asked {
                0 => now.saturating_sub(packet.since) >= self.overtaken,
                MAX_ASKED.. => false,
                _ => time_left(packet.number).is_some_and(is_chance),
            };
            if is_due {
                self.credit -= COST;
                self.unanswered = self.unanswered.saturating_add(1);
                self.last_asked = Some(now);
                (packet.asked, packet.asked_at) = (packet.asked + 1, now);
                out.push(packet.number);
            }
        }
    }
}

#[cfg(test)]
mod tests;
