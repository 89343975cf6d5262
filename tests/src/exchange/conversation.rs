//! Conversations: speaking, listening, and interrupting.

use std::time::Duration;

use rtvi_core::{client::AudioStats, protocol::SendTextOptions};
use serde_json::Value;

use crate::{Session, Target, speech};

use super::session::assert_in_order;

/// The user says something; the bot hears it and answers aloud. Returns what the bot heard.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn spoken_turn(target: &Target, words: &str) -> String {
    let words = speech(words).await;
    let mut session = Session::connected(target).await;
    session.microphone.say(&words).await;
    session.wait_for("userStartedSpeaking").await;
    let transcript = session.wait_until("userTranscript", |transcript| transcript["final"] == true).await;
    session.wait_for("botStartedSpeaking").await;
    // The server was seen to speak an answer without reporting its progress; `texts` checks that.
    session.wait_for("botStoppedSpeaking").await;
    assert_in_order(
        &session.names(),
        &[
            "=ready",
            "trackStarted",
            "userStartedSpeaking",
            "userStoppedSpeaking",
            "botLlmStarted",
            "botStartedSpeaking",
            "botOutput",
            "botStoppedSpeaking",
        ],
    );
    assert_heard(&session, session.client.audio_stats());
    session.client.disconnect().await.expect("the client disconnects");
    transcript["text"].as_str().unwrap_or_default().to_owned()
}

fn assert_heard(session: &Session, audio: AudioStats) {
    assert!(audio.sent > Duration::from_secs(1), "{audio:?}");
    assert!(audio.received > Duration::from_millis(500), "{audio:?}");
    assert_eq!((audio.send_dropped, audio.receive_dropped), (Duration::ZERO, Duration::ZERO));
    let loud =
        |name: &str| session.all(name).iter().any(|level| level.as_f64().is_some_and(|level| level > 0.2));
    assert!(loud("localAudioLevel"), "the user was heard");
    assert!(loud("remoteAudioLevel"), "the bot was heard");
}

/// Checks that the bot was heard at all.
///
/// # Panics
/// If it was not.
pub fn assert_received(session: &Session) {
    let audio = session.client.audio_stats();
    assert!(audio.received > Duration::from_millis(500), "{audio:?}");
}

/// The user speaks while the bot does. The bot stops, and unplayed audio is dropped.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn spoken_interruption(target: &Target, words: &str) {
    let words = speech(words).await;
    let mut session = Session::connected(target).await;
    session.client.send_text("Please count", SendTextOptions::default()).await.expect("the text is sent");
    session.wait_for("botStartedSpeaking").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    session.microphone.say(&words).await;
    session.wait_for("userStartedSpeaking").await;
    session.wait_for("botStoppedSpeaking").await;
    assert!(session.names().contains(&"botInterrupted".to_owned()));
    let audio = session.client.audio_stats();
    assert!(audio.flushed > Duration::ZERO, "unheard speech was dropped: {audio:?}");
    session.client.disconnect().await.expect("the client disconnects");
}

/// Text from the user also interrupts the bot.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn written_interruption(target: &Target) {
    let mut session = Session::connected(target).await;
    session.client.send_text("Please count", SendTextOptions::default()).await.expect("the text is sent");
    session.wait_for("botStartedSpeaking").await;
    session.client.send_text("Stop it", SendTextOptions::default()).await.expect("the text is sent");
    session.wait_for("botInterrupted").await;
    let stops = |said: &Value| said["text"].as_str().is_some_and(|text| text.contains("Stop"));
    if target.room_url.is_some() {
        // In a room, words of the interrupted answer may come to the bot's output after the
        // interruption. Pipecat then sleeps until the time of such a word, and reports no output of
        // the next answer before (1.14.0, `pipecat/transports/base_output.py`, line 1224).
        session.wait_until("botTranscript", stops).await;
    } else {
        let next = session.wait_until("botOutput", stops).await;
        assert_eq!(next["spoken_status"], "new");
    }
    session.client.disconnect().await.expect("the client disconnects");
}

/// A muted user is silent, and audible again after unmuting.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn muting(target: &Target, words: &str) {
    let words = speech(words).await;
    let mut session = Session::connected(target).await;
    session.client.enable_mic(false).await.expect("the microphone is muted");
    assert!(!session.client.is_mic_enabled());
    session.wait_for("trackStopped").await;
    session.microphone.say(&words).await;
    assert!(!session.names().contains(&"userStartedSpeaking".to_owned()), "nobody hears a muted user");
    session.client.enable_mic(true).await.expect("the microphone is on");
    session.wait_for("trackStarted").await;
    session.microphone.say(&words).await;
    session.wait_for("userStartedSpeaking").await;
    session.client.disconnect().await.expect("the client disconnects");
}
