//! Messages of Twilio's media streams, as JSON text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::protocol::telephony::twilio::TwilioMessage;

fuzz_target!(|text: &str| {
    if let Ok(message) = TwilioMessage::decode(text) {
        assert!(!format!("{message:?}").is_empty());
    }
});
