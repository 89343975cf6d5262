//! One stream of video that is sent: from encoded frames to packets, and what the receiver says.
//!
//! Pure: the caller passes the time, sends what [`VideoSender::poll`] returns, and gives the encoder
//! what [`VideoSender::target`] and [`VideoSender::takes_key_frame`] say.

use std::{collections::VecDeque, time::Duration};

use rtc::rtp::Packet;

use crate::media::VideoStreamStats;

use super::{
    EncodedFrame, FrameEnds, KeyFrameAnswers, Pacer, SentPackets, VideoFeedback, VideoKind, VideoPacketizer,
    VideoRate, VideoTarget, meter::Meter,
};

/// How many repeated packets wait. Later ones are not repeated; the receiver asks again.
const MAX_REPEATS: usize = 256;
/// How far the source's clock may be off before it is set again.
const MAX_DRIFT: Duration = Duration::from_secs(1);

/// Sends one stream. It is off at first.
#[derive(Debug)]
pub struct VideoSender {
    packetizer: VideoPacketizer,
    history: SentPackets,
    pacer: Pacer,
    repeats: VecDeque<Packet>,
    ends: FrameEnds,
    /// A packet that the one after it has overtaken.
    overtaken: Option<Packet>,
    rate: VideoRate,
    answers: KeyFrameAnswers,
    round_trip: Duration,
    is_on: bool,
    /// Whether no frame was sent since it was turned on.
    begins: bool,
    /// Whether a frame was dropped, so that the next one must be a key frame.
    needs_key_frame: bool,
    clock: SourceClock,
    meter: Meter,
    stats: VideoStreamStats,
}

impl VideoSender {
    /// A stream that takes at most `most`.
    pub fn new(kind: VideoKind, packetizer: VideoPacketizer, most: VideoTarget) -> Self {
        Self {
            packetizer,
            history: SentPackets::default(),
            pacer: Pacer::default(),
            repeats: VecDeque::new(),
            ends: FrameEnds::default(),
            overtaken: None,
            rate: VideoRate::new(kind, most),
            answers: KeyFrameAnswers::default(),
            round_trip: Duration::ZERO,
            is_on: false,
            begins: true,
            needs_key_frame: true,
            clock: SourceClock::default(),
            meter: Meter::default(),
            stats: VideoStreamStats::default(),
        }
    }

    /// Turns the stream on or off. While it is off, nothing is sent, not even what was asked for
    /// again. It begins with a key frame. What was sent before is still repeated then: the receiver
    /// may wait for it.
    pub fn set_on(&mut self, is_on: bool) {
        if std::mem::replace(&mut self.is_on, is_on) != is_on {
            self.pacer.clear();
            self.repeats.clear();
            self.begins = is_on;
            self.require_key_frame();
        }
    }

    /// Changes the payload type, as a new answer may require.
    pub const fn set_payload_type(&mut self, payload_type: u8) {
        self.packetizer.set_payload_type(payload_type);
    }

    /// Sets the round-trip time to the receiver.
    pub const fn set_round_trip(&mut self, round_trip: Duration) {
        self.round_trip = round_trip;
    }

    /// Takes a frame. Drops it if the stream is off, if it is too large, if too much waits, or if
    /// it needs a frame that was dropped.
    pub fn frame(&mut self, now: Duration, frame: &EncodedFrame) {
        if !self.is_on {
            return;
        }
        let captured = self.clock.time(now, frame.timestamp);
        if self.needs_key_frame && !frame.is_key {
            self.stats.frames_dropped += 1;
            self.answers.request();
            return;
        }
        let fits = frame.data.len() <= self.rate.target().max_frame_size as usize;
        let (time, next) = self.ends.times(captured);
        let mut packets = if fits { self.packetizer.packets(time, frame) } else { Vec::new() };
        let is_empty = packets.is_empty();
        packets.push(self.packetizer.empty_packet(next));
        if is_empty || !self.pacer.push(packets) {
            self.stats.frames_dropped += 1;
            return self.require_key_frame();
        }
        self.ends.announce(captured, next);
        self.needs_key_frame = false;
        if frame.is_key {
            self.answers.on_key_frame(now);
        }
        if std::mem::take(&mut self.begins) && self.stats.frames > 0 {
            // The receiver may lack packets from before, and would wait for them.
            self.ends.on_loss(now);
        }
        self.meter.add(now, frame.data.len());
        self.stats.frames += 1;
        self.stats.key_frames += u64::from(frame.is_key);
        (self.stats.width, self.stats.height) = (frame.width, frame.height);
    }

    /// Takes what the receiver says about the stream.
    pub fn on_feedback(&mut self, now: Duration, feedback: &VideoFeedback) {
        match feedback {
            VideoFeedback::Missing(numbers) => self.repeat(now, numbers),
            VideoFeedback::KeyFrame => {
                self.stats.key_frame_requests += 1;
                self.answers.request();
            }
            VideoFeedback::Estimate(bitrate) => {
                let (_, sent) = self.meter.rates(now);
                self.rate.on_estimate(now, *bitrate, sent);
            }
            VideoFeedback::Loss(loss) => {
                if *loss > 0.0 {
                    self.ends.on_loss(now);
                }
                self.rate.on_report(now, *loss);
            }
        }
    }

