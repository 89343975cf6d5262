//! Frames in every order, with gaps, repeats and nonsense.

use bytes::Bytes;
use proptest::prelude::*;

use super::*;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The packets of frame `index`, of which every tenth is a key frame; `parts` each.
fn frame(index: u16, parts: u16) -> Vec<VideoPacket> {
    let is_key = index.is_multiple_of(10);
    let payload = |part: u16| {
        let mut payload = vec![if part == 0 { 0x10 } else { 0x00 }];
        if part == 0 {
            payload.extend([u8::from(!is_key), 0, 0, 0x9d, 0x01, 0x2a, 64, 0, 48, 0]);
        }
        payload.extend([index as u8, part as u8]);
        Bytes::from(payload)
    };
    (0..parts)
        .map(|part| VideoPacket {
            number: (index * parts + part).wrapping_add(65_500),
            timestamp: u32::from(index).wrapping_mul(3_750).wrapping_add(u32::MAX - 5_000),
            is_last: part + 1 == parts,
            payload: payload(part),
        })
        .collect()
}

fn assembler() -> VideoAssembler {
    let mut assembler = VideoAssembler::new(VideoCodec::Vp8);
    assembler.set_round_trip(ms(40));
    assembler
}

fn frames(assembler: &mut VideoAssembler, now: Duration) -> Vec<u8> {
    std::iter::from_fn(|| assembler.poll(now)).filter_map(|out| out.frame.data.get(10).copied()).collect()
}

#[test]
fn frames_come_in_order_across_the_wrap_of_numbers_and_timestamps() {
    let mut assembler = assembler();
    let mut times = Vec::new();
    for index in 0..30 {
        for packet in frame(index, 3).into_iter().rev() {
            assembler.push(ms(0), packet);
        }
        let AssembledFrame { timestamp, frame } = assembler.poll(ms(0)).unwrap();
        assert_eq!(timestamp, u32::from(index).wrapping_mul(3_750).wrapping_add(u32::MAX - 5_000));
        assert_eq!((frame.width, frame.height), (64, 48));
        assert_eq!((frame.data.get(10), frame.is_key), (Some(&(index as u8)), index % 10 == 0));
        times.push(frame.timestamp);
    }
    let step = Duration::from_secs(3_750) / VIDEO_CLOCK;
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == step));
    assert_eq!(
        assembler.stats(),
        AssemblerStats { packets: 90, frames: 30, key_frames: 3, ..AssemblerStats::default() }
    );
}

#[test]
fn nothing_is_shown_before_a_key_frame() {
    let mut assembler = assembler();
    for index in 7..10 {
        frame(index, 2).into_iter().for_each(|packet| assembler.push(ms(0), packet));
        assert!(assembler.needs_key_frame() && assembler.poll(ms(0)).is_none());
    }
    frame(10, 2).into_iter().for_each(|packet| assembler.push(ms(0), packet));
    assert_eq!(frames(&mut assembler, ms(0)), [10]);
    assert!(!assembler.needs_key_frame());
}

#[test]
fn a_missing_packet_is_requested_and_waited_for() {
    let mut assembler = assembler();
    let mut lost = None;
    for index in 0..3 {
        for packet in frame(index, 3) {
            match packet.number {
                65_504 => lost = Some(packet),
                _ => assembler.push(ms(u64::from(index) * 40), packet),
            }
        }
    }
    assert_eq!(frames(&mut assembler, ms(80)), [0]);
    let mut requests = Vec::new();
    assembler.requests(ms(80), &mut requests);
    assert_eq!(requests, [65_504]);
    assembler.push(ms(120), lost.unwrap());
    assert_eq!(frames(&mut assembler, ms(120)), [1, 2]);
    assert_eq!(assembler.stats().nacks, 1);
}

#[test]
fn a_packet_that_does_not_come_is_given_up_for_the_next_key_frame() {
    let mut assembler = assembler();
    for index in 0..5 {
        let all = frame(index, 3).into_iter().filter(|packet| packet.number != 65_504);
        all.for_each(|packet| assembler.push(ms(u64::from(index) * 40), packet));
    }
    assert_eq!(frames(&mut assembler, ms(160)), [0]);
    assert_eq!(frames(&mut assembler, ms(289)), [0; 0], "it may still come");
    assert!(!assembler.needs_key_frame());
    assert_eq!(frames(&mut assembler, ms(290)), [0; 0]);
    assert!(assembler.needs_key_frame());
    frame(9, 3).into_iter().chain(frame(10, 3)).for_each(|packet| assembler.push(ms(300), packet));
    assert_eq!(frames(&mut assembler, ms(300)), [10]);
    assert_eq!(assembler.stats().dropped, 1);
}

#[test]
fn a_key_frame_that_is_there_already_is_shown_at_once_after_a_gap() {
    let mut assembler = assembler();
    for index in 8..12 {
        let all = frame(index, 3).into_iter().filter(|packet| packet.number != 65_500_u16.wrapping_add(28));
        all.for_each(|packet| assembler.push(ms(0), packet));
    }
    assert_eq!(frames(&mut assembler, ms(0)), [10, 11]);
    let mut broken = assembler;
    broken.skip_to_key_frame();
    assert!(broken.needs_key_frame());
}

