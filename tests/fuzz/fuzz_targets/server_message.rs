//! RTVI messages of a server, as JSON text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::protocol::decode;

fuzz_target!(|bytes: &[u8]| {
    // What it gives is an event's content: it can be shown, whatever it is.
    let decoded = decode(bytes);
    assert!(!format!("{decoded:?}").is_empty());
});
