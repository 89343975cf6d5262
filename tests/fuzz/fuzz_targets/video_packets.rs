//! The receiver of video under packets in any order, with any payload, at any time.
#![no_main]

use std::time::Duration;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rtvi_core::media::video::{ClockPoint, VideoCodec, VideoPacket, VideoReceiver, read_frame_header};

#[derive(Arbitrary, Debug)]
enum Operation {
    /// A packet arrives.
    Arrive { number: u16, timestamp: u32, is_last: bool, payload: Vec<u8> },
    /// The packet after the last one arrives, perhaps of the next frame.
    Follow { is_next: bool, is_last: bool, payload: Vec<u8> },
    /// A sender report arrives.
    Report { ntp: u64, timestamp: u32 },
    /// Audio is heard.
    Heard { timestamp: u32 },
    /// The decoder can't continue.
    Stuck,
    /// Time passes.
    Wait { millis: u8 },
}

fuzz_target!(|input: (bool, Vec<Operation>)| {
    let (is_vp8, operations) = input;
    let codec = if is_vp8 { VideoCodec::Vp8 } else { VideoCodec::H264 };
    let mut receiver = VideoReceiver::new(codec, 1_500_000);
    let (mut now, mut number, mut timestamp) = (Duration::ZERO, 0_u16, 0_u32);
    let (mut needs_key_frame, mut feedback) = (true, Vec::new());
    for operation in operations {
        match operation {
            Operation::Arrive { number: at, timestamp: of, is_last, payload } => {
                (number, timestamp) = (at, of);
                receiver.packet(now, VideoPacket { number, timestamp, is_last, payload: payload.into() });
            }
            Operation::Follow { is_next, is_last, payload } => {
                number = number.wrapping_add(1);
                timestamp = timestamp.wrapping_add(if is_next { 3_000 } else { 0 });
                receiver.packet(now, VideoPacket { number, timestamp, is_last, payload: payload.into() });
            }
            Operation::Report { ntp, timestamp } => {
                let point = ClockPoint { ntp, timestamp };
                receiver.on_report(point);
                receiver.sync_mut().on_audio_report(point, 48_000);
            }
            Operation::Heard { timestamp } => receiver.sync_mut().on_heard(now, timestamp),
            Operation::Stuck => {
                receiver.require_key_frame();
                needs_key_frame = true;
            }
            Operation::Wait { millis } => now += Duration::from_millis(millis.into()),
        }
        while let Some(frame) = receiver.poll(now) {
            assert!(frame.is_key || !needs_key_frame, "the first frame is a key frame");
            assert!(read_frame_header(codec, &frame.data).is_some());
            needs_key_frame = false;
        }
        feedback.clear();
        receiver.feedback(now, &mut feedback);
    }
});
