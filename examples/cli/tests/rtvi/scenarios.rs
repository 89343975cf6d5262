//! Runs every scenario of `tests/scenarios` over each transport and compares it with what is
//! expected of it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use futures_util::{StreamExt, stream};
use rtvi_bot::DemoBot;
use serde_json::{Map, Value, json};

use crate::support::{Ran, bot, rtvi};

/// How many run at a time: each is a process.
const AT_A_TIME: usize = 8;

/// The transport of the scenarios with video.
const VIDEO: &str = "video";

fn folder(transport: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios");
    if transport == VIDEO { folder.join(VIDEO) } else { folder }
}

fn expected(transport: &str) -> Map<String, Value> {
    let text = std::fs::read_to_string(folder(transport).join("expected.json")).expect("expected.json");
    serde_json::from_str(&text).expect("a JSON object")
}

/// The options that lead to the bot.
fn target(bot: &DemoBot, transport: &str, target: &Value) -> Vec<String> {
    match (target.as_str(), transport) {
        (Some("start"), _) => {
            vec!["--start".into(), bot.start_url(), "--transport".into(), transport.into()]
        }
        (Some(kind), "webrtc" | VIDEO) => vec!["--offer".into(), bot.offer_url() + fault(kind)],
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

async fn run(name: &str, transport: &str, options: Vec<String>) -> Ran {
    let script = folder(transport).join(format!("{name}.jsonl")).display().to_string();
    let function = r#"get_weather={"conditions":"sunny","celsius":21}"#;
    let rest = ["--mic", "silence", "--function", function, "--script", &script, "--json"];
    rtvi(["talk".to_owned()].into_iter().chain(options).chain(rest.map(str::to_owned))).await
}

/// The options for the camera and the screen that a scenario expects, and for a display.
fn video(expected: &Value, film: &Path) -> Vec<String> {
    let source = |of: &str| match expected[of].as_str() {
        Some("missing") => "v4l:99".to_owned(),
        other => other.unwrap_or("none").to_owned(),
    };
    let display = format!("y4m:{}", film.display());
    let options = [("--cam", source("camera")), ("--screen", source("screen")), ("--video", display)];
    options.into_iter().flat_map(|(option, value)| [option.to_owned(), value]).collect()
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
    let films = tempfile::tempdir().expect("a folder");
    let (bot, films, expected) = (&bot, films.path(), expected(transport));
    let scenarios = stream::iter(&expected);
    let check = |(name, expected): (&String, &Value)| {
        let mut options = target(bot, transport, &expected["target"]);
        if transport == VIDEO {
            options.extend(video(expected, &films.join(name)));
        }
        let (name, expected) = (name.clone(), expected.clone());
        async move {
            let ran = run(&name, transport, options).await.expect_code(0);
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

#[cfg(all(feature = "video", target_os = "linux"))]
#[tokio::test]
async fn every_scenario_with_video_comes_out_as_expected() {
    check(VIDEO).await;
}

#[test]
fn every_scenario_is_expected() {
    for transport in ["webrtc", VIDEO] {
        assert_eq!(files(transport), expected(transport).keys().cloned().collect());
    }
}

fn files(transport: &str) -> BTreeSet<String> {
    std::fs::read_dir(folder(transport))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect()
}
