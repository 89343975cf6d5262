//! What a LiveKit server says about participants and their tracks.

use std::fmt;

/// A participant of the room.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ParticipantInfo {
    /// The server's identifier of this stay in the room, `PA_…`.
    #[prost(string, tag = "1")]
    pub(crate) sid: String,
    /// The name that is unique in the room, from the participant's token.
    #[prost(string, tag = "2")]
    pub(crate) identity: String,
    #[prost(enumeration = "ParticipantState", tag = "3")]
    pub(crate) state: i32,
    #[prost(message, repeated, tag = "4")]
    pub(crate) tracks: Vec<TrackInfo>,
    /// The display name.
    #[prost(string, tag = "9")]
    pub(crate) name: String,
    #[prost(message, optional, tag = "11")]
    pub(crate) permission: Option<Permission>,
    #[prost(enumeration = "ParticipantKind", tag = "14")]
    pub(crate) kind: i32,
    #[prost(enumeration = "DisconnectReason", tag = "16")]
    pub(crate) disconnect_reason: i32,
}

/// How far a participant has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum ParticipantState {
    Joining = 0,
    Joined = 1,
    /// Its media can flow.
    Active = 2,
    Disconnected = 3,
}

/// What a participant is, by its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum ParticipantKind {
    Standard = 0,
    Ingress = 1,
    Egress = 2,
    Sip = 3,
    Agent = 4,
}

/// What a participant may do.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Permission {
    #[prost(bool, tag = "7")]
    pub(crate) hidden: bool,
    /// The token names an agent. Pipecat's tokens do so, and leave the kind at its default.
    #[prost(bool, tag = "11")]
    pub(crate) agent: bool,
}

/// A published track.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct TrackInfo {
    /// The server's identifier, `TR_…`.
    #[prost(string, tag = "1")]
    pub(crate) sid: String,
    #[prost(enumeration = "TrackType", tag = "2")]
    pub(crate) kind: i32,
    #[prost(string, tag = "3")]
    pub(crate) name: String,
    #[prost(bool, tag = "4")]
    pub(crate) muted: bool,
    #[prost(enumeration = "TrackSource", tag = "9")]
    pub(crate) source: i32,
    #[prost(string, tag = "11")]
    pub(crate) mime_type: String,
    #[prost(bool, tag = "15")]
    pub(crate) disable_red: bool,
}

/// The kind of media of a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum TrackType {
    Audio = 0,
    Video = 1,
    Data = 2,
}

/// What a track records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum TrackSource {
    Unknown = 0,
    Camera = 1,
    Microphone = 2,
    ScreenShare = 3,
    ScreenShareAudio = 4,
}

/// Why somebody is no longer in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum DisconnectReason {
    Unknown = 0,
    ClientInitiated = 1,
    DuplicateIdentity = 2,
    ServerShutdown = 3,
    ParticipantRemoved = 4,
    RoomDeleted = 5,
    StateMismatch = 6,
    JoinFailure = 7,
    Migration = 8,
    SignalClose = 9,
    RoomClosed = 10,
    UserUnavailable = 11,
    UserRejected = 12,
    SipTrunkFailure = 13,
    ConnectionTimeout = 14,
    MediaFailure = 15,
}

/// A STUN or TURN server that the room's server names.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub(crate) struct IceServer {
    #[prost(string, repeated, tag = "1")]
    pub(crate) urls: Vec<String>,
    #[prost(string, tag = "2")]
    pub(crate) username: String,
    #[prost(string, tag = "3")]
    pub(crate) credential: String,
}

/// Without name and password.
impl fmt::Debug for IceServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IceServer").field("urls", &self.urls).finish_non_exhaustive()
    }
}
