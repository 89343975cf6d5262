//! The Kotlin SDK and its console example with a real Pipecat server: a spoken conversation, and
//! the SDK's own tests of sessions.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use rtvi_core::media::video::VideoCodec;
use rtvi_tests::{
    PipecatServer, ServerKind, assert_heard, assert_repeated, counted,
    kotlin::{example, made, maven},
    native::{folder, run},
    video::{VideoBot, VideoRecording},
    write_greeting,
};

/// The module `rtvi` and what it depends on, which has no tests.
const ONLY_RTVI: [&str; 4] = ["--projects", "rtvi", "--also-make", "-Dsurefire.failIfNoSpecifiedTests=false"];

/// One test at a time: video takes the machine's time, and Maven writes into the same folders.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

async fn server() -> PipecatServer {
    PipecatServer::start(ServerKind::Voice, &[]).await
}

/// A file with a spoken greeting.
async fn greeting() -> std::path::PathBuf {
    let path = folder("interop").join("kotlin.wav");
    write_greeting(&path).await;
    path
}

/// Runs blocking code while the runtime reads the server's output.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("it ends")
}

#[tokio::test(flavor = "multi_thread")]
async fn spoken_over_webrtc() {
    let _turn = TURN.lock().await;
    let server = server().await;
    let offer = server.webrtc_target().offer_url.expect("it takes offers");
    let recording = folder("interop").join("kotlin-bot.wav");
    let mic = greeting().await;
    let bot = recording.clone();
    let said = aside(move || {
        maven(|maven| maven.arg("process-classes")).expect("it builds");
        run(example()
            .args(["--offer", &offer, "--send", "Good bye", "--mic"])
            .arg(mic)
            .arg("--speaker")
            .arg(bot))
    })
    .await;
    assert_repeated(&said, "Good bye");
    assert_heard(&recording);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tests_of_the_sdk() {
    let _turn = TURN.lock().await;
    let server = server().await;
    let target = server.webrtc_target();
    let said = aside(move || {
        maven(|maven| {
            // This server offers no sessions over WebRTC.
            let tests = "-Dtest=SessionTest,!SessionTest#startsThenConnectsOverWebRTC";
            maven.args(ONLY_RTVI).args(["test", tests]);
            maven.env("RTVI_TEST_WS", &target.ws_url).env("RTVI_TEST_START", &target.start_url)
        })
    })
    .await
    .expect("they pass");
    let passed = counted::surefire(&said).unwrap_or_else(|why| panic!("{why}\n{said}"));
    println!("{passed} tests in Kotlin");
}

/// Encoded frames of the app, with a bot that looks at them and encodes them again.
async fn video(codec: VideoCodec) {
    let _turn = TURN.lock().await;
    let bot = VideoBot::start(&[]).await;
    let recording = folder("interop").join(format!("kotlin-{codec:?}.ivf"));
    VideoRecording::write(codec, (640, 480, 24), &recording).await;
    let offer = bot.offer_url();
    let said = aside(move || {
        maven(|maven| {
            maven.args(ONLY_RTVI).args(["test", "-Dtest=VideoEchoTest"]);
            maven.env("RTVI_TEST_OFFER", &offer).env("RTVI_TEST_VIDEO", recording)
        })
    })
    .await
    .expect("it passes");
    let line = said.lines().find(|line| line.contains("returned")).expect("it was run");
    let seen = bot.seen().await;
    println!("{codec:?}: {line}; {} seen by the bot", seen.camera.frames);
    assert!(line.to_lowercase().contains(&format!("{codec:?}").to_lowercase()), "{line}");
    assert!(seen.camera.frames >= 110, "{}", seen.camera.frames);
    assert_eq!(seen.camera.sizes.keys().collect::<Vec<_>>(), ["640x480"]);
    let (numbers, sizes) = VideoRecording::look_at(&made("video-echo.ivf")).await;
    assert!(numbers.len() >= 60, "{}", numbers.len());
    assert!(sizes.iter().all(|size| *size == (640, 480)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_sees_vp8_and_its_video_comes_back() {
    video(VideoCodec::Vp8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_sees_h264_and_its_video_comes_back() {
    video(VideoCodec::H264).await;
}
