//! What a client tells its app, in one ordered stream.
//!
//! Values only. An event's name is the one client-js uses (its `RTVIEvent`), and its data is in wire form.

use std::time::Duration;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::{
    error::{DeviceErrorKind, Error},
    media::{AudioDropped, DeviceInfo},
    protocol::ServerMessage,
    transport::{Participant, TransportStats},
};

use super::TransportState;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The client is in another state.
    TransportStateChanged(TransportState),
    /// The transport is open; the bot is not ready yet.
    Connected,
    /// The session is over. The last event of every session.
    Disconnected(DisconnectReason),
    /// The start endpoint answered; its whole answer.
    BotStarted(Value),
    /// The bot's side of the connection is there.
    BotConnected(Participant),
    /// The bot has left.
    BotDisconnected(Participant),
    /// Somebody joined the session, the bot included.
    ParticipantConnected(Participant),
    /// Somebody left the session, the bot included.
    ParticipantLeft(Participant),
    /// A connection was lost and is being restored.
    Reconnecting {
        /// The attempt about to be made; the first is 1.
        attempt: u32,
        /// How many will be made.
        max_attempts: u32,
        /// Why the connection was lost.
        reason: Error,
    },
    /// Something went wrong that no call can report. `fatal` errors end the session.
    Error {
        /// What.
        error: Error,
        /// Whether the session ends because of it.
        fatal: bool,
    },
    /// The server answered a message with an error.
    MessageError {
        /// The id of the message it answers, if the server named one.
        id: Option<String>,
        /// The server's text.
        error: String,
    },
    /// A message of the server could not be understood and was dropped.
    ProtocolError {
        /// The message's type, if that much could be read.
        wire_type: Option<String>,
        /// What is wrong with it.
        reason: String,
    },
    /// An option asks for something that is not supported here.
    UnsupportedFeature(String),
    /// A microphone's or the bot's audio began to flow.
    TrackStarted(Track),
    /// A microphone's or the bot's audio ended.
    TrackStopped(Track),
    /// A device's state changed.
    MediaStateChanged(MediaState),
    /// The microphones to choose from, at first and whenever one comes or goes. Not told of app-provided audio. This and
    /// the other events of devices come outside sessions, too.
    AvailableMicsUpdated(Vec<MediaDevice>),
    /// The speakers to choose from, as for microphones.
    AvailableSpeakersUpdated(Vec<MediaDevice>),
    /// The microphone in use.
    MicUpdated(MediaDevice),
    /// The speaker in use.
    SpeakerUpdated(MediaDevice),
    /// A microphone or speaker failed or has gone. When another takes its place, that is told next.
    DeviceError(Error),
    /// What the bot said has been played, or was cut off: how much of it was heard. Follows the server's word that the bot stopped to
    /// speak, or was interrupted.
    BotAudioHeard(BotAudioHeard),
    /// Audio was dropped that somebody would have heard: once when it begins, then once a second for each reason while it lasts, with
    /// what was dropped since the last one. What the network loses is in [`TransportStats`], what the app discards by
    /// [`flush_bot_audio`](super::PipecatClient::flush_bot_audio) and the bot by an interruption in
    /// [`AudioStats::flushed`](super::AudioStats::flushed).
    AudioDropped(AudioDropped),
    /// The user began to speak, as heard here (see [`voice_activity`](super::VoiceOptions::voice_activity)).
    LocalSpeechStarted,
    /// The user stopped to speak, as heard here.
    LocalSpeechStopped,
    /// Loudness of the microphone after its processing, 0 to 1, about ten times a second (see
    /// [`level_period`](super::VoiceOptions::level_period)). Skipped while the app is slow.
    LocalAudioLevel(f32),
    /// Loudness of the bot as played, 0 to 1, about ten times a second. Skipped while the app is slow.
    RemoteAudioLevel(f32),
    /// How the connection does; once a second from transports that measure it. Skipped while the app is slow.
    TransportStats(TransportStats),
    /// A message of the server: transcripts, bot output, function calls and all the others.
    Server(ServerMessage),
}

