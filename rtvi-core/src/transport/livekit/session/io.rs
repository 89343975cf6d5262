//! What goes into a session and what comes out of it. Values only.

use std::fmt;

use bytes::Bytes;
use url::Url;

use crate::{
    error::Error,
    transport::{
        CloseReason, TransportCommand, TransportEvent,
        livekit::{
            join::{Mode, Resumed, Token},
            wire::{ChannelInfo, IceServer, RequestKind, ResponseKind, SignalTarget},
        },
    },
};

/// Something that happened.
#[derive(Debug)]
pub(in crate::transport::livekit) enum Input {
    /// The signalling socket could not be opened.
    Refused(Error),
    /// The signalling socket ended; the text says how.
    SocketLost(String),
    /// The server sent a message.
    Response(ResponseKind),
    /// The server sent something that means nothing to the client, but shows that it lives.
    Heard,
    /// The peer connections exist.
    Prepared,
    /// The publisher's connection has made an offer.
    Offered(String),
    /// The publisher's connection has applied an answer, or can't.
    Accepted(Result<(), Error>),
    /// The subscriber's connection has answered the offer with this number, or can't.
    Answered(u32, Result<String, Error>),
    /// A network address of ours.
    Candidate(SignalTarget, String),
    /// A peer connection has changed.
    Path(SignalTarget, Path),
    /// There is no network path; the error says why.
    NoPath(Error),
    /// All data channels are open: those of the client.
    ChannelsOpen(Vec<ChannelInfo>),
    /// A packet arrived on a reliable data channel.
    Packet(Bytes),
    /// The data channel holds so many bytes that the server has not confirmed.
    Unconfirmed(usize),
    /// The client wants something.
    Command(TransportCommand),
    /// Time passed. To be given at least ten times a second.
    Tick,
}

/// How a peer connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transport::livekit) enum Path {
    /// Packets pass.
    Connected,
    /// Nothing arrives any more.
    Broken,
    /// The server closed it.
    Closed,
}

/// Something to do.
#[derive(Debug, PartialEq)]
pub(in crate::transport::livekit) enum Action {
    /// Open a signalling socket, in place of the one before.
    Dial(Dial),
    /// Send this to the server.
    Request(RequestKind),
    /// Make the peer connections: two of them, or one.
    Prepare { ice_servers: Vec<IceServer>, mode: Mode },
    /// Make an offer for the publisher's connection.
    Offer(Wanted),
    /// Apply an answer to the publisher's connection.
    Accept(String),
    /// Answer an offer with the subscriber's connection.
    Answer { id: u32, offer: String },
    /// Add a network address of the server.
    Candidate(SignalTarget, String),
    /// Send this packet on the reliable data channel.
    Packet(Bytes),
    /// Play the audio of the participant with this sid and of nobody else.
    Hear(String),
    /// Remember the token for later connections to the room.
    Remember(Token),
    /// Report this to the client.
    Report(TransportEvent),
    /// The connection has ended.
    End(CloseReason),
}

/// What a signalling socket is opened with.
#[derive(Clone, PartialEq)]
pub(in crate::transport::livekit) struct Dial {
    pub(in crate::transport::livekit) url: Url,
    pub(in crate::transport::livekit) mode: Mode,
    pub(in crate::transport::livekit) token: Token,
    pub(in crate::transport::livekit) resumed: Option<Resumed>,
}

impl fmt::Debug for Dial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dial")
            .field("mode", &self.mode)
            .field("resumed", &self.resumed)
            .finish_non_exhaustive()
    }
}

/// What an offer should contain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::transport::livekit) struct Wanted {
    /// New ICE credentials, for another network path.
    pub(in crate::transport::livekit) restart: bool,
    /// So many further sections for audio of others.
    pub(in crate::transport::livekit) sections: u32,
}
