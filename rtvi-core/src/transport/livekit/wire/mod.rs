//! LiveKit's protobuf messages, as far as a voice client needs them.
//!
//! Depends on `prost` only. The field numbers are those of `livekit_rtc.proto` and
//! `livekit_models.proto` (protocol 16). A field or message that is not listed here is skipped. The
//! `Debug` forms contain no token, password or session description.

mod data;
mod join;
mod model;
mod request;
mod response;

pub(crate) use data::{DataPacket, PacketKind, PacketValue, UserPacket};
pub(crate) use join::{ClientInfo, ConnectionSettings, JoinRequest, ReconnectReason, WrappedJoinRequest};
pub(crate) use model::{
    DisconnectReason, IceServer, ParticipantInfo, ParticipantKind, ParticipantState, Permission, TrackInfo,
    TrackSource, TrackType,
};
pub(crate) use request::{
    AddTrackRequest, ChannelInfo, LeaveRequest, MuteTrack, Ping, ReceiveState, Request, RequestKind,
    SessionDescription, SignalTarget, SyncState, Trickle, UpdateSubscription,
};
pub(crate) use response::{
    JoinResponse, LeaveAction, MediaSections, ParticipantUpdate, Pong, ReconnectResponse, Response,
    ResponseKind, RoomMoved, TrackPublished, TrackUnpublished,
};

use bytes::Bytes;
use prost::Message;

/// The largest message of the signalling socket that is read, in bytes. It bounds what a message
/// can occupy when decoded. The answer to a join is the largest one: about 1 KiB for each
/// participant of the room.
pub(crate) const MAX_SIGNAL: usize = 512 * 1024;
/// The largest packet of a data channel that is read, in bytes: what the server's data channels
/// carry.
pub(crate) const MAX_PACKET: usize = 64 * 1024;

/// Decodes a message of the signalling socket. `None` is a message that this client does not know.
///
/// # Errors
/// A text that says what is wrong with the bytes.
pub(crate) fn decode_response(bytes: Bytes) -> Result<Option<ResponseKind>, String> {
    Ok(decode::<Response>(bytes, MAX_SIGNAL)?.kind)
}

/// Decodes a packet of a data channel.
///
/// # Errors
/// A text that says what is wrong with the bytes.
pub(crate) fn decode_packet(bytes: Bytes) -> Result<DataPacket, String> {
    decode(bytes, MAX_PACKET)
}

/// Encodes a message for the signalling socket.
pub(crate) fn encode_request(kind: RequestKind) -> Bytes {
    Request { kind: Some(kind) }.encode_to_vec().into()
}

fn decode<M: Message + Default>(bytes: Bytes, most: usize) -> Result<M, String> {
    let length = bytes.len();
    if length > most {
        return Err(format!("{length} bytes, more than {most}"));
    }
    M::decode(bytes).map_err(|cause| format!("{length} bytes that are no LiveKit message: {cause}"))
}

#[cfg(test)]
mod tests;