    /// The server reports which part of the audio was lost.
    pub fn on_audio_loss(&mut self, now: Duration, loss: f64) {
        self.rate.on_audio_report(now, loss);
    }

    /// The next packet to send now; `None` when there is none until later.
    pub fn poll(&mut self, now: Duration) -> Option<Packet> {
        if !self.is_on {
            return None;
        }
        if let Some(packet) = self.overtaken.take() {
            return Some(packet);
        }
        if let Some(packet) = self.repeats.pop_front() {
            self.stats.packets_repeated += u64::from(!packet.payload.is_empty());
            return Some(packet);
        }
        let packet = self.pacer.poll(now, self.rate.target().bitrate)?;
        let packet = self.depart(packet);
        if packet.payload.is_empty() && self.ends.asks(now) {
            let second = self.depart(packet.clone());
            self.overtaken = Some(packet);
            return Some(second);
        }
        Some(packet)
    }

    fn depart(&mut self, mut packet: Packet) -> Packet {
        self.packetizer.number(&mut packet);
        self.stats.packets += 1;
        self.history.add(packet.clone());
        packet
    }

    /// What the encoder must deliver now.
    pub const fn target(&self) -> VideoTarget {
        self.rate.target()
    }

    /// Whether the encoder must make a key frame now.
    pub fn takes_key_frame(&mut self, now: Duration) -> bool {
        self.is_on && self.answers.poll(now)
    }

    /// The statistics.
    pub fn stats(&mut self, now: Duration) -> VideoStreamStats {
        let (frame_rate, bitrate) = self.meter.rates(now);
        let target_bitrate = u64::from(self.target().bitrate);
        VideoStreamStats { frame_rate, bitrate, target_bitrate, ..self.stats }
    }

    fn require_key_frame(&mut self) {
        self.needs_key_frame = true;
        self.answers.request();
    }

    fn repeat(&mut self, now: Duration, numbers: &[u16]) {
        self.stats.nacks += numbers.len() as u64;
        let bitrate = self.rate.target().bitrate;
        let packets = self.history.repeat(now, numbers, self.round_trip, bitrate);
        // An empty one may only have been overtaken.
        if packets.iter().any(|packet| !packet.payload.is_empty()) {
            self.ends.on_loss(now);
        }
        let room = MAX_REPEATS - self.repeats.len().min(MAX_REPEATS);
        self.repeats.extend(packets.into_iter().take(room));
    }
}

/// Relates the timestamps of a source to the caller's clock. A source that is started again, or
/// another one in its place, begins where it wants.
#[derive(Debug, Default)]
struct SourceClock {
    /// The first timestamp, and when it came.
    origin: Option<(Duration, Duration)>,
    last: Duration,
}

