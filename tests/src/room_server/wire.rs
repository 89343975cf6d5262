//! LiveKit's protobuf messages, as far as the scripted server sends or reads them.
//!
//! Written from LiveKit's definitions, apart from those of the client, so that it does not mirror a
//! mistake.

/// What a client says on the signalling socket.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Request {
    #[prost(oneof = "Ask", tags = "1, 3, 4, 5, 8, 12, 16")]
    pub(super) ask: Option<Ask>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(super) enum Ask {
    #[prost(message, tag = "1")]
    Offer(Description),
    #[prost(message, tag = "3")]
    Trickle(Trickle),
    #[prost(message, tag = "4")]
    AddTrack(AddTrack),
    #[prost(message, tag = "5")]
    Mute(Mute),
    #[prost(message, tag = "8")]
    Leave(Leave),
    #[prost(bytes = "vec", tag = "12")]
    SyncState(Vec<u8>),
    #[prost(message, tag = "16")]
    Ping(Ping),
}

/// What the server says on the signalling socket.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Response {
    #[prost(oneof = "Say", tags = "1, 2, 4, 5, 6, 8, 9, 16, 19, 20, 25, 1000")]
    pub(super) say: Option<Say>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(super) enum Say {
    #[prost(message, tag = "1")]
    Join(Join),
    #[prost(message, tag = "2")]
    Answer(Description),
    #[prost(message, tag = "4")]
    Trickle(Trickle),
    #[prost(message, tag = "5")]
    Update(Update),
    #[prost(message, tag = "6")]
    TrackPublished(TrackPublished),
    #[prost(message, tag = "8")]
    Leave(Leave),
    #[prost(message, tag = "9")]
    Mute(Mute),
    #[prost(string, tag = "16")]
    RefreshToken(String),
    #[prost(message, tag = "19")]
    Reconnect(Reconnect),
    #[prost(message, tag = "20")]
    Pong(Pong),
    #[prost(message, tag = "25")]
    Sections(Sections),
    /// LiveKit has no such message.
    #[prost(string, tag = "1000")]
    Unknown(String),
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Description {
    #[prost(string, tag = "1")]
    pub(super) kind: String,
    #[prost(string, tag = "2")]
    pub(super) sdp: String,
    #[prost(uint32, tag = "3")]
    pub(super) id: u32,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Trickle {
    #[prost(string, tag = "1")]
    pub(super) candidate: String,
    #[prost(int32, tag = "2")]
    pub(super) target: i32,
    #[prost(bool, tag = "3")]
    pub(super) is_last: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct AddTrack {
    #[prost(string, tag = "1")]
    pub(super) cid: String,
    #[prost(string, tag = "2")]
    pub(super) name: String,
    #[prost(bool, tag = "6")]
    pub(super) muted: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Mute {
    #[prost(string, tag = "1")]
    pub(super) sid: String,
    #[prost(bool, tag = "2")]
    pub(super) muted: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Leave {
    #[prost(int32, tag = "2")]
    pub(super) reason: i32,
    #[prost(int32, tag = "3")]
    pub(super) action: i32,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Ping {
    #[prost(int64, tag = "1")]
    pub(super) timestamp: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Pong {
    #[prost(int64, tag = "1")]
    pub(super) last: i64,
    #[prost(int64, tag = "2")]
    pub(super) timestamp: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Join {
    #[prost(message, optional, tag = "2")]
    pub(super) participant: Option<Person>,
    #[prost(message, repeated, tag = "3")]
    pub(super) others: Vec<Person>,
    #[prost(int32, tag = "10")]
    pub(super) ping_timeout: i32,
    #[prost(int32, tag = "11")]
    pub(super) ping_interval: i32,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Reconnect {
    #[prost(uint32, tag = "4")]
    pub(super) last_sequence: u32,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Update {
    #[prost(message, repeated, tag = "1")]
    pub(super) people: Vec<Person>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Person {
    #[prost(string, tag = "1")]
    pub(super) sid: String,
    #[prost(string, tag = "2")]
    pub(super) identity: String,
    /// 2 is active, 3 is gone.
    #[prost(int32, tag = "3")]
    pub(super) state: i32,
    #[prost(string, tag = "9")]
    pub(super) name: String,
    #[prost(message, optional, tag = "11")]
    pub(super) permission: Option<Permission>,
    #[prost(int32, tag = "16")]
    pub(super) disconnect_reason: i32,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Permission {
    #[prost(bool, tag = "11")]
    pub(super) agent: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct TrackPublished {
    #[prost(string, tag = "1")]
    pub(super) cid: String,
    #[prost(message, optional, tag = "2")]
    pub(super) track: Option<Track>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Track {
    #[prost(string, tag = "1")]
    pub(super) sid: String,
    #[prost(string, tag = "3")]
    pub(super) name: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Sections {
    #[prost(uint32, tag = "1")]
    pub(super) audios: u32,
    #[prost(uint32, tag = "2")]
    pub(super) videos: u32,
}

/// A packet of a data channel.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Packet {
    #[prost(message, optional, tag = "2")]
    pub(super) user: Option<User>,
    #[prost(string, tag = "4")]
    pub(super) from: String,
    #[prost(string, repeated, tag = "5")]
    pub(super) to: Vec<String>,
    #[prost(uint32, tag = "16")]
    pub(super) sequence: u32,
    #[prost(string, tag = "17")]
    pub(super) from_sid: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct User {
    #[prost(bytes = "vec", tag = "2")]
    pub(super) payload: Vec<u8>,
    #[prost(string, optional, tag = "4")]
    pub(super) topic: Option<String>,
}

/// The join request in the URL.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Wrapped {
    #[prost(bytes = "vec", tag = "2")]
    pub(super) join: Vec<u8>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct JoinRequest {
    #[prost(bool, tag = "7")]
    pub(super) reconnect: bool,
    #[prost(string, tag = "9")]
    pub(super) participant_sid: String,
}
