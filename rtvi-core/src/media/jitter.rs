//! Puts the bot's packets back into order and decides how much delay that takes.
//!
//! Pure: it is told the time and holds packets, not audio. Everything about a packet comes from the network: sequence numbers
//! and timestamps may be anything, and memory stays bounded.
//!
//! Written here because the crates there are (`neteq` 0.9) bring their own clock, stretch decoded audio themselves and know
//! neither Opus's concealment nor its error correction.

mod arrivals;
mod missing;

use std::{collections::VecDeque, time::Duration};

use bytes::Bytes;

use arrivals::Arrivals;
use missing::{Arrival, Missing};

/// Length of a packet's audio, as every WebRTC bot sends it. Longer packets only make the depth an underestimate.
const FRAME: Duration = Duration::from_millis(20);
/// How many packets are held (2 s). A packet from further ahead is taken for a new beginning of the stream.
const CAPACITY: u16 = 100;
/// The least delay that is aimed at.
const LEAST_DELAY: Duration = Duration::from_millis(20);
/// The most, unless another limit is chosen.
const MOST_DELAY: Duration = Duration::from_millis(400);
/// Jitter that the audio already on its way to the speaker absorbs.
const COVERED: Duration = Duration::from_millis(20);
/// How much more than needed may be held before quiet audio is left out, and voices are accelerated.
const SLACK: Duration = Duration::from_millis(60);
/// How much more than needed may be held before any audio is left out.
const MUCH_SLACK: Duration = Duration::from_millis(400);
/// How many frames in a row are concealed when nothing arrives; then there is silence and buffering begins anew.
const MAX_CONCEALED: u32 = 5;

/// What to play next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// This packet.
    Packet(Bytes),
    /// A packet was lost: what its successor knows of it, if that is there.
    Lost(Option<Bytes>),
    /// Nothing has arrived in time: continue what was heard.
    Invent,
    /// Nothing now: more must arrive first, or may still arrive in time.
    Wait,
}

/// What happened to the packets so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JitterStats {
    /// Packets that arrived, of whatever use.
    pub received: u64,
    /// Packets that never arrived, or only after they were due.
    pub lost: u64,
    /// Packets that arrived after they were due.
    pub late: u64,
    /// Packets that arrived twice.
    pub duplicate: u64,
    /// Packets that arrived in time because they were asked for again.
    pub repeated: u64,
    /// Frames that were recovered or concealed in place of packets.
    pub concealed: u64,
    /// Packets thrown away: too much delay had gathered, or the stream began anew.
    pub discarded: u64,
    /// How much was left out of voices to give back delay.
    pub accelerated: Duration,
    /// How much was added to voices to gain delay.
    pub expanded: Duration,
}

/// The jitter buffer of one stream.
#[derive(Debug)]
pub struct JitterBuffer {
    /// The packet that is due at the front, then its successors; `None` where one is missing. The back is never `None`.
    slots: VecDeque<Option<Bytes>>,
    held: u16,
    /// Sequence number of the front slot; `None` before the first packet.
    due: Option<u16>,
    /// Whether packets are gathered before (again) any is played.
    filling: bool,
    /// How long the front has waited while filling.
    filling_since: Option<Duration>,
    concealed: u32,
    arrivals: Arrivals,
    missing: Missing,
    target: Duration,
    most: Duration,
    stats: JitterStats,
}

impl Default for JitterBuffer {
    fn default() -> Self {
        Self::new(MOST_DELAY)
    }
}

impl JitterBuffer {
    /// A buffer that aims at no more delay than `most`.
    pub fn new(most: Duration) -> Self {
        Self {
            slots: VecDeque::new(),
            held: 0,
            due: None,
            filling: true,
            filling_since: None,
            concealed: 0,
            arrivals: Arrivals::default(),
            missing: Missing::default(),
            target: LEAST_DELAY,
            most: most.max(LEAST_DELAY),
            stats: JitterStats::default(),
        }
    }

    /// Takes a packet that arrived at `now` (of any monotonic clock).
    pub fn insert(&mut self, now: Duration, sequence: u16, timestamp: u32, payload: Bytes) {
        self.stats.received += 1;
        let arrival = self.missing.note(now, sequence);
        if arrival == Arrival::Copy {
            self.stats.duplicate += 1;
            return;
        }
        let repeated = arrival == Arrival::Repeated;
        if self.arrivals.add(now, timestamp, repeated) {
            self.target = self.arrivals.target(self.most).max(LEAST_DELAY);
        }
        let due = *self.due.get_or_insert(sequence);
        let ahead = sequence.wrapping_sub(due);
        if ahead < CAPACITY {
            let placed = self.place(usize::from(ahead), payload);
            self.stats.repeated += u64::from(placed && repeated);
        } else if ahead >= 0u16.wrapping_sub(CAPACITY) {
            self.stats.late += 1;
        } else {
            self.restart(sequence, payload);
        }
    }

    /// Puts a packet where it belongs; false when it is there already.
    fn place(&mut self, index: usize, payload: Bytes) -> bool {
        while self.slots.len() <= index {
            self.slots.push_back(None);
        }
        let Some(slot) = self.slots.get_mut(index) else { return false };
        if slot.is_some() {
            self.stats.duplicate += 1;
            return false;
        }
        *slot = Some(payload);
        self.held += 1;
        true
    }

