//! Messages, requests and keys.

use std::time::{Duration, Instant};

use rtvi_core::{
    ErrorKind,
    protocol::{File, FileSource, SendFileData, SendTextOptions},
};
use serde_json::{Value, json};

use crate::{Session, Target};

/// Requests get their answers, refusals and timeouts.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn requests(target: &Target) {
    let session = Session::connected(target).await;
    let client = &session.client;
    let nested = json!({"nested": [1, "two", null, {"three": 3.5}], "text": "ünïcode ✓", "big": 9_007_199_254_740_993_i64});
    let echo = client.send_client_request("echo", Some(nested.clone()), None).await;
    assert_eq!(echo, Ok(Some(nested)));
    assert_eq!(client.send_client_request("null", None, None).await, Ok(None));
    let refused =
        client.send_client_request("no-such-thing", None, None).await.expect_err("the bot does not know it");
    assert_eq!(
        (refused.kind(), refused.message()),
        (ErrorKind::RequestFailed, "unknown request 'no-such-thing'")
    );
    assert_eq!(session.all("messageError").len(), 1);

    let begin = Instant::now();
    let late = client.send_client_request("never", None, Some(Duration::from_millis(300))).await;
    assert_eq!(late.expect_err("nobody answers").kind(), ErrorKind::Timeout);
    assert!(begin.elapsed() >= Duration::from_millis(300));

    let slow = client.send_client_request("slow", Some(json!({"seconds": 0.3})), None);
    let fast = client.send_client_request("get-language", None, None);
    let (slow, fast) = tokio::join!(slow, fast);
    assert!(slow.is_ok(), "{slow:?}");
    assert_eq!(fast, Ok(Some(json!({"language": "en-US"}))));
    client.disconnect().await.expect("the client disconnects");
}

/// A server message that exceeds the client's own limit arrives whole, and the session continues.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn large_answers(target: &Target) {
    let session = Session::connected(target).await;
    for letters in [60_000, 70_000, 260_000] {
        let begin = Instant::now();
        let answer =
            session.client.send_client_request("fill", Some(json!({"letters": letters})), None).await;
        eprintln!("{letters} {:?} {}", begin.elapsed(), answer.is_ok());
        let text = answer.expect("the answer arrives").expect("it has data");
        assert_eq!(text["text"].as_str().map(str::len), Some(letters));
    }
    session.client.disconnect().await.expect("the client disconnects");
}

/// A pending request is cancelled when the session ends.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn request_then_disconnect(target: &Target) {
    let session = Session::connected(target).await;
    let pending = session.client.send_client_request("never", None, None);
    let (answer, end) = tokio::join!(pending, session.client.disconnect());
    end.expect("the client disconnects");
    assert_eq!(answer.expect_err("the session is over").kind(), ErrorKind::Cancelled);
}

/// Messages that the bot sends on its own arrive unchanged.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn server_messages(target: &Target) {
    let mut session = Session::connected(target).await;
    for data in [json!({"hello": "from the server", "nothing": null}), json!("just a string"), json!([1, 2])]
    {
        session
            .client
            .send_client_message("server-message", Some(data.clone()))
            .await
            .expect("the message is sent");
        assert_eq!(session.wait_for("serverMessage").await, data);
    }
    session.client.send_client_message("no-such-thing", None).await.expect("the message is sent");
    let refused = session.wait_for("messageError").await;
    assert_eq!(refused["error"], json!("unknown request 'no-such-thing'"));
    session.client.disconnect().await.expect("the client disconnects");
}

/// The bot spells out keys; invalid keys never leave the client.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn dtmf(target: &Target) {
    let mut session = Session::connected(target).await;
    session.client.send_dtmf("12#").await.expect("the keys are sent");
    session.wait_until("botOutput", |output| output["text"] == "You typed 1 2.").await;
    for keys in ["", "1a", "A"] {
        let refused = session.client.send_dtmf(keys).await;
        assert_eq!(refused.expect_err("no such key").kind(), ErrorKind::InvalidArgument);
    }
    session.client.disconnect().await.expect("the client disconnects");
}

/// A file sent inline arrives; a file too large for the transport never leaves the client.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn files(target: &Target) {
    let mut session = Session::connected(target).await;
    let file = |size: usize| SendFileData {
        content: "what is this?".to_owned(),
        file: File {
            format: "text/plain".to_owned(),
            name: Some("note.txt".to_owned()),
            source: FileSource::Bytes { bytes: vec![b'x'; size], width: None, height: None },
        },
        options: None,
    };
    session.client.send_file(file(100)).await.expect("the file is sent");
    session.wait_until("serverMessage", |message| message["received"] == "file").await;
    let refused = session.client.send_file(file(1 << 20)).await;
    assert_eq!(refused.expect_err("it is too large").kind(), ErrorKind::MessageTooLarge);
    assert_eq!(
        session.client.send_client_request("get-language", None, None).await,
        Ok(Some(json!({"language": "en-US"})))
    );
    session.client.disconnect().await.expect("the client disconnects");
}

/// The error for the removed append-to-context quotes the server's text.
///
/// # Panics
/// If anything differs from the expectation.
#[expect(deprecated, reason = "this is what it is about")]
pub async fn append_to_context(target: &Target) {
    let session = Session::connected(target).await;
    let data =
        serde_json::from_value(json!({"role": "user", "content": "remember this"})).expect("the data fits");
    let error = session.client.append_to_context(data).await.expect_err("the server has removed it");
    assert_eq!(error.kind(), ErrorKind::UnsupportedFeature);
    assert!(error.message().contains("Unsupported type append-to-context"), "{error}");
    session.client.disconnect().await.expect("the client disconnects");
}

/// The bot answers text aloud, in writing only, or not at all, depending on its options.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn texts(target: &Target) {
    let mut session = Session::connected(target).await;
    session.client.send_text("Good morning", SendTextOptions::default()).await.expect("the text is sent");
    let output = session.wait_until("botOutput", |output| output["spoken_status"] == "new").await;
    assert!(output["text"].as_str().unwrap_or_default().contains("Good morning"), "{output}");
    // A busy bot may pause between its sentences; this is the last.
    let is_last = |output: &Value| output["text"].as_str().is_some_and(|text| text.contains("all I know"));
    session.wait_until("botOutput", |output| output["spoken_status"] == "completed" && is_last(output)).await;
    // The two come in either order.
    if session.is_bot_speaking() {
        session.wait_for("botStoppedSpeaking").await;
    }
    let written = SendTextOptions { audio_response: Some(false), ..SendTextOptions::default() };
    session.client.send_text("Write this down", written).await.expect("the text is sent");
    session.wait_until("botOutput", |output| output["will_be_spoken"] == false).await;
    session.client.disconnect().await.expect("the client disconnects");
}
