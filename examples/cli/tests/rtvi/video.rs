//! Video: what the camera sends comes back from the demo bot, picture by picture.
#![cfg(feature = "video")]

use std::time::{Duration, Instant};

use rtvi_core::media::video::{VideoFormat, VideoInput, VideoSource};
use rtvi_video::{PatternSource, Y4mSource};
use serde_json::json;

use crate::support::{bot, error, rtvi};

/// The numbers of the pattern's pictures in a file, and their size.
#[expect(clippy::disallowed_methods, reason = "a file plays in real time")]
fn numbers(path: &std::path::Path) -> (Vec<u16>, (u32, u32)) {
    let mut source = Y4mSource::open(path).expect("opens");
    source.start(VideoFormat { width: 1, height: 1, frame_rate: 1 }).expect("starts");
    let (mut numbers, mut size) = (Vec::new(), (0, 0));
    let until = Instant::now() + Duration::from_secs(30);
    while !source.is_finished() && Instant::now() < until {
        let Some(VideoInput::Pixels(frame)) = source.read() else {
            std::thread::yield_now();
            continue;
        };
        size = (frame.width, frame.height);
        numbers.push(PatternSource::number(&frame).expect("a picture of the pattern"));
    }
    (numbers, size)
}

#[tokio::test]
async fn the_camera_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bot.y4m");
    let video = format!("y4m:{}", file.display());
    let ran = rtvi(["demo", "--cam", "pattern", "--video", &video, "--duration", "4", "--json"]).await;
    let ran = ran.expect_code(0);
    let summary = ran.summary();
    let count = |name: &str| summary[name].as_u64().expect("a count");
    let (sent, received) = (count("videoFramesSent"), count("videoFramesReceived"));
    assert!((20..=110).contains(&sent), "{summary}");
    assert!(received > sent * 6 / 10 && received <= sent, "{summary}");
    assert_eq!(count("screenFramesSent"), 0);
    let started: Vec<_> = ran.events("trackStarted").iter().map(|track| track["kind"].clone()).collect();
    assert!(started.iter().filter(|kind| **kind == "video").count() == 2, "{started:?}");
    let (numbers, size) = numbers(&file);
    assert_eq!(size, (640, 480));
    assert!(numbers.len() > 10, "{} pictures", numbers.len());
    assert!(numbers.is_sorted(), "{numbers:?}");
}

#[tokio::test]
async fn the_screen_is_sent_beside_the_camera() {
    let ran = rtvi(["demo", "--cam", "pattern", "--screen", "pattern", "--duration", "4", "--json"]).await;
    let summary = ran.expect_code(0).summary();
    let screen = summary["screenFramesSent"].as_u64().expect("a count");
    // A busy machine lowers the rate to two a second.
    assert!((4..=50).contains(&screen), "{summary}");
    assert_eq!(summary["videoFramesReceived"], 0, "nobody looks");
}

#[tokio::test]
async fn a_script_turns_the_camera_off_and_on() {
    let bot = bot(|_| {}).await;
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("script.jsonl");
    let steps = [
        json!({"do": "startBotAndConnect"}),
        json!({"do": "waitFor", "event": "trackStarted", "match": {"kind": "video", "participant": {"local": false}}}),
        json!({"do": "enableCam", "enable": false}),
        json!({"do": "waitFor", "event": "trackStopped", "match": {"kind": "video", "participant": {"local": true}}}),
        json!({"do": "enableCam", "enable": true}),
        json!({"do": "waitFor", "event": "trackStarted", "match": {"kind": "video", "participant": {"local": true}}}),
        json!({"do": "enableScreenShare", "enable": true}),
        json!({"do": "disconnect"}),
    ];
    let text: Vec<String> = steps.iter().map(ToString::to_string).collect();
    std::fs::write(&script, text.join("\n")).expect("written");
    let start = bot.start_url();
    let film = format!("y4m:{}", folder.path().join("bot.y4m").display());
    let options = ["--cam", "pattern", "--video", &film, "--script"];
    let line =
        [&["talk", "--start", &start][..], &options, &[script.to_str().expect("text"), "--json"]].concat();
    let ran = rtvi(line).await.expect_code(0);
    let refused = error(&ran, "enableScreenShare");
    assert_eq!(refused["kind"], "unsupportedFeature", "there is no screen: {refused}");
    bot.stop().await;
}

#[tokio::test]
async fn what_cannot_be_opened_is_named() {
    for (option, value, code) in
        [("--cam", "y4m:/does/not/exist.y4m", 2), ("--video", "y4m:/does/not/exist.y4m", 2)]
    {
        let ran = rtvi(["talk", "--ws", "ws://localhost:1/ws", option, value]).await.expect_code(code);
        assert!(ran.stderr.contains("/does/not/exist.y4m"), "{}", ran.stderr);
    }
}
