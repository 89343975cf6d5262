//! What a client tells its app, in one ordered stream.
//!
//! Values only. An event's name is the one client-js uses (its `RTVIEvent`), and its data is in wire form. A new event is one row of the
//! table here; a new message of the server is one row of the table of [`ServerMessage`].

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

/// The client's own events, given to the macro `$then`: what it is, its variant with the fields, its name, and its data as JSON where
/// that is not simply its field.
macro_rules! event_table {
    ($then:ident!) => {
        $then! {
            /// The client is in another state.
            TransportStateChanged(state: TransportState) = "transportStateChanged",
            /// The transport is open; the bot is not ready yet.
            Connected = "connected",
            /// The session is over. The last event of every session.
            Disconnected(reason: DisconnectReason) = "disconnected",
            /// The start endpoint answered; its whole answer.
            BotStarted(answer: Value) = "botStarted",
            /// The bot's side of the connection is there.
            BotConnected(participant: Participant) = "botConnected",
            /// The bot has left.
            BotDisconnected(participant: Participant) = "botDisconnected",
            /// Somebody joined the session, the bot included.
            ParticipantConnected(participant: Participant) = "participantConnected",
            /// Somebody left the session, the bot included.
            ParticipantLeft(participant: Participant) = "participantLeft",
            /// A connection was lost and is being restored.
            Reconnecting {
                /// The attempt about to be made; the first is 1.
                attempt: u32,
                /// How many will be made.
                max_attempts: u32,
                /// Why the connection was lost.
                reason: Error,
            } = "reconnecting" => json!({"attempt": attempt, "maxAttempts": max_attempts, "reason": reason}),
            /// Something went wrong that no call can report. `fatal` errors end the session.
            Error {
                /// What.
                error: Error,
                /// Whether the session ends because of it.
                fatal: bool,
            } = "error" => error_data(error, *fatal),
            /// The server answered a message with an error.
            MessageError {
                /// The id of the message it answers, if the server named one.
                id: Option<String>,
                /// The server's text.
                error: String,
            } = "messageError" => json!({"id": id, "error": error}),
            /// A message of the server could not be understood and was dropped.
            ProtocolError {
                /// The message's type, if that much could be read.
                wire_type: Option<String>,
                /// What is wrong with it.
                reason: String,
            } = "protocolError" => json!({"type": wire_type, "reason": reason}),
            /// An option asks for something that is not supported here.
            UnsupportedFeature(feature: String) = "unsupportedFeature" => json!({"feature": feature}),
            /// A microphone's or the bot's audio began to flow.
            TrackStarted(track: Track) = "trackStarted",
            /// A microphone's or the bot's audio ended.
            TrackStopped(track: Track) = "trackStopped",
            /// A device's state changed.
            MediaStateUpdated(state: MediaState) = "mediaStateUpdated",
            /// The microphones to choose from, at first and whenever one comes or goes. Not reported for app-provided audio. This and
            /// the other events of devices come outside sessions, too.
            AvailableMicsUpdated(mics: Vec<MediaDevice>) = "availableMicsUpdated",
            /// The speakers to choose from, as for microphones.
            AvailableSpeakersUpdated(speakers: Vec<MediaDevice>) = "availableSpeakersUpdated",
            /// The microphone in use.
            MicUpdated(mic: MediaDevice) = "micUpdated",
            /// The speaker in use.
            SpeakerUpdated(speaker: MediaDevice) = "speakerUpdated",
            /// A microphone or speaker failed or has gone. When another takes its place, an event for that follows.
            DeviceError(error: Error) = "deviceError",
            /// What the bot said has been played, or was cut off: how much of it was heard. Follows the server's word that the bot
            /// stopped speaking, or was interrupted.
            BotAudioHeard(heard: BotAudioHeard) = "botAudioHeard",
            /// Audio was dropped that somebody would have heard: once when it begins, then once a second for each reason while it
            /// lasts, with what was dropped since the last one. What the network loses is in `TransportStats`; what the app discards
            /// by flushing, and the bot by an interruption, is in the audio statistics.
            AudioDropped(dropped: AudioDropped) = "audioDropped",
            /// The user began to speak, as heard here. Reported when the option for voice activity is set.
            LocalSpeechStarted = "localSpeechStarted",
            /// The user stopped speaking, as heard here.
            LocalSpeechStopped = "localSpeechStopped",
            /// Loudness of the microphone after its processing, 0 to 1, about ten times a second
            /// unless an option sets another period. Skipped while the app is slow.
            LocalAudioLevel(level: f32) = "localAudioLevel",
            /// Loudness of the bot as played, 0 to 1, about ten times a second. Skipped while the app is slow.
            RemoteAudioLevel(level: f32) = "remoteAudioLevel",
            /// How the connection does; once a second from transports that measure it. Skipped while the app is slow.
            TransportStats(stats: TransportStats) = "transportStats",
        }
    };
}
pub(crate) use event_table;

macro_rules! events {
    ($(
        $(#[$doc:meta])* $variant:ident $(($field:ident: $data:ty))? $({$($(#[$about:meta])* $part:ident: $type:ty,)+})?
            = $name:literal $(=> $json:expr)?,
    )+) => {
        /// Something that happened.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            $($(#[$doc])* $variant $(($data))? $({$($(#[$about])* $part: $type,)+})?,)+
            /// A message of the server: transcripts, bot output, function calls and all the others.
            Server(ServerMessage),
        }

        impl Event {
            /// The name that client-js uses for it, or a new one in the same style.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name,)+
                    Self::Server(message) => message.event_name(),
                }
            }

            /// Its data as JSON in wire form; `None` where there is none.
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

impl Event {
    /// Whether it may be skipped while the app is slow, because a newer one replaces it.
    pub(crate) const fn is_lossy(&self) -> bool {
        matches!(self, Self::LocalAudioLevel(_) | Self::RemoteAudioLevel(_) | Self::TransportStats(_))
    }
}

/// Why a session ended.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
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
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Track {
    /// What it carries.
    pub kind: TrackKind,
    /// Whose it is.
    pub participant: Participant,
}

/// What a track carries. New kinds may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum TrackKind {
    /// Sound.
    Audio,
}

/// How much of an utterance of the bot reached the speaker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct BotAudioHeard {
    /// How much of its audio was given to the speaker. What the speaker itself still buffers counts as heard.
    #[serde(rename = "heardMs", serialize_with = "millis::as_fraction")]
    pub heard: Duration,
    /// How much of its audio arrived.
    #[serde(rename = "receivedMs", serialize_with = "millis::as_fraction")]
    pub received: Duration,
    /// Whether it was cut off.
    pub interrupted: bool,
}

/// A microphone or speaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(rename_all = "camelCase")]
pub struct MediaDevice {
    /// Stable identifier.
    pub device_id: String,
    /// Name to show.
    pub label: String,
}

/// What a client's devices are doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
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
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
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

/// As the data of the event: `reason`, and what belongs to it.
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

/// The shape of the server's `error` message, with our kind and phase beside it.
fn error_data(error: &Error, fatal: bool) -> Value {
    let mut data = json!(error);
    if let Some(object) = data.as_object_mut() {
        object.insert("error".to_owned(), json!(error.message()));
        object.insert("fatal".to_owned(), json!(fatal));
    }
    data
}
