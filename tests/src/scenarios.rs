//! Scenarios (`tests/scenarios`) in any language: how one must end, what the command line logs of it, and what of two logs must be equal.
//!
//! Everything here panics when something is not as it should be.
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    process::Command,
};

use serde_json::{Map, Value};

use crate::native::{Bot, output, root, said};

/// As `tests/scenarios/README.md` says.
pub const PACE: f32 = 0.1;

/// How many events of one kind the bot may still send while a client leaves.
const TAIL: usize = 2;

/// Where they are.
pub fn folder() -> PathBuf {
    root().join("tests/scenarios")
}

/// How each must end.
///
/// # Panics
/// When that can't be read.
pub fn expected() -> Map<String, Value> {
    let text = fs::read_to_string(folder().join("expected.json")).expect("the expectations");
    serde_json::from_str(&text).expect("JSON")
}

/// What is added to the URL of a bot that never becomes ready, the target `silent`.
const SILENT: &str = "?fault=no-bot-ready";

/// Tells the program that carries out a scenario where the bot of its target is.
///
/// # Panics
/// When the expectations can't be read.
pub fn tell<'a>(bot: &Bot, name: &str, program: &'a mut Command) -> &'a mut Command {
    let fault = fault(&expected()[name]["target"]);
    bot.tell(program).env("RTVI_TEST_WS", bot.ws() + fault).env("RTVI_TEST_OFFER", bot.offer_url() + fault)
}

fn fault(target: &Value) -> &'static str {
    if target == "silent" { SILENT } else { "" }
}

/// What a run has printed, as far as runs are alike.
#[derive(Debug, PartialEq)]
struct Run {
    results: Vec<String>,
    states: Vec<Value>,
    /// The data of each kind of event, in order. Events of different sources interleave in any order.
    events: BTreeMap<String, Vec<Value>>,
}

impl Run {
    fn read(lines: &str) -> Self {
        let mut run = Self { results: Vec::new(), states: Vec::new(), events: BTreeMap::new() };
        for line in lines.lines().filter(|line| line.starts_with('{')) {
            let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            run.take(&line);
        }
        run
    }

    fn of(&self, event: &str) -> &[Value] {
        self.events.get(event).map_or(&[], Vec::as_slice)
    }

    fn take(&mut self, line: &Value) {
        if let Some(name) = line["result"].as_str().filter(|name| !["waitFor", "sleep"].contains(name)) {
            let end = line["error"]["kind"].as_str().unwrap_or("ok");
            self.results.push(format!("{name} {end}"));
        }
        let Some(event) = line["event"].as_str() else { return };
        if event == "transportStateChanged" {
            self.states.push(line["data"].clone());
        }
        if !depends_on_time(event, &line["data"]) {
            self.events.entry(event.to_owned()).or_default().push(without_ids(line["data"].clone()));
        }
    }
}

/// Events that tell what has come so far, and would come otherwise a moment later: measurements, the audio that was heard, words
/// as far as the bot came before it was cut off, and tracks, the user's and the bot's, in any order.
const MEASURED: [&str; 7] = [
    "botAudioHeard",
    "botLlmText",
    "botTtsText",
    "metrics",
    "trackStarted",
    "trackStopped",
    "transportStats",
];

fn depends_on_time(event: &str, data: &Value) -> bool {
    event.ends_with("AudioLevel") || MEASURED.contains(&event) || data["spoken_status"] == "in-progress"
}

/// What the bot says: how much of it, is up to the moment of an interruption.
const WORDS: [&str; 2] = ["botTranscript", "botOutput"];

/// Asserts that the same events came, as far as both runs went: what the bot still says while the client leaves may be heard
/// or not.
fn assert_alike(name: &str, ours: &Run, theirs: &Run) {
    let is_cut = !ours.of("botInterrupted").is_empty();
    let names: BTreeSet<&String> = ours.events.keys().chain(theirs.events.keys()).collect();
    for event in names.into_iter().filter(|event| !(is_cut && WORDS.contains(&event.as_str()))) {
        let (ours, theirs) = (ours.of(event), theirs.of(event));
        let common = ours.len().min(theirs.len());
        assert_eq!(ours[..common], theirs[..common], "{name}: {event}");
        assert!(ours.len().abs_diff(theirs.len()) <= TAIL, "{name}: {event}: {ours:#?} and {theirs:#?}");
    }
}

/// What differs from run to run. A message for people among it: it may tell how long something took, or in which of many ways
/// a connection broke; the kind of the error beside it is compared.
const VOLATILE: [&str; 10] = [
    "id",
    "tool_call_id",
    "timestamp",
    "msg_id",
    "segment_id",
    "wsUrl",
    "sessionId",
    "token",
    "spoken_progress",
    "message",
];

fn without_ids(mut data: Value) -> Value {
    if let Some(object) = data.as_object_mut() {
        object.retain(|name, _| !VOLATILE.contains(&name.as_str()));
        object.values_mut().for_each(|value| *value = without_ids(value.take()));
    }
    data
}

/// The same with our command line, if it was built (`cargo xtask test` does).
fn in_rust(bot: &Bot, name: &str, transport: &str, target: &Value) -> Option<Run> {
    let mut program = Command::new(std::env::var_os("CARGO_BIN_EXE_rtvi")?);
    match (target.as_str(), transport) {
        (Some("start"), _) => program.args(["talk", "--start", &bot.start_url(), "--transport", transport]),
        (_, "webrtc") => program.args(["talk", "--offer", &(bot.offer_url() + fault(target))]),
        _ => program.args(["talk", "--ws", &(bot.ws() + fault(target))]),
    };
    let function = r#"get_weather={"conditions":"sunny","celsius":21}"#;
    program.args(["--mic", "silence", "--json", "--function", function, "--script"]);
    let end = output(program.arg(folder().join(format!("{name}.jsonl"))));
    assert!(end.status.success(), "{name}: {}\n{}", end.status, said(&end));
    Some(Run::read(&String::from_utf8_lossy(&end.stdout)))
}

/// Asserts that every scenario comes to the results and states of `expected.json`, with the events that `rtvi` reports. `log` carries one
/// out and gives what it has logged.
///
/// # Panics
/// When one does not.
pub fn assert_end_as_in_rust(bot: &Bot, transport: &str, log: impl Fn(&str) -> String) {
    let expected = expected();
    assert!(!expected.is_empty());
    for (name, wanted) in &expected {
        let ours = Run::read(&log(name));
        let results: Vec<Value> = ours.results.iter().map(|result| result.as_str().into()).collect();
        assert_eq!(Value::Array(results), wanted["results"], "{name}");
        assert_eq!(Value::Array(ours.states.clone()), wanted["states"], "{name}");
        if let Some(rust) = in_rust(bot, name, transport, &wanted["target"]) {
            assert_alike(name, &ours, &rust);
        }
    }
}
