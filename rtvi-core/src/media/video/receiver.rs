//! One stream of video that is received: from packets to frames that are due, and what the sender
//! must learn.
//!
//! Pure: the caller passes the time, shows what [`VideoReceiver::poll`] returns, and sends what
//! [`VideoReceiver::feedback`] returns.

use std::{collections::VecDeque, time::Duration};

use crate::media::VideoStreamStats;

use super::{
    AssembledFrame, ClockPoint, EncodedFrame, Freezes, KeyFrameRequests, LipSync, ReceiveRate, VIDEO_CLOCK,
    VideoAssembler, VideoCodec, VideoFeedback, VideoPacket, meter::Meter,
};

/// How many frames wait for their sound. When full, the oldest is shown early.
const MAX_WAITING: usize = 16;
/// A stream without packets for so long has paused. No key frame is requested then, and the pause
/// is no freeze.
const PAUSE: Duration = Duration::from_secs(2);

/// Receives one stream.
#[derive(Debug)]
pub struct VideoReceiver {
    assembler: VideoAssembler,
    requests: KeyFrameRequests,
    rate: ReceiveRate,
    sync: LipSync,
    /// Complete frames, and when they are due.
    waiting: VecDeque<(Duration, EncodedFrame)>,
    /// Whether the decoder can't continue without a key frame.
    is_stuck: bool,
    packet_at: Option<Duration>,
    freezes: Freezes,
    meter: Meter,
    /// Packets and requests when the loss was last measured.
    measured: (u64, u64),
    size: (u32, u32),
    key_frame_requests: u64,
}

impl VideoReceiver {
    /// A stream that begins, with at most `most` bits per second.
    pub fn new(codec: VideoCodec, most: u32) -> Self {
        Self {
            assembler: VideoAssembler::new(codec),
            requests: KeyFrameRequests::default(),
            rate: ReceiveRate::new(most),
            sync: LipSync::default(),
            waiting: VecDeque::new(),
            is_stuck: false,
            packet_at: None,
            freezes: Freezes::default(),
            meter: Meter::default(),
            measured: (0, 0),
            size: (0, 0),
            key_frame_requests: 0,
        }
    }

    /// Sets the round-trip time to the sender.
    pub const fn set_round_trip(&mut self, round_trip: Duration) {
        self.assembler.set_round_trip(round_trip);
    }

    /// A sender report of this stream arrived.
    pub const fn on_report(&mut self, point: ClockPoint) {
        self.sync.on_video_report(point, VIDEO_CLOCK);
    }

    /// What is known of the audio that the pictures belong to.
    pub const fn sync_mut(&mut self) -> &mut LipSync {
        &mut self.sync
    }

    /// Takes a packet.
    pub fn packet(&mut self, now: Duration, packet: VideoPacket) {
        if self.has_paused(now) {
            self.freezes.pause();
        }
        self.packet_at = Some(now);
        self.assembler.push(now, packet);
    }

    /// The decoder can't continue without a key frame.
    pub fn require_key_frame(&mut self) {
        self.is_stuck = true;
        self.waiting.clear();
        self.assembler.skip_to_key_frame();
    }

    /// The next frame that is due; `None` when there is none now.
    pub fn poll(&mut self, now: Duration) -> Option<EncodedFrame> {
        while let Some(AssembledFrame { timestamp, frame }) = self.assembler.poll(now) {
            if frame.is_key {
                self.is_stuck = false;
                self.requests.on_key_frame();
            }
            self.waiting.push_back((now + self.sync.delay(now, timestamp), frame));
        }
        let is_due = |due: Duration| due <= now || self.waiting.len() > MAX_WAITING;
        self.waiting.front().filter(|(due, _)| is_due(*due))?;
        let (_, frame) = self.waiting.pop_front()?;
        self.freezes.on_frame(now);
        self.meter.add(now, frame.data.len());
        self.size = (frame.width, frame.height);
        Some(frame)
    }

    /// Adds what the sender must learn now to `out`. Call it every 10 ms.
    pub fn feedback(&mut self, now: Duration, out: &mut Vec<VideoFeedback>) {
        if self.packet_at.is_none() {
            return;
        }
        let mut missing = Vec::new();
        self.assembler.requests(now, &mut missing);
        if !missing.is_empty() {
            out.push(VideoFeedback::Missing(missing));
        }
        let needs_key_frame = self.is_stuck || self.assembler.needs_key_frame();
        if self.requests.poll(now, needs_key_frame && !self.has_paused(now)) {
            self.key_frame_requests += 1;
            out.push(VideoFeedback::KeyFrame);
        }
        let stats = self.assembler.stats();
        let present = (stats.packets, stats.nacks);
        let loss = || loss(std::mem::replace(&mut self.measured, present), present);
        out.extend(self.rate.poll(now, loss).map(VideoFeedback::Estimate));
    }

    /// The statistics.
    pub fn stats(&mut self, now: Duration) -> VideoStreamStats {
        let assembled = self.assembler.stats();
        let (frame_rate, bitrate) = self.meter.rates(now);
        VideoStreamStats {
            frames: assembled.frames,
            frames_dropped: assembled.dropped,
            key_frames: assembled.key_frames,
            width: self.size.0,
            height: self.size.1,
            frame_rate,
            bitrate,
            target_bitrate: self.rate.bitrate(),
            packets: assembled.packets,
            packets_repeated: assembled.repeated,
            nacks: assembled.nacks,
            key_frame_requests: self.key_frame_requests,
            freezes: self.freezes.count(),
            freeze_time: self.freezes.time(),
        }
    }

    fn has_paused(&self, now: Duration) -> bool {
        self.packet_at.is_none_or(|at| now.saturating_sub(at) >= PAUSE)
    }
}

/// The part of the packets that had to be requested, from the counts of packets and requests.
fn loss(before: (u64, u64), present: (u64, u64)) -> f64 {
    let (packets, requests) = (present.0 - before.0, present.1 - before.1);
    if packets == 0 { 0.0 } else { (requests as f64 / packets as f64).min(1.0) }
}

#[cfg(test)]
mod tests;
