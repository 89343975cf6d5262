//! Payloads about what the LLM produces besides its text.
//!
//! Pure; depends on serde.

use serde::{Deserialize, Serialize};

use crate::protocol::lenient::{null_as_default, numbers};

/// A marker that the LLM added to its text. The bot does not speak it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct BotLlmMarkerData {
    /// The marker; empty if the answer has none.
    pub text: String,
    /// Its meaning, as described by the bot's author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The LLM's complete answer with its markers.
    #[serde(default, deserialize_with = "null_as_default")]
    pub raw: String,
    /// All markers that the bot knows.
    #[serde(default, deserialize_with = "null_as_default")]
    pub markers: Vec<String>,
}

/// The results of a web search by the LLM.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct BotLlmSearchResponseData {
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search_result: Option<String>,
    /// HTML to show with the answer, as the search service requires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rendered_content: Option<String>,
    /// The sites that the answer is based on.
    #[serde(default, deserialize_with = "null_as_default")]
    pub origins: Vec<SearchOrigin>,
}

/// A site that a search result comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SearchOrigin {
    /// Its URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_uri: Option<String>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_title: Option<String>,
    /// The parts of the answer that it supports.
    #[serde(default, deserialize_with = "null_as_default")]
    pub results: Vec<SearchResult>,
}

/// A part of an answer, with how well its site supports it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SearchResult {
    /// The text of the part.
    #[serde(default, deserialize_with = "null_as_default")]
    pub text: String,
    /// Confidences from 0 to 1; 0 where the server has no number, such as `NaN`.
    #[serde(default, deserialize_with = "numbers")]
    pub confidence: Vec<f64>,
}
