//! The client's messages as the bot reads them: the envelope, and what each kind carries.
//!
//! Values only.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// An incoming RTVI message.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Envelope {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) data: Data,
}

/// What a message carries, if anything.
pub(crate) type Data = Option<Map<String, Value>>;

impl Envelope {
    /// Reads a message. Nothing when it is not RTVI's (wrong label), which the server ignores.
    pub(crate) fn read(message: &Value) -> Option<Result<Self, String>> {
        let is_ours = message.as_object()?.get("label").and_then(Value::as_str) == Some("rtvi-ai");
        is_ours.then(|| Self::deserialize(message).map_err(|error| error.to_string()))
    }
}

/// Reads the data of a message.
///
/// # Errors
/// The text for an `error-response`.
pub(crate) fn read<T: DeserializeOwned>(data: &Data) -> Result<T, String> {
    let data = data.clone().map_or(Value::Null, Value::Object);
    serde_json::from_value(data).map_err(invalid)
}

/// The text for an `error-response` to a message that can't be carried out as it is.
pub(crate) fn invalid(reason: impl std::fmt::Display) -> String {
    format!("Invalid message: {reason}")
}

#[derive(Deserialize)]
pub(crate) struct ClientMessage {
    pub(crate) t: String,
    #[serde(default)]
    pub(crate) d: Value,
}

#[derive(Deserialize)]
pub(crate) struct FunctionResult {
    pub(crate) function_name: String,
    pub(crate) tool_call_id: String,
    /// An object or a text.
    pub(crate) result: Value,
}

#[derive(Deserialize)]
pub(crate) struct SendText {
    pub(crate) content: String,
    pub(crate) options: Option<ReplyOptions>,
}

/// How the bot replies to what was sent.
#[derive(Clone, Copy, Deserialize)]
#[serde(default)]
pub(crate) struct ReplyOptions {
    pub(crate) run_immediately: bool,
    pub(crate) audio_response: bool,
}

impl Default for ReplyOptions {
    fn default() -> Self {
        Self { run_immediately: true, audio_response: true }
    }
}

#[derive(Deserialize)]
pub(crate) struct AppendToContext {
    pub(crate) role: String,
    pub(crate) content: Value,
    #[serde(default)]
    pub(crate) run_immediately: bool,
}

#[derive(Deserialize)]
pub(crate) struct SendFile {
    pub(crate) content: String,
    pub(crate) file: File,
    pub(crate) options: Option<ReplyOptions>,
}

#[derive(Deserialize)]
pub(crate) struct File {
    pub(crate) format: String,
    pub(crate) name: Option<String>,
    pub(crate) source: Source,
}

/// Where the content of a file is.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum Source {
    /// In base64, or in a whole `data:` URL.
    Bytes {
        bytes: String,
    },
    Url {
        url: String,
    },
}

#[derive(Deserialize)]
pub(crate) struct Dtmf {
    pub(crate) buttons: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct UiEvent {
    pub(crate) event: String,
    pub(crate) payload: Option<Value>,
}

#[derive(Deserialize)]
pub(crate) struct UiSnapshot {
    pub(crate) tree: Map<String, Value>,
}

#[derive(Deserialize, Serialize)]
pub(crate) struct UiCancelJobGroup {
    job_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn envelopes_need_id_type_and_an_object() {
        let good = Envelope::read(&json!({ "label": "rtvi-ai", "type": "x", "id": "1", "data": null }));
        assert_eq!(good, Some(Ok(Envelope { id: "1".into(), kind: "x".into(), data: None })));
        assert_eq!(Envelope::read(&json!({ "label": "other", "type": "x", "id": "1" })), None);
        assert_eq!(Envelope::read(&json!([1])), None);
        for bad in [
            json!({ "label": "rtvi-ai", "type": 3, "id": "1" }),
            json!({ "label": "rtvi-ai", "type": "x" }),
            json!({ "label": "rtvi-ai", "type": "x", "id": "1", "data": [] }),
        ] {
            assert!(Envelope::read(&bad).is_some_and(|read| read.is_err()), "{bad}");
        }
    }

    #[test]
    fn a_wrong_field_is_named() {
        let read = |data: Value| read::<SendText>(&data.as_object().cloned()).map(drop);
        assert_eq!(read(json!({})), Err("Invalid message: missing field `content`".to_owned()));
        let wrong = read(json!({ "content": "x", "options": { "run_immediately": null } }));
        assert!(wrong.is_err_and(|text| text.contains("expected a boolean")));
        assert_eq!(read(json!({ "content": "x", "options": null })), Ok(()));
    }
}
