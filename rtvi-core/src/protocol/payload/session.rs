//! Payloads of the handshake, of errors, and of requests and messages that the app defines.
//!
//! Pure; depends on serde and the version type.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::protocol::Version;
use crate::protocol::lenient::{absent_unless_fits, null_as_default, text_or_number};

/// The client's name, version and platform, as sent to the bot in client-ready.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AboutData {
    /// Name of the client library.
    pub library: String,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library_version: Option<String>,
    /// Operating system or other platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_version: Option<String>,
    /// Further details of the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_details: Option<Value>,
}

/// What the bot reports about itself when it is ready.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct BotReadyData {
    /// The protocol version, as written by the server.
    #[serde(default, deserialize_with = "text_or_number", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The bot's library and further details. Any JSON; by default an object `{library,
    /// library_version}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Value>,
    /// The bot's capabilities in this session (since 2.2.0).
    #[serde(default, deserialize_with = "absent_unless_fits", skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<BotCapabilities>,
    /// The service configuration, which only servers before 1.0 send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Value>,
}

impl BotReadyData {
    /// The protocol version of the bot; 0.0.0, the oldest of all, if the bot sent none or an
    /// unreadable one.
    pub fn protocol_version(&self) -> Version {
        self.version.as_deref().and_then(Version::parse).unwrap_or_default()
    }
}

/// The capabilities of a bot in a session. If one is absent, the bot did not report it: show the
/// usual user interface. If it is false, hide that part of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct BotCapabilities {
    /// The bot hears the user.
    #[serde(default, deserialize_with = "absent_unless_fits", skip_serializing_if = "Option::is_none")]
    pub audio_in: Option<bool>,
    /// The bot speaks.
    #[serde(default, deserialize_with = "absent_unless_fits", skip_serializing_if = "Option::is_none")]
    pub audio_out: Option<bool>,
    /// The bot sees the user's camera.
    #[serde(default, deserialize_with = "absent_unless_fits", skip_serializing_if = "Option::is_none")]
    pub video_in: Option<bool>,
    /// The bot sees the user's screen.
    #[serde(default, deserialize_with = "absent_unless_fits", skip_serializing_if = "Option::is_none")]
    pub screen_in: Option<bool>,
    /// The bot sends video.
    #[serde(default, deserialize_with = "absent_unless_fits", skip_serializing_if = "Option::is_none")]
    pub video_out: Option<bool>,
    /// The bot reports metrics.
    #[serde(default, deserialize_with = "absent_unless_fits", skip_serializing_if = "Option::is_none")]
    pub metrics: Option<bool>,
}

/// An error reported by the bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ErrorFields")]
pub struct BotErrorData {
    /// The server's text.
    pub error: String,
    /// Whether the bot has stopped because of the error.
    pub fatal: bool,
}

/// The server's refusal of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ErrorFields")]
pub struct ErrorResponseData {
    /// The server's text.
    pub error: String,
}

/// Servers write `error`; the documentation and some clients write `message`.
#[derive(Deserialize)]
struct ErrorFields {
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    fatal: bool,
}

impl ErrorFields {
    fn text(self) -> Result<String, &'static str> {
        self.error.or(self.message).ok_or("missing field `error`")
    }
}

impl TryFrom<ErrorFields> for BotErrorData {
    type Error = &'static str;

    fn try_from(fields: ErrorFields) -> Result<Self, Self::Error> {
        Ok(Self { fatal: fields.fatal, error: fields.text()? })
    }
}

impl TryFrom<ErrorFields> for ErrorResponseData {
    type Error = &'static str;

    fn try_from(fields: ErrorFields) -> Result<Self, Self::Error> {
        Ok(Self { error: fields.text()? })
    }
}

/// The bot's answer to a client-message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ServerResponseData {
    /// The type of the client-message.
    pub t: String,
    /// The answer. An explicit null is the same as no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub d: Option<Value>,
}

/// A text to add to the LLM's context. Servers of protocol 2 refuse it with an error-response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppendToContextData {
    /// The author of the text: `user` or `assistant`.
    pub role: String,
    /// The text, or content parts in the form that the LLM service accepts.
    pub content: Value,
    /// Whether the LLM answers at once; false if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_immediately: Option<bool>,
}
