//! Payloads of what a user sends beside speech: text, files, key presses, and audio inside messages.
//!
//! Pure; depends on serde. Options that are not set are left out: servers refuse an explicit null.

use serde::{Deserialize, Serialize};

use crate::protocol::JsonObject;

/// A text typed by the user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendTextData {
    /// The text.
    pub content: String,
    /// How to treat it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<SendTextOptions>,
}

/// How the bot treats a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendTextOptions {
    /// Interrupt the bot and answer at once; true if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_immediately: Option<bool>,
    /// Speak the answer; true if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_response: Option<bool>,
}

/// A file with a text of the user. Needs a 2.2.0 bot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SendFileData {
    /// The text that goes with it; may be empty.
    pub content: String,
    /// The file.
    pub file: File,
    /// How to treat it.
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
    /// Its content, or where that is.
    pub source: FileSource,
}

/// Where the content of a file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum FileSource {
    /// In the message itself: a third larger there, as base64, and limited by the transport's message size.
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
    /// At a URL that the bot or its LLM service can read: `http(s)`, `s3`, `gs`, or `pipecat:` from an upload to the bot.
    Url {
        /// The URL.
        url: String,
    },
}

/// How the bot treats a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SendFileOptions {
    /// Interrupt the bot and answer at once; true if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_immediately: Option<bool>,
    /// Speak the answer; true if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_response: Option<bool>,
    /// Options of the LLM service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_options: Option<JsonObject>,
}

/// Presses of telephone keys `0`–`9`, `*`, `#`; made by [`ClientMessage::dtmf`](crate::protocol::ClientMessage::dtmf),
/// which knows which form a bot takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DtmfData {
    /// Keys in order: bots from 2.1.0 on.
    Buttons {
        /// The keys.
        buttons: Vec<char>,
    },
    /// One key: 2.0.x bots.
    Button {
        /// The key.
        button: char,
    },
}

/// Audio of the microphone, for transports without an audio path.
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

/// Several pieces of audio of the microphone in one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawAudioBatchData {
    /// As in [`RawAudioData`], one after the other.
    #[serde(rename = "base64AudioBatch", with = "crate::protocol::lenient::base64_list")]
    pub audio: Vec<Vec<u8>>,
    /// Samples per second and channel.
    pub sample_rate: u32,
    /// Number of channels.
    pub num_channels: u32,
}
