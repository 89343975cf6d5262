//! What a client reports to its app, in one ordered stream.
//!
//! Values only. An event has the name that client-js uses (its `RTVIEvent`), and its data is in
//! wire form. A new event is one row of the table here; a new server message is one row of the
//! table of [`ServerMessage`].

use std::time::Duration;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::{
    error::{DeviceErrorKind, Error},
    media::{AudioDropped, DeviceInfo, millis},
    protocol::ServerMessage,
    transport::{Participant, TransportStats},
};

use super::TransportState;

/// The client's own events, passed to the macro `$then`. A row has the documentation, the variant
/// with its fields, the name, and the data as JSON unless that is simply the field.
macro_rules! event_table {
    ($then:ident!) => {
        $then! {
            /// The client changed its state.
            TransportStateChanged(state: TransportState) = "transportStateChanged",
            /// The transport is open; the bot is not ready yet.
            Connected = "connected",
            /// The session is over. The last event of every session.
            Disconnected(reason: DisconnectReason) = "disconnected",
            /// The start endpoint answered. Holds the complete answer.
            BotStarted(answer: Value) = "botStarted",
            /// The bot joined the session. A bot that returns to a room is reported once more, and
            /// then its bot-ready.
            BotConnected(participant: Participant) = "botConnected",
            /// The bot has left.
            BotDisconnected(participant: Participant) = "botDisconnected",
            /// Somebody joined the session: the bot or another participant of its room.
            ParticipantConnected(participant: Participant) = "participantConnected",
            /// Somebody left the session: the bot or another participant of its room.
            ParticipantLeft(participant: Participant) = "participantLeft",
            /// The connection was lost and is being restored.
            Reconnecting {
                /// The number of the next attempt; the first is 1.
                attempt: u32,
                /// The maximum number of attempts.
                max_attempts: u32,
                /// Why the connection was lost.
                reason: Error,
            } = "reconnecting" => json!({"attempt": attempt, "maxAttempts": max_attempts, "reason": reason}),
            /// An error occurred that no call can return. Fatal errors end the session.
            Error {
                /// The error.
                error: Error,
                /// Whether the error ends the session.
                fatal: bool,
            } = "error" => error_data(error, *fatal),
            /// The server answered a message with an error.
            MessageError {
                /// The id of the message that caused the error, if the server named one.
                id: Option<String>,
                /// The server's text.
                error: String,
            } = "messageError" => json!({"id": id, "error": error}),
            /// The client could not read a message from the server and dropped it.
            ProtocolError {
                /// The message's type, if it could be read.
                wire_type: Option<String>,
                /// The problem with the message.
                reason: String,
            } = "protocolError" => json!({"type": wire_type, "reason": reason}),
            /// An option requests something that is not supported here.
            UnsupportedFeature(feature: String) = "unsupportedFeature" => json!({"feature": feature}),
            /// Audio or video of the user or the bot started to flow.
            TrackStarted(track: Track) = "trackStarted",
            /// Audio or video of the user or the bot ended.
            TrackStopped(track: Track) = "trackStopped",
            /// The shared screen started to flow.
            ScreenTrackStarted(track: Track) = "screenTrackStarted",
            /// The shared screen ended.
            ScreenTrackStopped(track: Track) = "screenTrackStopped",
            /// The screen can't be shared, or no longer can. It is off from now on.
            ScreenShareError(error: Error) = "screenShareError",
            /// The state of a device changed, or the server muted the microphone.
            MediaStateUpdated(state: MediaState) = "mediaStateUpdated",
            /// The available microphones: reported once, then whenever a microphone is added or
            /// removed. Not reported for app-provided audio. This and the other device events also
            /// arrive outside sessions.
            AvailableMicsUpdated(mics: Vec<MediaDevice>) = "availableMicsUpdated",
            /// The available speakers, reported as for microphones.
            AvailableSpeakersUpdated(speakers: Vec<MediaDevice>) = "availableSpeakersUpdated",
            /// The available cameras, reported as for microphones.
            AvailableCamsUpdated(cams: Vec<MediaDevice>) = "availableCamsUpdated",
            /// The microphone in use.
            MicUpdated(mic: MediaDevice) = "micUpdated",
            /// The speaker in use.
            SpeakerUpdated(speaker: MediaDevice) = "speakerUpdated",
            /// The camera in use.
            CamUpdated(cam: MediaDevice) = "camUpdated",
            /// A microphone, speaker or camera failed or was disconnected. If another device replaces it,
            /// an event about the new device follows.
            DeviceError(error: Error) = "deviceError",
            /// The playback of an utterance of the bot ended or was cut off. Reports how much of it
            /// was heard. Follows the server's message that the bot stopped speaking or was
            /// interrupted.
            BotAudioHeard(heard: BotAudioHeard) = "botAudioHeard",
            /// Audio was dropped that somebody would have heard. For each reason, the event is
            /// reported once when it begins, then once a second while it lasts, with the audio
            /// dropped since the last report. Losses in the network are in the transport
            /// statistics. Audio that the app flushes, or that an interruption discards, is in the
            /// audio statistics.
            AudioDropped(dropped: AudioDropped) = "audioDropped",
            /// The user started speaking, as detected on this device. Reported only if the option
            /// for voice activity is set.
            LocalSpeechStarted = "localSpeechStarted",
            /// The user stopped speaking, as detected on this device.
            LocalSpeechStopped = "localSpeechStopped",
            /// The loudness of the microphone after its processing, 0 to 1, about ten times a
            /// second unless an option sets another period. Skipped while the app is slow.
            LocalAudioLevel(level: f32) = "localAudioLevel",
            /// The loudness of the bot's audio as played, 0 to 1, about ten times a second. Skipped
            /// while the app is slow.
            RemoteAudioLevel(level: f32) = "remoteAudioLevel",
            /// The quality of the connection, once a second, from transports that measure it.
            /// Skipped while the app is slow.
            TransportStats(stats: Box<TransportStats>) = "transportStats",
        }
    };
}
pub(crate) use event_table;

