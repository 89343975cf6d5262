//! Runs every scenario of `tests/scenarios` over each transport and compares it with what is
//! expected of it.

use std::{collections::BTreeSet, path::PathBuf};

use futures_util::{StreamExt, stream};
use rtvi_bot::DemoBot;
use serde_json::{Map, Value, json};

use crate::support::{Ran, bot, rtvi};

/// How many run at a time: each is a process.
const AT_A_TIME: usize = 8;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios")
}

fn expected() -> Map<String, Value> {
    let text = std::fs::read_to_string(folder().join("expected.json")).expect("expected.json");
    serde_json::from_str(&text).expect("a JSON object")
}

/// The options that lead to the bot.
fn target(bot: &DemoBot, transport: &str, target: &Value) -> Vec<String> {
    match (target.as_str(), transport) {
        (Some("start"), _) => {
            vec!["--start".into(), bot.start_url(), "--transport".into(), transport.into()]
        }
        (Some(kind), "webrtc") => vec!["--offer".into(), bot.offer_url() + fault(kind)],
        (Some(kind), _) => vec!["--ws".into(), bot.ws_url() + fault(kind)],
        _ => panic!("no target is called {target}"),
    }
}

/// What is added to the bot's URL.
fn fault(target: &str) -> &'static str {
    match target {
        "bot" => "",
        "silent" => "?fault=no-bot-ready",
        other => panic!("no target is called {other}"),
    }
}

async fn run(name: &str, target: Vec<String>) -> Ran {
    let script = folder().join(format!("{name}.jsonl")).display().to_string();
    let function = r#"get_weather={"conditions":"sunny","celsius":21}"#;
    let rest = ["--mic", "silence", "--function", function, "--script", &script, "--json"];
    rtvi(["talk".to_owned()].into_iter().chain(target).chain(rest.map(str::to_owned))).await
}

/// The results as `expected.json` writes them.
fn results(ran: &Ran) -> Vec<String> {
    let is_step = |name: &str| matches!(name, "waitFor" | "sleep");
    let result = |line: Value| {
        let name = line["result"].as_str().filter(|name| !is_step(name))?.to_owned();
        Some(format!("{name} {}", line["error"]["kind"].as_str().unwrap_or("ok")))
    };
    ran.log().into_iter().filter_map(result).collect()
}

async fn check(transport: &str) {
    let bot = bot(|_| {}).await;
    let (bot, expected) = (&bot, expected());
    let scenarios = stream::iter(&expected);
    let check = |(name, expected): (&String, &Value)| {
        let target = target(bot, transport, &expected["target"]);
        let (name, expected) = (name.clone(), expected.clone());
        async move {
            let ran = run(&name, target).await.expect_code(0);
            assert_eq!(ran.summary()["outcome"], "done", "{name}: {}", ran.stdout);
            assert_eq!(json!(results(&ran)), expected["results"], "{name}: {}", ran.stdout);
            if let Some(states) = expected.get("states") {
                assert_eq!(json!(ran.events("transportStateChanged")), *states, "{name}: {}", ran.stdout);
            }
        }
    };
    scenarios.for_each_concurrent(AT_A_TIME, check).await;
}

#[tokio::test]
async fn every_scenario_comes_out_as_expected_over_webrtc() {
    check("webrtc").await;
}

#[tokio::test]
async fn every_scenario_comes_out_as_expected_over_websocket() {
    check("websocket").await;
}

#[test]
fn every_scenario_is_expected() {
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    assert_eq!(files, expected().keys().cloned().collect());
}
