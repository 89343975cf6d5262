//! What the transports read from a server, as functions that a fuzzer can call.
//!
//! For tests only (feature `testing`). Each function must return whatever it is given; none gives a result, because what
//! is read is internal.

use bytes::Bytes;

/// Reads a binary payload of a WebSocket.
pub fn websocket_frame(bytes: &[u8]) {
    let _read = super::websocket::codec::decode(Bytes::copy_from_slice(bytes));
}

/// Reads a message of the WebRTC data channel.
#[cfg(feature = "webrtc")]
pub fn data_channel_message(bytes: &[u8]) {
    let _read = super::small_webrtc::signalling::read(Bytes::copy_from_slice(bytes));
}

/// Reads the body of an answer to an offer, and the session description in it.
#[cfg(feature = "webrtc")]
pub fn offer_answer(bytes: &[u8]) {
    let Ok(body) = serde_json::from_slice(bytes) else { return };
    if let Ok(answer) = super::small_webrtc::signalling::Answer::read(&body) {
        session_description(&answer.sdp);
    }
}

/// Reads the session description of an answer.
#[cfg(feature = "webrtc")]
pub fn session_description(sdp: &str) {
    let _read = super::small_webrtc::sdp::read_answer(sdp);
}
