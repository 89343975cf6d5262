//! The messages that are fed to a client: a recorded conversation, as sent by a server.
//!
//! Depends on `serde_json`.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::value::RawValue;

/// A long written answer, interrupted by the user, and the answer to the interruption; from a
/// server with default options.
const RECORDING: &str = include_str!("../conformance/recordings/interrupted-conversation.jsonl");

/// The server's answer to the handshake, and all later messages.
#[derive(Debug)]
pub(crate) struct Conversation {
    /// `bot-ready`.
    pub(crate) ready: Bytes,
    /// The others, in order; each becomes one event.
    pub(crate) messages: Vec<Bytes>,
}

impl Conversation {
    /// Reads the recording.
    pub(crate) fn recorded() -> Self {
        let mut incoming = RECORDING.lines().filter_map(incoming);
        let ready = incoming.find(|message| contains(message, "\"bot-ready\"")).expect("a handshake");
        Self { ready, messages: incoming.collect() }
    }
}

fn incoming(line: &str) -> Option<Bytes> {
    let fields: BTreeMap<&str, &RawValue> = serde_json::from_str(line).expect("a line is a JSON object");
    let direction = fields.get("dir").expect("a direction").get();
    (direction == "\"in\"").then(|| Bytes::from(fields.get("message").expect("a message").get().to_owned()))
}

fn contains(message: &Bytes, text: &str) -> bool {
    message.windows(text.len()).any(|part| part == text.as_bytes())
}
