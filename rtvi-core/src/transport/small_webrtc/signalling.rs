//! What client and server say to each other to set up a connection and to look after it: requests,
//! answers and the signalling messages of the data channel.
//!
//! Pure values, no I/O. Everything from the server may be malformed.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Indexes of a client's tracks, as the server counts them: in the order of the offer's sections.
pub(super) const MICROPHONE: u32 = 0;
#[cfg(feature = "video")]
pub(super) const CAMERA: u32 = 1;
#[cfg(feature = "video")]
pub(super) const SCREEN: u32 = 2;
/// The `type` of signalling messages in the data channel.
const SIGNALLING: &str = "signalling";

/// The body of an offer request.
///
/// `restart` asks the server to replace the connection `pc_id` by a new one; without it a known
/// `pc_id` is renegotiated.
pub(super) fn offer(sdp: &str, pc_id: Option<&str>, restart: bool, request_data: Option<&Value>) -> Value {
    let mut body = json!({"sdp": sdp, "type": "offer", "pc_id": pc_id, "restart_pc": restart});
    if let (Some(data), Some(object)) = (request_data, body.as_object_mut()) {
        object.insert("requestData".to_owned(), data.clone());
    }
    body
}

/// What the server answers to an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::transport) struct Answer {
    pub(in crate::transport) sdp: String,
    /// The server's name for the connection, if it gives one: without it, the connection can be
    /// neither renegotiated nor replaced.
    pub(super) pc_id: Option<String>,
}

impl Answer {
    /// Reads the answer's body; the error says what is wrong with it. Fields that are not known are
    /// passed over.
    pub(in crate::transport) fn read(body: &Map<String, Value>) -> Result<Self, String> {
        let sdp = match body.get("sdp") {
            Some(Value::String(text)) if !text.is_empty() => text.clone(),
            Some(_) => return Err("the answer's 'sdp' is not a text".to_owned()),
            None => return Err("the answer has no 'sdp'".to_owned()),
        };
        match body.get("type") {
            None | Some(Value::Null) => {}
            Some(Value::String(kind)) if kind.trim().eq_ignore_ascii_case("answer") => {}
            Some(other) => {
                let other: String = other.to_string().chars().take(40).collect();
                return Err(format!("the answer's type is {other}, not \"answer\""));
            }
        }
        Ok(Self { sdp, pc_id: ["pc_id", "pcId"].into_iter().find_map(|key| name(body.get(key)?)) })
    }
}

/// A name, which some servers count; what is neither text nor number is none.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A network address of ours, as the server wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) candidate: String,
    pub(super) sdp_mid: String,
    pub(super) sdp_mline_index: u16,
}

/// The body of a request that tells the server of candidates.
pub(super) fn candidates(pc_id: &str, batch: &[Candidate]) -> Value {
    let list: Vec<_> = batch
        .iter()
        .map(|one| {
            json!({
                "candidate": one.candidate, "sdp_mid": one.sdp_mid, "sdp_mline_index": one.sdp_mline_index,
            })
        })
        .collect();
    json!({"pc_id": pc_id, "candidates": list})
}

/// The keep-alive ping that the server expects each second; it gives up a client without one after
/// 3 s.
pub(super) fn ping(millis: u64) -> String {
    format!("ping: {millis}")
}

/// Tells the server whether a track is on.
pub(super) fn track_status(track: u32, enabled: bool) -> String {
    let message = json!({"type": "trackStatus", "receiver_index": track, "enabled": enabled});
    json!({"type": SIGNALLING, "message": message}).to_string()
}

/// What came through the data channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::transport) enum Incoming {
    /// Not for the transport.
    Message(Bytes),
    /// The server wants a new offer.
    Renegotiate,
    /// The server closes the connection.
    PeerLeft,
    /// A signalling message of a kind that is not known.
    Unknown(String),
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    message: Option<Signal>,
}

