//! Puts the bot's packets back into order and decides how much delay that takes.
//!
//! Pure: it is told the time and holds packets, not audio. Everything about a packet comes from the network: sequence numbers
//! and timestamps may be anything, and memory stays bounded.
//!
//! Written here because the crates there are (`neteq` 0.9) bring their own clock, stretch decoded audio themselves and know
//! neither Opus's concealment nor its error correction.

use std::{collections::VecDeque, time::Duration};

use bytes::Bytes;

/// Length of a packet's audio, as every WebRTC bot sends it. Longer packets only make the depth an underestimate.
const FRAME: Duration = Duration::from_millis(20);
/// The clock of Opus timestamps, in Hz (RFC 7587 §4.1).
const CLOCK: i64 = 48_000;
/// How many packets are held (2 s). A packet from further ahead is taken for a new beginning of the stream.
const CAPACITY: u16 = 100;
/// How many arrivals the delay is reckoned from (3 s): what was bad before is forgotten then.
const HISTORY: usize = 150;
/// Arrivals between two reckonings.
const RECKON_EVERY: u32 = 10;
/// The share of packets that should arrive in time, in percent; error correction and concealment do the rest.
const IN_TIME: usize = 97;
/// The least delay that is aimed at.
const LEAST_DELAY: Duration = Duration::from_millis(20);
/// The most, unless another limit is chosen.
const MOST_DELAY: Duration = Duration::from_millis(400);
/// Jitter that the audio already on its way to the speaker absorbs.
const COVERED: Duration = Duration::from_millis(20);
/// How much more than needed may be held before quiet audio is left out, and voices are hurried.
const SLACK: Duration = Duration::from_millis(30);
/// How much more than needed may be held before any audio is left out.
const MUCH_SLACK: Duration = Duration::from_millis(400);
/// How many frames in a row are invented when nothing arrives; then there is silence and buffering begins anew.
const MAX_INVENTED: u32 = 5;

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
    /// Frames that were recovered or invented in place of packets.
    pub concealed: u64,
    /// Packets thrown away: too much delay had gathered, or the stream began anew.
    pub discarded: u64,
    /// How much was left out of voices to give back delay.
    pub hurried: Duration,
    /// How much was added to voices to gain delay.
    pub drawn_out: Duration,
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
    invented: u32,
    arrivals: Arrivals,
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
            invented: 0,
            arrivals: Arrivals::default(),
            target: LEAST_DELAY,
            most: most.max(LEAST_DELAY),
            stats: JitterStats::default(),
        }
    }

    /// Takes a packet that arrived at `now` (of any monotonic clock).
    pub fn insert(&mut self, now: Duration, sequence: u16, timestamp: u32, payload: Bytes) {
        self.stats.received += 1;
        if self.arrivals.add(now, timestamp) {
            self.target = self.arrivals.spread().clamp(LEAST_DELAY, self.most);
        }
        let due = *self.due.get_or_insert(sequence);
        let ahead = sequence.wrapping_sub(due);
        if ahead < CAPACITY {
            self.place(usize::from(ahead), payload);
        } else if ahead >= 0u16.wrapping_sub(CAPACITY) {
            self.stats.late += 1;
        } else {
            self.restart(sequence, payload);
        }
    }

    fn place(&mut self, index: usize, payload: Bytes) {
        while self.slots.len() <= index {
            self.slots.push_back(None);
        }
        let Some(slot) = self.slots.get_mut(index) else { return };
        if slot.is_some() {
            self.stats.duplicate += 1;
        } else {
            *slot = Some(payload);
            self.held += 1;
        }
    }

    /// The stream jumped: what is held belongs to the past.
    fn restart(&mut self, sequence: u16, payload: Bytes) {
        self.clear();
        self.arrivals = Arrivals::default();
        self.due = Some(sequence);
        self.place(0, payload);
    }

    /// Forgets what is held; what arrives next is gathered before it is played.
    pub fn clear(&mut self) {
        self.stats.discarded += u64::from(self.held);
        let skipped = u16::try_from(self.slots.len()).unwrap_or(CAPACITY);
        self.due = self.due.map(|due| due.wrapping_add(skipped));
        self.slots.clear();
        self.held = 0;
        self.begin_filling();
    }

    fn begin_filling(&mut self) {
        self.filling = true;
        self.filling_since = None;
        self.invented = 0;
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
        self.invented = 0;
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

    /// Nothing is there at all. What is invented does not count as played: the packets may only be late.
    fn invent(&mut self) -> Next {
        if self.invented == MAX_INVENTED || self.due.is_none() {
            self.begin_filling();
            return Next::Wait;
        }
        self.invented += 1;
        self.stats.concealed += 1;
        Next::Invent
    }

    /// Whether more is held than is needed, so that the packet just taken may be left out: a quiet one soon, a loud one only
    /// when the delay has become very large.
    pub fn is_excessive(&self, quiet: bool) -> bool {
        self.depth() > self.hold() + if quiet { SLACK } else { MUCH_SLACK }
    }

    /// Whether so much more is held than is needed that voices may be hurried.
    pub fn is_ahead(&self) -> bool {
        self.depth() > self.hold() + SLACK
    }

    /// Whether less is held than is needed, so that voices may be drawn out.
    pub fn is_scarce(&self) -> bool {
        !self.filling && self.depth() + FRAME < self.hold()
    }

    /// Counts a packet that was taken and left out.
    pub const fn count_discarded(&mut self) {
        self.stats.discarded += 1;
    }

    /// Counts what was left out of a packet, or added to it.
    pub fn count_stretched(&mut self, time: Duration, added: bool) {
        let counter = if added { &mut self.stats.drawn_out } else { &mut self.stats.hurried };
        *counter += time;
    }

    /// How much audio is held.
    pub fn depth(&self) -> Duration {
        FRAME * u32::from(self.held)
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
        self.arrivals.jitter
    }

    /// What happened so far.
    pub const fn stats(&self) -> JitterStats {
        self.stats
    }
}

