//! Recorded conversations with real servers, and the turns that they must produce.

use std::{fs, path::Path};

use serde_json::Value;

use super::bench::{disconnected, event, lines};
use crate::client::Event;
use crate::client::conversation::Conversation;

pub(super) const NAMES: [&str; 6] = [
    "spoken-conversation",
    "interrupted-conversation",
    "function-calls",
    "sentence-output",
    "legacy-client",
    "legacy-conversation",
];

/// What the server sent in a recording.
pub(super) fn events(name: &str) -> Vec<Event> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance/recordings");
    let text = fs::read_to_string(folder.join(name).with_extension("jsonl")).expect("the recording");
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.filter(|line| line["dir"] == "in").filter_map(|line| event(&line["message"])).collect()
}

fn turns(name: &str) -> Vec<String> {
    let mut conversation = Conversation::default();
    for event in events(name) {
        conversation.apply(&event);
    }
    let open = lines(&conversation);
    conversation.apply(&disconnected());
    assert_eq!(lines(&conversation), open, "nothing was left open");
    open
}

#[test]
fn word_progress_and_an_answer_in_writing() {
    let expected = [
        "user: hello can you hear me",
        "bot: [spoken] You said: hello can you hear me. [spoken] That is all I know.",
        "user: And in writing? (typed)",
        "bot: [unspoken] You said: And in writing?. [unspoken] That is all I know.",
    ];
    assert_eq!(turns("spoken-conversation"), expected);
}

#[test]
fn an_answer_cut_by_speech() {
    let expected = [
        "user: count to twenty please",
        "bot: [spoken] This is sentence number 1. [interrupted] This is sentence| number 2.",
        "user: stop that is enough",
        "bot: [spoken] You said: stop that is enough. [spoken] That is all I know.",
    ];
    assert_eq!(turns("interrupted-conversation"), expected);
}

#[test]
fn function_calls_answered_and_cancelled() {
    let expected = [
        "user: what is the weather in paris",
        "bot: [done] get_weather({\"city\":\"Paris\"})={\"condition\":\"sunny\",\"temperature\":\"22 degrees\"} \
         [spoken] Here is the answer. [spoken] It is condition sunny, temperature 22 degrees.",
        "user: Look up the train to London. (typed)",
        "bot: [cancelled] look_up({\"query\":\"Look up the train to London.\"})",
        "user: stop that is enough",
        "bot: [spoken] You said: stop that is enough. [spoken] That is all I know.",
    ];
    assert_eq!(turns("function-calls"), expected);
}

#[test]
fn no_word_times() {
    let expected = [
        "user: hello can you hear me",
        "bot: [spoken] You said: hello can you hear me. [spoken] That is all I know.",
        "user: Count for me. (typed)",
        "bot: [spoken] This is sentence number 1. [interrupted] |This is sentence number 2.",
        "user: Good. (typed)",
        "bot: [spoken] You said: Good. [spoken] That is all I know.",
    ];
    assert_eq!(turns("sentence-output"), expected);
}

#[test]
fn a_new_server_to_an_old_client() {
    let expected = [
        "user: hello can you hear me",
        "bot: [spoken] You said: hello can you hear me. [spoken] That is all I know.",
        "user: Count for me. (typed)",
        "bot: [spoken] This is sentence number 1. [interrupted] This is sentence| number 2.",
        "user: Good. (typed)",
        "bot: [spoken] You said: Good. [spoken] That is all I know.",
    ];
    assert_eq!(turns("legacy-client"), expected);
}

#[test]
fn an_old_server() {
    let mut conversation = Conversation::default();
    for event in events("legacy-conversation") {
        conversation.apply(&event);
    }
    let expected = [
        "user: what is the weather in paris",
        "bot: [running] get_weather({\"city\":\"Paris\"}) \
         [spoken] Here is the answer. [spoken] It is condition sunny, temperature 22 degrees.",
        "user:  (llm: count please) (typed)",
        "bot: [spoken] This is sentence number 1. [spoken] This is sentence number 2. \
         [spoken] This is sentence number 3. [interrupted] This| is sentence number 4.",
        "user: stop that is enough",
        "bot: [spoken] You said: stop that is enough. [spoken] That is all I know.",
    ];
    assert_eq!(lines(&conversation), expected);
}
