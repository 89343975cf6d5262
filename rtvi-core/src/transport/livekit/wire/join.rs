//! The first message to a server: it travels in the URL of the signalling socket.

use bytes::Bytes;

/// The envelope of a [`JoinRequest`]. The compression stays 0: none.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct WrappedJoinRequest {
    #[prost(int32, tag = "1")]
    pub(crate) compression: i32,
    #[prost(bytes = "bytes", tag = "2")]
    pub(crate) join_request: Bytes,
}

/// Who joins, and how.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct JoinRequest {
    #[prost(message, optional, tag = "1")]
    pub(crate) client_info: Option<ClientInfo>,
    #[prost(message, optional, tag = "2")]
    pub(crate) connection_settings: Option<ConnectionSettings>,
    /// Whether the participant is in the room already and only the socket is new.
    #[prost(bool, tag = "7")]
    pub(crate) reconnect: bool,
    #[prost(enumeration = "ReconnectReason", tag = "8")]
    pub(crate) reconnect_reason: i32,
    #[prost(string, tag = "9")]
    pub(crate) participant_sid: String,
}

/// The client's software.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ClientInfo {
    /// 0: none of LiveKit's own SDKs. The server then uses no extension that only those have.
    #[prost(int32, tag = "1")]
    pub(crate) sdk: i32,
    #[prost(string, tag = "2")]
    pub(crate) version: String,
    #[prost(int32, tag = "3")]
    pub(crate) protocol: i32,
    #[prost(string, tag = "4")]
    pub(crate) os: String,
}

/// How the server treats the client.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ConnectionSettings {
    #[prost(bool, tag = "1")]
    pub(crate) auto_subscribe: bool,
}

/// Why a client takes up its session again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum ReconnectReason {
    Unknown = 0,
    SignalDisconnected = 1,
    PublisherFailed = 2,
    SubscriberFailed = 3,
    SwitchCandidate = 4,
}
