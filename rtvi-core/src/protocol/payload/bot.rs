//! Payloads about what the bot says.
//!
//! Pure; depends on serde.

use serde::{Deserialize, Serialize};

use crate::protocol::lenient::null_as_default;
use crate::protocol::open_enum::open_enum;

/// A text, and no other field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct TextData {
    /// The text.
    pub text: String,
}

open_enum! {
    /// The form of a piece of bot output. Apps define their own, such as `code` or `url`.
    OutputType {
        /// A sentence.
        Sentence = "sentence",
        /// One word; sent by 1.x servers only.
        Word = "word",
        /// One token of the LLM; sent by 1.x servers only.
        Token = "token",
        /// A short acknowledgement while the user speaks, such as "mhm"; since 2.2.0.
        Backchannel = "backchannel",
    }
}

open_enum! {
    /// How far a segment of bot output has been spoken.
    SpokenStatus {
        /// The segment's first message.
        New = "new",
        /// The bot is speaking one of its words.
        InProgress = "in-progress",
        /// The bot has spoken its last word. After an interruption this may never arrive.
        Completed = "completed",
    }
}

/// How much of a segment has been spoken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SpokenProgress {
    /// The text up to and including the word being spoken.
    #[serde(default, deserialize_with = "null_as_default")]
    pub accumulated_text: String,
    /// The text that has not been spoken yet.
    #[serde(default, deserialize_with = "null_as_default")]
    pub remaining_text: String,
}

/// A piece of what the bot says or writes.
///
/// From protocol 2 on, the messages of one segment share a segment id and report its progress. A
/// 1.x server sends each piece twice: once when it is written and once when it is spoken. The field
/// `spoken` distinguishes the two. On output, the type is written under all three names that
/// protocol 2 servers use: `output_type`, `text_type` and `aggregated_by`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(from = "BotOutputFields", into = "BotOutputFields")]
pub struct BotOutputData {
    /// The text of the piece.
    pub text: String,
    /// Its form; a sentence if the server does not report it.
    pub output_type: OutputType,
    /// The segment that it belongs to.
    pub segment_id: Option<u64>,
    /// Whether it has been spoken. 1.x servers send it; protocol 2 servers send it with a segment's
    /// first message.
    pub spoken: Option<bool>,
    /// Whether it will be spoken.
    pub will_be_spoken: Option<bool>,
    /// How far the segment has been spoken.
    pub spoken_status: Option<SpokenStatus>,
    /// What has been spoken and what has not.
    pub spoken_progress: Option<SpokenProgress>,
}

/// The fields on the wire, with every name that the type has had.
#[derive(Clone, Serialize, Deserialize)]
struct BotOutputFields {
    text: String,
    #[serde(default)]
    output_type: Option<OutputType>,
    #[serde(default)]
    text_type: Option<OutputType>,
    #[serde(default)]
    aggregated_by: Option<OutputType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    segment_id: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spoken: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    will_be_spoken: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spoken_status: Option<SpokenStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spoken_progress: Option<SpokenProgress>,
}

impl From<BotOutputFields> for BotOutputData {
    fn from(fields: BotOutputFields) -> Self {
        let output_type = fields.output_type.or(fields.text_type).or(fields.aggregated_by);
        Self {
            text: fields.text,
            output_type: output_type.unwrap_or(OutputType::Sentence),
            segment_id: fields.segment_id,
            spoken: fields.spoken,
            will_be_spoken: fields.will_be_spoken,
            spoken_status: fields.spoken_status,
            spoken_progress: fields.spoken_progress,
        }
    }
}

impl From<BotOutputData> for BotOutputFields {
    fn from(data: BotOutputData) -> Self {
        Self {
            text: data.text,
            text_type: Some(data.output_type.clone()),
            aggregated_by: Some(data.output_type.clone()),
            output_type: Some(data.output_type),
            segment_id: data.segment_id,
            spoken: data.spoken,
            will_be_spoken: data.will_be_spoken,
            spoken_status: data.spoken_status,
            spoken_progress: data.spoken_progress,
        }
    }
}

/// Synthesized speech.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct BotTtsAudioData {
    /// 16-bit little-endian PCM, channels interleaved; base64 on the wire.
    #[serde(with = "crate::protocol::lenient::base64_bytes")]
    pub audio: Vec<u8>,
    /// Samples per second and channel.
    pub sample_rate: u32,
    /// Number of channels.
    pub num_channels: u32,
}

/// Loudness.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AudioLevelData {
    /// From 0 (silence) to 1; 0 where the server has no number, such as `NaN`.
    #[serde(deserialize_with = "null_as_default")]
    pub value: f64,
}
