//! What the texts on the data channel are: keep-alives, signalling, or messages of the
//! conversation.
//!
//! Pure. Follows pipecat-ai's `SmallWebRTCConnection`.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{conversation::Note, link::Input};

/// Without a `ping` for so long a client that sent one before counts as away.
const PING_TIMEOUT: Duration = Duration::from_secs(3);

/// Asks the client for another offer.
pub(crate) fn renegotiate() -> String {
    signal("renegotiate")
}

/// Tells the client that the bot has left.
pub(crate) fn peer_left() -> String {
    signal("peerLeft")
}

fn signal(kind: &str) -> String {
    json!({ "type": "signalling", "message": { "type": kind } }).to_string()
}

/// What `data` is. Like the server ignores what it cannot read, and takes JSON from binary messages
/// too.
pub(crate) fn read(data: &[u8], is_text: bool) -> Input {
    let Ok(text) = std::str::from_utf8(data) else { return Input::Nothing };
    if is_text && text.starts_with("ping") {
        return Input::Note(Note::Ping);
    }
    match serde_json::from_str::<Value>(text) {
        Ok(message) if message["type"] == "signalling" && message["message"].is_object() => {
            track_status(&message["message"]).map_or(Input::Nothing, Input::Note)
        }
        Ok(Value::Object(_)) => Input::Text(text.to_owned()),
        Ok(_) | Err(_) => Input::Nothing,
    }
}

fn track_status(message: &Value) -> Option<Note> {
    if message["type"] != "trackStatus" {
        return None;
    }
    let receiver = message["receiver_index"].as_u64()?;
    Some(Note::TrackStatus { receiver, enabled: message["enabled"].as_bool()? })
}

/// Whether the client is there.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    last_ping: Option<Instant>,
}

impl Presence {
    /// A `ping` came.
    pub(crate) fn ping(&mut self, now: Instant) {
        self.last_ping = Some(now);
    }

    /// False when the pings have ceased. A client that never sent one is there as long as its
    /// connection.
    pub(crate) fn is_here(&self, now: Instant) -> bool {
        self.last_ping.is_none_or(|last| now.duration_since(last) < PING_TIMEOUT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> String {
        format!("{:?}", read(text.as_bytes(), true))
    }

    #[test]
    fn texts_are_told_apart() {
        assert_eq!(read_text("ping: 1795226259"), "Note(Ping)");
        let status =
            r#"{"type":"signalling","message":{"type":"trackStatus","receiver_index":0,"enabled":false}}"#;
        assert_eq!(read_text(status), "Note(TrackStatus { receiver: 0, enabled: false })");
        assert!(read_text(r#"{"label":"rtvi-ai","type":"x"}"#).starts_with("Text("));
        for nothing in [
            "pong",
            "[1]",
            "{",
            "7",
            r#"{"type":"signalling","message":{"type":"renegotiate"}}"#,
            r#"{"type":"signalling","message":{"type":"trackStatus","receiver_index":-1,"enabled":1}}"#,
        ] {
            assert_eq!(read_text(nothing), "Nothing", "{nothing}");
        }
        assert!(matches!(read(b"ping: 1", false), Input::Nothing), "a binary ping is none");
        assert!(matches!(read(br#"{"type":"x"}"#, false), Input::Text(_)), "binary JSON counts");
        assert!(matches!(read(&[0xff], true), Input::Nothing));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_stops_pinging_is_away_until_it_pings_again() {
        let mut presence = Presence::default();
        let later = |seconds| Instant::now() + Duration::from_secs(seconds);
        assert!(presence.is_here(later(60)), "it never pinged");
        presence.ping(Instant::now());
        assert!(presence.is_here(later(2)));
        assert!(!presence.is_here(later(3)));
        presence.ping(later(10));
        assert!(presence.is_here(later(11)));
    }
}
