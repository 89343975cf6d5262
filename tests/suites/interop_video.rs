//! Video with the current Pipecat.

use std::time::Duration;

use rtvi_core::media::{
    VideoStats,
    video::{EncodedFrame, VideoCodec},
};
use rtvi_tests::{
    network::{Conditions, HostileNetwork, Impairment},
    video::{Seen, VideoBot, VideoCall, VideoRecording, plan},
};
use tokio::time::sleep;

const CAMERA: (u32, u32, u32) = (640, 480, 24);
const SCREEN: (u32, u32, u32) = (1_280, 720, 10);
/// The longest pause of a picture at 2 % loss, in seconds.
const FREEZE: f64 = 0.5;

async fn seconds(count: u64) {
    sleep(Duration::from_secs(count)).await;
}

/// A call with only a camera, which is on.
async fn camera_call(bot: &VideoBot, codec: VideoCodec) -> VideoCall {
    let recording = VideoRecording::make(codec, CAMERA).await;
    let call = VideoCall::open(&bot.offer_url(), plan(&[codec], false), [recording.clone(), recording]).await;
    call.camera.enable(true);
    call
}

fn encoded(call: &VideoCall) -> Vec<EncodedFrame> {
    call.frames().into_iter().map(|(frame, _)| frame).collect()
}

/// The bot sees the camera, its echo can be decoded, and it takes the bitrate that it is allowed.
async fn sees_and_echoes(codec: VideoCodec, share_back: u64) {
    let bot = VideoBot::start(&[]).await;
    let call = camera_call(&bot, codec).await;
    seconds(10).await;
    let sent = call.camera.sent();
    let seen = bot.seen().await;
    assert!(seen.camera.frames * 100 >= sent * 95, "{} of {sent}", seen.camera.frames);
    assert_eq!(seen.camera.sizes.keys().collect::<Vec<_>>(), ["640x480"]);
    assert_eq!(seen.bitrates.get(1), Some(&Some(1_500_000)));
    let frames = encoded(&call);
    assert!(frames[0].is_key);
    let (numbers, sizes) = VideoRecording::look(&frames).await;
    assert_eq!(numbers.len(), frames.len(), "every frame can be decoded");
    assert!(numbers.len() as u64 * 100 >= sent * share_back, "{} of {sent}", numbers.len());
    assert!(sizes.iter().all(|size| *size == (640, 480)));
    assert!(call.unsupported().is_empty());
    call.close().await;
}

#[tokio::test]
async fn the_bot_sees_vp8_and_its_echo_comes_back() {
    sees_and_echoes(VideoCodec::Vp8, 90).await;
}

/// The bot's encoder of H.264 is slow.
#[tokio::test]
async fn the_bot_sees_h264_and_its_echo_comes_back() {
    sees_and_echoes(VideoCodec::H264, 50).await;
}

/// Camera and screen over a network that loses packets in both directions.
async fn sees_both_despite(loss: f64) -> (Seen, VideoStats, u64, u64) {
    let bot = VideoBot::start(&["--no-echo"]).await;
    let conditions = Conditions::both(Impairment::loss(loss));
    let network = HostileNetwork::start(bot.offer_url().trim_end_matches("/api/offer"), 7, conditions).await;
    let recordings = [
        VideoRecording::make(VideoCodec::Vp8, CAMERA).await,
        VideoRecording::make(VideoCodec::Vp8, SCREEN).await,
    ];
    let url = format!("{}/api/offer", network.url());
    let call = VideoCall::open(&url, plan(&[VideoCodec::Vp8], true), recordings).await;
    call.camera.enable(true);
    call.screen.enable(true);
    seconds(12).await;
    let (camera, screen) = (call.camera.sent(), call.screen.sent());
    let (seen, stats) = (bot.seen().await, call.video());
    eprintln!(
        "{loss}: camera {} of {camera}, screen {} of {screen}, pauses {:.3} {:.3}\n{:?}\n{:?}",
        seen.camera.frames,
        seen.screen.frames,
        seen.camera.longest_pause(),
        seen.screen.longest_pause(),
        stats.camera,
        stats.screen
    );
    call.close().await;
    (seen, stats, camera, screen)
}

#[tokio::test]
async fn two_percent_loss_freezes_neither_camera_nor_screen() {
    let (seen, stats, camera, screen) = sees_both_despite(0.02).await;
    assert!(stats.camera.packets_repeated > 0 && stats.screen.packets_repeated > 0);
    // The bot's pipeline starts late.
    assert!(seen.camera.frames * 100 >= camera * 97 && seen.screen.frames * 100 >= screen * 95);
    assert!(seen.camera.longest_pause() < FREEZE, "{}", seen.camera.longest_pause());
    assert!(seen.screen.longest_pause() < FREEZE, "{}", seen.screen.longest_pause());
}

#[tokio::test]
async fn five_percent_loss_is_survived() {
    let (seen, _, camera, screen) = sees_both_despite(0.05).await;
    assert!(seen.camera.frames * 100 >= camera * 94 && seen.screen.frames * 100 >= screen * 90);
}

#[tokio::test]
async fn a_camera_that_is_off_sends_nothing_and_costs_the_bot_nothing() {
    let bot = VideoBot::start(&["--no-echo"]).await;
    let call = camera_call(&bot, VideoCodec::Vp8).await;
    seconds(3).await;
    call.camera.enable(false);
    seconds(2).await;
    let (before, packets) = (bot.seen().await, call.video().camera.packets);
    seconds(10).await;
    let (after, later) = (bot.seen().await, call.video().camera.packets);
    assert_eq!((before.camera.frames, packets), (after.camera.frames, later));
    assert!(before.camera.frames > 40, "{}", before.camera.frames);
    let growth = after.memory.saturating_sub(before.memory);
    assert!(growth < 5_000_000, "the bot grew by {growth} bytes");
    call.camera.enable(true);
    seconds(3).await;
    let again = bot.seen().await;
    assert!(
        again.camera.frames >= after.camera.frames + 55,
        "{} {}",
        after.camera.frames,
        again.camera.frames
    );
    let camera: Vec<bool> =
        again.status.iter().filter(|(track, _)| *track == 1).map(|(_, enabled)| *enabled).collect();
    assert_eq!(camera, [false, true, false, true]);
    call.close().await;
}

/// The bot throws away what comes before its pipeline starts, asks the client to renegotiate, and
/// then for a key frame.
#[tokio::test]
async fn a_bot_that_starts_late_sees_the_camera_after_it_renegotiates() {
    let bot = VideoBot::start(&["--start-delay", "3"]).await;
    let call = camera_call(&bot, VideoCodec::Vp8).await;
    seconds(9).await;
    let (seen, stats) = (bot.seen().await, call.video());
    assert!(seen.camera.frames >= 110, "{}", seen.camera.frames);
    assert!(stats.bot.frames >= 80 && stats.bot.frames_dropped == 0, "{:?}", stats.bot);
    call.close().await;
}

#[tokio::test]
async fn each_call_begins_with_a_key_frame() {
    let bot = VideoBot::start(&[]).await;
    for _ in 0..2 {
        let call = camera_call(&bot, VideoCodec::Vp8).await;
        seconds(4).await;
        let frames = encoded(&call);
        let seen = bot.seen().await;
        assert!(seen.camera.frames >= 70 && frames.len() >= 50, "{} {}", seen.camera.frames, frames.len());
        assert!(frames[0].is_key);
        call.close().await;
    }
}
