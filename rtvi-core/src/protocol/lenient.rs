//! Readers and writers for payload fields that servers spell in more than one way.
//!
//! Pure; depends on serde only. Its errors must never quote the value, because the value may be
//! something a person said.

use base64::Engine;
use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serializer};
use serde_json::Value;

use super::{JsonObject, json_text};

/// Reads an explicit null as absent, which means the default.
pub(super) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads an explicit null as absent, which means true.
pub(super) fn null_as_true<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(true))
}

/// Reads a list of numbers. Null in the list is zero; null instead of the list is an empty list.
pub(super) fn numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    let numbers: Option<Vec<Option<f64>>> = Option::deserialize(deserializer)?;
    Ok(numbers.unwrap_or_default().into_iter().map(Option::unwrap_or_default).collect())
}

/// The default of a field whose absence means true.
pub(super) const fn yes() -> bool {
    true
}

/// Reads a value of the wrong type as absent: for optional extras that must not invalidate the
/// message.
pub(super) fn absent_unless_fits<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(if value.is_null() { None } else { serde_json::from_value(value).ok() })
}

/// Reads a string, or a number as its text; anything else is absent.
pub(super) fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Reads the id of a function call: a string, a number as its text, or empty if there is none.
pub(super) fn call_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(String::new()),
        Value::String(id) => Ok(id),
        Value::Number(id) => Ok(id.to_string()),
        other => Err(D::Error::custom(format_args!("expected a string, found {}", kind_of(&other)))),
    }
}

/// Reads call arguments: a JSON object, or a string that contains one (some LLM services send
/// that).
pub(super) fn arguments<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<JsonObject>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Object(object) => Ok(Some(object)),
        Value::String(text) if text.trim().is_empty() => Ok(Some(JsonObject::new())),
        Value::String(text) => match json_text::read(text.as_bytes()) {
            Ok(Value::Object(object)) => Ok(Some(object)),
            _ => Err(D::Error::custom(
                "expected arguments as a JSON object, found a string that contains none",
            )),
        },
        other => Err(D::Error::custom(format_args!(
            "expected arguments as a JSON object, found {}",
            kind_of(&other)
        ))),
    }
}

/// The kind of a JSON value, with its article.
pub(super) const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Bytes as base64 text. Reading also accepts a `data:` URL.
pub(super) mod base64_bytes {
    use super::*;

    pub(in crate::protocol) fn serialize<S: Serializer>(
        bytes: &[u8],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(bytes, &STANDARD))
    }

    pub(in crate::protocol) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let encoded = text.split_once("base64,").map_or(text.as_str(), |(_, encoded)| encoded);
        STANDARD.decode(encoded).map_err(|_| D::Error::custom("expected base64 text"))
    }
}

/// A list of byte strings, each as base64 text.
pub(super) mod base64_list {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    struct Item(#[serde(with = "super::base64_bytes")] Vec<u8>);

    #[derive(Serialize)]
    #[serde(transparent)]
    struct ItemRef<'a>(#[serde(serialize_with = "super::base64_bytes::serialize")] &'a [u8]);

    pub(in crate::protocol) fn serialize<S: Serializer>(
        list: &[Vec<u8>],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter().map(|bytes| ItemRef(bytes)))
    }

    pub(in crate::protocol) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Vec<u8>>, D::Error> {
        let items = Vec::<Item>::deserialize(deserializer)?;
        Ok(items.into_iter().map(|item| item.0).collect())
    }
}
