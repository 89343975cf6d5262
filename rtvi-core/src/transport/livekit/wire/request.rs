//! What the client says on the signalling socket.

use std::{collections::HashMap, fmt};

use super::response::{LeaveAction, TrackPublished};

/// The envelope.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Request {
    #[prost(oneof = "RequestKind", tags = "1, 2, 3, 4, 5, 6, 8, 12, 16")]
    pub(crate) kind: Option<RequestKind>,
}

/// The kinds of [`Request`].
#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum RequestKind {
    #[prost(message, tag = "1")]
    Offer(SessionDescription),
    #[prost(message, tag = "2")]
    Answer(SessionDescription),
    #[prost(message, tag = "3")]
    Trickle(Trickle),
    #[prost(message, tag = "4")]
    AddTrack(AddTrackRequest),
    #[prost(message, tag = "5")]
    Mute(MuteTrack),
    #[prost(message, tag = "6")]
    Subscription(UpdateSubscription),
    #[prost(message, tag = "8")]
    Leave(LeaveRequest),
    #[prost(message, boxed, tag = "12")]
    SyncState(Box<SyncState>),
    #[prost(message, tag = "16")]
    Ping(Ping),
}

/// An offer or an answer.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub(crate) struct SessionDescription {
    /// `offer` or `answer`.
    #[prost(string, tag = "1")]
    pub(crate) kind: String,
    #[prost(string, tag = "2")]
    pub(crate) sdp: String,
    /// An answer has the number of its offer.
    #[prost(uint32, tag = "3")]
    pub(crate) id: u32,
    /// The tracks of the sections, by `mid`.
    #[prost(map = "string, string", tag = "4")]
    pub(crate) mid_to_track_id: HashMap<String, String>,
}

/// Without the text, which contains passwords.
impl fmt::Debug for SessionDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionDescription")
            .field("kind", &self.kind)
            .field("id", &self.id)
            .field("mid_to_track_id", &self.mid_to_track_id)
            .finish_non_exhaustive()
    }
}

/// Which of two peer connections a message is about. With a single one it is the publisher's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum SignalTarget {
    Publisher = 0,
    Subscriber = 1,
}

/// A network candidate.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Trickle {
    /// `{"candidate": …, "sdpMid": …, "sdpMLineIndex": …}`.
    #[prost(string, tag = "1")]
    pub(crate) candidate_init: String,
    #[prost(enumeration = "SignalTarget", tag = "2")]
    pub(crate) target: i32,
    /// Whether no further candidate follows.
    #[prost(bool, tag = "3")]
    pub(crate) last: bool,
}

/// A track that the client is going to offer.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct AddTrackRequest {
    /// The track's name in the offer: `a=msid:<stream> <cid>`.
    #[prost(string, tag = "1")]
    pub(crate) cid: String,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
    #[prost(enumeration = "super::TrackType", tag = "3")]
    pub(crate) kind: i32,
    #[prost(bool, tag = "6")]
    pub(crate) muted: bool,
    #[prost(enumeration = "super::TrackSource", tag = "8")]
    pub(crate) source: i32,
    /// Whether the audio has no redundant copies (RFC 2198).
    #[prost(bool, tag = "13")]
    pub(crate) disable_red: bool,
}

/// A track is muted or no longer muted; both sides say so.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct MuteTrack {
    #[prost(string, tag = "1")]
    pub(crate) sid: String,
    #[prost(bool, tag = "2")]
    pub(crate) muted: bool,
}

/// Tracks that the client wants or does not want.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct UpdateSubscription {
    #[prost(string, repeated, tag = "1")]
    pub(crate) track_sids: Vec<String>,
    #[prost(bool, tag = "2")]
    pub(crate) subscribe: bool,
}

/// The sender leaves, or the server wants the client to.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct LeaveRequest {
    #[prost(enumeration = "super::DisconnectReason", tag = "2")]
    pub(crate) reason: i32,
    #[prost(enumeration = "LeaveAction", tag = "3")]
    pub(crate) action: i32,
}

/// What the client has, after it took up its session again.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct SyncState {
    #[prost(message, optional, tag = "1")]
    pub(crate) answer: Option<SessionDescription>,
    #[prost(message, optional, tag = "2")]
    pub(crate) subscription: Option<UpdateSubscription>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) publish_tracks: Vec<TrackPublished>,
    #[prost(message, repeated, tag = "4")]
    pub(crate) data_channels: Vec<ChannelInfo>,
    #[prost(message, optional, tag = "5")]
    pub(crate) offer: Option<SessionDescription>,
    /// What arrived last of each sender of reliable packets; the server repeats what follows it.
    #[prost(message, repeated, tag = "7")]
    pub(crate) receive_states: Vec<ReceiveState>,
}

/// A data channel of the client.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ChannelInfo {
    #[prost(string, tag = "1")]
    pub(crate) label: String,
    #[prost(uint32, tag = "2")]
    pub(crate) id: u32,
    #[prost(enumeration = "SignalTarget", tag = "3")]
    pub(crate) target: i32,
}

/// The last reliable packet of a sender.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReceiveState {
    #[prost(string, tag = "1")]
    pub(crate) publisher_sid: String,
    #[prost(uint32, tag = "2")]
    pub(crate) last_seq: u32,
}

/// A keep-alive ping.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Ping {
    /// The client's time, in milliseconds.
    #[prost(int64, tag = "1")]
    pub(crate) timestamp: i64,
    /// The last round-trip time, in milliseconds.
    #[prost(int64, tag = "2")]
    pub(crate) rtt: i64,
}
