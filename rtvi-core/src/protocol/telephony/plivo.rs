//! Plivo audio streams.
//!
//! Pure. Source: Plivo's "Audio Streaming" reference. The start announces no numbers; they and the
//! app's parameters are in `extra_headers`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::Error;

use super::{
    PhoneCall, PhoneEncoding, PhonePayload, PhoneProvider, PhoneStream,
    events::Names,
    stream::BotSignal,
    writer::{Quoted, Writer, write},
};

const NAMES: Names =
    Names { provider: PhoneProvider::Plivo, audio: "playAudio", clear: "clearAudio", mark: "checkpoint" };

/// A stream of Plivo.
#[derive(Debug)]
pub(super) struct Plivo {
    call: PhoneCall,
    writer: Writer,
    /// JSON text, which every message repeats.
    extra_headers: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MediaMessage<'a> {
    sequence_number: u64,
    stream_id: &'a str,
    event: &'static str,
    media: Media<'a>,
    #[serde(rename = "extra_headers")]
    extra_headers: &'a str,
}

#[derive(Serialize)]
struct Media<'a> {
    track: &'static str,
    timestamp: Quoted,
    chunk: u64,
    payload: &'a str,
}

impl Plivo {
    pub(super) fn new(call: PhoneCall) -> Self {
        let writer = Writer::new(call.encoding, 0);
        let headers: BTreeMap<_, _> = call.parameters_with_numbers().collect();
        let extra_headers = json!(headers).to_string();
        Self { call, writer, extra_headers }
    }

    fn event(&mut self, name: &str, part: &str, value: Value) -> PhonePayload {
        let number = self.writer.next();
        let message = json!({
            "sequenceNumber": number,
            "event": name,
            "streamId": self.call.stream_id,
            part: value,
            "extra_headers": self.extra_headers,
        });
        self.writer.json(&message)
    }
}

impl PhoneStream for Plivo {
    fn open(&mut self, out: &mut Vec<PhonePayload>) {
        let call = &self.call;
        let content = match call.encoding {
            PhoneEncoding::Pcm8k | PhoneEncoding::Pcm16k => "audio/x-l16",
            _ => "audio/x-mulaw",
        };
        let start = json!({
            "callId": call.call_id,
            "streamId": call.stream_id,
            "accountId": call.account_id,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": content, "sampleRate": call.encoding.sample_rate()},
        });
        let number = self.writer.next();
        let message = json!({
            "sequenceNumber": number,
            "event": "start",
            "start": start,
            "extra_headers": self.extra_headers,
        });
        out.push(self.writer.json(&message));
    }

    fn audio(&mut self, samples: &[i16]) -> PhonePayload {
        let (piece, buffer) = self.writer.piece(samples);
        let media = Media {
            track: "inbound",
            timestamp: Quoted(piece.timestamp),
            chunk: piece.chunk,
            payload: piece.payload,
        };
        let message = MediaMessage {
            sequence_number: piece.sequence,
            stream_id: &self.call.stream_id,
            event: "media",
            media,
            extra_headers: &self.extra_headers,
        };
        write(buffer, &message)
    }

    fn key(&mut self, key: char) -> PhonePayload {
        let timestamp = self.writer.position().to_string();
        self.event("dtmf", "dtmf", json!({"track": "inbound", "digit": key, "timestamp": timestamp}))
    }

    fn mark_played(&mut self, mark: &Value) -> Option<PhonePayload> {
        Some(self.event("playedStream", "name", mark.clone()))
    }

    fn cleared(&mut self) -> Option<PhonePayload> {
        let number = self.writer.next();
        let stream = &self.call.stream_id;
        let message = json!({"sequenceNumber": number, "event": "clearedAudio", "streamId": stream});
        Some(self.writer.json(&message))
    }

    /// Plivo announces no end: it closes the socket.
    fn hang_up(&mut self) -> Option<PhonePayload> {
        None
    }

    fn read(&mut self, payload: PhonePayload, _: &mut Vec<PhonePayload>) -> Result<BotSignal, Error> {
        NAMES.read(payload, &self.call.stream_id, self.call.encoding)
    }
}
