//! Joins packets into frames: order, gaps, requests for missing packets, and key frames after a gap.
//!
//! Pure: the caller passes the time. Everything about a packet comes from the network: sequence
//! numbers and timestamps may have any value, and memory stays bounded. It is our own because the
//! sample builder of `rtc` takes many megabytes per stream and knows no time.

use std::{collections::BTreeMap, time::Duration};

use crate::media::missing::{Arrival, Limits, Missing};

use super::{
    EncodedFrame, VIDEO_CLOCK, VideoCodec, VideoPacket,
    packet::{join, read_frame_header, starts_key_frame},
};

/// How many packets wait for a missing one. A packet further away is a stray.
const MAX_PACKETS: u64 = 1_024;
/// After so many strays in a row, the stream restarts.
const MAX_STRAYS: u32 = 8;
/// How many bytes wait for a missing packet. When full, all are dropped up to the next key frame.
const MAX_BYTES: usize = 4 * 1_024 * 1_024;
/// Which missing packets are requested again. Servers keep at least 128 packets to repeat.
const REQUESTS: Limits = Limits { capacity: 256, max_gap: 128, max_requests: 4, max_credit: 256 };
/// How long a missing packet is waited for: five round trips, in which it can be requested three
/// times, but within these bounds.
const MIN_PATIENCE: Duration = Duration::from_millis(250);
const MAX_PATIENCE: Duration = Duration::from_millis(500);

/// Counters of an assembler.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AssemblerStats {
    /// Packets that arrived, useful or not.
    pub packets: u64,
    /// Packets that were requested again.
    pub nacks: u64,
    /// Packets that arrived because they were requested again.
    pub repeated: u64,
    /// Complete frames.
    pub frames: u64,
    /// Key frames among them.
    pub key_frames: u64,
    /// Frames that were incomplete, unreadable, or needed a frame that was.
    pub dropped: u64,
}

/// A complete frame, and its timestamp in the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssembledFrame {
    /// The timestamp of its packets.
    pub timestamp: u32,
    /// The frame. Its own timestamp counts from the first frame of the stream.
    pub frame: EncodedFrame,
}

/// Joins the packets of one stream into frames.
#[derive(Debug)]
pub struct VideoAssembler {
    codec: VideoCodec,
    packets: BTreeMap<u64, VideoPacket>,
    bytes: usize,
    /// The first packet of the next frame; `None` while a key frame must come first.
    next: Option<u64>,
    /// Whether the next frame must be a key frame.
    is_fresh: bool,
    newest: Option<u64>,
    strays: u32,
    /// The timestamp of the newest frame, and what it is as a time.
    clock: Option<(u32, Duration)>,
    /// The size in the last key frame.
    size: (u32, u32),
    missing: Missing,
    round_trip: Duration,
    stats: AssemblerStats,
}

impl VideoAssembler {
    /// An assembler for a stream that begins.
    pub fn new(codec: VideoCodec) -> Self {
        Self {
            codec,
            packets: BTreeMap::new(),
            bytes: 0,
            next: None,
            is_fresh: true,
            newest: None,
            strays: 0,
            clock: None,
            size: (0, 0),
            missing: Missing::new(REQUESTS),
            round_trip: Duration::ZERO,
            stats: AssemblerStats::default(),
        }
    }

    /// Sets the round-trip time to the sender.
    pub const fn set_round_trip(&mut self, round_trip: Duration) {
        self.round_trip = round_trip;
        self.missing.set_round_trip(round_trip);
    }

    /// Whether no frame can be shown before a key frame arrives.
    pub const fn needs_key_frame(&self) -> bool {
        self.next.is_none()
    }

    /// What has happened so far.
    pub const fn stats(&self) -> AssemblerStats {
        self.stats
    }

    /// Takes a packet. One without a payload only keeps a path open, but counts as arrived.
    pub fn push(&mut self, now: Duration, packet: VideoPacket) {
        self.stats.packets += 1;
        let number = self.extended(packet.number);
        if self.newest.is_some_and(|newest| number.abs_diff(newest) > MAX_PACKETS) {
            self.strays += 1;
            if self.strays < MAX_STRAYS {
                return;
            }
            self.restart(number);
        }
        self.strays = 0;
        let arrival = self.missing.arrive(now, packet.number);
        self.stats.repeated += u64::from(arrival == Arrival::Repeated);
        self.newest = self.newest.max(Some(number));
        if self.next.is_some_and(|next| number < next) || self.packets.contains_key(&number) {
            return;
        }
        self.bytes += packet.payload.len();
        self.packets.insert(number, packet);
        self.make_room(number);
        if self.next.is_none() {
            self.find_key_frame();
        }
    }

    /// The next complete frame, if there is one now.
    pub fn poll(&mut self, now: Duration) -> Option<AssembledFrame> {
        loop {
            let first = self.next?;
            match self.end_of_frame(first) {
                Some(after) => {
                    let frame = self.take(first, after);
                    if frame.is_some() {
                        return frame;
                    }
                }
                None if self.is_lost(now, first) => self.skip_to_key_frame(),
                None => return None,
            }
        }
    }

    /// Adds the sequence numbers of packets to request again to `out` (generic NACK, RFC 4585
    /// §6.2.1).
    pub fn requests(&mut self, now: Duration, out: &mut Vec<u16>) {
        let Some(next) = self.next else { return };
        let (patience, before) = (self.patience(), out.len());
        let time_left = |number: u16, age: Duration| {
            let is_needed = number.wrapping_sub(next as u16) <= u16::MAX / 2;
            is_needed.then(|| patience.saturating_sub(age))
        };
        self.missing.requests(now, MAX_PATIENCE, time_left, out);
        self.stats.nacks += (out.len() - before) as u64;
    }

