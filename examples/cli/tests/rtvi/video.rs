//! Video: what the camera sends comes back from the demo bot, picture by picture; without a camera,
//! the bot shows its face.
#![cfg(feature = "video")]

use std::time::{Duration, Instant};

use rtvi_core::media::video::{VideoFormat, VideoFrame, VideoInput, VideoPixels, VideoSource};
use rtvi_video::{PatternSource, Y4mSource};
use serde_json::json;

use crate::support::{bot, error, rtvi};

/// The pictures in a file.
#[expect(clippy::disallowed_methods, reason = "a file plays in real time")]
fn pictures(path: &std::path::Path) -> Vec<VideoFrame> {
    let mut source = Y4mSource::open(path).expect("opens");
    source.start(VideoFormat { width: 1, height: 1, frame_rate: 1 }).expect("starts");
    let mut pictures = Vec::new();
    let until = Instant::now() + Duration::from_secs(30);
    while !source.is_finished() && Instant::now() < until {
        let Some(VideoInput::Pixels(frame)) = source.read() else {
            std::thread::yield_now();
            continue;
        };
        pictures.push(frame);
    }
    pictures
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
    let pictures = pictures(&file);
    assert!(pictures.iter().all(|picture| (picture.width, picture.height) == (640, 480)));
    let numbers: Vec<u16> = pictures.iter().filter_map(PatternSource::number).collect();
    assert_eq!(numbers.len(), pictures.len(), "all are pictures of the pattern");
    assert!(numbers.len() > 10, "{} pictures", numbers.len());
    assert!(numbers.is_sorted(), "{numbers:?}");
}

#[tokio::test]
async fn without_a_camera_the_bot_shows_a_face_that_speaks() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bot.y4m");
    let video = format!("y4m:{}", file.display());
    let line = ["demo", "--greeting", "Good morning.", "--video", &video, "--duration", "3", "--json"];
    let summary = rtvi(line).await.expect_code(0).summary();
    assert_eq!(summary["videoFramesSent"], 0, "{summary}");
    let pictures = pictures(&file);
    assert!(pictures.len() > 20, "{} pictures: {summary}", pictures.len());
    assert!(pictures.iter().all(|picture| (picture.width, picture.height) == (320, 240)));
    // Below the middle of the mouth: the lip of one that is closed, and the dark of an open one.
    let is_open = |picture: &VideoFrame| {
        let VideoPixels::I420([luma, ..]) = &picture.pixels else { panic!("{picture:?}") };
        luma.data.get(177 * luma.stride + 160).is_some_and(|luma| *luma < 100)
    };
    let open = pictures.iter().filter(|picture| is_open(picture)).count();
    assert!(open > 3 && open < pictures.len() - 3, "{open} of {}", pictures.len());
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
