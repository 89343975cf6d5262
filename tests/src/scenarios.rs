//! Scenarios (`tests/scenarios`) in any language: how each must end, what the command line logs
//! about it, and what must be equal in two logs.
//!
//! Everything here panics on failure: it is for tests only.
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Map, Value};

use crate::native::{Bot, output, root, said};

/// As described in `tests/scenarios/README.md`.
pub const PACE: f32 = 0.1;

/// How many events of one kind the bot may still send while a client leaves.
const TAIL: usize = 2;

/// The transport of the scenarios with video: WebRTC, with cameras and screens as they expect.
pub const VIDEO: &str = "video";

/// The folder of the scenarios.
pub fn folder() -> PathBuf {
    root().join("tests/scenarios")
}

/// The file of a scenario that runs over this transport.
pub fn file(name: &str, transport: &str) -> PathBuf {
    folder_of(transport).join(format!("{name}.jsonl"))
}

/// How each must end.
///
/// # Panics
/// If that can't be read.
pub fn expected() -> Map<String, Value> {
    expected_over("webrtc")
}

fn folder_of(transport: &str) -> PathBuf {
    if transport == VIDEO { folder().join("video") } else { folder() }
}

fn expected_over(transport: &str) -> Map<String, Value> {
    let text = fs::read_to_string(folder_of(transport).join("expected.json")).expect("the expectations");
    serde_json::from_str(&text).expect("JSON")
}

/// The query that makes a bot never become ready, for the target `silent`.
const SILENT: &str = "?fault=no-bot-ready";

/// Passes the address of the scenario's bot to the program that runs it.
///
/// # Panics
/// If the expectations can't be read.
pub fn tell<'a>(bot: &Bot, name: &str, program: &'a mut Command) -> &'a mut Command {
    let fault = fault(&expected()[name]["target"]);
    bot.tell(program).env("RTVI_TEST_WS", bot.ws() + fault).env("RTVI_TEST_OFFER", bot.offer_url() + fault)
}

/// Passes the bot's address, and the camera and screen of a scenario with video, to the program that
/// runs it.
///
/// # Panics
/// If the expectations can't be read.
pub fn tell_video<'a>(bot: &Bot, name: &str, program: &'a mut Command) -> &'a mut Command {
    let wanted = &expected_over(VIDEO)[name];
    let source = |of: &str| wanted[of].as_str().unwrap_or("none").to_owned();
    bot.tell(program).env("RTVI_TEST_CAMERA", source("camera")).env("RTVI_TEST_SCREEN", source("screen"))
}

fn fault(target: &Value) -> &'static str {
    if target == "silent" { SILENT } else { "" }
}

/// The output of a run, without the parts that vary.
#[derive(Debug, PartialEq)]
struct Run {
    results: Vec<String>,
    states: Vec<Value>,
    /// The data of each kind of event, in order. Events of different sources interleave freely.
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

/// Events that depend on timing: measurements, the audio that was heard, words up to an
/// interruption, and tracks of the user and the bot, in any order.
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

/// What the bot says. An interruption decides how much of it there is.
const WORDS: [&str; 2] = ["botTranscript", "botOutput"];

/// Asserts that both runs have the same events, as far as both went. What the bot still says while
/// the client leaves may or may not be heard.
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

/// Fields that vary from run to run. Messages for people are among them: they may contain a
/// duration, or one of many ways in which a connection breaks. The kind of the error is compared.
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

/// Runs the same with the Rust command line, if it was built (`cargo xtask test` builds it).
fn in_rust(bot: &Bot, name: &str, transport: &str, wanted: &Value) -> Option<Run> {
    let mut program = Command::new(std::env::var_os("CARGO_BIN_EXE_rtvi")?);
    let target = &wanted["target"];
    match (target.as_str(), transport) {
        (Some("start"), _) => program.args(["talk", "--start", &bot.start_url(), "--transport", transport]),
        (_, "livekit") => program.args(["talk", "--livekit", &bot.room_url(), "--token", "a-token"]),
        (_, "webrtc" | VIDEO) => program.args(["talk", "--offer", &(bot.offer_url() + fault(target))]),
        _ => program.args(["talk", "--ws", &(bot.ws() + fault(target))]),
    };
    let function = r#"get_weather={"conditions":"sunny","celsius":21}"#;
    program.args(["--mic", "silence", "--json", "--function", function, "--script"]);
    program.arg(file(name, transport));
    let films = tempfile::tempdir().expect("a folder");
    if transport == VIDEO {
        show(wanted, &films.path().join("bot.y4m"), &mut program);
    }
    let end = output(&mut program);
    assert!(end.status.success(), "{name}: {}\n{}", end.status, said(&end));
    Some(Run::read(&String::from_utf8_lossy(&end.stdout)))
}

/// Gives the command line the camera and the screen of a scenario, and a display.
fn show(wanted: &Value, film: &Path, program: &mut Command) {
    let source = |of: &str| match wanted[of].as_str() {
        Some("missing") => "v4l:99".to_owned(),
        other => other.unwrap_or("none").to_owned(),
    };
    let display = format!("y4m:{}", film.display());
    program.args(["--cam", &source("camera"), "--screen", &source("screen"), "--video", &display]);
}

/// Asserts that every scenario reaches the results and states of `expected.json`, with the events
/// that `rtvi` reports. `log` runs a scenario and returns its log.
///
/// # Panics
/// If one does not.
pub fn assert_end_as_in_rust(bot: &Bot, transport: &str, log: impl Fn(&str) -> String) {
    let expected = expected_over(transport);
    assert!(!expected.is_empty());
    let is_run = |wanted: &Value| transport != "livekit" || wanted["rooms"] == true;
    for (name, wanted) in expected.iter().filter(|(_, wanted)| is_run(wanted)) {
        let ours = Run::read(&log(name));
        let results: Vec<Value> = ours.results.iter().map(|result| result.as_str().into()).collect();
        assert_eq!(Value::Array(results), wanted["results"], "{name}");
        assert_eq!(Value::Array(ours.states.clone()), wanted["states"], "{name}");
        if let Some(rust) = in_rust(bot, name, transport, wanted) {
            assert_alike(name, &ours, &rust);
        }
    }
}
