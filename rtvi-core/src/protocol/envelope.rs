//! The envelope of RTVI messages: converts between `{"label", "type", "id", "data"}` and typed
//! messages.
//!
//! Pure; depends on the message tables. Must never panic on server input.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::violation::{Violation, bounded, describe, member};
use super::{ClientMessage, ServerMessage, json_text, object_only::ObjectOnly, usual};

/// The label that every RTVI message carries.
pub const MESSAGE_LABEL: &str = "rtvi-ai";

/// What the bytes of one message decode to.
#[derive(Clone, Debug, PartialEq)]
pub enum Decoded {
    /// An RTVI message.
    Message(Incoming),
    /// JSON that is not RTVI: its label is missing or not `rtvi-ai`. Drop it.
    Foreign {
        /// The label, if there was one; at most 200 characters.
        label: Option<String>,
    },
    /// Not JSON, or an RTVI message that violates the protocol.
    Invalid(Violation),
}

/// One message from the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    /// The id. In an answer, it is the id of the client's message. A number is kept as its text.
    pub id: Option<String>,
    /// The message.
    pub message: ServerMessage,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    label: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "type")]
    wire_type: Option<&'a RawValue>,
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct OutgoingEnvelope<'a> {
    label: &'static str,
    #[serde(rename = "type")]
    wire_type: &'static str,
    id: &'a str,
    data: &'a ClientMessage,
}

/// Decodes one message from the server.
///
/// Reads every form that the supported servers send (protocol 1.x to 2.2.0). Except inside
/// app-defined data, an explicit null is the same as an absent field. Deprecated field names are
/// accepted, and unknown fields are ignored. An unknown type decodes to [`ServerMessage::Unknown`].
/// Nesting deeper than 128 levels is a violation.
///
/// A faulty string or number does not invalidate the message. Half a surrogate pair and bytes that
/// are not UTF-8 are read as U+FFFD. `NaN`, `Infinity` and numbers too large for an `f64` are read
/// as null. If a name occurs twice in an object, the last member counts.
pub fn decode(bytes: &[u8]) -> Decoded {
    match decode_strictly(bytes) {
        Decoded::Invalid(violation) => decode_mended(bytes, violation),
        decoded => decoded,
    }
}

/// Decodes a message with faulty JSON, if it can be repaired.
fn decode_mended(bytes: &[u8], violation: Violation) -> Decoded {
    match json_text::mended(bytes) {
        Some(value) => decode_strictly(value.to_string().as_bytes()),
        None => {
            let id = violation.id.or_else(|| identifier(member(&String::from_utf8_lossy(bytes), "id")?).ok());
            Decoded::Invalid(Violation { id, ..violation })
        }
    }
}

fn decode_strictly(bytes: &[u8]) -> Decoded {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Decoded::Invalid(Violation::new("not UTF-8 text"));
    };
    if !text.trim_start().starts_with('{') {
        return Decoded::Invalid(Violation::new(not_an_object(text)));
    }
    if let Some(incoming) = usual::decode(text) {
        return Decoded::Message(incoming);
    }
    decode_in_two_steps(text)
}

/// Decodes the envelope, then its data: a message of any order, and one that needs an explanation.
pub(super) fn decode_in_two_steps(text: &str) -> Decoded {
    match serde_json::from_str::<Envelope<'_>>(text) {
        Ok(envelope) => open(&envelope),
        Err(error) => Decoded::Invalid(Violation::new(format!("not a JSON object: {error}"))),
    }
}

/// Encodes one message to the server as compact JSON text.
///
/// `id` identifies the message in the server's answers; it should be unique within a session.
pub fn encode(id: &str, message: &ClientMessage) -> String {
    let envelope =
        OutgoingEnvelope { label: MESSAGE_LABEL, wire_type: message.wire_type(), id, data: message };
    // Writing to memory can't fail, and every map of a payload has string keys.
    serde_json::to_string(&envelope).unwrap_or_default()
}

fn open(envelope: &Envelope<'_>) -> Decoded {
    let label = envelope.label.and_then(string);
    if label.as_deref() != Some(MESSAGE_LABEL) {
        return Decoded::Foreign { label: label.map(|label| bounded(label.into_owned())) };
    }
    let id = match envelope.id.map(identifier).transpose() {
        Ok(id) => id,
        Err(reason) => return Decoded::Invalid(Violation::new(reason)),
    };
    let Some(wire_type) = envelope.wire_type.and_then(string) else {
        return Decoded::Invalid(Violation { id, ..Violation::new("type: missing or not a string") });
    };
    match ServerMessage::from_wire(&wire_type, envelope.data) {
        Ok(message) => Decoded::Message(Incoming { id, message }),
        Err(reason) => {
            let wire_type = Some(bounded(wire_type.into_owned()));
            Decoded::Invalid(Violation { wire_type, id, ..Violation::new(reason) })
        }
    }
}

/// Returns the text of a JSON string, borrowed unless it contains escapes.
fn string(raw: &RawValue) -> Option<Cow<'_, str>> {
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str(raw.get()).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

/// Reads an id: a string, or a number as its text.
fn identifier(raw: &RawValue) -> Result<String, &'static str> {
    match raw.get().as_bytes().first() {
        Some(b'"') => string(raw).map(Cow::into_owned).ok_or("id: not a valid string"),
        Some(b'-' | b'0'..=b'9') => Ok(raw.get().to_owned()),
        _ => Err("id: expected a string or a number"),
    }
}