/// Why a session ended.
#[derive(Clone, Debug, PartialEq)]
pub enum DisconnectReason {
    /// The app asked for it.
    Requested,
    /// The bot ended it.
    BotLeft {
        /// The close code, where the transport has one.
        code: Option<u16>,
        /// What the server said; may be empty.
        reason: String,
    },
    /// It failed.
    Failed(Error),
}

/// A stream of audio of one participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Track {
    /// `audio`; later `video` and the screen's.
    pub kind: &'static str,
    /// Whose it is.
    pub participant: Participant,
}

/// How much of an utterance of the bot reached the speaker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BotAudioHeard {
    /// How much of its audio was given to the speaker. What the speaker itself still buffers counts as heard.
    pub heard: Duration,
    /// How much of its audio arrived.
    pub received: Duration,
    /// Whether it was cut off.
    pub interrupted: bool,
}

/// A microphone or speaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MediaDevice {
    /// Stable identifier.
    pub device_id: String,
    /// Name to show.
    pub label: String,
}

/// What a client's devices are doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MediaState {
    /// The microphone.
    pub mic: DeviceState,
    /// The speaker.
    pub speaker: DeviceState,
    /// The camera.
    pub cam: DeviceState,
}

/// What one device is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum DeviceState {
    /// It has not been asked for.
    #[default]
    Uninitialized,
    /// It is being opened.
    Initializing,
    /// It is there.
    Granted,
    /// It can't be used.
    Error {
        /// Why, to act on.
        reason: DeviceErrorKind,
        /// Why, for people.
        message: String,
    },
}

impl From<DeviceInfo> for MediaDevice {
    fn from(device: DeviceInfo) -> Self {
        Self { device_id: device.id, label: device.label }
    }
}

impl DeviceState {
    pub(super) fn failed(error: &Error) -> Self {
        let reason = error.device_kind().unwrap_or(DeviceErrorKind::Unknown);
        Self::Error { reason, message: error.message().to_owned() }
    }
}

impl Event {
    /// The name that client-js uses for it, or a new one in the same style.
    pub fn name(&self) -> &'static str {
        match self {
            Self::TransportStateChanged(_) => "transportStateChanged",
            Self::Connected => "connected",
            Self::Disconnected(_) => "disconnected",
            Self::BotStarted(_) => "botStarted",
            Self::BotConnected(_) => "botConnected",
            Self::BotDisconnected(_) => "botDisconnected",
            Self::ParticipantConnected(_) => "participantConnected",
            Self::ParticipantLeft(_) => "participantLeft",
            Self::Reconnecting { .. } => "reconnecting",
            Self::Error { .. } => "error",
            Self::MessageError { .. } => "messageError",
            Self::ProtocolError { .. } => "protocolError",
            Self::UnsupportedFeature(_) => "unsupportedFeature",
            Self::TrackStarted(_) => "trackStarted",
            Self::TrackStopped(_) => "trackStopped",
            Self::MediaStateChanged(_) => "mediaStateUpdated",
            Self::AvailableMicsUpdated(_) => "availableMicsUpdated",
            Self::AvailableSpeakersUpdated(_) => "availableSpeakersUpdated",
            Self::MicUpdated(_) => "micUpdated",
            Self::SpeakerUpdated(_) => "speakerUpdated",
            Self::DeviceError(_) => "deviceError",
            Self::BotAudioHeard(_) => "botAudioHeard",
            Self::AudioDropped(_) => "audioDropped",
            Self::LocalSpeechStarted => "localSpeechStarted",
            Self::LocalSpeechStopped => "localSpeechStopped",
            Self::LocalAudioLevel(_) => "localAudioLevel",
            Self::RemoteAudioLevel(_) => "remoteAudioLevel",
            Self::TransportStats(_) => "transportStats",
            Self::Server(message) => message.event_name(),
        }
    }

    /// Its data as JSON in wire form; `None` where there is none.
    pub fn data(&self) -> Option<Value> {
        match self {
            Self::TransportStateChanged(state) => Some(json!(state)),
            Self::Connected | Self::LocalSpeechStarted | Self::LocalSpeechStopped => None,
            Self::Disconnected(reason) => Some(reason.data()),
            Self::BotStarted(answer) => Some(answer.clone()),
            Self::BotConnected(participant)
            | Self::BotDisconnected(participant)
            | Self::ParticipantConnected(participant)
            | Self::ParticipantLeft(participant) => Some(json!(participant)),
            Self::Reconnecting { attempt, max_attempts, reason } => {
                Some(json!({"attempt": attempt, "maxAttempts": max_attempts, "reason": reason}))
            }
            Self::Error { error, fatal } => Some(error_data(error, *fatal)),
            Self::MessageError { id, error } => Some(json!({"id": id, "error": error})),
            Self::ProtocolError { wire_type, reason } => Some(json!({"type": wire_type, "reason": reason})),
            Self::UnsupportedFeature(feature) => Some(json!({"feature": feature})),
            Self::TrackStarted(track) | Self::TrackStopped(track) => Some(json!(track)),
            Self::MediaStateChanged(state) => Some(json!(state)),
            Self::AvailableMicsUpdated(devices) | Self::AvailableSpeakersUpdated(devices) => {
                Some(json!(devices))
            }
            Self::MicUpdated(device) | Self::SpeakerUpdated(device) => Some(json!(device)),
            Self::DeviceError(error) => Some(json!(error)),
            Self::BotAudioHeard(heard) => Some(heard.data()),
            Self::AudioDropped(dropped) => Some(json!(dropped)),
            Self::LocalAudioLevel(level) | Self::RemoteAudioLevel(level) => Some(json!(level)),
            Self::TransportStats(stats) => Some(stats_data(stats)),
            Self::Server(message) => message.data(),
        }
    }

    /// Whether it may be skipped while the app is slow, because a newer one replaces it.
    pub(crate) const fn is_lossy(&self) -> bool {
        matches!(self, Self::LocalAudioLevel(_) | Self::RemoteAudioLevel(_) | Self::TransportStats(_))
    }
}

