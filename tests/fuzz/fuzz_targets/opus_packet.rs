//! Opus packets of a server: decoded, recovered from and concealed in any order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::media::{OPUS_FRAME, OpusDecoder};

fuzz_target!(|packets: Vec<(u8, Vec<u8>)>| {
    let mut decoder = OpusDecoder::new().expect("a decoder is made");
    for (what, packet) in packets.into_iter().take(16) {
        let samples = match what % 3 {
            0 => decoder.decode(&packet),
            1 => decoder.recover(&packet),
            _ => decoder.conceal(),
        };
        // The longest packet is 120 ms (RFC 6716 §2.1.4), six of our frames.
        if let Ok(samples) = samples {
            assert!(samples.len() <= 6 * OPUS_FRAME, "{} samples", samples.len());
        }
    }
});
