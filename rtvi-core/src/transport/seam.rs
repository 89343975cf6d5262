//! The seam between the client and any transport, ours or an app's.
//!
//! Values and traits only; no I/O.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{
    error::Error,
    media::{AudioDropped, AudioFormat, AudioFrame, Playout, millis},
};

use super::{ApiRequest, ConnectParams, Cookies, TlsOptions};

/// Makes one [`Connection`] per connection attempt. This is what an app gives to the client.
pub trait Transport: Send + Sync + 'static {
    /// The transport's name in logs and errors, such as `websocket`.
    fn name(&self) -> &'static str;

    /// Checks the parameters and makes a transport; opens nothing yet and does not block. A panic fails the connection as
    /// [`ErrorKind::Internal`](crate::ErrorKind::Internal).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidTransportParams`](crate::ErrorKind::InvalidTransportParams) when the parameters don't fit.
    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error>;
}

/// What a [`Transport`] gets to know about the connection to be opened.
#[derive(Clone, Copy, Debug)]
pub struct OpenRequest<'a> {
    /// Where the bot is.
    pub params: &'a ConnectParams,
    /// The start request whose answer the parameters are, if there was one.
    pub start: Option<&'a ApiRequest>,
    /// The cookies of the session: those that came with the start request's answer, if there was one. They go with the requests of the
    /// transport, which keeps those that are set there.
    pub cookies: &'a Cookies,
    /// Whom the client trusts, for transports whose own options say nothing of it.
    pub tls: &'a TlsOptions,
    /// 0 for the first connection, then the number of the reconnect attempt.
    pub attempt: u32,
    /// Whether the microphone is enabled as the connection opens.
    pub mic_enabled: bool,
    /// How long opening may take: the client then drops the transport.
    pub open_timeout: Duration,
}

/// One connection: an actor that runs until it is closed.
pub trait Connection: Send + 'static {
    /// What it can carry; asked once, before it runs.
    fn capabilities(&self) -> TransportCapabilities;

    /// Opens the connection and runs it to its end. Dropping the future closes the connection hard.
    fn run(self: Box<Self>, port: TransportPort) -> BoxFuture<'static, Closed>;
}

/// What a transport can carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportCapabilities {
    /// The largest RTVI message it takes, in bytes of JSON text.
    pub max_message_size: usize,
    /// The audio it wants from the microphone; `None` when it carries no audio.
    pub capture: Option<CaptureFormat>,
}

/// The audio a transport wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptureFormat {
    /// Rate and channels of each frame.
    pub format: AudioFormat,
    /// Length of each frame.
    pub frame: Duration,
}

/// A transport's ends of the channels to the client. All are bounded.
#[derive(Debug)]
pub struct TransportPort {
    /// What the client wants done. Closed when the client is gone: the transport then ends.
    pub commands: mpsc::Receiver<TransportCommand>,
    /// Where the transport reports. It awaits room and so stops to read its socket while the app is slow.
    pub events: mpsc::Sender<TransportEvent>,
    /// Frames of the microphone in the format of [`TransportCapabilities::capture`], one every frame length while there is audio.
    pub mic: mpsc::Receiver<AudioFrame>,
    /// Where the bot's audio goes. Never blocks.
    pub speaker: Arc<Playout>,
    /// Cancelled when the connection must end at once.
    pub cancel: CancellationToken,
}

/// What the client tells a transport.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum TransportCommand {
    /// Send this RTVI message (JSON text).
    Send(String),
    /// The microphone was enabled or disabled.
    MicEnabled(bool),
    /// The app says that the device's network changed: a connection that can't move to another network is restored sooner when the
    /// transport ends it as [`CloseReason::Lost`] now, or as soon as the server does not answer.
    NetworkChanged,
    /// Close gracefully: say goodbye and end, within the client's closing deadline (2 s), else the future is dropped.
    Close,
}

