//! Every scenario through the C++ SDK, with results and states as `expected.json` says and the events that `rtvi` reports.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, fs, path::PathBuf, process::Command};

use rtvi_tests::native::{Bot, GCC, output, root, said};
use serde_json::{Map, Value};

/// As `tests/scenarios/README.md` says.
const PACE: f32 = 0.1;

fn folder() -> PathBuf {
    root().join("tests/scenarios")
}

fn expected() -> Map<String, Value> {
    let text = fs::read_to_string(folder().join("expected.json")).expect("the expectations");
    serde_json::from_str(&text).expect("JSON")
}

/// What a run has printed, as far as runs are alike.
#[derive(Debug, PartialEq)]
struct Run {
    results: Vec<String>,
    states: Vec<Value>,
    /// How often each event came. Events of different sources interleave in any order, and the number of some depends on time.
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

    fn take(&mut self, line: &Value) {
        if let Some(name) = line["result"].as_str().filter(|name| !["waitFor", "sleep"].contains(name)) {
            let end = line["error"]["kind"].as_str().unwrap_or("ok");
            self.results.push(format!("{name} {end}"));
        }
        let Some(event) = line["event"].as_str() else { return };
        if event == "transportStateChanged" {
            self.states.push(line["data"].clone());
        }
        if !depends_on_time(event) {
            self.events.entry(event.to_owned()).or_default().push(without_ids(line["data"].clone()));
        }
    }
}

/// Levels and measurements come as often as there is time for them.
fn depends_on_time(event: &str) -> bool {
    event.ends_with("AudioLevel") || event == "metrics"
}

/// Identifiers and times differ from run to run.
fn without_ids(mut data: Value) -> Value {
    if let Some(object) = data.as_object_mut() {
        for volatile in
            ["id", "tool_call_id", "timestamp", "msg_id", "segment_id", "wsUrl", "sessionId", "token", "ttfb"]
        {
            object.remove(volatile);
        }
    }
    data
}

fn in_cpp(bot: &Bot, name: &str) -> Run {
    let mut program = GCC.program("scenario_test");
    let end = output(bot.tell(program.arg(folder().join(format!("{name}.jsonl")))));
    assert!(end.status.success(), "{name}: {}\n{}", end.status, said(&end));
    Run::read(&String::from_utf8_lossy(&end.stdout))
}

/// The same with our command line, if it was built (`cargo xtask test` does).
fn in_rust(bot: &Bot, name: &str, target: &str) -> Option<Run> {
    let mut program = Command::new(std::env::var_os("CARGO_BIN_EXE_rtvi")?);
    match target {
        "start" => program.args(["talk", "--start", &bot.start_url()]),
        _ => program.args(["talk", "--ws", &bot.ws()]),
    };
    let function = r#"get_weather={"conditions":"sunny","celsius":21}"#;
    program.args(["--mic", "silence", "--json", "--function", function, "--script"]);
    let end = output(program.arg(folder().join(format!("{name}.jsonl"))));
    assert!(end.status.success(), "{name}: {}\n{}", end.status, said(&end));
    Some(Run::read(&String::from_utf8_lossy(&end.stdout)))
}

#[test]
fn every_scenario_ends_as_in_rust() {
    let bot = Bot::start(PACE);
    let expected = expected();
    assert!(!expected.is_empty());
    for (name, wanted) in &expected {
        let cpp = in_cpp(&bot, name);
        let results: Vec<Value> = cpp.results.iter().map(|result| result.as_str().into()).collect();
        assert_eq!(Value::Array(results), wanted["results"], "{name}");
        if let Some(states) = wanted.get("states") {
            assert_eq!(&Value::Array(cpp.states.clone()), states, "{name}");
        }
        if wanted.get("states").is_none() {
            continue;
        }
        if let Some(rust) = in_rust(&bot, name, wanted["target"].as_str().unwrap_or("ws")) {
            assert_eq!(cpp.events, rust.events, "{name}: events differ");
        }
    }
}

#[test]
fn every_scenario_is_run() {
    let expected = expected();
    for entry in fs::read_dir(folder()).expect("the scenarios") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix(".jsonl") {
            assert!(expected.contains_key(name), "{name} has no expectation");
        }
    }
}
