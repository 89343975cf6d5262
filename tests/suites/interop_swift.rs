//! The Swift console example with a real Pipecat server: spoken conversations.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use rtvi_tests::{
    PipecatServer, ServerKind, assert_heard, assert_repeated, native::run, native::target, swift,
    write_greeting,
};

/// A file of these tests, in a folder that Swift can also access.
fn file(name: &str) -> PathBuf {
    let folder = target().join("swift/interop");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder.join(name)
}

/// A file with a spoken greeting.
async fn greeting(name: &str) -> PathBuf {
    let path = file(&format!("{name}.wav"));
    write_greeting(&path).await;
    path
}

/// Has the console example speak the greeting, and checks its output and its recording.
async fn speak(name: &str, where_to: [&str; 2]) {
    let (greeting, recording) = (greeting(name).await, file(&format!("{name}-bot.wav")));
    let (arguments, into) = (where_to.map(str::to_owned), recording.clone());
    let talk = move || talk(&arguments, &greeting, &into);
    let said = tokio::task::spawn_blocking(talk).await.expect("the example ends");
    assert_repeated(&said, "Good bye");
    assert_heard(&recording);
}

fn talk(where_to: &[String; 2], greeting: &Path, recording: &Path) -> String {
    let programs = swift::build("examples/swift/console");
    let mut console = swift::program(&programs, "console");
    console.args(where_to).arg("--mic").arg(greeting).args(["--send", "Good bye", "--speaker"]);
    run(console.arg(recording))
}

#[tokio::test(flavor = "multi_thread")]
async fn spoken_over_websocket() {
    let server = PipecatServer::start(ServerKind::Voice, &[]).await;
    speak("websocket", ["--ws", &server.target().ws_url]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn spoken_over_webrtc() {
    let server = PipecatServer::start(ServerKind::Voice, &[]).await;
    let offer = server.webrtc_target().offer_url.expect("it takes offers");
    speak("webrtc", ["--offer", &offer]).await;
}
