//! A message that violates the protocol, described without quoting what anyone said.
//!
//! Pure; depends on serde_json's errors only. It runs on failures only, so it may be slow, but it
//! must never panic.

use std::fmt;

use serde_json::value::RawValue;

/// The maximum length of the reason, wire type or label of a bad message, in characters. The rest
/// is cut off.
const MAX_TEXT: usize = 200;

/// A message that violates the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The message's type, if it had one; at most 200 characters.
    pub wire_type: Option<String>,
    /// The message's id, if it had one: even an unreadable answer settles its request.
    pub id: Option<String>,
    /// The field and the kind of value that do not fit; at most 200 characters, without text from
    /// the payload.
    pub reason: String,
}

impl Violation {
    /// Creates a violation by a message whose type and id are unknown.
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { wire_type: None, id: None, reason: bounded(reason.into()) }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.wire_type.as_deref().unwrap_or("message");
        write!(f, "bad {name} from the server: {}", self.reason)
    }
}

/// Cuts `text` to [`MAX_TEXT`] characters.
pub(super) fn bounded(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_TEXT) {
        text.truncate(end);
    }
    text
}

/// Describes `error`, which occurred while reading `json`: the field and the problem, without the
/// value that serde quotes.
pub(super) fn describe(error: &serde_json::Error, json: &str) -> String {
    describe_at(&field_path(json, error.line(), error.column()), error)
}

/// The same for an error at a known path; `.` is the top level, as is an empty path.
pub(super) fn describe_at(path: &str, error: &serde_json::Error) -> String {
    let full = error.to_string();
    let message = full.rsplit_once(" at line ").map_or(full.as_str(), |(message, _)| message);
    let message = unquoted(message);
    bounded(if matches!(path, "" | ".") { message } else { format!("{path}: {message}") })
}

/// Rewrites serde's `invalid type: string "…", expected X` as `expected X, found string`. Other
/// messages quote no value.
fn unquoted(message: &str) -> String {
    if let (true, Some((_, expected))) =
        (message.starts_with("unknown variant "), message.rsplit_once("`, expected "))
    {
        return format!("expected {expected}, found another text");
    }
    let found = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    let (Some(found), Some((_, expected))) = (found, message.rsplit_once(", expected ")) else {
        return message.to_owned();
    };
    let kind = found.split(['"', '`', ',']).next().unwrap_or_default().trim_end();
    format!("expected {expected}, found {kind}")
}

/// The nesting limit of `serde_json`; nothing reads deeper JSON.
const MAX_DEPTH: usize = 128;

/// The value of a member of the object at the start of `json`, even if other parts of `json` are
/// faulty.
pub(super) fn member<'a>(json: &'a str, name: &str) -> Option<&'a RawValue> {
    let mut scan = Scan { json, at: 0, open: Vec::new() };
    while scan.at < json.len() && scan.open.len() <= MAX_DEPTH {
        let was = scan.at;
        scan.step();
        let is_named = scan.open.len() == 1 && scan.open.first() == Some(&Some(name));
        if is_named && json.as_bytes().get(was) == Some(&b'"') {
            let value = json.get(scan.at..)?.trim_start().strip_prefix(':')?;
            return serde_json::Deserializer::from_str(value).into_iter().next()?.ok();
        }
    }
    None
}

/// The names of the fields around the given position in `json`, joined by dots; empty at the top
/// level.
fn field_path(json: &str, line: usize, column: usize) -> String {
    let before: usize = json.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let end = (before + column).min(json.len());
    let mut scan = Scan { json, at: 0, open: Vec::new() };
    while scan.at < end {
        scan.step();
    }
    let names: Vec<&str> = scan.open.into_iter().flatten().collect();
    names.join(".")
}

/// A walk over JSON text that tracks the current field.
struct Scan<'a> {
    json: &'a str,
    at: usize,
    /// One entry per open object or array: the last name read in it.
    open: Vec<Option<&'a str>>,
}

impl Scan<'_> {
    fn step(&mut self) {
        match self.json.as_bytes().get(self.at) {
            Some(b'{' | b'[') => self.open.push(None),
            Some(b'}' | b']') => drop(self.open.pop()),
            Some(b'"') => return self.string(),
            _ => {}
        }
        self.at += 1;
    }

    /// Skips a string and records it if it names a field.
    fn string(&mut self) {
        let start = self.at + 1;
        let length = string_length(self.json.as_bytes().get(start..).unwrap_or_default());
        self.at = start + length + 1;
        let is_name = self.json.get(self.at..).is_some_and(|rest| rest.trim_start().starts_with(':'));
        if let (true, Some(open)) = (is_name, self.open.last_mut()) {
            *open = self.json.get(start..start + length);
        }
    }
}

/// The number of bytes before the closing quote.
fn string_length(bytes: &[u8]) -> usize {
    let mut escaped = false;
    let end = bytes.iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    });
    end.unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::BotOutputData;

    fn reason(json: &str) -> String {
        describe(&serde_json::from_str::<BotOutputData>(json).expect_err("it is bad"), json)
    }

    #[test]
    fn names_the_field_and_the_kind_but_not_the_text() {
        assert_eq!(
            reason(r#"{"text": "a", "spoken": "secret, expected x"}"#),
            "spoken: expected a boolean, found string"
        );
        assert_eq!(reason(r#"{"text": 5}"#), "text: expected a string, found integer");
        assert_eq!(reason("{}"), "missing field `text`");
    }

    #[test]
    fn names_the_field_when_it_ends_its_object() {
        for (json, expected) in [
            (r#"{"text":5}"#, "text: expected a string, found integer"),
            (r#"{"text":1.5}"#, "text: expected a string, found floating point"),
            (r#"{"text":true}"#, "text: expected a string, found boolean"),
            (r#"{"text":null}"#, "text: expected a string, found null"),
            (r#"{"text":{}}"#, "text: expected a string, found map"),
            (r#"{"text":[]}"#, "text: expected a string, found sequence"),
            (r#"{"text":"a","spoken":"b"}"#, "spoken: expected a boolean, found string"),
            (
                r#"{"text":"a","spoken_progress":{"accumulated_text":5}}"#,
                "spoken_progress.accumulated_text: expected a string, found integer",
            ),
        ] {
            assert_eq!(reason(json), expected, "{json}");
        }
    }

    #[test]
    fn names_nested_fields_over_many_lines() {
        let json = "{\"text\": \"a\\\"}b\",\n \"spoken_progress\": {\n\"accumulated_text\": \"x\", \"remaining_text\": [] }}";
        assert_eq!(reason(json), "spoken_progress.remaining_text: expected a string, found sequence");
    }

    #[test]
    fn cuts_long_text_between_characters() {
        assert_eq!(bounded("é".repeat(500)).chars().count(), MAX_TEXT);
        assert_eq!(bounded("short".to_owned()), "short");
    }
}
