//! A session in a LiveKit room: messages of its server, packets, and what happens to its peer
//! connections, in any order.
//!
//! Offers have rising numbers, a session joins once, nothing follows its end, and without a server it
//! ends in time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::transport::fuzzing::webrtc::livekit;

fuzz_target!(|bytes: &[u8]| {
    let seen = livekit::session(bytes).expect("it has a URL and a token");
    assert!(seen.offers.is_sorted_by(|one, next| one < next), "{:?}", seen.offers);
    assert_eq!((seen.second_joins, seen.after_end, seen.ended), (0, 0, true));
});
