//! Ctrl-C, and the end of standard input.

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use rtvi_bot::{Fault, FaultPlan};
use serde_json::json;

use crate::support::{Running, bot, error, rtvi};

fn interrupt(running: &Running) {
    let id = running.child.id().and_then(|id| i32::try_from(id).ok()).expect("it runs");
    kill(Pid::from_raw(id), Signal::SIGINT).expect("a signal");
}

#[tokio::test]
async fn ctrl_c_says_goodbye() {
    let bot = bot(|_| {}).await;
    let mut running = Running::start(["talk", "--ws", &bot.ws_url(), "--mic", "silence", "--json"]);
    running.line_with("\"botReady\"").await;
    interrupt(&running);
    let ran = running.end().await.expect_code(0);
    assert_eq!(ran.events("disconnected"), [json!({"reason": "requested"})]);
    assert_eq!(ran.summary()["outcome"], "interrupted");
    assert_eq!(bot.sessions()[0].close_code, Some(1000));
}

#[tokio::test]
async fn ctrl_c_ends_a_call_over_webrtc() {
    let bot = bot(|_| {}).await;
    let mut running = Running::start(["talk", "--offer", &bot.offer_url(), "--mic", "silence", "--json"]);
    running.line_with("\"botReady\"").await;
    interrupt(&running);
    let ran = running.end().await.expect_code(0);
    assert_eq!(ran.events("disconnected"), [json!({"reason": "requested"})]);
    assert_eq!(ran.summary()["outcome"], "interrupted");
}

#[tokio::test]
async fn ctrl_c_gives_up_connecting() {
    let bot = bot(|options| {
        let late = Fault::SlowUpgrade { ms: 3_600_000 };
        options.fault = Some(FaultPlan::new(late));
    })
    .await;
    let mut running = Running::start(["talk", "--ws", &bot.ws_url(), "--json"]);
    running.line_with("\"connecting\"").await;
    interrupt(&running);
    let ran = running.end().await.expect_code(3);
    assert_eq!(error(&ran, "connect")["kind"], "cancelled");
}

#[tokio::test]
async fn the_bot_tells_its_address_and_ends_on_ctrl_c() {
    let mut running = Running::start(["bot", "--port", "0"]);
    let ready = running.line_with("READY http://127.0.0.1:").await;
    let url = ready.trim().replace("READY http://", "ws://") + "/ws";
    rtvi(["talk", "--ws", &url, "--linger", "0.1"]).await.expect_code(0);
    interrupt(&running);
    running.end().await.expect_code(0);
}

#[tokio::test]
async fn the_bot_ends_with_its_input() {
    // Its input has no content.
    let mut running = Running::start(["bot", "--port", "0", "--while-stdin"]);
    running.line_with("READY http://127.0.0.1:").await;
    running.end().await.expect_code(0);
}