/// What a transport reports: events, never states.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TransportEvent {
    /// The connection is open for messages and audio; reported once.
    Opened {
        /// The bot's side of the connection.
        bot: Participant,
    },
    /// An RTVI message arrived (JSON text, not looked at).
    Message(Bytes),
    /// The server interrupted the bot. The transport has flushed the speaker already.
    Interrupted,
    /// The first audio of the bot on this connection arrived.
    BotAudioStarted,
    /// The bot left a room that stays open. (A connection that ends with the bot reports [`CloseReason::BotLeft`].)
    BotLeft,
    /// Something arrived that can't be read; it was dropped. The text names what and why.
    Unreadable(String),
    /// Audio was dropped that somebody would have heard: told as
    /// [`Event::AudioDropped`](crate::Event::AudioDropped), at most once a second for each reason. May be reported for each packet,
    /// but then fills the channel; once a tenth of a second is enough. What the [`Playout`] drops it counts itself.
    AudioDropped(AudioDropped),
    /// The server takes no messages larger than this, in bytes of JSON text: less than [`TransportCapabilities`] said.
    MaxMessageSize(usize),
    /// How well the connection does; about once a second, left out while the app is slow.
    Stats(Box<TransportStats>),
}

/// How well a connection does. Counts are of this connection, from its beginning.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransportStats {
    /// How long a packet takes to the server and back; `None` before it was measured.
    #[serde(rename = "roundTripMs", serialize_with = "millis::as_optional_fraction")]
    pub round_trip: Option<Duration>,
    /// How unevenly the bot's packets arrive (RFC 3550 §6.4.1).
    #[serde(rename = "jitterMs", serialize_with = "millis::as_fraction")]
    pub jitter: Duration,
    /// Packets of the bot's audio that arrived.
    pub packets_received: u64,
    /// Packets of the bot's audio that did not arrive, or too late.
    pub packets_lost: u64,
    /// Packets of the bot's audio that arrived too late.
    pub packets_late: u64,
    /// Packets of the bot's audio that were lost, and came in time when the server was asked to send them again.
    pub packets_repeated: u64,
    /// Frames of 20 ms that were recovered or concealed in place of lost packets.
    pub frames_concealed: u64,
    /// Packets of the bot's audio that could not be decoded.
    pub packets_unreadable: u64,
    /// Packets of the bot's audio that arrived and are not played: of a stream that the server has not announced, of a second one at
    /// the same time, or more than there is room for. Each is reported by [`TransportEvent::AudioDropped`], too.
    pub packets_dropped: u64,
    /// Packets of video, which is not played.
    pub video_packets_dropped: u64,
    /// Packets of the user's audio that were sent.
    pub packets_sent: u64,
    /// The bot's audio in the last second, in bits per second without headers.
    pub receive_bitrate: u64,
    /// The user's audio in the last second, in bits per second without headers.
    pub send_bitrate: u64,
    /// How much of the bot's audio waits in the jitter buffer.
    #[serde(rename = "bufferDepthMs", serialize_with = "millis::as_fraction")]
    pub buffer_depth: Duration,
    /// The delay the jitter buffer aims at.
    #[serde(rename = "bufferTargetMs", serialize_with = "millis::as_fraction")]
    pub buffer_target: Duration,
    /// Our end of the connection, as kind and address: `host 192.0.2.1:5000`. ` tcp` follows where ICE
    /// chose TCP.
    pub local_candidate: Option<String>,
    /// The server's end of the connection.
    pub remote_candidate: Option<String>,
}

/// Somebody in the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Participant {
    /// Unique in the session.
    pub id: String,
    /// Name to show; may be empty.
    pub name: String,
    /// Whether it is this client.
    #[cfg_attr(feature = "uniffi", uniffi(default = false))]
    pub local: bool,
}

/// How a connection ended: what [`Transport::run`] gives back.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// Why.
    pub reason: CloseReason,
}

/// Why a connection ended.
#[derive(Clone, Debug, PartialEq)]
pub enum CloseReason {
    /// The client asked for it.
    Requested,
    /// The bot's side ended the session normally.
    BotLeft {
        /// The close code, where the transport has one.
        code: Option<u16>,
        /// The close reason or what is known about it; may be empty.
        reason: String,
    },
    /// It could not be opened. The error says why; opening it again at once is pointless.
    OpenFailed(Error),
    /// An open connection broke: reset, stalled, closed with an error code. The client may connect again.
    Lost(Error),
}