impl SourceClock {
    /// The time of a picture with this timestamp, later than the one before.
    fn time(&mut self, now: Duration, timestamp: Duration) -> Duration {
        let (first, at) = *self.origin.get_or_insert((timestamp, now));
        let time = timestamp.checked_sub(first).and_then(|since| at.checked_add(since));
        let time = time.filter(|time| time.abs_diff(now) <= MAX_DRIFT).unwrap_or_else(|| {
            self.origin = Some((timestamp, now));
            now
        });
        self.last = time.max(self.last + Duration::from_millis(1));
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::video::{VideoCodec, VideoFormat};

    const MOST: VideoTarget = VideoTarget {
        format: VideoFormat { width: 640, height: 480, frame_rate: 24 },
        bitrate: 1_500_000,
        max_frame_size: 50_000,
    };

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn sender() -> VideoSender {
        let packetizer = VideoPacketizer::new(VideoCodec::Vp8, 1, 96, 0);
        let mut sender = VideoSender::new(VideoKind::Camera, packetizer, MOST);
        sender.set_on(true);
        sender
    }

    fn frame(is_key: bool, size: usize, timestamp: Duration) -> EncodedFrame {
        let data = vec![u8::from(!is_key); size].into();
        EncodedFrame { codec: VideoCodec::Vp8, data, is_key, width: 640, height: 480, timestamp }
    }

    fn numbers(packets: &[Packet]) -> Vec<u16> {
        packets.iter().map(|packet| packet.header.sequence_number).collect()
    }

    fn sent(sender: &mut VideoSender, now: Duration) -> Vec<Packet> {
        std::iter::from_fn(|| sender.poll(now)).collect()
    }

    #[test]
    fn nothing_leaves_while_it_is_off() {
        let mut sender = sender();
        sender.frame(ms(0), &frame(true, 2_000, ms(0)));
        assert_eq!(sent(&mut sender, ms(0)).len(), 3);
        sender.frame(ms(40), &frame(false, 2_000, ms(40)));
        sender.set_on(false);
        sender.frame(ms(80), &frame(true, 2_000, ms(80)));
        sender.on_feedback(ms(81), &VideoFeedback::Missing(vec![0, 1]));
        sender.on_feedback(ms(81), &VideoFeedback::KeyFrame);
        assert!(sent(&mut sender, ms(90)).is_empty() && !sender.takes_key_frame(ms(90)));
        sender.set_on(true);
        assert!(sender.takes_key_frame(ms(400)));
        sender.frame(ms(400), &frame(false, 10, ms(400)));
        assert!(sent(&mut sender, ms(400)).is_empty(), "it begins with a key frame");
        sender.frame(ms(440), &frame(true, 10, ms(440)));
        assert_eq!(numbers(&sent(&mut sender, ms(440))), [3, 5, 4], "the receiver says what it lacks");
        sender.on_feedback(ms(441), &VideoFeedback::Missing(vec![1]));
        assert_eq!(numbers(&sent(&mut sender, ms(441))), [1], "it was sent before the pause");
    }

    #[test]
    fn a_frame_that_is_too_large_is_followed_by_a_key_frame() {
        let mut sender = sender();
        assert!(sender.takes_key_frame(ms(0)));
        sender.frame(ms(0), &frame(true, 50_001, ms(0)));
        sender.frame(ms(40), &frame(false, 100, ms(40)));
        assert!(sent(&mut sender, ms(40)).is_empty() && sender.takes_key_frame(ms(310)));
        sender.frame(ms(320), &frame(true, 100, ms(320)));
        sender.frame(ms(360), &frame(false, 100, ms(360)));
        assert_eq!(numbers(&sent(&mut sender, ms(360))), [0, 1, 2, 3], "dropped frames take no numbers");
        let stats = sender.stats(ms(360));
        assert_eq!((stats.frames, stats.frames_dropped, stats.key_frames, stats.packets), (2, 2, 1, 4));
    }

    #[test]
    fn missing_packets_are_repeated_before_new_ones() {
        let mut sender = sender();
        sender.frame(ms(0), &frame(true, 5_000, ms(0)));
        assert_eq!(sent(&mut sender, ms(0)).len(), 6);
        sender.frame(ms(40), &frame(false, 10, ms(40)));
        sender.on_feedback(ms(41), &VideoFeedback::Missing(vec![3, 1, 99]));
        let again = sent(&mut sender, ms(41));
        assert_eq!(numbers(&again), [3, 1, 6, 8, 7], "the end has two marks after a loss");
        let stats = sender.stats(ms(41));
        assert_eq!((stats.nacks, stats.packets_repeated, stats.packets), (3, 2, 9));
    }

    /// A mark that was overtaken may be asked for. That is no loss.
    #[test]
    fn a_mark_that_was_overtaken_is_repeated_without_further_marks() {
        let mut sender = sender();
        sender.frame(ms(0), &frame(true, 10, ms(0)));
        assert_eq!(numbers(&sent(&mut sender, ms(0))), [0, 1]);
        sender.on_feedback(ms(10), &VideoFeedback::Loss(0.1));
        sender.frame(ms(40), &frame(false, 10, ms(40)));
        assert_eq!(numbers(&sent(&mut sender, ms(40))), [2, 4, 3]);
        sender.on_feedback(ms(60), &VideoFeedback::Missing(vec![3]));
        assert_eq!(numbers(&sent(&mut sender, ms(60))), [3]);
        assert_eq!(sender.stats(ms(60)).packets_repeated, 0);
        sender.frame(ms(10_020), &frame(false, 10, ms(10_020)));
        assert_eq!(numbers(&sent(&mut sender, ms(10_020))), [5, 6], "the loss is long ago");
    }

    #[test]
    fn the_mark_after_a_frame_has_the_timestamp_of_the_next_one() {
        let mut sender = sender();
        let mut mark = None;
        for at in (0..400).step_by(40) {
            sender.frame(ms(at), &frame(at == 0, 10, ms(at)));
            let packets = sent(&mut sender, ms(at));
            let [frame, end] = &packets[..] else { panic!("{packets:?}") };
            assert!(frame.header.marker && !end.header.marker && end.payload.is_empty());
            assert!(mark.is_none_or(|mark| mark == frame.header.timestamp));
            assert_ne!(end.header.timestamp, frame.header.timestamp);
            mark = Some(end.header.timestamp);
        }
    }

    #[test]
    fn timestamps_follow_the_source_as_long_as_it_keeps_time() {
        let mut clock = SourceClock::default();
        assert_eq!(clock.time(ms(500), ms(9_000)), ms(500));
        assert_eq!(clock.time(ms(560), ms(9_040)), ms(540));
        assert_eq!(clock.time(ms(590), ms(9_040)), ms(541), "never twice the same");
        assert_eq!(clock.time(ms(600), ms(0)), ms(600), "another source");
        assert_eq!(clock.time(ms(640), ms(40)), ms(640));
        assert_eq!(clock.time(ms(5_000), ms(80)), ms(5_000), "it was stopped");
        assert_eq!(clock.time(ms(5_040), Duration::MAX), ms(5_040));
    }
}
