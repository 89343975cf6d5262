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
    /// The speaker; empty if the transport does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The time by the server's clock, as ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// False for an interim transcription; `final` on the wire. A transcription without this field
    /// is final.
    #[serde(rename = "final", default = "yes", deserialize_with = "null_as_true")]
    pub is_final: bool,
}

open_enum! {
    /// How the user's input reached the bot.
    UserInputType {
        /// Spoken and transcribed.
        Transcription = "transcription",
        /// Typed: a client sent it with send-text.
        Chat = "chat",
        /// A short acknowledgement while the bot speaks, such as "mhm". It does not interrupt the
        /// bot or reach the LLM.
        Backchannel = "backchannel",
    }
}

/// What the user said or typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct UserInputData {
    /// The text.
    pub text: String,
    /// How the input reached the bot.
    pub input_type: UserInputType,
    /// The time by the server's clock, as ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// False for an interim transcription; `final` on the wire. Input without this field is final.
    #[serde(rename = "final", default = "yes", deserialize_with = "null_as_true")]
    pub is_final: bool,
    /// The user who spoke or typed, if the transport knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// For typed input, the id of the client's send-text message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub msg_id: Option<String>,
}
