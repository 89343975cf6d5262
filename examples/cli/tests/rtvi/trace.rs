//! Traces: written by sessions, shown as a timeline and as a page.

use std::{fs, path::Path};

use rtvi_bot::{Fault, FaultPlan};

use crate::support::{bot, refused, rtvi};

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).display().to_string()
}

#[tokio::test]
async fn a_session_is_shown_as_a_timeline_and_as_a_page() {
    let folder = tempfile::tempdir().expect("a folder");
    for transport in ["webrtc", "websocket"] {
        let (file, page) = (path(folder.path(), transport), path(folder.path(), "page.html"));
        rtvi(["demo", "--pace", "0.2", "--linger", "0.5", "--transport", transport, "--trace", &file])
            .await
            .expect_code(0);
        let ran = rtvi(["trace", &file]).await.expect_code(0);
        for part in [
            "call      call 1: start_bot_and_connect",
            "state     ready",
            "received  bot-started-speaking, ",
            "sent      client-ready, ",
            "state     session ended: requested",
        ] {
            assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
        }
        let text = fs::read_to_string(&file).expect("the trace");
        assert!(!text.contains("battery") && !text.contains("localhost"), "{text}");
        let ran = rtvi(["trace", &file, "--html", &page]).await.expect_code(0);
        assert_eq!(ran.stdout, "");
        let page = fs::read_to_string(&page).expect("the page");
        let rows = text.lines().count() - 1;
        assert_eq!(page.matches("<tr id=").count(), rows, "every row is in the table");
        for part in
            ["class=\"span state ready\"", ">bot speaks</text>", ">round trip</text>", "<td>client-ready, "]
        {
            assert!(page.contains(part) || (transport == "websocket" && part.contains("trip")), "{part}");
        }
        assert!(
            !page.contains("http:") && !page.contains("https:") && !page.contains("src="),
            "self-contained"
        );
    }
}

#[tokio::test]
async fn sessions_that_fail_leave_a_trace_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = path(folder.path(), "failed");
    rtvi(["talk", "--ws", &refused(), "--trace", &file]).await.expect_code(3);
    let ran = rtvi(["trace", &file]).await.expect_code(0);
    assert!(ran.stdout.contains("did not open: connectionFailed"), "{}", ran.stdout);
    let dropping =
        bot(|options| options.fault = Some(FaultPlan { after_ms: 50, ..FaultPlan::new(Fault::Drop) })).await;
    rtvi(["talk", "--ws", &dropping.ws_url(), "--reconnect", "1", "--duration", "30", "--trace", &file])
        .await
        .expect_code(1);
    let ran = rtvi(["trace", &file]).await.expect_code(0);
    assert!(ran.stdout.contains("network   reconnect, attempt 1 of 1: "), "{}", ran.stdout);
    rtvi(["doctor", &dropping.start_url(), "--trace", &file]).await;
    rtvi(["trace", &file]).await.expect_code(0);
    let ran = rtvi(["talk", "--ws", &refused(), "--trace", "/does/not/exist"]).await.expect_code(2);
    assert!(ran.stderr.contains("/does/not/exist"), "{}", ran.stderr);
    let ran = rtvi(["trace", &file, "--html", "/does/not/exist"]).await.expect_code(1);
    assert!(ran.stderr.contains("/does/not/exist"), "{}", ran.stderr);
}

#[tokio::test]
async fn what_a_file_says_commands_neither_the_terminal_nor_the_browser() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, page) = (path(folder.path(), "trace"), path(folder.path(), "page.html"));
    rtvi(["talk", "--ws", &refused(), "--trace", &file]).await.expect_code(3);
    let text = fs::read_to_string(&file).expect("the trace");
    let evil = r#"\u001b[31m<script>alert('\"')</script>&"#;
    fs::write(&file, text.replace("\"connecting\"", &format!("\"{evil}\""))).expect("written");
    let ran = rtvi(["trace", &file]).await.expect_code(0);
    assert!(ran.stdout.contains("<script>") && !ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
    rtvi(["trace", &file, "--html", &page]).await.expect_code(0);
    let page = fs::read_to_string(&page).expect("the page");
    let shown = "&lt;script&gt;alert(&#39;&quot;&#39;)&lt;/script&gt;&amp;";
    // In the table, and of the state the title, the label and the class.
    assert!(page.matches(shown).count() >= 3, "{page}");
    assert!(!page.contains("<script>alert") && !page.contains('\u{1b}'), "{page}");
}

#[tokio::test]
async fn broken_files_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = path(folder.path(), "trace");
    rtvi(["talk", "--ws", &refused(), "--trace", &file]).await.expect_code(3);
    let text = fs::read_to_string(&file).expect("the trace");
    for (content, part) in [
        (b"{\"rtviTrace\":99}".to_vec(), "version 99"),
        (b"hello".to_vec(), "no trace"),
        (vec![0xFF; 10], "UTF-8"),
        (format!("{text}{{").into_bytes(), "can't be read"),
        (vec![b' '; 5 * 1024 * 1024], "at most"),
    ] {
        fs::write(&file, content).expect("written");
        let ran = rtvi(["trace", &file]).await.expect_code(2);
        assert!(ran.stderr.contains(part) && ran.stdout.is_empty(), "{part}: {ran:?}");
    }
    rtvi(["trace", "/does/not/exist"]).await.expect_code(2);
}
