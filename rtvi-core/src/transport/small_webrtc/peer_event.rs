//! What a peer connection reports, from [`Peer`](super::peer::Peer) and from the network below it.

use std::sync::Arc;

use webrtc::media_stream::track_remote::TrackRemote;

use crate::error::Error;

/// What a peer connection reports.
pub(super) enum PeerEvent {
    /// A network address of ours, as an SDP candidate.
    Candidate(String),
    /// There are no more candidates.
    Gathered,
    /// No path to the server was found, or the one that was is gone for good.
    Failed,
    /// The server's certificate is not the one of its answer.
    Refused,
    /// There are only TURN servers to go through, and none of them relays: why.
    RelayLost(Error),
    /// The server closed the connection.
    Closed,
    /// The server sends a stream.
    Track { track: Arc<dyn TrackRemote>, audio: bool },
    /// The server opened a data channel of its own, which no Pipecat server does. What it sends there would be kept for a reader
    /// that never comes, so the connection must end.
    ForeignChannel,
}
