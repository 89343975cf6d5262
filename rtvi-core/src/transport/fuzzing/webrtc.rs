//! The readers of the WebRTC transport: answers, messages of the data channel, and packets that the
//! transport inspects itself.

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

pub use crate::transport::{livekit::fuzzing as livekit, rtc::turn::fuzzing as turn};

/// Reads a message of the WebRTC data channel.
pub fn data_channel_message(bytes: &[u8]) {
    let _read = signalling::read(Bytes::copy_from_slice(bytes));
}

/// The session description in the body of an answer to an offer.
pub fn offer_answer(bytes: &[u8]) -> Option<String> {
    let body = serde_json::from_slice(bytes).ok()?;
    signalling::Answer::read(&body).ok().map(|answer| answer.sdp)
}

/// An offer like the transport's own, with all its sections.
const OFFER: &str = "v=0\nm=audio 9 UDP/TLS/RTP/SAVPF 111\na=mid:0\na=rtpmap:111 opus/48000/2\n\
    m=video 9 UDP/TLS/RTP/SAVPF 96\na=mid:1\na=rtpmap:96 VP8/90000\n\
    m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=mid:2\n";

/// The result of reading an answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The largest message that the server accepts, in bytes.
    pub max_message_size: usize,
    /// The answer as passed to the peer connection.
    pub sdp: String,
    /// The candidates.
    pub candidates: Vec<String>,
}

/// Reads the session description of an answer, for a server that may send messages of up to
/// `max_incoming` bytes.
///
/// # Errors
/// What the answer lacks.
pub fn accepted(sdp: &str, max_incoming: u32) -> Result<Accepted, String> {
    let sdp::Accepted { max_message_size, remote, .. } = sdp::read_answer(sdp, OFFER, max_incoming)?;
    Ok(Accepted { max_message_size, sdp: remote.sdp, candidates: remote.candidates })
}

/// Removes the related addresses of candidates from a session description or candidate.
pub fn without_related_addresses(text: &str) -> String {
    sdp::shown(text, true)
}

/// The packets of one peer connection, checked for a repeated DTLS ClientHello.
#[derive(Debug, Default)]
pub struct Hellos(RepeatedHello);

impl Hellos {
    /// Whether this packet repeats an earlier ClientHello.
    pub fn is_repeat(&mut self, packet: &[u8]) -> bool {
        self.0.is_repeat(packet)
    }
}

/// Whether a packet ends a DTLS handshake with an error.
pub fn is_fatal_alert(packet: &[u8]) -> bool {
    handshake::fatal_alert(packet).is_some()
}

/// Whether a packet is a connectivity check for a user name fragment other than `ours`.
pub fn is_foreign_check(packet: &[u8], ours: Option<&str>) -> bool {
    check::is_foreign(packet, &ours.into())
}
