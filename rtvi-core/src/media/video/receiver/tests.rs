//! A sender and a receiver over a network that loses and delays packets, in virtual time.

use std::collections::BTreeMap;

use super::*;
use crate::media::video::{VideoFormat, VideoKind, VideoPacketizer, VideoSender, VideoTarget};

const SENDER: u32 = 1;
const RECEIVER: u32 = 2;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Random numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn hits(&mut self, percent: u64) -> bool {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % 100 < percent
    }
}

struct Call {
    sender: VideoSender,
    receiver: VideoReceiver,
    random: Random,
    loss: u64,
    delay: u64,
    now: u64,
    to_receiver: BTreeMap<(u64, u64), VideoPacket>,
    to_sender: BTreeMap<(u64, u64), VideoFeedback>,
    count: u64,
    wants_key: bool,
    shown: Vec<(u64, EncodedFrame)>,
}

impl Call {
    fn new(loss: u64, delay: u64) -> Self {
        let format = VideoFormat { width: 640, height: 480, frame_rate: 25 };
        let most = VideoTarget { format, bitrate: 1_500_000, max_frame_size: 100_000 };
        let packetizer = VideoPacketizer::new(VideoCodec::Vp8, SENDER, 96, 65_000);
        let mut sender = VideoSender::new(VideoKind::Camera, packetizer, most);
        sender.set_on(true);
        let mut receiver = VideoReceiver::new(VideoCodec::Vp8, 1_500_000);
        sender.set_round_trip(ms(delay * 2));
        receiver.set_round_trip(ms(delay * 2));
        Self {
            sender,
            receiver,
            random: Random(7),
            loss,
            delay,
            now: 0,
            to_receiver: BTreeMap::new(),
            to_sender: BTreeMap::new(),
            count: 0,
            wants_key: true,
            shown: Vec::new(),
        }
    }

    fn run(&mut self, seconds: u64) {
        self.run_millis(seconds * 1_000);
    }

    /// 25 frames a second of four packets, key frames of twenty.
    fn run_millis(&mut self, millis: u64) {
        let end = self.now + millis;
        while self.now < end {
            if self.now.is_multiple_of(40) {
                self.capture();
            }
            self.exchange();
            self.now += 10;
        }
    }

    fn capture(&mut self) {
        let index = (self.now / 40) as u32;
        let is_key = std::mem::take(&mut self.wants_key);
        let mut data = vec![u8::from(!is_key), 0, 0, 0x9d, 0x01, 0x2a, 128, 2, 224, 1];
        data.extend(index.to_be_bytes());
        data.resize(if is_key { 24_000 } else { 4_000 }, 9);
        let codec = VideoCodec::Vp8;
        let frame = EncodedFrame {
            codec,
            data: data.into(),
            is_key,
            width: 640,
            height: 480,
            timestamp: ms(self.now),
        };
        self.sender.frame(ms(self.now), &frame);
    }

    fn exchange(&mut self) {
        let now = ms(self.now);
        while let Some(packet) = self.sender.poll(now) {
            self.count += 1;
            if !self.random.hits(self.loss) {
                let header = packet.header;
                let packet = VideoPacket {
                    number: header.sequence_number,
                    timestamp: header.timestamp,
                    is_last: header.marker,
                    payload: packet.payload,
                };
                self.to_receiver.insert((self.now + self.delay, self.count), packet);
            }
        }
        while let Some(entry) = self.to_receiver.first_entry().filter(|entry| entry.key().0 <= self.now) {
            self.receiver.packet(now, entry.remove());
        }
        while let Some(frame) = self.receiver.poll(now) {
            self.shown.push((self.now, frame));
        }
        self.answer(now);
    }

    fn answer(&mut self, now: Duration) {
        let mut feedback = Vec::new();
        self.receiver.feedback(now, &mut feedback);
        for feedback in feedback {
            self.count += 1;
            let packet = feedback.packet(RECEIVER, SENDER).unwrap();
            let read = VideoFeedback::read(packet.as_ref(), SENDER).unwrap();
            if !self.random.hits(self.loss) {
                self.to_sender.insert((self.now + self.delay, self.count), read);
            }
        }
        while let Some(entry) = self.to_sender.first_entry().filter(|entry| entry.key().0 <= self.now) {
            self.sender.on_feedback(now, &entry.remove());
        }
        self.wants_key |= self.sender.takes_key_frame(now);
    }