    /// Drops all packets up to the next key frame, because the decoder can't continue.
    pub fn skip_to_key_frame(&mut self) {
        self.leave_frame();
        self.find_key_frame();
    }

    /// The sequence number without wrap-around: the one next to the newest.
    fn extended(&self, number: u16) -> u64 {
        // Starts high enough for packets before the first one.
        let newest = self.newest.unwrap_or(u64::from(u16::MAX) + 1 + u64::from(number));
        let ahead = i64::from(number.wrapping_sub(newest as u16) as i16);
        newest.saturating_add_signed(ahead)
    }

    fn restart(&mut self, number: u64) {
        self.stats.dropped += u64::from(self.next.is_some());
        self.packets.clear();
        (self.bytes, self.next, self.newest, self.clock) = (0, None, Some(number), None);
        self.missing.restart(number as u16);
    }

    /// Drops the oldest packets, and the frame that they belong to, when there are too many.
    fn make_room(&mut self, newest: u64) {
        let first = (newest + 1).saturating_sub(MAX_PACKETS);
        let is_long = self.packets.first_key_value().is_some_and(|(oldest, _)| *oldest < first);
        if self.bytes <= MAX_BYTES && !is_long {
            return;
        }
        self.leave_frame();
        self.drop_before(first);
        while self.bytes > MAX_BYTES {
            let Some((_, oldest)) = self.packets.pop_first() else { break };
            self.bytes -= oldest.payload.len();
        }
        self.find_key_frame();
    }

    /// Gives up the frame that is due.
    fn leave_frame(&mut self) {
        if let Some(next) = self.next.take() {
            self.stats.dropped += 1;
            self.drop_before(next + 1);
        }
    }

    fn drop_before(&mut self, first: u64) {
        let rest = self.packets.split_off(&first);
        let dropped = std::mem::replace(&mut self.packets, rest);
        self.bytes -= dropped.values().map(|packet| packet.payload.len()).sum::<usize>();
    }

    /// Continues with the next key frame that has begun, if any.
    fn find_key_frame(&mut self) {
        let starts = |packet: &VideoPacket| starts_key_frame(self.codec, &packet.payload);
        let found = self.packets.iter().find(|(_, packet)| starts(packet)).map(|(number, _)| *number);
        if let Some(number) = found {
            self.drop_before(number);
            (self.next, self.is_fresh) = (Some(number), true);
        }
    }

    /// The number after the last packet of the frame that begins with `first`, if all are there. A
    /// frame also ends where the next one begins.
    fn end_of_frame(&self, first: u64) -> Option<u64> {
        let timestamp = self.packets.get(&first)?.timestamp;
        let mut expected = first;
        for (number, packet) in self.packets.range(first..) {
            if *number != expected {
                return None;
            }
            if packet.timestamp != timestamp {
                return Some(expected);
            }
            expected += 1;
            if packet.is_last {
                return Some(expected);
            }
        }
        None
    }

    fn take(&mut self, first: u64, after: u64) -> Option<AssembledFrame> {
        let payloads = self.packets.range(first..after).map(|(_, packet)| packet.payload.as_ref());
        let data = join(self.codec, payloads.filter(|payload| !payload.is_empty()));
        let is_padding = self.packets.range(first..after).all(|(_, packet)| packet.payload.is_empty());
        let timestamp = self.packets.get(&first).map(|packet| packet.timestamp);
        self.drop_before(after);
        self.next = Some(after);
        if is_padding {
            return None;
        }
        let header = data.as_deref().and_then(|data| read_frame_header(self.codec, data));
        let header = header.filter(|header| header.is_key || !self.is_fresh);
        let (Some(data), Some(header), Some(timestamp)) = (data, header, timestamp) else {
            self.next = None;
            self.stats.dropped += 1;
            self.find_key_frame();
            return None;
        };
        self.is_fresh = false;
        self.stats.frames += 1;
        self.stats.key_frames += u64::from(header.is_key);
        self.size = header.size.unwrap_or(self.size);
        let ((width, height), time) = (self.size, self.time_of(timestamp));
        let (codec, is_key) = (self.codec, header.is_key);
        let frame = EncodedFrame { codec, data, is_key, width, height, timestamp: time };
        Some(AssembledFrame { timestamp, frame })
    }

    fn time_of(&mut self, timestamp: u32) -> Duration {
        let (before, time) = self.clock.unwrap_or((timestamp, Duration::ZERO));
        let step = timestamp.wrapping_sub(before);
        let since = Duration::from_secs(u64::from(step)) / VIDEO_CLOCK;
        let time = if step > u32::MAX / 2 { time } else { time.saturating_add(since) };
        self.clock = Some((timestamp, time));
        time
    }

    fn patience(&self) -> Duration {
        (self.round_trip * 5).clamp(MIN_PATIENCE, MAX_PATIENCE)
    }

    /// Whether the frame that is due lacks a packet that will not come.
    fn is_lost(&self, now: Duration, first: u64) -> bool {
        let mut present = self.packets.range(first..).map(|(number, _)| *number);
        let Some(gap) = (first..).find(|number| present.next() != Some(*number)) else { return false };
        let is_followed = self.newest.is_some_and(|newest| newest > gap);
        let age = self.missing.age(now, gap as u16);
        is_followed && age.is_none_or(|age| age >= self.patience())
    }
}

#[cfg(test)]
mod tests;