#[test]
fn a_frame_without_a_mark_ends_where_the_next_begins() {
    let mut assembler = assembler();
    for packet in (0..3).flat_map(|index| frame(index, 2)) {
        assembler.push(ms(0), VideoPacket { is_last: false, ..packet });
    }
    assert_eq!(frames(&mut assembler, ms(0)), [0, 1]);
}

#[test]
fn an_empty_packet_is_no_frame_and_no_gap() {
    let mut assembler = assembler();
    let mut number = 0;
    for index in 0..3 {
        for packet in frame(index, 1) {
            assembler.push(ms(0), VideoPacket { number, ..packet });
            let empty =
                VideoPacket { number: number + 1, timestamp: 7, is_last: false, payload: Bytes::new() };
            assembler.push(ms(0), empty);
            number += 2;
        }
    }
    assert_eq!(frames(&mut assembler, ms(0)), [0, 1, 2]);
    assert_eq!(assembler.stats().dropped, 0);
}

#[test]
fn a_jump_of_numbers_restarts_the_stream() {
    let mut assembler = assembler();
    frame(0, 2).into_iter().for_each(|packet| assembler.push(ms(0), packet));
    assert_eq!(frames(&mut assembler, ms(0)), [0]);
    let moved = |packet: VideoPacket| VideoPacket { number: packet.number.wrapping_add(20_000), ..packet };
    let mut strays = (1..5).flat_map(|index| frame(index, 2)).map(moved);
    strays.by_ref().take(7).for_each(|packet| assembler.push(ms(9), packet));
    assert!(!assembler.needs_key_frame());
    strays.for_each(|packet| assembler.push(ms(9), packet));
    assert!(assembler.needs_key_frame());
    frame(10, 2).into_iter().for_each(|packet| assembler.push(ms(9), moved(packet)));
    assert_eq!(frames(&mut assembler, ms(9)), [10]);
}

#[test]
fn memory_is_bounded_when_nothing_is_ever_complete() {
    let mut assembler = assembler();
    let payload = Bytes::from(vec![0x00; 60_000]);
    for number in 0..5_000_u16 {
        let packet = VideoPacket { number, timestamp: 1, is_last: false, payload: payload.clone() };
        assembler.push(ms(u64::from(number)), packet);
        assert!(assembler.bytes <= MAX_BYTES && assembler.packets.len() as u64 <= MAX_PACKETS);
    }
    let small = Bytes::from_static(&[0x10, 0, 0, 0, 0x9d, 0x01, 0x2a, 1, 0, 1, 0]);
    for number in 0..5_000_u16 {
        let packet = VideoPacket { number, timestamp: 1, is_last: false, payload: small.clone() };
        assembler.push(ms(u64::from(number)), packet);
        assert!(assembler.packets.len() as u64 <= MAX_PACKETS);
    }
}

proptest! {
    /// Whatever is lost, doubled or reordered: frames come in order, the first after a gap is a key
    /// frame, and none is incomplete.
    #[test]
    fn only_whole_frames_that_can_be_decoded_come_out(
        fates in prop::collection::vec((0..20_u8, 0..4_usize), 300),
    ) {
        let mut assembler = assembler();
        let mut packets: Vec<(usize, VideoPacket)> = Vec::new();
        for (at, packet) in (0..100).flat_map(|index| frame(index, 3)).enumerate() {
            match fates[at] {
                (0, _) => {}
                (1, late) => packets.extend([(at, packet.clone()), (at + late, packet)]),
                (_, late) => packets.push((at + late, packet)),
            }
        }
        packets.sort_by_key(|(at, _)| *at);
        let mut last = None;
        for (at, packet) in packets {
            let now = ms(at as u64 * 13);
            assembler.push(now, packet);
            while let Some(AssembledFrame { frame, .. }) = assembler.poll(now) {
                let index = frame.data[10];
                prop_assert_eq!(frame.data.len(), 16);
                prop_assert!(last.is_none_or(|last| index > last));
                prop_assert!(frame.is_key || last == index.checked_sub(1));
                last = Some(index);
            }
        }
        prop_assert!(last.is_some());
    }

    #[test]
    fn nothing_makes_it_panic(
        packets in prop::collection::vec((0..3_000_u64, any::<u16>(), any::<u32>(), any::<bool>(), prop::collection::vec(any::<u8>(), 0..12)), 0..200),
        is_vp8: bool,
    ) {
        let mut assembler = VideoAssembler::new(if is_vp8 { VideoCodec::Vp8 } else { VideoCodec::H264 });
        let mut out = Vec::new();
        for (now, number, timestamp, is_last, payload) in packets {
            assembler.push(ms(now), VideoPacket { number, timestamp, is_last, payload: payload.into() });
            while assembler.poll(ms(now)).is_some() {}
            assembler.requests(ms(now), &mut out);
        }
    }
}
