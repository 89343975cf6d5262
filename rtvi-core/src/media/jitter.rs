//! The jitter buffer: puts the bot's packets back into order and chooses the delay for that.
//!
//! Pure: the caller passes the time, and the buffer holds packets rather than audio. Everything
//! about a packet comes from the network: sequence numbers and timestamps may have any value, and
//! memory stays bounded.
//!
//! It is our own because the existing crates (`neteq` 0.9) bring their own clock, stretch decoded
//! audio themselves and use neither Opus's concealment nor its error correction.

mod arrivals;

use std::{collections::VecDeque, time::Duration};

use bytes::Bytes;

use super::missing::{Arrival, Limits, Missing};
use arrivals::Arrivals;

/// The duration of a packet, as every WebRTC bot sends it. Longer packets only make the depth an
/// underestimate.
const FRAME: Duration = Duration::from_millis(20);
/// How many packets the buffer holds (2 s). A packet further ahead restarts the stream.
const CAPACITY: u16 = 100;
/// The smallest target delay.
const MIN_DELAY: Duration = Duration::from_millis(20);
/// The largest target delay by default.
const MAX_DELAY: Duration = Duration::from_millis(400);
/// The part of the delay that the audio in the playout covers.
const COVERED: Duration = Duration::from_millis(20);
/// How far the buffer may exceed its target before quiet audio is discarded and speech accelerated.
const SLACK: Duration = Duration::from_millis(60);
/// How far the buffer may exceed its target before any audio is discarded.
const MAX_SLACK: Duration = Duration::from_millis(400);
/// Which missing packets are requested again: those that can arrive before they are played.
const REQUESTS: Limits = Limits { capacity: 64, max_gap: 16, max_requests: 2, max_credit: 64 };
/// How many frames in a row are concealed when nothing arrives. After that the buffer returns
/// silence and fills again.
const MAX_CONCEALED: u32 = 5;

/// What to play next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Decode this packet.
    Packet(Bytes),
    /// A packet was lost. Recover it from its successor, if that has arrived.
    Lost(Option<Bytes>),
    /// Nothing has arrived in time: conceal a frame.
    Conceal,
    /// Play nothing now: more packets must arrive first, or may still arrive in time.
    Wait,
}

/// Counters of a jitter buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JitterStats {
    /// Packets that arrived, useful or not.
    pub received: u64,
    /// Packets that arrived too late or never.
    pub lost: u64,
    /// Packets that arrived after they were due.
    pub late: u64,
    /// Packets that arrived twice.
    pub duplicate: u64,
    /// Packets that arrived in time because they were requested again.
    pub repeated: u64,
    /// Frames that were recovered or concealed because packets were missing.
    pub concealed: u64,
    /// Packets that were discarded because the delay was too long or the stream restarted.
    pub discarded: u64,
    /// How much speech was removed to reduce the delay.
    pub accelerated: Duration,
    /// How much speech was added to increase the delay.
    pub expanded: Duration,
}

/// The jitter buffer of one stream.
#[derive(Debug)]
pub struct JitterBuffer {
    /// The packet that is due, then its successors; `None` where one is missing. The last one is
    /// never `None`.
    slots: VecDeque<Option<Bytes>>,
    held: u16,
    /// Sequence number of the front slot; `None` before the first packet.
    due: Option<u16>,
    /// Whether the buffer fills before it returns packets.
    filling: bool,
    /// When the first packet arrived while filling.
    filling_since: Option<Duration>,
    /// How many frames in a row were concealed.
    concealed: u32,
    arrivals: Arrivals,
    missing: Missing,
    target: Duration,
    max_delay: Duration,
    stats: JitterStats,
}

impl Default for JitterBuffer {
    fn default() -> Self {
        Self::new(MAX_DELAY)
    }
}

impl JitterBuffer {
    /// A buffer whose target delay is at most `max_delay`.
    pub fn new(max_delay: Duration) -> Self {
        Self {
            slots: VecDeque::new(),
            held: 0,
            due: None,
            filling: true,
            filling_since: None,
            concealed: 0,
            arrivals: Arrivals::default(),
            missing: Missing::new(REQUESTS),
            target: MIN_DELAY,
            max_delay: max_delay.max(MIN_DELAY),
            stats: JitterStats::default(),
        }
    }

