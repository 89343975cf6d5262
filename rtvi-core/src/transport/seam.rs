//! The seam between the client and any transport, built-in or provided by an app.
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
    media::{AudioDropped, AudioFormat, AudioFrame, Playout, VideoStats, millis},
};

use super::{ApiRequest, ConnectParams, Cookies, TlsOptions};

/// Creates one [`Connection`] per connection attempt. An app passes it to the client.
pub trait Transport: Send + Sync + 'static {
    /// The transport's name in logs and errors, such as `websocket`.
    fn name(&self) -> &'static str;

    /// Checks the parameters and creates a connection. Opens nothing yet and does not block. A
    /// panic fails the connection with [`ErrorKind::Internal`](crate::ErrorKind::Internal).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidTransportParams`](crate::ErrorKind::InvalidTransportParams) if the
    /// parameters don't fit.
    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error>;
}

/// What a [`Transport`] learns about the connection to open.
#[derive(Clone, Copy, Debug)]
pub struct OpenRequest<'a> {
    /// The parameters that identify the bot.
    pub params: &'a ConnectParams,
    /// The start request that returned the parameters, if there was one.
    pub start: Option<&'a ApiRequest>,
    /// The session's cookies: those from the start request's answer, if there was one. The
    /// transport sends them with its requests and keeps the cookies that its servers set.
    pub cookies: &'a Cookies,
    /// The client's trust settings, for transports whose own options do not set any.
    pub tls: &'a TlsOptions,
    /// 0 for the first connection, then the number of the reconnect attempt.
    pub attempt: u32,
    /// Whether the microphone is enabled when the connection opens.
    pub mic_enabled: bool,
    /// The deadline for opening. After it, the client drops the connection.
    pub open_timeout: Duration,
}

/// One connection: an actor that runs until it is closed.
pub trait Connection: Send + 'static {
    /// What the connection can carry. Called once, before it runs.
    fn capabilities(&self) -> TransportCapabilities;

    /// Takes the client's video. Called at most once, before [`run`](Self::run), if the client has
    /// a camera, a screen or a display. Returns false if the connection carries no video.
    #[cfg(feature = "video")]
    fn take_video(&mut self, _video: super::VideoPort) -> bool {
        false
    }

    /// Opens the connection and runs it to its end. Dropping the future closes the connection
    /// abruptly.
    fn run(self: Box<Self>, port: TransportPort) -> BoxFuture<'static, Closed>;
}

/// What a transport can carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportCapabilities {
    /// The largest RTVI message that it accepts, in bytes of JSON text.
    pub max_message_size: usize,
    /// The audio format that it expects from the microphone; `None` if it carries no audio.
    pub capture: Option<CaptureFormat>,
}

/// The audio format that a transport expects from the microphone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptureFormat {
    /// Rate and channels of each frame.
    pub format: AudioFormat,
    /// Length of each frame.
    pub frame: Duration,
}

/// The connection's ends of the channels to the client. All are bounded.
#[derive(Debug)]
pub struct TransportPort {
    /// The client's commands. The channel closes when the client is gone; the connection then ends.
    pub commands: mpsc::Receiver<TransportCommand>,
    /// The channel for the connection's events. The connection waits for a permit, and so stops
    /// reading its socket while the app is slow.
    pub events: mpsc::Sender<TransportEvent>,
    /// Frames of the microphone in the format of [`TransportCapabilities::capture`], one per frame
    /// length while there is audio.
    pub mic: mpsc::Receiver<AudioFrame>,
    /// The playout of the bot's audio. It never blocks.
    pub speaker: Arc<Playout>,
    /// Cancelled when the connection must end at once.
    pub cancel: CancellationToken,
}

/// A client's command to a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum TransportCommand {
    /// Send this RTVI message (JSON text).
    Send(String),
    /// The microphone was enabled or disabled.
    MicEnabled(bool),
    /// The app reports that the device moved to another network. If the connection can't move with
    /// it, end it as lost now, or as soon as the server does not answer. The client then restores
    /// it sooner.
    NetworkChanged,
    /// Close gracefully: announce the end to the server and end within the client's closing
    /// deadline (2 s). After the deadline, the client drops the future.
    Close,
}

