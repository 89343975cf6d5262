//! The demo, the doctor and the help.

use rtvi_bot::{Fault, FaultPlan};

use crate::support::{bot, refused, rtvi};

#[tokio::test]
async fn the_demo_shows_a_conversation() {
    for transport in [&[][..], &["--transport", "websocket"]] {
        let line = [&["demo", "--pace", "0.2", "--linger", "0.5", "--json"], transport].concat();
        let ran = rtvi(line).await.expect_code(0);
        for event in ["botReady", "userTranscript", "botOutput", "llmFunctionCallStopped", "remoteAudioLevel"]
        {
            assert!(!ran.events(event).is_empty(), "{transport:?}: {event} in {}", ran.stdout);
        }
        assert!(ran.summary()["audioSentSeconds"].as_f64().is_some_and(|sent| sent > 1.4), "{}", ran.stdout);
        assert_eq!(ran.events("botStarted")[0].get("wsUrl").is_some(), !transport.is_empty());
    }
}

#[tokio::test]
async fn the_doctor_finds_what_is_wrong() {
    let good = bot(|_| {}).await;
    let ran = rtvi(["doctor", &good.start_url()]).await.expect_code(0);
    assert!(ran.stdout.contains("bot-ready") && !ran.stdout.contains('✗'), "{}", ran.stdout);
    assert!(ran.stdout.contains("✓ WebRTC"), "{}", ran.stdout);
    for (line, mark) in [
        (&["doctor", &good.ws_url()][..], "✓ WebSocket"),
        (&["doctor", &good.offer_url()], "✓ WebRTC"),
        (&["doctor", &good.start_url(), "--data", "{\"transport\":\"websocket\"}"], "✓ WebSocket"),
    ] {
        let ran = rtvi(line).await.expect_code(0);
        assert!(ran.stdout.contains(mark) && ran.stdout.contains("bot-ready"), "{line:?}: {}", ran.stdout);
    }
    for (url, parts) in [
        (refused(), ["✗ TCP", "Is the server running"]),
        (format!("{}/nothing", good.http_url()), ["✗ POST", "404"]),
        (good.ws_url().replace("ws://", "wss://"), ["✗ TLS", "ws://"]),
        (good.offer_url().replace("/api", "/nothing"), ["✗ WebRTC", "404"]),
        (good.ws_url().replace("/ws", "/nothing"), ["✗ WebSocket", "404"]),
    ] {
        let ran = rtvi(["doctor", &url]).await.expect_code(3);
        assert!(parts.iter().all(|part| ran.stdout.contains(part)), "{url}: {}", ran.stdout);
    }
    let mute = bot(|options| options.fault = Some(FaultPlan::new(Fault::NoBotReady))).await;
    let ran = rtvi(["doctor", &mute.ws_url(), "--timeout", "0.3"]).await.expect_code(3);
    assert!(ran.stdout.contains("✗ bot-ready") && ran.stdout.contains("client-ready"), "{}", ran.stdout);
}

#[tokio::test]
async fn help_tells_the_exit_codes_and_gives_examples() {
    for line in
        [&["--help"][..], &["talk", "--help"], &["demo", "--help"], &["doctor", "--help"], &["bot", "--help"]]
    {
        let ran = rtvi(line).await.expect_code(0);
        assert!(ran.stdout.contains("could not connect"), "{line:?}: {}", ran.stdout);
    }
    let ran = rtvi(["talk", "--help"]).await;
    assert!(
        ["--script FILE", "waitFor", "Examples:", "--offer", "--ice-server", "--relay-only"]
            .iter()
            .all(|part| ran.stdout.contains(part)),
        "{}",
        ran.stdout
    );
}
