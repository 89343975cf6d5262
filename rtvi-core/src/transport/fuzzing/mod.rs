//! The transports' readers of server input, as functions that a fuzzer can call.
//!
//! For tests only (feature `testing`). Each function must return for any input. Some return a value
//! that a fuzzer can check; all other results stay internal.

use bytes::Bytes;

pub mod http;
#[cfg(feature = "webrtc")]
pub mod webrtc;

use std::time::Duration;

use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use crate::{media::Playout, protocol::telephony::PhoneProvider};

use super::{
    address,
    phone::test_caller,
    websocket::{codec, framing::Framing},
};

/// Reads a binary payload of a WebSocket.
pub fn websocket_frame(bytes: &[u8]) {
    let _read = codec::decode(Bytes::copy_from_slice(bytes));
}

/// The part of a text that should be a URL which errors show.
pub fn shown_text(text: &str) -> String {
    address::shown_text(text)
}

/// The part of a URL that errors show; `None` if the text is not a URL.
pub fn shown_url(text: &str) -> Option<String> {
    url::Url::parse(text).ok().map(|url| address::shown(&url))
}

/// Reads what a bot sends to a call, as text and as binary data, and lets the call go on.
pub fn phone_call(provider: PhoneProvider, bytes: &[u8]) {
    let Ok(mut caller) = test_caller(provider, [7; 16]) else { return };
    let (playout, mut acts, now) = (Playout::default(), Vec::new(), Instant::now());
    caller.open(now, &mut acts);
    let text = String::from_utf8_lossy(bytes).into_owned();
    for payload in [Message::text(text), Message::binary(Bytes::copy_from_slice(bytes))] {
        let _read = caller.payload(payload, &playout, &mut acts);
        caller.beat(now + Duration::from_secs(6), &playout, &mut acts);
    }
    caller.close(&mut acts);
}
