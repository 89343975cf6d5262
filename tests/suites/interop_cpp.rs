//! The C++ SDK and its console example with a real Pipecat server: spoken conversations, and the
//! SDK's own tests.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{path::PathBuf, process::Command};

use rtvi_tests::{
    PipecatServer, ServerKind, assert_heard, assert_repeated,
    native::{GCC, folder, run},
    video::VideoBot,
    write_greeting,
};

/// The SDK's tests that concern the bot.
const TESTS: [&str; 12] = [
    "a_session_in_every_way",
    "start_bot_and_connect",
    "calls_are_given_up",
    "errors_tell_everything",
    "messages_of_every_kind",
    "typed_events",
    "a_variant_of_events",
    "callbacks_run_where_the_app_wants",
    "the_bot_calls_functions",
    "many_threads_use_one_client",
    "samples_pushed_and_pulled",
    "files_for_audio",
];

async fn server() -> PipecatServer {
    PipecatServer::start(ServerKind::Voice, &[]).await
}

/// A file with a spoken greeting.
async fn greeting(name: &str) -> PathBuf {
    let path = folder("interop").join(format!("{name}.wav"));
    write_greeting(&path).await;
    path
}

/// Has the console example speak the greeting, and checks its output and its recording.
async fn speak(name: &str, where_to: &[&str]) {
    let build = GCC.make();
    let recording = folder("interop").join(format!("{name}-bot.wav"));
    let mut console = Command::new(build.join("examples-console/console"));
    console.args(where_to).arg("--mic").arg(greeting(name).await);
    console.args(["--send", "Good bye", "--speaker"]).arg(&recording);
    let said = tokio::task::spawn_blocking(move || run(&mut console)).await.expect("the example ends");
    assert_repeated(&said, "Good bye");
    assert_heard(&recording);
}

#[tokio::test(flavor = "multi_thread")]
async fn spoken_over_websocket() {
    let server = server().await;
    speak("websocket", &["--start", &server.target().start_url]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn spoken_over_webrtc() {
    let server = server().await;
    let offer = server.webrtc_target().offer_url.expect("it takes offers");
    speak("webrtc", &["--offer", &offer]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tests_of_the_sdk() {
    let server = server().await;
    let target = server.webrtc_target();
    let mut tests = GCC.program("sdk_test");
    tests.args(TESTS).env("RTVI_TEST_WS", &target.ws_url).env("RTVI_TEST_START", &target.start_url);
    tests.env("RTVI_TEST_FOLDER", folder("interop"));
    let said = tokio::task::spawn_blocking(move || run(&mut tests)).await.expect("the tests end");
    assert!(said.contains(&format!("{} tests passed", TESTS.len())), "{said}");
}

/// The tests of video that concern the bot. It sees what they send, and they see its echo.
const VIDEO_TESTS: [&str; 4] = [
    "pictures_of_the_app_come_back",
    "encoded_frames_pass_through",
    "sizes_change_while_the_camera_runs",
    "a_screen_is_shared",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_tests_of_video() {
    let bot = VideoBot::start(&[]).await;
    for (test, seen_least) in VIDEO_TESTS.into_iter().zip([30, 20, 40, 0]) {
        let mut tests = GCC.program("video_test");
        tests.arg(test).env("RTVI_TEST_OFFER", bot.offer_url());
        let said = tokio::task::spawn_blocking(move || run(&mut tests)).await.expect("the tests end");
        let seen = bot.seen().await;
        println!("{said}{:?} {}", seen.camera.sizes, seen.screen.frames);
        assert!(seen.camera.frames >= seen_least, "{test}: {}", seen.camera.frames);
    }
}
