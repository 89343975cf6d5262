//! Video with the current Pipecat.
#![expect(clippy::disallowed_methods, reason = "a test fails by panicking")]

use std::time::Duration;

use rtvi_core::media::video::{EncodedFrame, VideoCodec};
use rtvi_tests::video::{VideoBot, VideoCall, VideoRecording, plan};
use tokio::time::sleep;

const CAMERA: (u32, u32, u32) = (640, 480, 24);

async fn camera(codec: VideoCodec) -> VideoRecording {
    VideoRecording::make(codec, CAMERA).await
}

/// A call with only a camera, which is on.
async fn camera_call(bot: &VideoBot, codec: VideoCodec) -> VideoCall {
    let recording = camera(codec).await;
    let call = VideoCall::open(&bot.offer_url(), plan(&[codec], false), [recording.clone(), recording]).await;
    call.camera.enable(true);
    call
}

/// The bot sees the camera, and its echo can be decoded.
async fn sees_and_echoes(codec: VideoCodec) {
    let bot = VideoBot::start(&[]).await;
    let call = camera_call(&bot, codec).await;
    sleep(Duration::from_secs(10)).await;
    let sent = call.camera.sent();
    let seen = bot.seen().await;
    let frames: Vec<EncodedFrame> = call.frames().into_iter().map(|(frame, _)| frame).collect();
    eprintln!("sent {sent}, seen {}, back {}, {:?}", seen.camera.frames, frames.len(), call.stats().video);
    eprintln!("status {:?} {:?} pause {}", seen.status, seen.bitrates, seen.camera.longest_pause());
    assert!(seen.camera.frames * 100 >= sent * 95, "{} of {sent}", seen.camera.frames);
    assert_eq!(seen.camera.sizes.keys().collect::<Vec<_>>(), ["640x480"]);
    let (numbers, sizes) = VideoRecording::look(&frames).await;
    assert!(numbers.len() as u64 * 100 >= sent * 80, "{} of {sent}", numbers.len());
    assert!(sizes.iter().all(|size| *size == (640, 480)));
    assert!(call.unsupported().is_empty());
    call.close().await;
}

#[tokio::test]
async fn the_bot_sees_vp8_and_its_echo_comes_back() {
    sees_and_echoes(VideoCodec::Vp8).await;
}

#[tokio::test]
async fn the_bot_sees_h264_and_its_echo_comes_back() {
    sees_and_echoes(VideoCodec::H264).await;
}
