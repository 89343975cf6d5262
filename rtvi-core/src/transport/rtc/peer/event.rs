//! What a peer connection reports, from [`Peer`](super::Peer) and from the network below it.

use crate::error::Error;

use crate::transport::rtc::filter::handshake::Alert;

/// What a peer connection reports.
pub(crate) enum PeerEvent {
    /// A network address of ours, as an SDP candidate.
    Candidate(String),
    /// There are no more candidates.
    Gathered,
    /// No path to the server was found, or the one that was is gone for good.
    Failed,
    /// The DTLS handshake failed.
    Refused(Alert),
    /// There are only TURN servers to go through, and none of them relays: why.
    RelayLost(Error),
    /// The server closed the connection.
    Closed,
    /// The server opened a data channel of its own, which no Pipecat server does. What it sends there would be kept for a reader
    /// that never comes, so the connection must end.
    ForeignChannel,
}
