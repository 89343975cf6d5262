//! The payload of metrics.
//!
//! Pure; depends on serde. Entries are kept whole, because services add fields of their own.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::protocol::JsonObject;

/// Measurements, by kind. Times are in seconds.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MetricsData {
    /// Time to first byte: `value`.
    pub ttfb: Vec<MetricEntry>,
    /// Processing time: `value`.
    pub processing: Vec<MetricEntry>,
    /// Characters spoken: `value`.
    pub characters: Vec<MetricEntry>,
    /// Time to first audible audio: `ttfa` = `ttfb` + `leading_silence`.
    pub ttfa: Vec<MetricEntry>,
    /// Time to the first token of the answer: `ttfat` = `ttfb` + `thinking_time`.
    pub ttfat: Vec<MetricEntry>,
    /// Tokens of the LLM: `prompt_tokens`, `completion_tokens`, `total_tokens` and more; without
    /// `processor`.
    pub tokens: Vec<MetricEntry>,
    /// Audio transcribed since the last report: `value` is `{audio_seconds}`.
    pub stt_usage: Vec<MetricEntry>,
    /// Kinds that this version does not know, unchanged.
    pub other: JsonObject,
}

impl MetricsData {
    /// The known kinds with their names.
    pub fn kinds(&self) -> [(&'static str, &[MetricEntry]); 7] {
        [
            ("ttfb", &self.ttfb),
            ("processing", &self.processing),
            ("characters", &self.characters),
            ("ttfa", &self.ttfa),
            ("ttfat", &self.ttfat),
            ("tokens", &self.tokens),
            ("stt_usage", &self.stt_usage),
        ]
    }

    fn kind_mut(&mut self, name: &str) -> Option<&mut Vec<MetricEntry>> {
        match name {
            "ttfb" => Some(&mut self.ttfb),
            "processing" => Some(&mut self.processing),
            "characters" => Some(&mut self.characters),
            "ttfa" => Some(&mut self.ttfa),
            "ttfat" => Some(&mut self.ttfat),
            "tokens" => Some(&mut self.tokens),
            "stt_usage" => Some(&mut self.stt_usage),
            _ => None,
        }
    }
}

impl Serialize for MetricsData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, entries) in self.kinds().into_iter().filter(|(_, entries)| !entries.is_empty()) {
            map.serialize_entry(name, entries)?;
        }
        for (name, value) in &self.other {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for MetricsData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MetricsVisitor)
    }
}

struct MetricsVisitor;

impl<'de> Visitor<'de> for MetricsVisitor {
    type Value = MetricsData;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of metrics")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MetricsData, A::Error> {
        let mut metrics = MetricsData::default();
        while let Some(name) = map.next_key::<String>()? {
            if let Some(kind) = metrics.kind_mut(&name) {
                *kind = map.next_value::<Option<Vec<MetricEntry>>>()?.unwrap_or_default();
            } else if let Some(value) = map.next_value::<Option<Value>>()? {
                metrics.other.insert(name, value);
            }
        }
        Ok(metrics)
    }
}

/// One measurement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(from = "JsonObject", into = "JsonObject")]
pub struct MetricEntry {
    /// The part of the bot that was measured, if the server names it.
    pub processor: Option<String>,
    /// The model that it uses, if any.
    pub model: Option<String>,
    /// The measured value in seconds or characters, if it is one number.
    pub value: Option<f64>,
    /// All fields as the server sent them, including those above.
    pub fields: JsonObject,
}

impl From<JsonObject> for MetricEntry {
    fn from(fields: JsonObject) -> Self {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let value = fields.get("value").and_then(Value::as_f64);
        Self { processor: text("processor"), model: text("model"), value, fields }
    }
}

impl From<MetricEntry> for JsonObject {
    fn from(entry: MetricEntry) -> Self {
        entry.fields
    }
}

impl MetricEntry {
    /// The field `name`, if it is a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.fields.get(name).and_then(Value::as_f64)
    }
}
