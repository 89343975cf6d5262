//! Payloads about what the user says or types.
//!
//! Pure; depends on serde.

use serde::{Deserialize, Serialize};

use crate::protocol::lenient::{null_as_true, yes};
use crate::protocol::open_enum::open_enum;

/// What the user said, as transcribed so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct TranscriptData {
    /// The text.
    pub text: String,
    /// Who spoke; empty where the transport does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// When, as ISO 8601 by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// `final` on the wire: false for an interim transcription. A server that does not say sends final ones.
    #[serde(rename = "final", default = "yes", deserialize_with = "null_as_true")]
    pub is_final: bool,
}

open_enum! {
    /// How the user's input came to the bot.
    UserInputType {
        /// Spoken, and transcribed.
        Transcription = "transcription",
        /// Typed: sent by a client with send-text.
        Chat = "chat",
        /// A short acknowledgement while the bot speaks, such as "mhm"; it does not interrupt or reach the LLM.
        Backchannel = "backchannel",
    }
}

/// What the user said or typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct UserInputData {
    /// The text.
    pub text: String,
    /// How it came.
    pub input_type: UserInputType,
    /// When, as ISO 8601 by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// `final` on the wire: false for an interim transcription. A server that does not say sends final ones.
    #[serde(rename = "final", default = "yes", deserialize_with = "null_as_true")]
    pub is_final: bool,
    /// Who spoke or typed, where the transport knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// For typed input, the id of the client's send-text message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub msg_id: Option<String>,
}
