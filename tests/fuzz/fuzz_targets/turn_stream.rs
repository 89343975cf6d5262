//! What a TURN server sends over TCP or TLS: STUN messages and channel data without gaps, and what
//! of them is read.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use rtvi_core::transport::fuzzing::webrtc::turn;

/// More than the code, the longest reason with every character escaped, and the hint can take.
const LONG: usize = 1500;

fuzz_target!(|bytes: &[u8]| {
    let (packets, end) = turn::packets([bytes].into_iter());
    for size in [1, 3, 20] {
        let (cut, cut_end) = turn::packets(bytes.chunks(size));
        assert_eq!(cut, packets, "the pieces that a stream comes in change nothing");
        assert_eq!(cut_end.is_some(), end.is_some());
    }
    for packet in &packets {
        let padding = turn::padding(packet).expect("what was taken can be sent");
        assert!(packet.len() + padding <= turn::LARGEST_PACKET);
    }
    assert_eq!(
        turn::packets([&*stream_of(&packets)].into_iter()),
        (packets.clone(), None),
        "written and read again"
    );
    for sent in [&[], &*packets] {
        if let Some(refusal) = turn::refusal(sent, &packets) {
            assert!(refusal.len() < LONG && !refusal.contains(char::is_control), "{refusal:?}");
        }
    }
});

fn stream_of(packets: &[Bytes]) -> Vec<u8> {
    let mut stream = Vec::new();
    for packet in packets {
        stream.extend_from_slice(packet);
        stream.resize(stream.len() + turn::padding(packet).unwrap_or_default(), 0);
    }
    stream
}
