//! Telnyx media streaming over WebSockets.
//!
//! Pure. Source: Telnyx's "Media Streaming over WebSockets". The caller's voice is in the encoding
//! that the start announces; the bot's is µ-law, Telnyx's default for bidirectional streams and what
//! Pipecat's runner sends.

use serde::Serialize;
use serde_json::{Value, json};

use crate::Error;

use super::{
    PhoneCall, PhoneEncoding, PhonePayload, PhoneProvider, PhoneStream,
    events::Names,
    stream::BotSignal,
    writer::{Quoted, Writer, object, write},
};

const NAMES: Names = Names { provider: PhoneProvider::Telnyx, audio: "media", clear: "clear", mark: "mark" };

/// A stream of Telnyx.
#[derive(Debug)]
pub(super) struct Telnyx {
    call: PhoneCall,
    writer: Writer,
}

#[derive(Serialize)]
struct MediaMessage<'a> {
    event: &'static str,
    sequence_number: Quoted,
    media: Media<'a>,
    stream_id: &'a str,
}

#[derive(Serialize)]
struct Media<'a> {
    track: &'static str,
    chunk: Quoted,
    timestamp: Quoted,
    payload: &'a str,
}

impl Telnyx {
    pub(super) fn new(call: PhoneCall) -> Self {
        let writer = Writer::new(call.encoding, 1);
        Self { call, writer }
    }

    fn event(&mut self, name: &str, parts: Value) -> PhonePayload {
        let number = self.writer.next().to_string();
        let stream = &self.call.stream_id;
        self.writer.json(&json!({"event": name, "sequence_number": number, name: parts, "stream_id": stream}))
    }
}

impl PhoneStream for Telnyx {
    fn open(&mut self, out: &mut Vec<PhonePayload>) {
        out.push(self.writer.json(&json!({"event": "connected", "version": "1.0.0"})));
        let call = &self.call;
        let encoding = if call.encoding == PhoneEncoding::ALaw { "PCMA" } else { "PCMU" };
        let parts = json!({
            "user_id": call.account_id,
            "call_control_id": call.call_id,
            "call_session_id": call.stream_id,
            "client_state": null,
            "from": call.from,
            "to": call.to,
            "custom_parameters": object(call.app_parameters()),
            "media_format": {"encoding": encoding, "sample_rate": 8_000, "channels": 1},
        });
        out.push(self.event("start", parts));
    }

    fn audio(&mut self, samples: &[i16]) -> PhonePayload {
        let (piece, buffer) = self.writer.piece(samples);
        let media = Media {
            track: "inbound",
            chunk: Quoted(piece.chunk),
            timestamp: Quoted(piece.timestamp),
            payload: piece.payload,
        };
        let (sequence_number, stream_id) = (Quoted(piece.sequence), self.call.stream_id.as_str());
        write(buffer, &MediaMessage { event: "media", sequence_number, media, stream_id })
    }

    fn key(&mut self, key: char) -> PhonePayload {
        self.event("dtmf", json!({"digit": key}))
    }

    fn mark_played(&mut self, mark: &Value) -> Option<PhonePayload> {
        Some(self.event("mark", json!({"name": mark})))
    }

    fn hang_up(&mut self) -> Option<PhonePayload> {
        let parts = json!({"user_id": self.call.account_id, "call_control_id": self.call.call_id});
        Some(self.event("stop", parts))
    }

    fn read(&mut self, payload: PhonePayload, _: &mut Vec<PhonePayload>) -> Result<BotSignal, Error> {
        NAMES.read(payload, &self.call.stream_id, PhoneEncoding::MuLaw)
    }
}
