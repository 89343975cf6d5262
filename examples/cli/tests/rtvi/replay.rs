//! Traces: written by sessions, read and replayed.

use std::{fs, path::Path};

use rtvi_bot::{Fault, FaultPlan};

use crate::support::{bot, refused, rtvi};

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).display().to_string()
}

#[tokio::test]
async fn a_recorded_session_comes_out_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    for transport in ["webrtc", "websocket"] {
        let file = path(folder.path(), transport);
        rtvi(["demo", "--pace", "0.2", "--linger", "0.5", "--transport", transport, "--trace", &file])
            .await
            .expect_code(0);
        let ran = rtvi(["replay", &file]).await.expect_code(0);
        for part in [
            "app     call 1: start_bot_and_connect",
            "client  state ready",
            "client  event disconnected requested",
            "Replay: the same came of all",
        ] {
            assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
        }
        let text = fs::read_to_string(&file).expect("the trace");
        assert!(!text.contains("battery") && !text.contains("localhost"), "{text}");
    }
}

#[tokio::test]
async fn sessions_that_fail_leave_a_trace_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = path(folder.path(), "failed");
    rtvi(["talk", "--ws", &refused(), "--trace", &file]).await.expect_code(3);
    let ran = rtvi(["replay", &file]).await.expect_code(0);
    assert!(ran.stdout.contains("did not open: connectionFailed"), "{}", ran.stdout);
    let dropping =
        bot(|options| options.fault = Some(FaultPlan { after_ms: 50, ..FaultPlan::new(Fault::Drop) })).await;
    rtvi(["talk", "--ws", &dropping.ws_url(), "--reconnect", "1", "--duration", "30", "--trace", &file])
        .await
        .expect_code(1);
    let ran = rtvi(["replay", &file]).await.expect_code(0);
    assert!(ran.stdout.contains("event reconnecting 1 of 1: "), "{}", ran.stdout);
    rtvi(["doctor", &dropping.start_url(), "--trace", &file]).await;
    rtvi(["replay", &file]).await.expect_code(0);
    let ran = rtvi(["talk", "--ws", &refused(), "--trace", "/does/not/exist"]).await.expect_code(2);
    assert!(ran.stderr.contains("/does/not/exist"), "{}", ran.stderr);
}

#[tokio::test]
async fn differences_and_broken_files_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = path(folder.path(), "trace");
    rtvi(["talk", "--ws", &refused(), "--trace", &file]).await.expect_code(3);
    let text = fs::read_to_string(&file).expect("the trace");
    fs::write(&file, text.replace("state connecting", r"state \u001b[31mready")).expect("written");
    let ran = rtvi(["replay", &file]).await.expect_code(1);
    assert!(
        ran.stdout.contains("recorded: ") && ran.stdout.contains("state connecting; open connection 1"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
    for (content, part) in [
        (b"{\"rtviTrace\":99}".to_vec(), "version 99"),
        (b"hello".to_vec(), "no trace"),
        (vec![0xFF; 10], "UTF-8"),
        (format!("{text}{{").into_bytes(), "can't be read"),
        (vec![b' '; 17 * 1024 * 1024], "at most"),
    ] {
        fs::write(&file, content).expect("written");
        let ran = rtvi(["replay", &file]).await.expect_code(2);
        assert!(ran.stderr.contains(part) && ran.stdout.is_empty(), "{part}: {ran:?}");
    }
    rtvi(["replay", "/does/not/exist"]).await.expect_code(2);
}
