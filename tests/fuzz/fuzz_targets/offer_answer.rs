//! The body of an answer to a WebRTC offer, and the session description in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::transport::fuzzing;

fuzz_target!(|bytes: &[u8]| {
    fuzzing::offer_answer(bytes);
    fuzzing::session_description(&String::from_utf8_lossy(bytes));
});
