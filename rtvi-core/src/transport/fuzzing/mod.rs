//! The transports' readers of server input, as functions that a fuzzer can call.
//!
//! For tests only (feature `testing`). Each function must return for any input. Some return a value
//! that a fuzzer can check; all other results stay internal.

use bytes::Bytes;

pub mod http;
#[cfg(feature = "webrtc")]
pub mod webrtc;

use super::{address, websocket::codec};

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
