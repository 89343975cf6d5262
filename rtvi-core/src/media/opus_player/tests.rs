//! A bot that sends a tone through a network of the test's making to a speaker that plays at its
//! own pace.

use super::*;
use crate::media::{OpusEncoder, OpusOptions};

struct Call {
    player: OpusPlayer,
    speaker: Arc<Playout>,
    encoder: OpusEncoder,
    sent: u16,
    heard: Vec<i16>,
}

impl Call {
    fn new() -> Self {
        let speaker = Arc::new(Playout::default());
        let player = OpusPlayer::new(OpusDecoder::new().unwrap(), Arc::clone(&speaker));
        let encoder = OpusEncoder::new(OpusOptions::default()).unwrap();
        Self { player, speaker, encoder, sent: 0, heard: Vec::new() }
    }

    /// Encodes the next 20 ms of the tone.
    fn next_packet(&mut self, amplitude: f32) -> (u16, Bytes) {
        let step = 300.0 * std::f32::consts::TAU / 48_000.0;
        let begin = usize::from(self.sent) * OPUS_FRAME;
        let samples: Vec<_> =
            (0..OPUS_FRAME).map(|i| (((begin + i) as f32 * step).sin() * amplitude) as i16).collect();
        let payload = Bytes::copy_from_slice(self.encoder.encode(&samples).unwrap());
        self.sent += 1;
        (self.sent - 1, payload)
    }

    fn arrive(&mut self, millis: u64, (number, payload): (u16, Bytes)) {
        let now = Duration::from_millis(millis);
        self.player.packet(now, number, u32::from(number) * 960, payload);
    }

    /// One turn: the speaker takes 20 ms, then the transport looks after it.
    fn turn(&mut self, millis: u64) -> usize {
        let mut out = [0; 960];
        let count = self.speaker.pull(&mut out, OPUS_FORMAT);
        self.heard.extend_from_slice(&out);
        self.player.tick(Duration::from_millis(millis));
        count
    }

    /// 20 ms stretches of what was heard that are silent.
    fn silent_frames(&self, from: usize) -> usize {
        self.heard.chunks(960).skip(from).filter(|part| part.iter().all(|s| s.unsigned_abs() < 200)).count()
    }
}

#[test]
fn a_steady_stream_plays_without_a_gap_and_little_delay() {
    let mut call = Call::new();
    for frame in 0..200 {
        let packet = call.next_packet(8_000.0);
        call.arrive(frame * 20, packet);
        call.turn(frame * 20 + 10);
    }
    assert_eq!(call.silent_frames(6), 0);
    let stats = call.player.jitter().stats();
    assert_eq!((stats.lost, stats.concealed, stats.discarded), (0, 0, 0));
    let delay = call.speaker.buffered() + call.player.jitter().depth();
    assert!(delay <= Duration::from_millis(40), "{delay:?}");
}

#[test]
fn lost_packets_are_not_heard_as_silence() {
    let mut call = Call::new();
    for frame in 0..200 {
        let packet = call.next_packet(8_000.0);
        if frame % 10 != 5 || frame < 10 {
            call.arrive(frame * 20, packet);
        }
        call.turn(frame * 20 + 10);
    }
    assert_eq!(call.silent_frames(6), 0);
    assert_eq!(call.player.jitter().stats().lost, 19);
}

#[test]
fn jitter_is_absorbed_once_known() {
    let mut call = Call::new();
    let mut network: Vec<(u64, (u16, Bytes))> = Vec::new();
    for frame in 0..600_u64 {
        let delay = frame * 7919 % 81;
        let packet = call.next_packet(8_000.0);
        network.push((frame * 20 + delay, packet));
        let now = frame * 20 + 10;
        let (due, later) = network.into_iter().partition(|(at, _)| *at <= now);
        network = later;
        for (at, packet) in due {
            call.arrive(at, packet);
        }
        call.turn(now);
    }
    let silent = call.silent_frames(200);
    let stats = call.player.jitter().stats();
    assert!(silent == 0 && stats.concealed < 40, "{silent} silent, {stats:?}");
}

