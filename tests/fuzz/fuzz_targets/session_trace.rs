//! Traces of sessions, which come with bug reports: read, shown and replayed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::client::trace::SessionTrace;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(trace) = SessionTrace::parse(text) else { return };
    assert!(!trace.summary().is_empty());
    assert!(trace.rows().all(|row| !row.side.to_string().is_empty()));
    if let Ok(replay) = trace.replay() {
        assert!(replay.inputs > 0 || replay.differences.is_empty());
    }
});
