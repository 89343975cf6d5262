//! Packets of a DTLS handshake, in which repeated hellos and fatal alerts are looked for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::transport::fuzzing::webrtc::{Hellos, is_fatal_alert};

/// The header of a TURN channel's message.
const CHANNEL: &[u8] = &[0x40, 0, 0, 0];
/// What a packet within a TURN channel begins with.
const CHANNEL_KINDS: std::ops::RangeInclusive<u8> = 0x40..=0x4f;
/// Where a record has its own number.
const NUMBER: usize = 10;

fuzz_target!(|bytes: &[u8]| {
    let repeated = Hellos::default().is_repeat(bytes);
    assert!(!repeated, "nothing was there before");
    let mut hellos = Hellos::default();
    hellos.is_repeat(bytes);
    let again = hellos.is_repeat(bytes);
    assert_eq!(hellos.is_repeat(bytes), again, "once a repetition, always one");
    assert!(!(again && is_fatal_alert(bytes)), "a hello is no alert");
    let is_record = !bytes.first().is_some_and(|first| CHANNEL_KINDS.contains(first));
    if is_record {
        let through_turn = [CHANNEL, bytes].concat();
        assert_eq!(is_fatal_alert(&through_turn), is_fatal_alert(bytes));
        assert_eq!(hellos.is_repeat(&through_turn), again, "the way does not matter");
        let mut renumbered = bytes.to_vec();
        renumbered.iter_mut().skip(NUMBER).take(1).for_each(|number| *number ^= 1);
        assert_eq!(hellos.is_repeat(&renumbered), again, "the record's number does not matter");
    }
});
