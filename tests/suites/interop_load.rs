//! `rtvi load` against real Pipecat servers: over both transports, and as each phone provider.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use futures_util::future::join_all;
use rtvi_bot::PhoneApi;
use rtvi_core::protocol::telephony::PhoneProvider;
use rtvi_tests::{LoadRun, PipecatServer, ServerKind, write_greeting};
use tempfile::tempdir;

/// The `--mic` of a sentence that the bot understands.
async fn sentence(folder: &Path) -> String {
    let path = folder.join("sentence.wav");
    write_greeting(&path).await;
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

/// One call of this provider. Its latency includes the bot's own pauses.
async fn phone(provider: PhoneProvider, server: &PipecatServer) {
    let folder = tempdir().unwrap();
    let mic = sentence(folder.path()).await;
    let path = match provider {
        PhoneProvider::Vonage => "/vonage",
        PhoneProvider::Genesys => "/genesys",
        _ => "/ws",
    };
    let url = server.ws_url(path);
    let arguments = ["--phone", provider.name(), "--ws", &url, "--calls", "1", "--mic", &mic];
    let run = LoadRun::make(folder.path(), &arguments).await;
    run.assert_code(0);
    assert_eq!((run.number("/calls/ready"), run.number("/calls/dropped")), (1.0, 0.0), "{}", run.text);
    assert_eq!(run.number("/turns/answered"), 1.0, "{provider}: {}", run.text);
    assert!(run.number("/heardPercent") > 50.0, "{provider}: {}", run.text);
}

#[tokio::test]
async fn callers_of_every_phone_provider_are_answered() {
    let api = PhoneApi::start(([127, 0, 0, 1], 0).into()).await.unwrap();
    let server = PipecatServer::start_phone_bot(api.url()).await;
    for some in PhoneProvider::ALL.chunks(3) {
        join_all(some.iter().map(|provider| phone(*provider, &server))).await;
    }
}