    /// The stream jumped: what is held belongs to the past.
    fn restart(&mut self, sequence: u16, payload: Bytes) {
        self.clear();
        self.arrivals = Arrivals::default();
        self.missing.restart(sequence);
        self.due = Some(sequence);
        self.place(0, payload);
    }

    /// How long a packet takes to the sender and back, for [`requests`](Self::requests).
    pub const fn set_round_trip(&mut self, round_trip: Duration) {
        self.missing.set_round_trip(round_trip);
    }

    /// Writes into `out` the sequence numbers of packets to ask the sender for again (generic NACK, RFC 4585 §6.2.1), when `waiting`
    /// waits at the speaker. Each is named twice at most, and nothing that would take longer than the largest delay.
    pub fn requests(&mut self, now: Duration, waiting: Duration, out: &mut Vec<u16>) {
        let Some(due) = self.due else { return };
        let time_left = |number: u16| {
            let ahead = number.wrapping_sub(due);
            (ahead < CAPACITY).then(|| FRAME * u32::from(ahead) + waiting)
        };
        self.missing.requests(now, self.most, time_left, out);
    }

    /// Forgets what is held; what arrives next is gathered before it is played.
    pub fn clear(&mut self) {
        self.stats.discarded += u64::from(self.held);
        self.missing.forget();
        let skipped = u16::try_from(self.slots.len()).unwrap_or(CAPACITY);
        self.due = self.due.map(|due| due.wrapping_add(skipped));
        self.slots.clear();
        self.held = 0;
        self.begin_filling();
    }

    fn begin_filling(&mut self) {
        self.filling = true;
        self.filling_since = None;
        self.concealed = 0;
    }

    /// What to play next. `urgent` says that the speaker is about to run dry, so that waiting is no longer possible.
    pub fn next(&mut self, now: Duration, urgent: bool) -> Next {
        if self.filling && !self.is_filled(now) {
            return Next::Wait;
        }
        self.filling = false;
        match self.slots.front() {
            Some(Some(_)) => self.take(),
            Some(None) if urgent => self.give_up(),
            None if urgent => self.invent(),
            _ => Next::Wait,
        }
    }

    fn is_filled(&mut self, now: Duration) -> bool {
        if self.held == 0 {
            return false;
        }
        let since = *self.filling_since.get_or_insert(now);
        self.depth() >= self.hold() || now.saturating_sub(since) >= self.hold()
    }

    fn take(&mut self) -> Next {
        self.concealed = 0;
        match self.advance() {
            Some(payload) => Next::Packet(payload),
            None => Next::Wait,
        }
    }

    fn advance(&mut self) -> Option<Bytes> {
        let payload = self.slots.pop_front()?;
        self.due = self.due.map(|due| due.wrapping_add(1));
        self.held -= u16::from(payload.is_some());
        payload
    }

    /// The packet that is due has not arrived, but later ones have.
    fn give_up(&mut self) -> Next {
        self.advance();
        self.stats.lost += 1;
        self.stats.concealed += 1;
        Next::Lost(self.slots.front().cloned().flatten())
    }

    /// Nothing is there at all. A concealed frame does not count as played: the packets may only be late.
    fn invent(&mut self) -> Next {
        if self.concealed == MAX_CONCEALED || self.due.is_none() {
            self.begin_filling();
            return Next::Wait;
        }
        self.concealed += 1;
        self.stats.concealed += 1;
        Next::Invent
    }

    /// Whether more is held than is needed, so that the packet just taken may be left out: a quiet one soon, a loud one only
    /// when the delay has become very large.
    pub fn is_excessive(&self, quiet: bool) -> bool {
        self.span() > self.hold() + if quiet { SLACK } else { MUCH_SLACK }
    }

    /// Whether so much more is held than is needed that voices may be accelerated.
    pub fn is_ahead(&self) -> bool {
        self.span() > self.hold() + SLACK
    }

    /// Whether less is held than is needed, so that voices may be drawn out.
    pub fn is_scarce(&self) -> bool {
        !self.filling && self.span() + FRAME < self.hold()
    }

    /// Counts a packet that was taken and left out.
    pub const fn count_discarded(&mut self) {
        self.stats.discarded += 1;
    }

    /// Counts what was left out of a packet, or added to it.
    pub fn count_stretched(&mut self, time: Duration, added: bool) {
        let counter = if added { &mut self.stats.expanded } else { &mut self.stats.accelerated };
        *counter += time;
    }

    /// How much audio is held.
    pub fn depth(&self) -> Duration {
        FRAME * u32::from(self.held)
    }

    /// How long what is held takes to play, with what is missing in it: missing packets are no reason to draw voices out, as they may
    /// still come.
    fn span(&self) -> Duration {
        FRAME * u32::try_from(self.slots.len()).unwrap_or(u32::MAX)
    }

    /// The delay aimed at, with what waits at the speaker: so much that late packets are rare.
    pub const fn target(&self) -> Duration {
        self.target
    }

    /// How much of that is held here.
    fn hold(&self) -> Duration {
        self.target.saturating_sub(COVERED)
    }

    /// How unevenly packets arrive: the mean deviation of RFC 3550 §6.4.1.
    pub const fn jitter(&self) -> Duration {
        self.arrivals.jitter()
    }

    /// What happened so far.
    pub const fn stats(&self) -> JitterStats {
        self.stats
    }
}

#[cfg(test)]
mod tests;