impl DisconnectReason {
    fn data(&self) -> Value {
        match self {
            Self::Requested => json!({"reason": "requested"}),
            Self::BotLeft { code, reason } => json!({"reason": "botLeft", "code": code, "message": reason}),
            Self::Failed(error) => json!({"reason": "failed", "error": error}),
        }
    }
}

/// As the data of the event: `heardMs`, `receivedMs`, `interrupted`.
impl Serialize for BotAudioHeard {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.data().serialize(serializer)
    }
}

impl BotAudioHeard {
    fn data(self) -> Value {
        json!({
            "heardMs": millis(self.heard),
            "receivedMs": millis(self.received),
            "interrupted": self.interrupted,
        })
    }
}

/// Times are in milliseconds, as client-js has all its times.
fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn stats_data(stats: &TransportStats) -> Value {
    json!({
        "roundTripMs": stats.round_trip.map(millis),
        "jitterMs": millis(stats.jitter),
        "packetsReceived": stats.packets_received,
        "packetsLost": stats.packets_lost,
        "packetsLate": stats.packets_late,
        "packetsRepeated": stats.packets_repeated,
        "framesConcealed": stats.frames_concealed,
        "packetsUnreadable": stats.packets_unreadable,
        "packetsDropped": stats.packets_dropped,
        "videoPacketsDropped": stats.video_packets_dropped,
        "packetsSent": stats.packets_sent,
        "receiveBitrate": stats.receive_bitrate,
        "sendBitrate": stats.send_bitrate,
        "bufferDepthMs": millis(stats.buffer_depth),
        "bufferTargetMs": millis(stats.buffer_target),
        "localCandidate": stats.local_candidate,
        "remoteCandidate": stats.remote_candidate,
    })
}

/// The shape of the server's `error` message, with our kind and phase beside it.
fn error_data(error: &Error, fatal: bool) -> Value {
    let mut data = json!(error);
    if let Some(object) = data.as_object_mut() {
        object.insert("error".to_owned(), json!(error.message()));
        object.insert("fatal".to_owned(), json!(fatal));
    }
    data
}
