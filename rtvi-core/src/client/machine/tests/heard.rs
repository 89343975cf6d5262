//! Every message that servers send: a replay hears the same in it. (A [`Bench`] replays what was recorded when it is dropped.)

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::bench::Bench;
use crate::{client::machine::Command, transport::TransportEvent};

/// The messages of all conformance vectors, as on the wire.
fn messages() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance/server");
    let files = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let vectors = files.flat_map(|file| {
        let text = fs::read_to_string(file).expect("it is read");
        serde_json::from_str::<Vec<Value>>(&text).expect("a list")
    });
    vectors.map(|vector| vector["wire"].clone()).collect()
}

#[test]
fn every_message_is_the_same_in_a_replay() {
    let messages = messages();
    assert!(messages.len() > 100, "{} messages", messages.len());
    for version in ["2.2.0", "1.0.0"] {
        for message in &messages {
            let mut bench = Bench::new();
            bench.connect();
            bench.open();
            bench.bot_ready(version);
            bench.event(TransportEvent::Message(message.to_string().into()));
            bench.call(Command::Disconnect);
        }
    }
}

#[test]
fn answers_are_the_same_in_a_replay() {
    for mut message in messages() {
        let mut bench = Bench::ready();
        let timeout = std::time::Duration::from_secs(1);
        bench.call(Command::Request { t: "t".to_owned(), d: Some(json!([1])), timeout });
        if let Some(object) = message.as_object_mut() {
            object.insert("id".to_owned(), json!(bench.last_sent));
        }
        bench.event(TransportEvent::Message(message.to_string().into()));
        bench.pass(timeout);
    }
}
