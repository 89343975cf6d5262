//! Sessions that go well.

use std::path::Path;

use rtvi_bot::{Fault, FaultPlan};
use serde_json::{Value, json};

use crate::support::{bot, error, rtvi};

/// Writes a WAV file with a tone of `seconds`.
fn wav(path: &Path, seconds: f32) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).expect("a file");
    for index in 0..(seconds * 8000.0) as usize {
        let phase = index as f32 * 300.0 * std::f32::consts::TAU / 8000.0;
        writer.write_sample((phase.sin() * 12_000.0) as i16).expect("written");
    }
    writer.finalize().expect("complete");
}

#[tokio::test]
async fn a_talk_with_a_tone_is_logged_line_by_line() {
    let bot = bot(|_| {}).await;
    let ran = rtvi(["talk", "--start", &bot.start_url(), "--mic", "tone:440", "--duration", "1", "--json"])
        .await
        .expect_code(0);
    let log = ran.log();
    let (summary, lines) = log.split_last().expect("lines");
    let times: Vec<f64> = lines.iter().map(|line| line["ms"].as_f64().expect("a time")).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(lines[0]["call"], "startBotAndConnect");
    assert_eq!(ran.results("startBotAndConnect")[0]["ok"]["version"], "2.2.0");
    assert_eq!(ran.events("disconnected"), [json!({"reason": "requested"})]);
    assert_eq!(ran.events("userStartedSpeaking").len(), 1, "the tone was heard");
    let summary = &summary["summary"];
    assert_eq!((&summary["outcome"], &summary["reconnects"]), (&json!("done"), &json!(0)));
    assert!(summary["botReadyMs"].as_f64().is_some_and(|ms| ms > 0.0), "{summary}");
    assert!(summary["audioSentSeconds"].as_f64().is_some_and(|sent| (0.5..1.5).contains(&sent)), "{summary}");
    assert!(ran.stderr.is_empty(), "{}", ran.stderr);
}

#[tokio::test]
async fn the_log_on_stderr_is_the_clients_own() {
    let bot = bot(|_| {}).await;
    let ran =
        rtvi(["talk", "--offer", &bot.offer_url(), "--linger", "0.1", "--log", "debug"]).await.expect_code(0);
    assert!(ran.stderr.contains(" rtvi: "), "{}", ran.stderr);
    assert!(ran.stderr.lines().all(|line| line.contains(" rtvi: ")), "{}", ran.stderr);
}

#[tokio::test]
async fn a_recording_is_spoken_and_the_answer_recorded() {
    let bot = bot(|options| options.pace = 0.5).await;
    for target in [["--offer", &bot.offer_url()], ["--ws", &bot.ws_url()]] {
        is_spoken_and_recorded(target).await;
    }
}

async fn is_spoken_and_recorded(target: [&str; 2]) {
    let folder = tempfile::tempdir().expect("a folder");
    let (question, answer) = (folder.path().join("question.wav"), folder.path().join("answer.wav"));
    wav(&question, 0.6);
    let (mic, speaker) = (format!("wav:{}", question.display()), format!("wav:{}", answer.display()));
    let session = ["--mic", &mic, "--speaker", &speaker, "--linger", "0.7", "--json"];
    let args = [&["talk"], &target[..], &session].concat();
    let ran = rtvi(args).await.expect_code(0);
    let is_final = |data: &Value| data["final"] == true;
    assert_eq!(ran.events("userTranscript").into_iter().filter(is_final).count(), 1, "{}", ran.stdout);
    let completed = ran.events("botOutput").into_iter().filter(|data| data["spoken_status"] == "completed");
    assert!(completed.count() >= 1, "{}", ran.stdout);
    let received = ran.summary()["audioReceivedSeconds"].as_f64().expect("a figure");
    assert!(received > 0.5, "{received}");
    let mut recording = hound::WavReader::open(&answer).expect("a WAV file");
    let loudest = recording.samples::<i16>().map(|sample| sample.expect("a sample").unsigned_abs()).max();
    assert!(loudest.is_some_and(|loudest| loudest > 500), "{loudest:?}");
}

