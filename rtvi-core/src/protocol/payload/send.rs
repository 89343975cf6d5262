//! Payloads that a user sends besides speech: text, files, key presses, and audio inside messages.
//!
//! Pure; depends on serde. Unset options are omitted: servers refuse an explicit null.

use serde::{Deserialize, Serialize};

use crate::protocol::JsonObject;

/// A text typed by the user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendTextData {
    /// The text.
    pub content: String,
    /// How the bot handles the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<SendTextOptions>,
}

/// How the bot handles a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendTextOptions {
    /// Whether to interrupt the bot and answer at once; true if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_immediately: Option<bool>,
    /// Whether to speak the answer; true if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_response: Option<bool>,
}

/// A file with a text from the user. Needs a 2.2.0 bot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SendFileData {
    /// The text sent with the file; may be empty.
    pub content: String,
    /// The file.
    pub file: File,
    /// How the bot handles the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<SendFileOptions>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its media type, such as `application/pdf`.
    pub format: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its content, or where to find it.
    pub source: FileSource,
}

/// Where the content of a file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum FileSource {
    /// Inside the message, as base64. That makes it a third larger, and the transport's message
    /// size limits it.
    Bytes {
        /// The content.
        #[serde(with = "crate::protocol::lenient::base64_bytes")]
        bytes: Vec<u8>,
        /// Width of an image in pixels.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        width: Option<u32>,
        /// Height of an image in pixels.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        height: Option<u32>,
    },
    /// At a URL that the bot or its LLM service can read: `http(s)`, `s3`, `gs`, or `pipecat:` from
    /// an upload to the bot.
    Url {
        /// The URL.
        url: String,
    },
}

/// How the bot handles a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SendFileOptions {
    /// Whether to interrupt the bot and answer at once; true if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_immediately: Option<bool>,
    /// Whether to speak the answer; true if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_response: Option<bool>,
    /// Options of the LLM service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_options: Option<JsonObject>,
}

/// Presses of telephone keys `0`–`9`, `*`, `#`. Create them with
/// [`ClientMessage::dtmf`](crate::protocol::ClientMessage::dtmf), which knows the form that a bot
/// accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DtmfData {
    /// Several keys in order, for bots from 2.1.0 on.
    Buttons {
        /// The keys.
        buttons: Vec<char>,
    },
    /// One key, for 2.0.x bots.
    Button {
        /// The key.
        button: char,
    },
}

/// Microphone audio, for transports without an audio path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawAudioData {
    /// 16-bit little-endian PCM, channels interleaved; base64 on the wire.
    #[serde(rename = "base64Audio", with = "crate::protocol::lenient::base64_bytes")]
    pub audio: Vec<u8>,
    /// Samples per second and channel.
    pub sample_rate: u32,
    /// Number of channels.
    pub num_channels: u32,
}

/// Several pieces of microphone audio in one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawAudioBatchData {
    /// The pieces in order, each as in [`RawAudioData`].
    #[serde(rename = "base64AudioBatch", with = "crate::protocol::lenient::base64_list")]
    pub audio: Vec<Vec<u8>>,
    /// Samples per second and channel.
    pub sample_rate: u32,
    /// Number of channels.
    pub num_channels: u32,
}