    /// Takes a packet that arrived at `now` (of any monotonic clock).
    pub fn insert(&mut self, now: Duration, sequence: u16, timestamp: u32, payload: Bytes) {
        self.stats.received += 1;
        let arrival = self.missing.arrive(now, sequence);
        if arrival == Arrival::Duplicate {
            self.stats.duplicate += 1;
            return;
        }
        let repeated = arrival == Arrival::Repeated;
        if self.arrivals.add(now, timestamp, repeated) {
            self.target = self.arrivals.target(self.max_delay).max(MIN_DELAY);
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

    /// Stores a packet in its slot; false when the slot is taken.
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

    /// Discards everything because the stream has jumped.
    fn restart(&mut self, sequence: u16, payload: Bytes) {
        self.clear();
        self.arrivals = Arrivals::default();
        self.missing.restart(sequence);
        self.due = Some(sequence);
        self.place(0, payload);
    }

    /// Sets the round-trip time to the sender, for [`requests`](Self::requests).
    pub const fn set_round_trip(&mut self, round_trip: Duration) {
        self.missing.set_round_trip(round_trip);
    }

    /// Adds the sequence numbers of packets to request again (generic NACK, RFC 4585 §6.2.1) to
    /// `out`; `waiting` is the audio in the playout. Requests each packet at most twice, and none
    /// while the round trip is longer than the maximum delay.
    pub fn requests(&mut self, now: Duration, waiting: Duration, out: &mut Vec<u16>) {
        let Some(due) = self.due else { return };
        let time_left = |number: u16, _| {
            let ahead = number.wrapping_sub(due);
            (ahead < CAPACITY).then(|| FRAME * u32::from(ahead) + waiting)
        };
        self.missing.requests(now, self.max_delay, time_left, out);
    }

    /// Discards all packets and fills again.
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

    /// What to play next. With `urgent`, the playout is about to run dry, so the buffer must not
    /// wait for a missing packet.
    pub fn next(&mut self, now: Duration, urgent: bool) -> Next {
        if self.filling && !self.is_filled(now) {
            return Next::Wait;
        }
        self.filling = false;
        match self.slots.front() {
            Some(Some(_)) => self.take(),
            Some(None) if urgent => self.give_up(),
            None if urgent => self.conceal(),
            _ => Next::Wait,
        }
    }

    fn is_filled(&mut self, now: Duration) -> bool {
        if self.held == 0 {
            return false;
        }
        let since = *self.filling_since.get_or_insert(now);
        self.depth() >= self.target_depth() || now.saturating_sub(since) >= self.target_depth()
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

    /// Gives up a packet that has not arrived although later ones have.
    fn give_up(&mut self) -> Next {
        self.advance();
        self.stats.lost += 1;
        self.stats.concealed += 1;
        Next::Lost(self.slots.front().cloned().flatten())
    }

    /// Conceals a frame because the buffer is empty. The packet stays due, since it may only be
    /// late.
    fn conceal(&mut self) -> Next {
        if self.concealed == MAX_CONCEALED || self.due.is_none() {
            self.begin_filling();
            return Next::Wait;
        }
        self.concealed += 1;
        self.stats.concealed += 1;
        Next::Conceal
    }

    /// Whether to discard the packet just taken because the delay is too long. Quiet audio is
    /// discarded soon, other audio only when the delay is very long.
    pub fn should_discard(&self, quiet: bool) -> bool {
        self.span() > self.target_depth() + if quiet { SLACK } else { MAX_SLACK }
    }

    /// Whether to accelerate speech because the delay is too long.
    pub fn should_accelerate(&self) -> bool {
        self.span() > self.target_depth() + SLACK
    }

    /// Whether to expand speech because the delay is too short.
    pub fn should_expand(&self) -> bool {
        !self.filling && self.span() + FRAME < self.target_depth()
    }

    /// Counts a discarded packet.
    pub const fn count_discarded(&mut self) {
        self.stats.discarded += 1;
    }

    /// Counts audio that was removed to accelerate speech.
    pub fn count_accelerated(&mut self, removed: Duration) {
        self.stats.accelerated += removed;
    }

    /// Counts audio that was added to expand speech.
    pub fn count_expanded(&mut self, added: Duration) {
        self.stats.expanded += added;
    }

    /// How much audio the buffer holds.
    pub fn depth(&self) -> Duration {
        FRAME * u32::from(self.held)
    }

    /// The duration of the buffer including missing packets. These are no reason to expand speech,
    /// since they may still arrive.
    pub(super) fn span(&self) -> Duration {
        FRAME * u32::try_from(self.slots.len()).unwrap_or(u32::MAX)
    }

    /// The target delay, including the audio in the playout: enough to make late packets rare.
    pub const fn target(&self) -> Duration {
        self.target
    }

    /// The part of the target delay that this buffer holds.
    fn target_depth(&self) -> Duration {
        self.target.saturating_sub(COVERED)
    }

    /// The interarrival jitter of RFC 3550 §6.4.1.
    pub const fn jitter(&self) -> Duration {
        self.arrivals.jitter()
    }

    /// The counters so far.
    pub const fn stats(&self) -> JitterStats {
        self.stats
    }
}

#[cfg(test)]
mod tests;