fn not_an_object(text: &str) -> String {
    match serde_json::from_str::<&RawValue>(text) {
        Ok(_) => "JSON, but not an object".to_owned(),
        Err(error) => format!("not JSON: {error}"),
    }
}

/// Reads a payload; absent data is an empty object.
pub(super) fn payload<'a, T: Deserialize<'a>>(data: Option<&'a RawValue>) -> Result<T, String> {
    let json = data.map_or("{}", RawValue::get);
    if !json.starts_with('{') {
        return Err(format!("data: expected an object, found {}", kind_of(json)));
    }
    let mut deserializer = serde_json::Deserializer::from_str(json);
    T::deserialize(ObjectOnly(&mut deserializer)).map_err(|error| format!("data: {}", describe(&error, json)))
}

/// Determines the kind of a JSON value from its first character.
fn kind_of(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'"') => "a string",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "a boolean",
        _ => "a number",
    }
}

/// Reads data that may be any JSON; null is the same as absent.
pub(super) fn any_json(data: Option<&RawValue>) -> Result<Option<serde_json::Value>, String> {
    let parsed = data.map(|raw| serde_json::from_str(raw.get())).transpose();
    parsed.map_err(|error| format!("data: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invalid(text: &str) -> Violation {
        match decode(text.as_bytes()) {
            Decoded::Invalid(violation) => violation,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn encodes_compact_json_with_all_four_fields() {
        let text = encode("a\"1", &ClientMessage::DisconnectBot);
        assert_eq!(text, r#"{"label":"rtvi-ai","type":"disconnect-bot","id":"a\"1","data":{}}"#);
    }

    #[test]
    fn a_bad_answer_keeps_its_id_and_type() {
        let violation = invalid(r#"{"label":"rtvi-ai","type":"server-response","id":"a1","data":{"t":5}}"#);
        assert_eq!(violation.id.as_deref(), Some("a1"));
        assert_eq!(
            violation.to_string(),
            "bad server-response from the server: data: t: expected a string, found integer"
        );
    }

    #[test]
    fn an_answer_that_is_no_json_keeps_its_id() {
        for (text, id) in [
            (
                r#"{"label":"rtvi-ai","type":"server-response","id":"a1","data":{"t":"x","d":undefined}}"#,
                "a1",
            ),
            (
                r#"{"data":{"id":"no","d":{"id":["no"]}},"id" : 17,"label":"rtvi-ai","type":"server-respo"#,
                "17",
            ),
            (r#"{"label":"rtvi-ai","id":"a\u0031","type":"server-response","data":{"t":"x",}}"#, "a1"),
        ] {
            assert_eq!(invalid(text).id.as_deref(), Some(id), "{text}");
        }
        for text in
            [r#"{"label":"rtvi-ai","id":"a1"#, r#"{"label":"rtvi-ai","data":{"id":"no"},,}"#, r#"{"id"}"#]
        {
            assert_eq!(invalid(text).id, None, "{text}");
        }
    }

    #[test]
    fn a_fault_costs_no_more_than_itself() {
        let text = |text: &str| match decode(text.as_bytes()) {
            Decoded::Message(Incoming { id, message }) => (id.unwrap_or_default(), message.data()),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(
            text(
                r#"{"label":"rtvi-ai","type":"bot-llm-text","id":"\udc00","data":{"text":"half \ud83d","x":NaN}}"#
            ),
            ("\u{fffd}".to_owned(), Some(serde_json::json!({"text": "half \u{fffd}"})))
        );
        assert_eq!(
            text(r#"{"label":"x","label":"rtvi-ai","type":"server-message","data":[1e999,-0.5]}"#),
            (String::new(), Some(serde_json::json!([null, -0.5])))
        );
        let bytes = b"{\"label\":\"rtvi-ai\",\"type\":\"bot-llm-text\",\"data\":{\"text\":\"\xff\"}}";
        assert!(matches!(decode(bytes), Decoded::Message(_)));
    }

    #[test]
    fn what_is_no_text_is_a_violation() {
        assert!(
            matches!(decode(&[0xFF, 0xFE]), Decoded::Invalid(violation) if violation.reason == "not UTF-8 text")
        );
    }

    #[test]
    fn endless_nesting_overflows_no_stack() {
        let deep = "[".repeat(1_000_000);
        assert!(
            invalid(&format!(r#"{{"label":"rtvi-ai","type":"future","data":{deep}"#))
                .reason
                .starts_with("not a JSON")
        );
        let closed = format!("{deep}{}", "]".repeat(1_000_000));
        let violation = invalid(&format!(r#"{{"label":"rtvi-ai","type":"server-message","data":{closed}}}"#));
        assert!(violation.reason.contains("recursion limit"), "{violation}");
        let ignored =
            format!(r#"{{"label":"rtvi-ai","type":"bot-llm-text","data":{{"text":"a","b":{closed}}}}}"#);
        assert!(matches!(decode(ignored.as_bytes()), Decoded::Message(_)));
    }

    #[test]
    fn long_names_of_others_are_cut() {
        let text = format!(r#"{{"label":"{}"}}"#, "x".repeat(5000));
        let Decoded::Foreign { label: Some(label) } = decode(text.as_bytes()) else {
            panic!("it is foreign")
        };
        assert_eq!(label.len(), 200);
    }
}