/// What a connection reports: events, never states.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TransportEvent {
    /// The connection is open for messages and audio. Reported once.
    Opened {
        /// The bot's side of the connection.
        bot: Participant,
    },
    /// An RTVI message arrived: JSON text, not inspected.
    Message(Bytes),
    /// The server interrupted the bot. The connection has already flushed the speaker.
    Interrupted,
    /// The first audio of the bot on this connection arrived.
    BotAudioStarted,
    /// The bot left a room that stays open. (A connection that ends with the bot reports
    /// [`CloseReason::BotLeft`].)
    BotLeft,
    /// A bot joined a room that the bot had left. The client sends it `client-ready`, and the bot
    /// answers that it is ready.
    BotJoined {
        /// The bot's side of the connection.
        bot: Participant,
    },
    /// Somebody other than the client and the bot is in the room. The client remembers 256
    /// participants and ignores any others.
    ParticipantConnected(Participant),
    /// Somebody other than the client and the bot left the room. Those who are there when the
    /// connection ends need no event.
    ParticipantLeft(Participant),
    /// The server muted the user's audio, or ended that. While it is muted, the connection sends
    /// none. It also ends when the client sends [`TransportCommand::MicEnabled`] with `true`, or
    /// with the connection.
    MicMuted(bool),
    /// Unreadable data arrived and was dropped. The text names the data and the reason.
    Unreadable(String),
    /// Audio was dropped that somebody would have heard. The client reports it as
    /// [`Event::AudioDropped`](crate::Event::AudioDropped), at most once a second for each reason.
    /// A connection may report every packet, but that fills the channel; ten reports a second are
    /// enough. The [`Playout`] counts its own drops.
    AudioDropped(AudioDropped),
    /// The server accepts no messages larger than this, in bytes of JSON text. It is less than
    /// [`TransportCapabilities`] states.
    MaxMessageSize(usize),
    /// The server does not take part in something that the client offered. The session continues
    /// without it. The text names it, such as `video with VP8`.
    UnsupportedFeature(String),
    /// The quality of the connection, about once a second. Skipped while the app is slow.
    Stats(Box<TransportStats>),
}

/// The quality of a connection. All counts are for this connection, since its start.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransportStats {
    /// The round-trip time of a packet; absent until it is measured.
    #[serde(rename = "roundTripMs", serialize_with = "millis::as_optional_fraction")]
    pub round_trip: Option<Duration>,
    /// The jitter of the bot's packets (RFC 3550 §6.4.1).
    #[serde(rename = "jitterMs", serialize_with = "millis::as_fraction")]
    pub jitter: Duration,
    /// Packets of the bot's audio that arrived.
    pub packets_received: u64,
    /// Packets of the bot's audio that did not arrive or arrived too late.
    pub packets_lost: u64,
    /// Packets of the bot's audio that arrived too late.
    pub packets_late: u64,
    /// Packets of the bot's audio that were lost, but arrived in time after the server was asked to
    /// repeat them.
    pub packets_repeated: u64,
    /// Frames of 20 ms that were recovered or concealed in place of lost packets.
    pub frames_concealed: u64,
    /// Packets of the bot's audio that could not be decoded.
    pub packets_unreadable: u64,
    /// Packets of the bot's audio that arrived but are not played: they belong to a stream that the
    /// server has not announced, or to a second stream at the same time, or there is no room for
    /// them. The event `audioDropped` also reports each of them.
    pub packets_dropped: u64,
    /// Packets of video, which are not played.
    pub video_packets_dropped: u64,
    /// Packets of the user's audio that were sent.
    pub packets_sent: u64,
    /// The bitrate of the bot's audio in the last second, in bits per second without headers.
    pub receive_bitrate: u64,
    /// The bitrate of the user's audio in the last second, in bits per second without headers.
    pub send_bitrate: u64,
    /// The amount of the bot's audio in the jitter buffer.
    #[serde(rename = "bufferDepthMs", serialize_with = "millis::as_fraction")]
    pub buffer_depth: Duration,
    /// The target delay of the jitter buffer.
    #[serde(rename = "bufferTargetMs", serialize_with = "millis::as_fraction")]
    pub buffer_target: Duration,
    /// The video; absent if the connection carries none.
    pub video: Option<VideoStats>,
    /// The client's end of the connection, as kind and address: `host 192.0.2.1:5000`. With ICE
    /// over TCP, ` tcp` follows.
    pub local_candidate: Option<String>,
    /// The server's end of the connection.
    pub remote_candidate: Option<String>,
}

/// A participant of the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Participant {
    /// A unique identifier in the session.
    pub id: String,
    /// A display name; may be empty.
    pub name: String,
    /// Whether this is the client itself.
    #[cfg_attr(feature = "uniffi", uniffi(default = false))]
    pub local: bool,
}

/// How a connection ended: the result of [`Connection::run`].
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// The reason.
    pub reason: CloseReason,
}

/// Why a connection ended.
#[derive(Clone, Debug, PartialEq)]
pub enum CloseReason {
    /// The client asked for it.
    Requested,
    /// The bot's side ended the session normally.
    BotLeft {
        /// The close code, if the transport has one.
        code: Option<u16>,
        /// The close reason or a description; may be empty.
        reason: String,
    },
    /// The connection could not be opened. The error has the reason; an immediate retry is
    /// pointless.
    OpenFailed(Error),
    /// An open connection broke: it was reset, stalled or closed with an error code. The client may
    /// connect again.
    Lost(Error),
}