/// How much later than the quickest one each recent packet arrived.
#[derive(Debug, Default)]
struct Arrivals {
    /// Arrival and timestamp of the first packet, to which the others are compared.
    first: Option<(Duration, u32)>,
    /// Microseconds by which each recent packet took longer than the first.
    delays: VecDeque<i64>,
    since_reckoned: u32,
    jitter: Duration,
}

impl Arrivals {
    /// Notes an arrival; true when there is enough news to reckon anew.
    fn add(&mut self, now: Duration, timestamp: u32) -> bool {
        let (begin, first) = *self.first.get_or_insert((now, timestamp));
        let sent = i64::from(timestamp.wrapping_sub(first).cast_signed()) * 1_000_000 / CLOCK;
        let arrived = i64::try_from(now.saturating_sub(begin).as_micros()).unwrap_or(i64::MAX);
        let delay = arrived.saturating_sub(sent);
        if self.delays.len() == HISTORY {
            self.delays.pop_front();
        }
        if let Some(previous) = self.delays.back() {
            let change = Duration::from_micros(delay.abs_diff(*previous));
            self.jitter = (self.jitter * 15 + change.min(MOST_DELAY)) / 16;
        }
        self.delays.push_back(delay);
        self.since_reckoned += 1;
        let enough = self.since_reckoned >= RECKON_EVERY;
        if enough {
            self.since_reckoned = 0;
        }
        enough
    }

    /// By how much the slow packets, but for the slowest few, lag behind the quickest; one frame at least.
    fn spread(&self) -> Duration {
        let mut sorted: Vec<_> = self.delays.iter().copied().collect();
        let Some(quickest) = sorted.iter().min().copied() else { return FRAME };
        let index = (sorted.len() - 1) * IN_TIME / 100;
        let (_, slow, _) = sorted.select_nth_unstable(index);
        Duration::from_micros(slow.abs_diff(quickest)) + FRAME
    }
}

#[cfg(test)]
mod tests;
