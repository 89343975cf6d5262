//! What a bot sends to a call over Telnyx, through the whole phone transport.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::{protocol::telephony::PhoneProvider, transport::fuzzing};

fuzz_target!(|bytes: &[u8]| fuzzing::phone_call(PhoneProvider::Telnyx, bytes));
