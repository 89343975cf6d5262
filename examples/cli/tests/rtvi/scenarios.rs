//! Runs every scenario of `tests/scenarios` and compares it with what is expected of it.

use std::{collections::BTreeSet, path::PathBuf};

use futures_util::future::join_all;
use rtvi_bot::DemoBot;
use serde_json::{Map, Value, json};

use crate::support::{Ran, bot, rtvi};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios")
}

fn expected() -> Map<String, Value> {
    let text = std::fs::read_to_string(folder().join("expected.json")).expect("expected.json");
    serde_json::from_str(&text).expect("a JSON object")
}

async fn run(bot: &DemoBot, name: &str, target: &Value) -> Ran {
    let (option, url) = if target == "start" { ("--start", bot.start_url()) } else { ("--ws", bot.ws_url()) };
    let script = folder().join(format!("{name}.jsonl")).display().to_string();
    let function = r#"get_weather={"conditions":"sunny","celsius":21}"#;
    rtvi(["talk", option, &url, "--mic", "silence", "--function", function, "--script", &script, "--json"])
        .await
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

#[tokio::test]
async fn every_scenario_comes_out_as_expected() {
    let bot = bot(|_| {}).await;
    let (bot, expected) = (&bot, expected());
    let runs = expected.iter().map(|(name, expected)| async move {
        let ran = run(bot, name, &expected["target"]).await.expect_code(0);
        assert_eq!(ran.summary()["outcome"], "done", "{name}: {}", ran.stdout);
        assert_eq!(json!(results(&ran)), expected["results"], "{name}: {}", ran.stdout);
        if let Some(states) = expected.get("states") {
            assert_eq!(json!(ran.events("transportStateChanged")), *states, "{name}: {}", ran.stdout);
        }
    });
    join_all(runs).await;
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