#[tokio::test]
async fn what_options_ask_for_is_sent() {
    let bot = bot(|_| {}).await;
    let ran = rtvi([
        "talk",
        "--ws",
        &bot.ws_url(),
        "--message",
        "server-message={\"a\":1}",
        "--request",
        "get-language",
        "--request",
        "echo=[1]",
        "--dtmf",
        "1#",
        "--send-text",
        "What is the weather in Oslo?",
        "--function",
        "get_weather={\"celsius\":21}",
        "--linger",
        "0.3",
        "--json",
    ])
    .await
    .expect_code(0);
    let answers: Vec<Value> =
        ran.results("sendClientRequest").into_iter().map(|line| line["ok"].clone()).collect();
    assert_eq!(answers, [json!({"language": "en-US"}), json!([1])]);
    assert_eq!(ran.events("serverMessage"), [json!({"a": 1})]);
    assert_eq!(ran.events("llmFunctionCallStopped")[0]["result"], json!({"celsius": 21}));
    assert_eq!(bot.sessions()[0].dtmf, "1#");
    let spoken = ran.events("botStoppedSpeaking").len();
    assert!(spoken >= 1, "the answer was waited for: {}", ran.stdout);
}

#[tokio::test]
async fn headers_and_the_token_reach_the_server() {
    let bot = bot(|options| {
        options.token = Some("sesame".into());
        options.required_header = Some(("x-key".into(), "value".into()));
    })
    .await;
    let (ws, offer, start) = (bot.ws_url(), bot.offer_url(), bot.start_url());
    for (option, url) in [("--offer", &offer), ("--start", &start)] {
        let line = ["talk", option, url, "--header", "X-Key: value", "--linger", "0.1", "--json"];
        rtvi(line).await.expect_code(0);
    }
    let good: [&[&str]; 2] = [
        &["talk", "--ws", &ws, "--token", "sesame", "--header", "X-Key: value", "--linger", "0.1", "--json"],
        &["talk", "--ws", &ws, "--token", "sesame", "--linger", "0.1", "--json"],
    ];
    rtvi(good[0]).await.expect_code(0);
    let refused = rtvi(good[1]).await.expect_code(3);
    assert_eq!(error(&refused, "connect")["status"], 403);
    assert!(!refused.stdout.contains("sesame"), "{}", refused.stdout);
    let refused = rtvi(["talk", "--start", &start, "--json"]).await.expect_code(3);
    assert_eq!(error(&refused, "startBotAndConnect")["kind"], "startBotFailed");
}

#[tokio::test]
async fn a_lost_connection_is_restored() {
    let bot = bot(|options| {
        let drop = FaultPlan { after_ms: 20, connections: Some(1), ..FaultPlan::new(Fault::Drop) };
        options.fault = Some(drop);
    })
    .await;
    let ran = rtvi(["talk", "--ws", &bot.ws_url(), "--linger", "0.2", "--json"]).await.expect_code(0);
    assert_eq!(ran.summary()["reconnects"], 1);
    assert_eq!(ran.events("reconnecting")[0]["attempt"], 1);
}

#[tokio::test]
async fn a_relay_that_is_missing_is_named_at_once() {
    let bot = bot(|_| {}).await;
    let ran = rtvi(["talk", "--offer", &bot.offer_url(), "--relay-only", "--json"]).await.expect_code(3);
    let refusal = error(&ran, "connect");
    assert_eq!(refusal["kind"], "invalidTransportParams");
    assert!(refusal["message"].as_str().is_some_and(|text| text.contains("TURN")), "{refusal}");
}

#[tokio::test]
async fn people_get_lines_without_escape_sequences() {
    let bot = bot(|options| options.greeting = Some("Hello there.".into())).await;
    let ran = rtvi(["talk", "--ws", &bot.ws_url(), "--linger", "0.5"]).await.expect_code(0);
    for part in ["the bot is ready: RTVI 2.2.0", "bot       Hello there.", "Summary", "peak memory"] {
        assert!(ran.stdout.contains(part), "{part} in {}", ran.stdout);
    }
    assert!(!ran.stdout.contains(['\u{1b}', '\r']), "{}", ran.stdout);
}

#[tokio::test]
async fn an_endless_tone_does_not_keep_a_session_that_has_something_to_do() {
    let bot = bot(|_| {}).await;
    let args = [
        "talk",
        "--ws",
        &bot.ws_url(),
        "--mic",
        "tone:440",
        "--request",
        "slow={\"seconds\":0.5}",
        "--linger",
        "0.3",
        "--json",
    ];
    let ran = rtvi(args).await.expect_code(0);
    assert_eq!(ran.events("userStartedSpeaking").len(), 1, "{}", ran.stdout);
}