#[test]
fn a_stall_heals_and_its_delay_is_given_back_in_the_next_pause() {
    let mut call = Call::new();
    let mut held = Vec::new();
    for frame in 0..500_u64 {
        let amplitude = if frame < 300 { 8_000.0 } else { 0.0 };
        let packet = call.next_packet(amplitude);
        if (100..115).contains(&frame) {
            held.push(packet);
        } else {
            for late in held.drain(..) {
                call.arrive(frame * 20, late);
            }
            call.arrive(frame * 20, packet);
        }
        call.turn(frame * 20 + 10);
    }
    let stats = call.player.jitter().stats();
    assert_eq!((stats.lost, stats.late), (0, 0));
    let delay = call.speaker.buffered() + call.player.jitter().depth();
    assert!(delay <= Duration::from_millis(160), "{delay:?}, {stats:?}");
}

#[test]
fn an_interruption_drops_what_is_held() {
    let mut call = Call::new();
    for frame in 0..20 {
        let packet = call.next_packet(8_000.0);
        call.arrive(frame, packet);
    }
    assert!(call.player.jitter().depth() > Duration::from_millis(200));
    call.turn(20);
    call.speaker.flush();
    call.turn(40);
    assert_eq!(call.player.jitter().depth(), Duration::ZERO);
}

#[test]
fn rubbish_is_counted_and_concealed() {
    let mut call = Call::new();
    for frame in 0..10 {
        call.arrive(u64::from(frame) * 20, (frame, Bytes::from_static(&[0xff; 40])));
        call.arrive(u64::from(frame) * 20, (frame, Bytes::new()));
        call.turn(u64::from(frame) * 20 + 10);
    }
    assert!(call.player.unreadable() > 0);
}

#[test]
fn much_delay_is_given_back_without_a_pause_or_a_click() {
    let mut call = Call::new();
    for frame in 0..20 {
        let packet = call.next_packet(8_000.0);
        call.arrive(400 + frame, packet);
    }
    for frame in 20..400 {
        let packet = call.next_packet(8_000.0);
        call.arrive(frame * 20 + 20, packet);
        call.turn(frame * 20 + 30);
    }
    let stats = call.player.jitter().stats();
    let delay = call.speaker.buffered() + call.player.jitter().depth();
    assert!(
        delay <= Duration::from_millis(160) && stats.accelerated > Duration::from_millis(150),
        "{delay:?}, {stats:?}"
    );
    assert_eq!((stats.discarded, call.silent_frames(30)), (0, 0));
    let roughest = call.heard.windows(2).skip(20_000).map(|pair| pair[0].abs_diff(pair[1])).max().unwrap();
    assert!(roughest < 1_000, "{roughest}");
}

/// A far server that sends again what it is asked for: how many frames are concealed when every
/// tenth packet is lost.
fn concealed_with_repeats(round_trip: u64, amplitude: f32) -> u64 {
    let mut call = Call::new();
    call.player.set_round_trip(Duration::from_millis(round_trip));
    let mut sent = Vec::new();
    let (mut answers, mut wanted) = (Vec::new(), Vec::new());
    let mut learnt = 0;
    for frame in 0..1_000_u64 {
        let packet = call.next_packet(amplitude);
        sent.push(packet.clone());
        if frame % 10 != 5 {
            call.arrive(frame * 20, packet);
        }
        let now = frame * 20 + 10;
        let (due, later) = answers.into_iter().partition(|(at, _)| *at <= now);
        answers = later;
        for (at, number) in due {
            call.arrive(at, sent[usize::from(number)].clone());
        }
        call.turn(now);
        call.player.requests(Duration::from_millis(now), &mut wanted);
        answers.extend(wanted.drain(..).map(|number: u16| (now + round_trip, number)));
        if frame == 500 {
            learnt = call.player.jitter().stats().concealed;
        }
    }
    call.player.jitter().stats().concealed - learnt
}

#[test]
fn what_is_sent_again_is_heard_in_its_place() {
    for round_trip in [20, 60, 150] {
        assert_eq!(concealed_with_repeats(round_trip, 8_000.0), 0, "{round_trip} ms");
        assert_eq!(concealed_with_repeats(round_trip, 0.0), 0, "{round_trip} ms, silence");
    }
    assert_eq!(concealed_with_repeats(500, 8_000.0), 50, "later than is ever waited for");
}
