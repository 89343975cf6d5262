//! The vectors of `tests/conformance/conversation`, which every language runs.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::bench::{disconnected, event};
use crate::client::{Event, conversation::Conversation};
use crate::error::{Error, ErrorKind};

/// The event of a step: a server message, or a change of the connection.
fn event_of(step: &Value) -> Event {
    match step.as_str() {
        Some("lost") => {
            let reason = Error::new(ErrorKind::ConnectionLost, "lost");
            Event::Reconnecting { attempt: 1, max_attempts: 3, reason }
        }
        Some("ended") => disconnected(),
        Some(other) => panic!("no such step: {other}"),
        None => {
            let mut message = step.clone();
            message["label"] = "rtvi-ai".into();
            event(&message).unwrap_or_else(|| panic!("no message: {step}"))
        }
    }
}

#[test]
fn every_vector_gives_its_turns() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance/conversation");
    let mut count = 0;
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        let vectors: Vec<Value> = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        for vector in vectors {
            let mut conversation = Conversation::default();
            for step in vector["steps"].as_array().unwrap() {
                conversation.apply(&event_of(step));
            }
            assert_eq!(
                json!(conversation.turns()),
                vector["turns"],
                "{}: {}",
                file.display(),
                vector["name"]
            );
            count += 1;
        }
    }
    assert!(count >= 6, "{count} vectors");
}
