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
    let read = answer::message_size(&sdp);
    assert!(read != Ok(0), "no limit is one, and none is without end");
    check_candidates(&sdp);
    check_limit(&sdp);
    check_addresses(&sdp);
});

fn check_candidates(sdp: &str) {
    let (rest, candidates) = answer::split_candidates(sdp);
    assert!(candidates.len() <= MOST_CANDIDATES);
    let different: HashSet<_> = candidates.iter().collect();
    assert_eq!(different.len(), candidates.len(), "each once");
    let lines = |text: &str| text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>();
    let others: Vec<_> = lines(sdp).into_iter().filter(|line| !line.starts_with("a=candidate:")).collect();
    assert_eq!(lines(&rest).concat(), others.concat(), "everything else stays");
    if let Ok(size) = answer::message_size(sdp) {
        assert_eq!(answer::message_size(&rest), Ok(size), "candidates say nothing else");
    }
}

fn check_limit(sdp: &str) {
    let limited = answer::with_message_size(sdp, LIMIT);
    assert_eq!(answer::with_message_size(&limited, LIMIT), limited, "there is one limit");
    if let (Ok(_), Ok(size)) = (answer::message_size(sdp), answer::message_size(&limited)) {
        assert!(size == LIMIT as usize || size == 64 * 1024, "ours, or none: {size}");
    }
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
