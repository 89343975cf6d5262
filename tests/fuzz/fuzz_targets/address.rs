//! URLs as an app, or a start endpoint's answer, writes them: TURN servers, and what errors show of
//! the others.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::transport::fuzzing::{shown_text, shown_url, webrtc::turn};

/// The beginning of a password, which is no number.
const SECRET: &str = "se-cret";

fuzz_target!(|text: &str| {
    let (public, _) = text.split_once(['?', '#']).unwrap_or((text, ""));
    let shown = shown_text(text);
    assert!(public.ends_with(shown.trim_start_matches("…@")) || shown == "…", "a query is shown: {shown}");
    let shown = shown_text(&format!("https://me:{SECRET}{text}@bots.example/start"));
    assert!(!shown.contains(SECRET), "a password is shown: {shown}");
    for scheme in ["ws", "wss", "http", "https"] {
        let Some(shown) = shown_url(&format!("{scheme}://{text}")) else { continue };
        let authority = shown.split('/').nth(2).unwrap_or_default();
        assert!(!shown.contains(['?', '#']) && !authority.contains('@'), "{shown}");
    }
    if let Ok(written) = turn::url(text) {
        assert_eq!(turn::url(&written), Ok(written.clone()), "what was read can be written and read again");
        assert!(!written.contains('@'), "{written}");
    }
});
