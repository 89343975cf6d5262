//! The events of a peer connection, from [`Peer`](super::Peer) and from the network below it.

use std::sync::Arc;

use webrtc::data_channel::DataChannel;

use crate::{error::Error, transport::rtc::filter::Alert};

/// Something that a peer connection reports.
pub(crate) enum PeerEvent {
    /// One of our own network addresses, as an SDP candidate.
    Candidate(String),
    /// There are no more candidates.
    Gathered,
    /// ICE has found a path, and media and messages can pass, or pass again.
    Connected,
    /// Nothing arrives any more. ICE goes on looking for the remote peer on the present path.
    Disconnected,
    /// ICE found no path to the remote peer, or lost it for good.
    Failed,
    /// The DTLS handshake failed.
    Refused(Alert),
    /// Only TURN servers may be used, and none of them relays; the error has the reasons.
    RelayLost(Error),
    /// The remote peer closed the connection.
    Closed,
    /// The remote peer opened a data channel. Its messages must be read: the crate keeps those that
    /// nobody reads until the connection ends.
    ChannelOpened(Arc<dyn DataChannel>),
}
