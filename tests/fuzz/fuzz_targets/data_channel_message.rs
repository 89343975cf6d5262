//! Messages of the data channel: signalling, or RTVI for the layer above.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::transport::fuzzing::webrtc::data_channel_message;

fuzz_target!(|bytes: &[u8]| data_channel_message(bytes));
