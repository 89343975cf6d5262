//! `rtvi load` against a real Pipecat server, over both transports.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use rtvi_tests::{LoadRun, PipecatServer, ServerKind, speech};
use tempfile::tempdir;

/// A recording of a sentence that the bot understands.
async fn sentence(folder: &Path) -> String {
    let path = folder.join("sentence.wav");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 22_050,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = hound::WavWriter::create(&path, spec).unwrap();
    for sample in speech("hello can you hear me").await {
        file.write_sample(sample).unwrap();
    }
    file.finalize().unwrap();
    format!("wav:{}", path.display())
}

async fn talk(target: [&str; 2]) {
    let folder = tempdir().unwrap();
    let mic = sentence(folder.path()).await;
    let [flag, url] = target;
    let run = LoadRun::tried(folder.path(), &[flag, url, "--calls", "3", "--ramp", "1", "--mic", &mic]).await;
    run.assert_code(0);
    assert_eq!((run.number("/calls/ready"), run.number("/calls/dropped")), (3.0, 0.0), "{}", run.text);
    assert!(run.number("/turns/answered") >= 1.0, "{}", run.text);
    // Silero alone waits for 200 ms of silence; the patience of a caller is 15 s.
    let answer = run.number("/answerMs/p50");
    assert!((200.0..15_000.0).contains(&answer), "{answer}");
    assert!(run.number("/heardPercent") > 50.0, "{}", run.text);
}

#[tokio::test]
async fn callers_are_answered_over_websocket() {
    let server = PipecatServer::start(ServerKind::Voice, &[]).await;
    talk(["--ws", &server.ws_url("/ws")]).await;
}

#[tokio::test]
async fn callers_are_answered_over_webrtc() {
    let server = PipecatServer::start(ServerKind::Voice, &[]).await;
    let offer = server.webrtc_target().offer_url.unwrap();
    talk(["--offer", &offer]).await;
}
