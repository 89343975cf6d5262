//! What the server says on the signalling socket.

use std::fmt;

use super::{
    model::{IceServer, ParticipantInfo, TrackInfo},
    request::{LeaveRequest, MuteTrack, SessionDescription, Trickle},
};

/// The envelope. It is empty if the message is one that this client does not know.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Response {
    #[prost(oneof = "ResponseKind", tags = "1, 2, 3, 4, 5, 6, 8, 9, 16, 17, 19, 20, 24, 25")]
    pub(crate) kind: Option<ResponseKind>,
}

/// The kinds of [`Response`].
#[derive(Clone, PartialEq, prost::Oneof)]
#[prost(skip_debug)]
pub(crate) enum ResponseKind {
    #[prost(message, tag = "1")]
    Join(JoinResponse),
    #[prost(message, tag = "2")]
    Answer(SessionDescription),
    #[prost(message, tag = "3")]
    Offer(SessionDescription),
    #[prost(message, tag = "4")]
    Trickle(Trickle),
    #[prost(message, tag = "5")]
    Update(ParticipantUpdate),
    #[prost(message, tag = "6")]
    TrackPublished(TrackPublished),
    #[prost(message, tag = "8")]
    Leave(LeaveRequest),
    #[prost(message, tag = "9")]
    Mute(MuteTrack),
    /// The token for later connections of this session.
    #[prost(string, tag = "16")]
    RefreshToken(String),
    #[prost(message, tag = "17")]
    TrackUnpublished(TrackUnpublished),
    #[prost(message, tag = "19")]
    Reconnect(ReconnectResponse),
    #[prost(message, tag = "20")]
    Pong(Pong),
    #[prost(message, tag = "24")]
    RoomMoved(RoomMoved),
    #[prost(message, tag = "25")]
    MediaSections(MediaSections),
}

impl ResponseKind {
    /// The message's name in LiveKit's definition.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Join(_) => "join",
            Self::Answer(_) => "answer",
            Self::Offer(_) => "offer",
            Self::Trickle(_) => "trickle",
            Self::Update(_) => "update",
            Self::TrackPublished(_) => "track_published",
            Self::Leave(_) => "leave",
            Self::Mute(_) => "mute",
            Self::RefreshToken(_) => "refresh_token",
            Self::TrackUnpublished(_) => "track_unpublished",
            Self::Reconnect(_) => "reconnect",
            Self::Pong(_) => "pong_resp",
            Self::RoomMoved(_) => "room_moved",
            Self::MediaSections(_) => "media_sections_requirement",
        }
    }
}

/// The name alone: several of the messages contain secrets.
impl fmt::Debug for ResponseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The client is in the room.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct JoinResponse {
    #[prost(message, optional, tag = "2")]
    pub(crate) participant: Option<ParticipantInfo>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) other_participants: Vec<ParticipantInfo>,
    #[prost(message, repeated, tag = "5")]
    pub(crate) ice_servers: Vec<IceServer>,
    /// Whether the server's own peer connection comes first.
    #[prost(bool, tag = "6")]
    pub(crate) subscriber_primary: bool,
    /// The server to join at. Everything else is then empty.
    #[prost(string, tag = "7")]
    pub(crate) alternative_url: String,
    /// How long the server may be silent, in seconds; 0 if it answers no pings.
    #[prost(int32, tag = "10")]
    pub(crate) ping_timeout: i32,
    /// The time between pings, in seconds.
    #[prost(int32, tag = "11")]
    pub(crate) ping_interval: i32,
    #[prost(message, optional, tag = "12")]
    pub(crate) server_info: Option<ServerInfo>,
}

/// The server's software.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ServerInfo {
    #[prost(string, tag = "2")]
    pub(crate) version: String,
    #[prost(int32, tag = "3")]
    pub(crate) protocol: i32,
}

/// Participants that are new, changed or gone.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ParticipantUpdate {
    #[prost(message, repeated, tag = "1")]
    pub(crate) participants: Vec<ParticipantInfo>,
}

/// The server knows the client's track.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct TrackPublished {
    #[prost(string, tag = "1")]
    pub(crate) cid: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) track: Option<TrackInfo>,
}

/// The server dropped the client's track.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct TrackUnpublished {
    #[prost(string, tag = "1")]
    pub(crate) track_sid: String,
}

/// What the client does when the server sends a [`LeaveRequest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum LeaveAction {
    /// It ends the session.
    Disconnect = 0,
    /// It takes up its session on a new socket.
    Resume = 1,
    /// It joins once more.
    Reconnect = 2,
}

/// The client has taken up its session again.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReconnectResponse {
    #[prost(message, repeated, tag = "1")]
    pub(crate) ice_servers: Vec<IceServer>,
    /// The number of the last reliable packet that the server has.
    #[prost(uint32, tag = "4")]
    pub(crate) last_message_seq: u32,
}

/// The answer to a ping.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Pong {
    /// The ping's time.
    #[prost(int64, tag = "1")]
    pub(crate) last_ping_timestamp: i64,
}

/// The client was moved to another room.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub(crate) struct RoomMoved {
    /// The token for later connections of this session.
    #[prost(string, tag = "2")]
    pub(crate) token: String,
    #[prost(message, optional, tag = "3")]
    pub(crate) participant: Option<ParticipantInfo>,
    #[prost(message, repeated, tag = "4")]
    pub(crate) other_participants: Vec<ParticipantInfo>,
}

/// Without the token.
impl fmt::Debug for RoomMoved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoomMoved").field("participant", &self.participant).finish_non_exhaustive()
    }
}

/// How many more sections the client's next offer needs for tracks of others.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct MediaSections {
    #[prost(uint32, tag = "1")]
    pub(crate) num_audios: u32,
    #[prost(uint32, tag = "2")]
    pub(crate) num_videos: u32,
}
