//! The body of an answer to a WebRTC offer, and the session description in it.
#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use rtvi_core::transport::fuzzing::webrtc as answer;

/// The most candidates of an answer that are tried.
const MOST_CANDIDATES: usize = 64;
/// A limit of messages that no seed has.
const LIMIT: u32 = 7;

fuzz_target!(|bytes: &[u8]| {
    let sdp = answer::offer_answer(bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned());
    if let Ok(accepted) = answer::accepted(&sdp, LIMIT) {
        check_accepted(&accepted);
    }
    check_addresses(&sdp);
});

fn check_accepted(accepted: &answer::Accepted) {
    assert!(accepted.max_message_size > 0, "no limit is one, and none is without end");
    let different: HashSet<_> = accepted.candidates.iter().collect();
    assert!(different.len() == accepted.candidates.len() && different.len() <= MOST_CANDIDATES, "each once");
    assert!(!accepted.sdp.lines().any(|line| line.starts_with("a=candidate:")));
    let again = answer::accepted(&accepted.sdp, LIMIT).expect("what we write can be read");
    assert_eq!(again.sdp, accepted.sdp, "it is as it should be already");
    assert_eq!(again.max_message_size, LIMIT as usize);
}

fn check_addresses(sdp: &str) {
    let hidden = answer::without_related_addresses(sdp);
    assert_eq!(answer::without_related_addresses(&hidden), hidden);
    for line in hidden.split(['\r', '\n']) {
        let words: Vec<&str> = line.split(' ').map(str::trim_end).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            if let ["raddr", address] = pair {
                assert!(matches!(*address, "0.0.0.0" | "::"), "{address}");
            }
        }
    }
}
