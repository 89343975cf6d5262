//! How failures are told: exit codes and typed errors.

use rtvi_bot::{Fault, FaultPlan, StartFault};
use serde_json::json;

use crate::support::{Running, bot, error, refused, rtvi};

#[tokio::test]
async fn failing_while_running_is_code_1() {
    let bot = bot(|_| {}).await;
    let ran = rtvi(["talk", "--ws", &bot.ws_url(), "--dtmf", "x", "--linger", "0.1", "--json"])
        .await
        .expect_code(1);
    assert_eq!(error(&ran, "sendDtmf")["kind"], "invalidArgument");
    assert_eq!(ran.summary()["outcome"], "failed");
    let ran = rtvi(["talk", "--ws", &bot.ws_url(), "--request", "nonsense", "--linger", "0.1", "--json"])
        .await
        .expect_code(1);
    assert_eq!(error(&ran, "sendClientRequest")["kind"], "requestFailed");

    let script = tempfile::NamedTempFile::new().expect("a file");
    let steps = "{\"do\":\"connect\"}\n{\"do\":\"waitFor\",\"event\":\"never\",\"timeoutMs\":50}\n{\"do\":\"disconnect\"}\n";
    std::fs::write(script.path(), steps).expect("written");
    let path = script.path().display().to_string();
    let ran = rtvi(["talk", "--ws", &bot.ws_url(), "--script", &path, "--json"]).await.expect_code(1);
    assert_eq!(error(&ran, "waitFor")["kind"], "timeout");
    assert_eq!(ran.results("disconnect").len(), 1, "the script went on");
}

#[tokio::test]
async fn losing_the_bot_for_good_is_code_1() {
    let bot =
        bot(|options| options.fault = Some(FaultPlan { after_ms: 50, ..FaultPlan::new(Fault::Drop) })).await;
    let ran = rtvi(["talk", "--ws", &bot.ws_url(), "--reconnect", "0", "--duration", "30", "--json"])
        .await
        .expect_code(1);
    assert_eq!(ran.events("disconnected")[0]["reason"], "failed");
}

#[tokio::test]
async fn wrong_usage_is_code_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("text.wav");
    std::fs::write(&text, "this is no audio").expect("written");
    let script = folder.path().join("bad.jsonl");
    std::fs::write(&script, "{\"do\":\"connect\"}\n{\"do\":\"dance\"}\n").expect("written");
    let (mic, script) = (format!("wav:{}", text.display()), script.display().to_string());
    let url = refused();
    let lines: [(&[&str], &str); 7] = [
        (&["talk"], "--start"),
        (&["talk", "--ws", "ftp://x"], "'ftp'"),
        (&["talk", "--ws", &url, "--mic", &mic, "--json"], "text.wav"),
        (&["talk", "--ws", &url, "--script", &script, "--json"], "bad.jsonl:2: "),
        (&["talk", "--ws", &url, "--script", "/does/not/exist"], "/does/not/exist"),
        (&["talk", "--ws", &url, "--phone", "vonage", "--hang-up-api", "127.0.0.1:0"], "--hang-up-api"),
        (&["talk", "--ws", &url, "--speaker", "wav:/does/not/exist/a.wav"], "/does/not/exist/a.wav"),
    ];
    for (line, part) in lines {
        let ran = rtvi(line).await.expect_code(2);
        assert!(ran.stderr.contains(part) && ran.stdout.is_empty(), "{line:?}: {ran:?}");
    }
}

#[tokio::test]
async fn not_connecting_is_code_3() {
    let ran = rtvi(["talk", "--ws", &refused(), "--json"]).await.expect_code(3);
    let refusal = error(&ran, "connect");
    assert_eq!((&refusal["kind"], &refusal["phase"]), (&json!("connectionFailed"), &json!("transportOpen")));
    assert_eq!(ran.summary()["outcome"], "notConnected");

    let busy =
        bot(|options| options.fault = Some(FaultPlan::new(Fault::Start(StartFault::Status { status: 503 }))))
            .await;
    let ran = rtvi(["talk", "--start", &busy.start_url(), "--json"]).await.expect_code(3);
    let refusal = error(&ran, "startBotAndConnect");
    assert_eq!((&refusal["kind"], &refusal["status"]), (&json!("startBotFailed"), &json!(503)));

    let mute = bot(|options| options.fault = Some(FaultPlan::new(Fault::NoBotReady))).await;
    let ran = rtvi(["talk", "--ws", &mute.ws_url(), "--timeout", "0.3", "--json"]).await.expect_code(3);
    let late = error(&ran, "connect");
    assert_eq!((&late["kind"], &late["phase"]), (&json!("timeout"), &json!("botReady")));
}

#[tokio::test]
async fn a_reader_that_goes_away_ends_the_session() {
    let bot = bot(|_| {}).await;
    let mut running =
        Running::start(["talk", "--ws", &bot.ws_url(), "--request", "slow={\"seconds\":0.3}", "--json"]);
    running.line_with("botReady").await;
    assert_eq!(running.end_unread().await, Some(1));
    assert_eq!(bot.sessions()[0].close_code, Some(1000), "a goodbye all the same");
}