#[derive(Deserialize)]
struct Signal {
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Tells signalling from RTVI messages. What can't be read is left to the layer above.
pub(in crate::transport) fn read(payload: Bytes) -> Incoming {
    // Most messages are not for us: a look for the word saves parsing them twice.
    if !payload.windows(SIGNALLING.len()).any(|part| part == SIGNALLING.as_bytes()) {
        return Incoming::Message(payload);
    }
    let kind = match serde_json::from_slice::<Envelope<'_>>(&payload) {
        Ok(envelope) if envelope.kind == SIGNALLING => envelope.message.and_then(|message| message.kind),
        _ => return Incoming::Message(payload),
    };
    match kind.as_deref() {
        Some("renegotiate") => Incoming::Renegotiate,
        Some("peerLeft") => Incoming::PeerLeft,
        Some(other) => Incoming::Unknown(other.chars().take(40).collect()),
        None => Incoming::Unknown(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &Value) -> Result<Answer, String> {
        Answer::read(body.as_object().unwrap())
    }

    #[test]
    fn offers_hold_what_the_server_reads() {
        assert_eq!(
            offer("v=0", None, false, None),
            json!({"sdp": "v=0", "type": "offer", "pc_id": null, "restart_pc": false})
        );
        assert_eq!(
            offer("v=0", Some("pc"), true, Some(&json!({"a": 1}))),
            json!({"sdp": "v=0", "type": "offer", "pc_id": "pc", "restart_pc": true, "requestData": {"a": 1}})
        );
    }

    #[test]
    fn answers_are_read() {
        for (body, pc_id) in [
            (json!({"sdp": "v=0", "type": "answer", "pc_id": "pc"}), Some("pc")),
            (json!({"sdp": "v=0", "pc_id": "pc", "more": []}), Some("pc")),
            (json!({"sdp": "v=0", "type": null, "pcId": "pc"}), Some("pc")),
            (json!({"sdp": "v=0", "type": "Answer", "pc_id": null, "pcId": "pc"}), Some("pc")),
            (json!({"sdp": "v=0", "pc_id": 7}), Some("7")),
            (json!({"sdp": "v=0", "pc_id": 18_446_744_073_709_551_615_u64}), Some("18446744073709551615")),
            (json!({"sdp": "v=0"}), None),
            (json!({"sdp": "v=0", "pc_id": null}), None),
            (json!({"sdp": "v=0", "pc_id": ""}), None),
            (json!({"sdp": "v=0", "pc_id": {"id": 1}}), None),
        ] {
            let pc_id = pc_id.map(str::to_owned);
            assert_eq!(answer(&body), Ok(Answer { sdp: "v=0".into(), pc_id }), "{body}");
        }
    }

    #[test]
    fn answers_that_are_none_are_named() {
        for (body, said) in [
            (json!({}), "no 'sdp'"),
            (json!({"sdp": ""}), "'sdp' is not a text"),
            (json!({"sdp": null, "pc_id": "pc"}), "'sdp' is not a text"),
            (json!({"sdp": 5, "pc_id": "pc"}), "'sdp' is not a text"),
            (json!({"sdp": "v=0", "pc_id": "pc", "type": "offer"}), "\"offer\""),
            (json!({"sdp": "v=0", "pc_id": "pc", "type": 1}), "type is 1"),
        ] {
            assert!(answer(&body).unwrap_err().contains(said), "{body}");
        }
    }

    #[test]
    fn candidates_go_in_batches() {
        let one = |text: &str| Candidate { candidate: text.into(), sdp_mid: "0".into(), sdp_mline_index: 0 };
        assert_eq!(
            candidates("pc", &[one("a"), one("")]),
            json!({"pc_id": "pc", "candidates": [
                {"candidate": "a", "sdp_mid": "0", "sdp_mline_index": 0},
                {"candidate": "", "sdp_mid": "0", "sdp_mline_index": 0},
            ]})
        );
    }

    #[test]
    fn the_channels_own_messages() {
        assert_eq!(ping(1_234), "ping: 1234");
        let status: Value = serde_json::from_str(&track_status(MICROPHONE, true)).unwrap();
        assert_eq!(
            status,
            json!({"type": "signalling", "message": {"type": "trackStatus", "receiver_index": 0, "enabled": true}})
        );
    }

    #[test]
    fn signalling_is_told_from_messages() {
        let of = |text: &str| read(Bytes::copy_from_slice(text.as_bytes()));
        assert_eq!(
            of(r#"{"type": "signalling", "message": {"type": "renegotiate"}}"#),
            Incoming::Renegotiate
        );
        assert_eq!(of(r#"{"type":"signalling","message":{"type":"peerLeft"}}"#), Incoming::PeerLeft);
        assert_eq!(of(r#"{"type":"signalling","message":{"type":"new"}}"#), Incoming::Unknown("new".into()));
        assert_eq!(of(r#"{"type":"signalling"}"#), Incoming::Unknown(String::new()));
        for text in [
            r#"{"label":"rtvi-ai","type":"bot-ready","id":"1"}"#,
            r#"{"label":"rtvi-ai","type":"server-message","data":"signalling"}"#,
            r#"{"label":"rtvi-ai","type":"server-message","data":{"type":"signalling","message":{"type":"peerLeft"}}}"#,
            "signalling",
            r#"{"type":"signalling","message":5}"#,
            "",
        ] {
            assert_eq!(of(text), Incoming::Message(Bytes::copy_from_slice(text.as_bytes())), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..100)) {
            read(Bytes::from([b"signalling", &bytes[..]].concat()));
        }
    }
}
