//! The table of messages that the client sends, and the rules for which bot accepts which.
//!
//! Pure; depends on the payloads, the versions and [`crate::Error`].

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Version;
use super::payload::*;
use crate::{Error, ErrorKind};

macro_rules! client_messages {
    ($($(#[$doc:meta])* $variant:ident($data:ty) = $wire:literal,)+) => {
        /// A message from the client. It serializes as its data; [`encode`](super::encode) adds the
        /// envelope.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum ClientMessage {
            /// The client is ready; the bot answers with bot-ready.
            ClientReady {
                /// The protocol version of the client.
                version: Version,
                /// The client's name, version and platform.
                about: AboutData,
            },
            /// Asks the bot to leave.
            DisconnectBot,
            /// A message or request defined by the app. A bot answers it only if its author wrote
            /// an answer.
            ClientMessage {
                /// Its type.
                t: String,
                /// Its data.
                d: Option<Value>,
            },
            $($(#[$doc])* $variant($data),)+
        }

        impl ClientMessage {
            /// The types of all messages, as on the wire.
            pub const WIRE_TYPES: &'static [&'static str] =
                &["client-ready", "disconnect-bot", "client-message", $($wire,)+];

            /// The message's type on the wire.
            pub const fn wire_type(&self) -> &'static str {
                match self {
                    Self::ClientReady { .. } => "client-ready",
                    Self::DisconnectBot => "disconnect-bot",
                    Self::ClientMessage { .. } => "client-message",
                    $(Self::$variant(_) => $wire,)+
                }
            }
        }

        impl Serialize for ClientMessage {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Self::ClientReady { version, about } => ready(serializer, *version, about),
                    Self::DisconnectBot => serializer.serialize_map(Some(0))?.end(),
                    Self::ClientMessage { t, d } => app_message(serializer, t, d.as_ref()),
                    $(Self::$variant(data) => data.serialize(serializer),)+
                }
            }
        }
    };
}

client_messages! {
    /// A text typed by the user.
    SendText(SendTextData) = "send-text",
    /// A file from the user (2.2.0).
    SendFile(SendFileData) = "send-file",
    /// Telephone key presses (2.0.0). Create them with [`Self::dtmf`].
    Dtmf(DtmfData) = "dtmf",
    /// The result of a function call.
    FunctionCallResult(FunctionCallResultData) = "llm-function-call-result",
    /// Microphone audio, for transports without an audio path.
    RawAudio(RawAudioData) = "raw-audio",
    /// Several pieces of audio in one message.
    RawAudioBatch(RawAudioBatchData) = "raw-audio-batch",
    /// Reports what happened in the user interface.
    UiEvent(UiEventData) = "ui-event",
    /// Reports what the user sees.
    UiSnapshot(UiSnapshotData) = "ui-snapshot",
    /// Asks the server to cancel a group of jobs.
    UiCancelJobGroup(UiCancelJobGroupData) = "ui-cancel-job-group",
    /// A text for the LLM's context. Deprecated: servers of protocol 2 refuse it.
    AppendToContext(AppendToContextData) = "append-to-context",
}

impl ClientMessage {
    /// Returns the messages that press `keys` (`0`–`9`, `*`, `#`) in order on a bot of the given
    /// version.
    ///
    /// The result is one message for bots from 2.1.0 on, and one message per key for 2.0.x.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if `keys` is empty or contains another character;
    /// [`ErrorKind::UnsupportedFeature`] for older bots.
    pub fn dtmf(keys: &str, bot: Version) -> Result<Vec<Self>, Error> {
        check_keys(keys)?;
        if !bot.has_dtmf() {
            return Err(unsupported("DTMF", Version::new(2, 0, 0), bot));
        }
        if bot.has_dtmf_sequences() {
            return Ok(vec![Self::Dtmf(DtmfData::Buttons { buttons: keys.chars().collect() })]);
        }
        Ok(keys.chars().map(|button| Self::Dtmf(DtmfData::Button { button })).collect())
    }

    /// Checks whether a bot of the given version accepts this message.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`] for a file to a bot before 2.2.0 and for key presses to a
    /// bot before 2.0.0.
    pub fn check_supported(&self, bot: Version) -> Result<(), Error> {
        match self {
            Self::SendFile(_) if !bot.has_send_file() => {
                Err(unsupported("send-file", Version::new(2, 2, 0), bot))
            }
            Self::Dtmf(_) if !bot.has_dtmf() => Err(unsupported("DTMF", Version::new(2, 0, 0), bot)),
            _ => Ok(()),
        }
    }
}

fn check_keys(keys: &str) -> Result<(), Error> {
    if keys.is_empty() {
        return Err(Error::new(ErrorKind::InvalidArgument, "no DTMF keys were given"));
    }
    let bad = keys.chars().enumerate().find(|(_, key)| !matches!(key, '0'..='9' | '*' | '#'));
    let Some((index, key)) = bad else { return Ok(()) };
    let message = format!("DTMF key {key:?} at position {} is not one of 0-9, * and #", index + 1);
    Err(Error::new(ErrorKind::InvalidArgument, message))
}

fn unsupported(feature: &str, needed: Version, bot: Version) -> Error {
    let message = format!("{feature} needs a bot of protocol {needed} or newer; this one speaks {bot}");
    Error::new(ErrorKind::UnsupportedFeature, message)
}

fn ready<S: Serializer>(serializer: S, version: Version, about: &AboutData) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(2))?;
    map.serialize_entry("version", &version)?;
    map.serialize_entry("about", about)?;
    map.end()
}

fn app_message<S: Serializer>(serializer: S, t: &str, d: Option<&Value>) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("t", t)?;
    if let Some(d) = d {
        map.serialize_entry("d", d)?;
    }
    map.end()
}
