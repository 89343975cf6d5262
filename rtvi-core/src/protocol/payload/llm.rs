//! Payloads about what the LLM does beside its text.
//!
//! Pure; depends on serde.

use serde::{Deserialize, Serialize};

use crate::protocol::lenient::{null_as_default, numbers};

/// A marker that the LLM put beside its text, kept out of what is spoken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct BotLlmMarkerData {
    /// The marker; empty if the answer had none.
    pub text: String,
    /// What it means, in the words of the bot's author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The LLM's whole answer with its markers.
    #[serde(default, deserialize_with = "null_as_default")]
    pub raw: String,
    /// All markers the bot knows.
    #[serde(default, deserialize_with = "null_as_default")]
    pub markers: Vec<String>,
}

/// What a web search of the LLM found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct BotLlmSearchResponseData {
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search_result: Option<String>,
    /// HTML to show with it, as the search service demands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rendered_content: Option<String>,
    /// Where it was found.
    #[serde(default, deserialize_with = "null_as_default")]
    pub origins: Vec<SearchOrigin>,
}

/// A site that a search result came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SearchOrigin {
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_uri: Option<String>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_title: Option<String>,
    /// The parts of the answer it supports.
    #[serde(default, deserialize_with = "null_as_default")]
    pub results: Vec<SearchResult>,
}

/// A part of an answer with how well its origin supports it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SearchResult {
    /// The part.
    #[serde(default, deserialize_with = "null_as_default")]
    pub text: String,
    /// Confidences from 0 to 1; 0 where the server has no number, as `NaN`.
    #[serde(default, deserialize_with = "numbers")]
    pub confidence: Vec<f64>,
}
