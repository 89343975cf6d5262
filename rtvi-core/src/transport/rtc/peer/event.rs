//! What a peer connection reports, from [`Peer`](super::Peer) and from the network below it.

use crate::{error::Error, transport::rtc::filter::Alert};

/// What a peer connection reports.
pub(crate) enum PeerEvent {
    /// A network address of ours, as an SDP candidate.
    Candidate(String),
    /// There are no more candidates.
    Gathered,
    /// No path to the other side was found, or the one that was is gone for good.
    Failed,
    /// The DTLS handshake failed.
    Refused(Alert),
    /// There are only TURN servers to go through, and none of them relays: why.
    RelayLost(Error),
    /// The other side closed the connection.
    Closed,
    /// The other side opened a data channel. Nobody reads it: what it sends there is kept until the
    /// connection ends.
    ChannelOpened,
}
