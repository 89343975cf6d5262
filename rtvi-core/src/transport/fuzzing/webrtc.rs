//! What the WebRTC transport reads: answers, messages of the data channel, and packets that it looks into itself.

use bytes::Bytes;

use crate::transport::{
    rtc::{
        filter::{
            check,
            handshake::{self, RepeatedHello},
        },
        sdp,
    },
    small_webrtc::signalling,
};

pub use crate::transport::rtc::turn::fuzzing as turn;

/// Reads a message of the WebRTC data channel.
pub fn data_channel_message(bytes: &[u8]) {
    let _read = signalling::read(Bytes::copy_from_slice(bytes));
}

/// The session description in the body of an answer to an offer.
pub fn offer_answer(bytes: &[u8]) -> Option<String> {
    let body = serde_json::from_slice(bytes).ok()?;
    signalling::Answer::read(&body).ok().map(|answer| answer.sdp)
}

/// An offer as ours, with all its sections.
const OFFER: &str = "v=0\nm=audio 9 UDP/TLS/RTP/SAVPF 111\na=mid:0\na=rtpmap:111 opus/48000/2\n\
    m=video 9 UDP/TLS/RTP/SAVPF 96\na=mid:1\na=rtpmap:96 VP8/90000\n\
    m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=mid:2\n";

/// What was read of an answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The largest message that the server takes, in bytes.
    pub max_message_size: usize,
    /// The answer that the peer connection gets.
    pub sdp: String,
    /// The candidates.
    pub candidates: Vec<String>,
}

/// Reads the session description of an answer, when the server may send messages of so many bytes.
///
/// # Errors
/// What it lacks.
pub fn accepted(sdp: &str, max_incoming: u32) -> Result<Accepted, String> {
    let sdp::Accepted { max_message_size, sdp, candidates, .. } = sdp::read_answer(sdp, OFFER, max_incoming)?;
    Ok(Accepted { max_message_size, sdp, candidates })
}

/// A session description or candidate without the addresses behind its candidates.
pub fn without_related_addresses(text: &str) -> String {
    sdp::shown(text, true)
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
    handshake::fatal_alert(packet).is_some()
}

/// Whether a packet is a connectivity check for somebody else than the one with this user name fragment.
pub fn is_foreign_check(packet: &[u8], ours: Option<&str>) -> bool {
    check::is_foreign(packet, &ours.into())
}
