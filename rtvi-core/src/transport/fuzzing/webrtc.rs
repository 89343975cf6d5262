//! What the WebRTC transport reads: answers, messages of the data channel, and packets that it looks into itself.

use bytes::Bytes;

use crate::transport::small_webrtc::{
    check,
    handshake::{self, RepeatedHello},
    sdp, signalling,
};

pub use crate::transport::small_webrtc::turn::fuzzing as turn;

/// Reads a message of the WebRTC data channel.
pub fn data_channel_message(bytes: &[u8]) {
    let _read = signalling::read(Bytes::copy_from_slice(bytes));
}

/// The session description in the body of an answer to an offer.
pub fn offer_answer(bytes: &[u8]) -> Option<String> {
    let body = serde_json::from_slice(bytes).ok()?;
    signalling::Answer::read(&body).ok().map(|answer| answer.sdp)
}

/// Reads the session description of an answer: the largest message that the server takes, in bytes.
///
/// # Errors
/// What it lacks.
pub fn message_size(sdp: &str) -> Result<usize, String> {
    sdp::read_answer(sdp).map(|accepted| accepted.max_message_size)
}

/// A session description with another limit of messages.
pub fn with_message_size(sdp: &str, bytes: u32) -> String {
    sdp::with_message_size(sdp, bytes)
}

/// A session description without its candidates, and those.
pub fn split_candidates(sdp: &str) -> (String, Vec<&str>) {
    sdp::split_candidates(sdp)
}

/// A session description or candidate without the addresses behind its candidates.
pub fn without_related_addresses(text: &str) -> String {
    sdp::without_related_addresses(text)
}

/// The packets of one peer connection, in which a repeated DTLS hello is looked for.
#[derive(Debug, Default)]
pub struct Hellos(RepeatedHello);

impl Hellos {
    /// Whether this packet is a hello that was there before.
    pub fn is_repeat(&mut self, packet: &[u8]) -> bool {
        self.0.is_repeat(packet)
    }
}

/// Whether a packet ends a DTLS handshake with an error.
pub fn is_fatal_alert(packet: &[u8]) -> bool {
    handshake::is_fatal_alert(packet)
}

/// Whether a packet is a connectivity check for somebody else than the one with this user name fragment.
pub fn is_foreign_check(packet: &[u8], ours: Option<&str>) -> bool {
    check::is_foreign(packet, ours)
}
