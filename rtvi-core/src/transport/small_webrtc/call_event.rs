//! What can happen to an open connection: one thing at a time, for [`PeerCall`](super::call::PeerCall) to
//! handle.

use tokio::time::Instant;
use webrtc::data_channel::DataChannelEvent;

use crate::{
    error::Error,
    media::AudioFrame,
    transport::{
        TransportCommand,
        rtc::{media::Media, peer::PeerEvent, sdp::Accepted},
    },
};

use super::video;

/// Something that happened to an open connection.
pub(super) enum CallEvent {
    /// The client wants something, or is gone.
    Command(Option<TransportCommand>),
    /// A frame of the microphone; `None` when there will be no more.
    Microphone(Option<AudioFrame>),
    /// The peer connection reports something; `None` when it is gone.
    Peer(Option<PeerEvent>),
    /// The data channel.
    Channel(Option<DataChannelEvent>),
    /// A packet that may be the bot's audio; `None` when there will be no more.
    Media(Option<Media>),
    /// Something happened to video.
    Video(video::Event),
    /// A message was taken by the data channel, or not.
    Sent(webrtc::error::Result<()>),
    /// The server answered a renewed offer.
    Answered(Result<Accepted, Error>),
    /// Whether the server's port takes connections, as far as that is known.
    Probed(Option<bool>),
    /// Time passed.
    Turn(Instant),
}
