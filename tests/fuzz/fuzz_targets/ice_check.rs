//! Datagrams of which some are connectivity checks of ICE, and some of those for somebody else.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::transport::fuzzing::webrtc::{Hellos, is_fatal_alert, is_foreign_check};

fuzz_target!(|bytes: &[u8]| {
    let is_check = is_foreign_check(bytes, None);
    let not_for = ["us", ""].map(|ours| is_foreign_check(bytes, Some(ours)));
    assert_eq!(not_for.contains(&true), is_check, "a check is for one of them at most, all else for anybody");
    let mut hellos = Hellos::default();
    hellos.is_repeat(bytes);
    let is_record = hellos.is_repeat(bytes) || is_fatal_alert(bytes);
    assert!(!(is_check && is_record), "a check is no record");
});
