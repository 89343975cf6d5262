//! The packets of the data channels.

use bytes::Bytes;

/// A packet. It has no value if the value is of a kind that this client does not know.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct DataPacket {
    #[prost(enumeration = "PacketKind", tag = "1")]
    pub(crate) kind: i32,
    #[prost(oneof = "PacketValue", tags = "2")]
    pub(crate) value: Option<PacketValue>,
    /// The sender; empty if the packet is not from a participant but from the server's API.
    #[prost(string, tag = "4")]
    pub(crate) participant_identity: String,
    /// The receivers; empty for all.
    #[prost(string, repeated, tag = "5")]
    pub(crate) destination_identities: Vec<String>,
    /// The number of a reliable packet: 1, 2, 3 and so on for each sender.
    #[prost(uint32, tag = "16")]
    pub(crate) sequence: u32,
    #[prost(string, tag = "17")]
    pub(crate) participant_sid: String,
}

/// How a packet travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum PacketKind {
    Reliable = 0,
    Lossy = 1,
}

/// The kinds of values of a [`DataPacket`].
#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum PacketValue {
    #[prost(message, tag = "2")]
    User(UserPacket),
}

/// A message of an app: here an RTVI message as JSON text.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct UserPacket {
    #[prost(bytes = "bytes", tag = "2")]
    pub(crate) payload: Bytes,
    #[prost(string, optional, tag = "4")]
    pub(crate) topic: Option<String>,
}
