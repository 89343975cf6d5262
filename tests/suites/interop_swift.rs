//! Swift with a real Pipecat server: spoken conversations of the console example, and video.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use rtvi_core::media::video::VideoCodec;
use rtvi_tests::{
    PipecatServer, ServerKind, assert_heard, assert_repeated,
    native::run,
    native::target,
    swift,
    video::{VideoBot, VideoRecording},
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

/// One call at a time: video takes the machine's time.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[tokio::test(flavor = "multi_thread")]
async fn spoken_over_websocket() {
    let _turn = TURN.lock().await;
    let server = PipecatServer::start(ServerKind::Voice, &[]).await;
    speak("websocket", ["--ws", &server.target().ws_url]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn spoken_over_webrtc() {
    let _turn = TURN.lock().await;
    let server = PipecatServer::start(ServerKind::Voice, &[]).await;
    let offer = server.webrtc_target().offer_url.expect("it takes offers");
    speak("webrtc", ["--offer", &offer]).await;
}

/// The bot sees the camera, and what it returns can be decoded.
async fn seen_and_returned(codec: VideoCodec, name: &str, share_back: u64) {
    let _turn = TURN.lock().await;
    let bot = VideoBot::start(&[]).await;
    let (shown, returned) = (file(&format!("{name}.ivf")), file(&format!("{name}-bot.ivf")));
    VideoRecording::write(codec, (640, 480, 24), &shown).await;
    let (url, into) = (bot.offer_url(), returned.clone());
    let call = move || {
        let programs = swift::build("swift");
        let mut call = swift::program(&programs, "rtvi-video-call");
        run(call.arg(url).arg(shown).arg(into).arg("8"))
    };
    let said = tokio::task::spawn_blocking(call).await.expect("the program ends");
    let count = |word: &str| -> u64 {
        let mut words = said.split_whitespace().skip_while(|next| *next != word).skip(1);
        words.next().and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no `{word}`: {said}"))
    };
    let (sent, received) = (count("sent"), count("received"));
    let seen = bot.seen().await.camera;
    let (numbers, sizes) = VideoRecording::look_at(&returned).await;
    println!("{codec:?}: sent {sent}, seen {}, returned {received}", seen.frames);
    assert!(sent >= 150 && seen.frames * 100 >= sent * 90, "{} of {sent}", seen.frames);
    assert_eq!(seen.sizes.keys().collect::<Vec<_>>(), ["640x480"]);
    assert_eq!(numbers.len() as u64, received, "every frame can be decoded");
    assert!(received * 100 >= sent * share_back, "{received} of {sent}");
    assert!(sizes.iter().all(|size| *size == (640, 480)));
}

#[tokio::test(flavor = "multi_thread")]
async fn vp8_is_seen_and_returned() {
    seen_and_returned(VideoCodec::Vp8, "vp8", 80).await;
}

/// The bot's encoder of H.264 is slow. The frames pass the forms that Apple's encoder and decoder
/// have.
#[tokio::test(flavor = "multi_thread")]
async fn h264_is_seen_and_returned() {
    seen_and_returned(VideoCodec::H264, "h264", 40).await;
}
