//! `rtvi load` against the demo bot, whose delay is known: latencies, verdicts and merging.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use rtvi_bot::{BotOptions, DemoBot, Fault, FaultPlan, StartFault};
use rtvi_tests::{LoadRun, free_port, phone_bot::PhoneBot};
use tempfile::tempdir;

/// What the bot does after the last of the caller's samples: it waits for 600 ms of silence, thinks
/// for 30 ms, needs 15 ms for each of the five words of "You said: How are you." and 40 ms for its
/// voice: 745 ms. A caller hears that in its next frame of 20 ms, at 760 ms. The voice rises for
/// 15 ms.
const DELAY_MS: f64 = 775.0;
/// A caller on a phone hears the answer in its next frame of 20 ms.
const PHONE_PLAYOUT_MS: f64 = 20.0;
/// How far a measured latency may be from it.
const ERROR_MS: f64 = 10.0;

async fn bot() -> DemoBot {
    let prompts = vec!["How are you?".to_owned()];
    DemoBot::start(BotOptions { prompts, ..BotOptions::default() }).await.unwrap()
}

/// Asserts that the median of the answers is that delay: the nearest median of a few runs, since a
/// busy machine delays the bot, too. A machine that has no time for a generator can't tell.
async fn assert_median(delay: impl Fn() -> f64, arguments: &[&str]) {
    let folder = tempdir().unwrap();
    let mut medians = Vec::new();
    for _ in 0..3 {
        let run = LoadRun::tried(folder.path(), arguments).await;
        run.assert_code(0);
        let (median, wanted) = (run.number("/answerMs/p50"), delay());
        if run.is_void() || (median - wanted).abs() <= ERROR_MS {
            return;
        }
        medians.push((median, wanted));
    }
    panic!("measured and wanted, in ms: {medians:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_latency_is_what_the_bot_takes() {
    let bot = bot().await;
    assert_median(|| DELAY_MS, &["--ws", &bot.ws_url(), "--calls", "4", "--ramp", "0.1"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_latency_of_a_phone_call_is_what_its_bot_takes() {
    let bot = PhoneBot::start().await;
    let delay = || bot.took().expect("it answers").as_secs_f64() * 1000.0 + PHONE_PLAYOUT_MS;
    assert_median(delay, &["--phone", "twilio", "--ws", &bot.ws_url(), "--calls", "4", "--ramp", "0.1"])
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_counts_its_calls_and_writes_every_report() {
    let (bot, folder) = (bot().await, tempdir().unwrap());
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (html, junit, traces) = (file("load.html"), file("load.xml"), file("traces"));
    let start = bot.start_url();
    let run = LoadRun::tried(
        folder.path(),
        &[
            "--start", &start, "--calls", "3", "--rate", "5", "--html", &html, "--junit", &junit, "--traces",
            &traces,
        ],
    )
    .await;
    run.assert_code(0);
    for (name, count) in
        [("started", 3.0), ("ready", 3.0), ("failed", 0.0), ("refused", 0.0), ("dropped", 0.0)]
    {
        assert_eq!(run.number(&format!("/calls/{name}")), count, "{name}: {}", run.text);
    }
    assert_eq!((run.number("/connectMs/count"), run.number("/answerMs/count")), (3.0, 3.0));
    assert_eq!(run.number("/phasesMs/start/count"), 3.0);
    assert!(run.number("/answerMs/p50") > DELAY_MS && run.number("/heardPercent") > 50.0, "{}", run.text);
    assert!(run.number("/generator/cpuSeconds") > 0.0, "{}", run.text);
    assert!(std::fs::read_to_string(html).unwrap().contains("<svg"));
    assert!(std::fs::read_to_string(junit).unwrap().contains("the generator kept up"));
    let trace = run.report["worst"][0]["trace"].as_str().unwrap();
    let trace = std::fs::read_to_string(Path::new(&traces).join(trace)).unwrap();
    assert!(trace.contains("rtviTrace"), "{trace}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thresholds_decide_the_exit_code() {
    let (bot, folder) = (bot().await, tempdir().unwrap());
    let ws = bot.ws_url();
    let calls = ["--ws", &ws, "--calls", "2"];
    let held = [&calls[..], &["--fail-if", "max(answer) > 60s", "--fail-if", "failed > 0"]].concat();
    LoadRun::tried(folder.path(), &held).await.assert_code(0);
    let missed = [&calls[..], &["--fail-if", "p50(answer) > 100ms"]].concat();
    let run = LoadRun::tried(folder.path(), &missed).await;
    run.assert_code(1);
    assert_eq!(run.report["thresholds"][0]["held"], false, "{}", run.text);
}

#[tokio::test]
async fn wrong_usage_and_no_bot_have_their_codes() {
    let folder = tempdir().unwrap();
    let address = format!("ws://127.0.0.1:{}/ws", free_port());
    let run = LoadRun::make(folder.path(), &["--ws", &address, "--calls", "2"]).await;
    assert_eq!((run.code, run.number("/calls/failed")), (3, 2.0), "{}", run.text);
    assert_eq!(run.number("/errors/connectionFailed"), 2.0);
    for arguments in [
        &["--ws", &address][..],
        &["--ws", &address, "--calls", "2", "--mic", "wav:/does/not/exist.wav"],
        &["--ws", &address, "--calls", "2", "--fail-if", "fast"],
        &["--ws", "wss://bots.example.com/ws", "--calls", "51"],
        &["--ws", &address, "--calls", "2", "--html", "/does/not/exist/a.html"],
    ] {
        let run = LoadRun::make(tempdir().unwrap().path(), arguments).await;
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.text);
    }
}

#[tokio::test]
async fn refused_calls_are_counted_apart() {
    let fault = Some(FaultPlan::new(Fault::Start(StartFault::Status { status: 429 })));
    let bot = DemoBot::start(BotOptions { fault, ..BotOptions::default() }).await.unwrap();
    let (folder, start) = (tempdir().unwrap(), bot.start_url());
    let run = LoadRun::make(folder.path(), &["--start", &start, "--calls", "3"]).await;
    assert_eq!(
        (run.code, run.number("/calls/refused"), run.number("/calls/failed")),
        (3, 3.0, 0.0),
        "{}",
        run.text
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_that_waits_for_a_function_is_no_silent_bot() {
    let prompts = vec!["What is the weather in Lisbon?".to_owned()];
    let bot = DemoBot::start(BotOptions { prompts, ..BotOptions::default() }).await.unwrap();
    let (with, without, ws) = (tempdir().unwrap(), tempdir().unwrap(), bot.ws_url());
    let calls = ["--ws", &ws, "--calls", "2"];
    let named = [&calls[..], &["--function", r#"get_weather={"conditions":"sunny"}"#]].concat();
    let named = LoadRun::tried(with.path(), &named).await;
    let unnamed = LoadRun::tried(without.path(), &[&calls[..], &["--patience", "3"]].concat()).await;
    for run in [&named, &unnamed] {
        run.assert_code(0);
    }
    assert_eq!((named.number("/turns/answered"), &named.report["errors"]), (2.0, &serde_json::json!({})));
    assert_eq!((unnamed.number("/turns/unanswered"), unnamed.number("/errors/functionCall")), (2.0, 2.0));
    assert!(unnamed.text.contains("waited for the result of get_weather"), "{}", unnamed.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_with_a_fifth_of_its_time_is_void() {
    let (bot, folder) = (bot().await, tempdir().unwrap());
    let run = LoadRun::with_a_fifth(folder.path(), &["--ws", &bot.ws_url(), "--calls", "4"]).await;
    assert_eq!((run.code, &run.report["void"]), (4, &true.into()), "{}", run.text);
    assert!(run.text.contains("late"), "{}", run.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_reports_merge_to_the_whole() {
    let bot = bot().await;
    let (one, two, whole) = (tempdir().unwrap(), tempdir().unwrap(), tempdir().unwrap());
    let ws = bot.ws_url();
    let first = LoadRun::tried(one.path(), &["--ws", &ws, "--calls", "3", "--ramp", "1"]).await;
    let second = LoadRun::tried(two.path(), &["--ws", &ws, "--calls", "2"]).await;
    let files = [&one, &two].map(|folder| folder.path().join("report.json").display().to_string());
    let run =
        LoadRun::make(whole.path(), &["report", &files[0], &files[1], "--fail-if", "count(answer) < 5"])
            .await;
    run.assert_code(0);
    for pointer in
        ["/calls/started", "/calls/ready", "/answerMs/count", "/connectMs/count", "/generator/cpuSeconds"]
    {
        let sum = first.number(pointer) + second.number(pointer);
        assert!((run.number(pointer) - sum).abs() < 1e-9, "{pointer}");
    }
    let slowest = first.number("/answerMs/max").max(second.number("/answerMs/max"));
    assert_eq!(run.number("/answerMs/max"), slowest);
    let count = |run: &LoadRun| run.report["counts"]["answer"].as_array().unwrap().clone();
    let mut all: Vec<f64> = [count(&first), count(&second)]
        .concat()
        .iter()
        .flat_map(|cell| vec![cell[0].as_f64().unwrap(); cell[1].as_u64().unwrap() as usize])
        .collect();
    all.sort_by(f64::total_cmp);
    assert_eq!(run.number("/answerMs/p50"), all[2], "the median of five");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_that_waits_in_vain_is_a_failed_check() {
    let (bot, folder) = (bot().await, tempdir().unwrap());
    let script = folder.path().join("script.jsonl");
    let steps = r#"{"do":"connect"}
{"do":"sendText","content":"Hello"}
{"do":"waitFor","event":"botOutput","match":{"text":"You said: Hello."},"timeoutMs":20000}
{"do":"waitFor","event":"botOutput","match":{"text":"Nobody says this."},"timeoutMs":300}
{"do":"disconnect"}
"#;
    std::fs::write(&script, steps).unwrap();
    let (ws, script) = (bot.ws_url(), script.display().to_string());
    let arguments =
        ["--ws", &ws, "--calls", "2", "--mic", "silence", "--script", &script, "--fail-if", "checks > 2"];
    let run = LoadRun::tried(folder.path(), &arguments).await;
    run.assert_code(0);
    assert_eq!((run.number("/checksFailed"), run.number("/errors/check")), (2.0, 2.0), "{}", run.text);
}