macro_rules! events {
    ($(
        $(#[$doc:meta])* $variant:ident $(($field:ident: $data:ty))? $({$($(#[$about:meta])* $part:ident: $type:ty,)+})?
            = $name:literal $(=> $json:expr)?,
    )+) => {
        /// An event of a client.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            $($(#[$doc])* $variant $(($data))? $({$($(#[$about])* $part: $type,)+})?,)+
            /// A message from the server: a transcript, bot output, a function call or any other.
            Server(ServerMessage),
        }

        impl Event {
            /// Returns the event's name: the name that client-js uses, or a new one in the same
            /// style.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name,)+
                    Self::Server(message) => message.event_name(),
                }
            }

            /// Returns the event's data as JSON in wire form; `None` if it has none.
            pub fn data(&self) -> Option<Value> {
                match self {
                    $(Self::$variant $(($field))? $({$($part),+})? => events!(@json $($field)?; $($json)?),)+
                    Self::Server(message) => message.data(),
                }
            }
        }
    };
    (@json;) => { None };
    (@json $field:ident;) => { Some(json!($field)) };
    (@json $($field:ident)?; $json:expr) => { Some($json) };
}

event_table!(events!);

/// An event is moved from queue to queue, so the payloads of rare ones that are large are boxed.
const _: () = assert!(size_of::<Event>() <= 160, "box the new payload");

impl Event {
    /// Whether the event may be skipped while the app is slow, because a newer one replaces it.
    pub(crate) const fn is_lossy(&self) -> bool {
        matches!(self, Self::LocalAudioLevel(_) | Self::RemoteAudioLevel(_) | Self::TransportStats(_))
    }
}

/// Why a session ended.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum DisconnectReason {
    /// The app ended it.
    Requested,
    /// The bot ended it.
    BotLeft {
        /// The close code, if the transport has one.
        code: Option<u16>,
        /// The server's reason; may be empty.
        reason: String,
    },
    /// An error ended it.
    Failed(Error),
}

/// A stream of one participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Track {
    /// The kind of media that it carries.
    pub kind: TrackKind,
    /// The participant whose media it carries.
    pub participant: Participant,
}

/// The media that a track carries. New kinds may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum TrackKind {
    /// Audio.
    Audio,
    /// Video of a camera or of the bot.
    Video,
    /// Video of a shared screen.
    ScreenVideo,
}

/// How much of an utterance of the bot reached the speaker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct BotAudioHeard {
    /// How much of its audio went to the speaker. Audio in the speaker's own buffer counts as
    /// heard.
    #[serde(rename = "heardMs", serialize_with = "millis::as_fraction")]
    pub heard: Duration,
    /// How much of its audio arrived.
    #[serde(rename = "receivedMs", serialize_with = "millis::as_fraction")]
    pub received: Duration,
    /// Whether the utterance was cut off.
    pub interrupted: bool,
}

/// A microphone, speaker or camera.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(rename_all = "camelCase")]
pub struct MediaDevice {
    /// A stable identifier.
    pub device_id: String,
    /// A display name.
    pub label: String,
}

/// The state of each of a client's devices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(rename_all = "camelCase")]
pub struct MediaState {
    /// The microphone.
    pub mic: DeviceState,
    /// The speaker.
    pub speaker: DeviceState,
    /// The camera.
    pub cam: DeviceState,
    /// Whether the server has muted the microphone, so that the bot hears nothing of it. Ends when
    /// the server allows it, when the app turns the microphone on, or with the connection.
    #[cfg_attr(feature = "uniffi", uniffi(default = false))]
    pub mic_muted: bool,
}

/// The state of one device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum DeviceState {
    /// The client has not requested it.
    #[default]
    Uninitialized,
    /// It is being opened.
    Initializing,
    /// It is available.
    Granted,
    /// It can't be used.
    Error {
        /// The reason, for the app to act on.
        reason: DeviceErrorKind,
        /// The reason, as text for people.
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

/// The form in the event's data: `reason`, and the fields that belong to it.
impl Serialize for DisconnectReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let data = match self {
            Self::Requested => json!({"reason": "requested"}),
            Self::BotLeft { code, reason } => json!({"reason": "botLeft", "code": code, "message": reason}),
            Self::Failed(error) => json!({"reason": "failed", "error": error}),
        };
        data.serialize(serializer)
    }
}

/// The form of the server's `error` message, plus the SDK's kind and phase.
fn error_data(error: &Error, fatal: bool) -> Value {
    let mut data = json!(error);
    if let Some(object) = data.as_object_mut() {
        object.insert("error".to_owned(), json!(error.message()));
        object.insert("fatal".to_owned(), json!(fatal));
    }
    data
}
