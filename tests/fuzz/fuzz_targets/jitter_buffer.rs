//! The jitter buffer under packets in any order and at any time.
#![no_main]

use std::time::Duration;

use arbitrary::Arbitrary;
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use rtvi_core::media::{JitterBuffer, Next};

/// More than the buffer may ever hold.
const MUCH: Duration = Duration::from_secs(3);

#[derive(Arbitrary, Debug)]
enum Operation {
    /// A packet arrives.
    Arrive { sequence: u16, timestamp: u32 },
    /// The packet after the last one arrives.
    Follow,
    /// The speaker wants audio.
    Play { urgent: bool },
    /// The bot was interrupted.
    Clear,
    /// Time passes.
    Wait { millis: u8 },
}

fuzz_target!(|operations: Vec<Operation>| {
    let mut buffer = JitterBuffer::default();
    let mut now = Duration::ZERO;
    let (mut sequence, mut timestamp) = (0_u16, 0_u32);
    let (mut arrived, mut played) = (0_u64, 0_u64);
    for operation in operations {
        match operation {
            Operation::Arrive { sequence: at, timestamp: of } => (sequence, timestamp) = (at, of),
            Operation::Follow => {
                (sequence, timestamp) = (sequence.wrapping_add(1), timestamp.wrapping_add(960));
            }
            Operation::Play { urgent } => {
                played += u64::from(matches!(buffer.next(now, urgent), Next::Packet(_)))
            }
            Operation::Clear => buffer.clear(),
            Operation::Wait { millis } => now += Duration::from_millis(millis.into()),
        }
        if matches!(operation, Operation::Arrive { .. } | Operation::Follow) {
            arrived += 1;
            buffer.insert(now, sequence, timestamp, Bytes::from_static(b"packet"));
        }
        assert!(buffer.depth() <= MUCH, "{:?} is held", buffer.depth());
        assert!(played <= arrived, "a packet is played once");
    }
    assert_eq!(buffer.stats().received, arrived);
});
