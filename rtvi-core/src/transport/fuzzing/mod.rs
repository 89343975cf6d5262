//! What the transports read from a server, as functions that a fuzzer can call.
//!
//! For tests only (feature `testing`). Each function must return whatever it is given. Some give what a fuzzer can check; what else
//! is read is internal.

use bytes::Bytes;

pub mod http;
#[cfg(feature = "webrtc")]
pub mod webrtc;

use super::{address, websocket::codec};

/// Reads a binary payload of a WebSocket.
pub fn websocket_frame(bytes: &[u8]) {
    let _read = codec::decode(Bytes::copy_from_slice(bytes));
}

/// What errors show of a text that should have been a URL.
pub fn shown_text(text: &str) -> String {
    address::shown_text(text)
}

/// What errors show of a URL; `None` if it is none.
pub fn shown_url(text: &str) -> Option<String> {
    url::Url::parse(text).ok().map(|url| address::shown(&url))
}