    fn longest_pause(&self) -> u64 {
        self.shown.windows(2).map(|pair| pair[1].0 - pair[0].0).max().unwrap_or(u64::MAX)
    }
}

#[test]
fn without_loss_every_frame_is_shown() {
    let mut call = Call::new(0, 20);
    call.run(10);
    assert!(call.shown.len() >= 249, "{}", call.shown.len());
    let stats = call.receiver.stats(ms(call.now));
    assert_eq!((stats.width, stats.height, stats.frame_rate), (640, 480, 25));
    assert_eq!((stats.key_frames, stats.nacks, stats.key_frame_requests, stats.freezes), (1, 0, 0, 0));
    assert!(call.longest_pause() <= 90, "the key frame is paced: {}", call.longest_pause());
}

#[test]
fn with_loss_nearly_every_frame_is_shown_and_pauses_are_short() {
    for (loss, delay, share, pause) in [(2, 10, 99, 500), (5, 10, 99, 500), (5, 50, 97, 700)] {
        let mut call = Call::new(loss, delay);
        call.run(30);
        let sent = call.sender.stats(ms(call.now)).frames;
        let shown = call.shown.len() as u64;
        assert!(shown * 100 >= sent * share, "{loss} % and {delay} ms: {shown} of {sent}");
        assert!(call.longest_pause() < pause, "{loss} % and {delay} ms: {}", call.longest_pause());
    }
}

#[test]
fn after_an_outage_the_picture_comes_back_with_a_key_frame() {
    let mut call = Call::new(0, 20);
    call.run(3);
    call.loss = 100;
    call.run_millis(1_500);
    call.loss = 0;
    let before = call.shown.len();
    call.run(2);
    let (at, first) = call.shown.get(before).expect("it came back");
    assert!(first.is_key && *at < 4_800, "{at}");
    assert_eq!(call.receiver.stats(ms(call.now)).freezes, 1);
}

#[test]
fn a_decoder_that_is_stuck_gets_a_key_frame() {
    let mut call = Call::new(0, 20);
    call.run(2);
    call.receiver.require_key_frame();
    let before = call.shown.len();
    call.run(1);
    assert!(call.shown.get(before).is_some_and(|(_, frame)| frame.is_key));
    assert_eq!(call.receiver.stats(ms(call.now)).key_frame_requests, 1);
}

#[test]
fn a_stream_that_pauses_is_not_asked_for_key_frames() {
    let mut call = Call::new(0, 20);
    call.run(1);
    call.sender.set_on(false);
    call.receiver.require_key_frame();
    call.run(20);
    let asked = call.receiver.stats(ms(call.now)).key_frame_requests;
    assert!(asked <= 3, "{asked}");
    let mut out = Vec::new();
    VideoReceiver::new(VideoCodec::Vp8, 1).feedback(ms(0), &mut out);
    assert!(out.is_empty(), "a stream that has not begun");
}

#[test]
fn pictures_wait_for_their_sound_in_order_and_not_without_end() {
    let mut call = Call::new(0, 20);
    let ntp = 1 << 40;
    call.receiver.on_report(ClockPoint { ntp, timestamp: 65_000 });
    call.receiver.sync_mut().on_audio_report(ClockPoint { ntp, timestamp: 0 }, 48_000);
    for _ in 0..8 {
        call.receiver.sync_mut().on_heard(ms(call.now + 120), call.now as u32 * 48);
        call.run_millis(500);
    }
    let late: Vec<u64> = call
        .shown
        .iter()
        .skip(5)
        .map(|(at, frame)| {
            let index = u32::from_be_bytes(frame.data.get(10..14).unwrap().try_into().unwrap());
            at - u64::from(index) * 40
        })
        .collect();
    assert!(late.iter().all(|late| (100..=130).contains(late)), "{late:?}");
}
