//! Exotel Voicebot streams.
//!
//! Pure. Source: Exotel's "Working with the Stream and Voicebot Applet".

use serde::Serialize;
use serde_json::{Value, json};

use crate::Error;

use super::{
    PhoneCall, PhonePayload, PhoneProvider, PhoneStream,
    events::Names,
    stream::BotSignal,
    writer::{Quoted, Writer, object, write},
};

const NAMES: Names = Names { provider: PhoneProvider::Exotel, audio: "media", clear: "clear", mark: "mark" };
/// What a start says about the rate of 8 kHz PCM.
const BIT_RATE: &str = "128kbps";
/// How long a caller presses a key, in milliseconds.
const KEY_DURATION: &str = "100";

/// A stream of Exotel.
#[derive(Debug)]
pub(super) struct Exotel {
    call: PhoneCall,
    writer: Writer,
}

#[derive(Serialize)]
struct MediaMessage<'a> {
    event: &'static str,
    sequence_number: u64,
    stream_sid: &'a str,
    media: Media<'a>,
}

#[derive(Serialize)]
struct Media<'a> {
    chunk: u64,
    timestamp: Quoted,
    payload: &'a str,
}

impl Exotel {
    pub(super) fn new(call: PhoneCall) -> Self {
        let writer = Writer::new(call.encoding, 1);
        Self { call, writer }
    }

    fn event(&mut self, name: &str, parts: Value) -> PhonePayload {
        let number = self.writer.next();
        let stream = &self.call.stream_id;
        self.writer
            .json(&json!({"event": name, "sequence_number": number, "stream_sid": stream, name: parts}))
    }
}

impl PhoneStream for Exotel {
    fn open(&mut self, out: &mut Vec<PhonePayload>) {
        out.push(self.writer.json(&json!({"event": "connected"})));
        let call = &self.call;
        let rate = call.encoding.sample_rate().to_string();
        let parts = json!({
            "stream_sid": call.stream_id,
            "call_sid": call.call_id,
            "account_sid": call.account_id,
            "from": call.from,
            "to": call.to,
            "custom_parameters": object(call.app_parameters()),
            "media_format": {"encoding": "base64", "sample_rate": rate, "bit_rate": BIT_RATE},
        });
        out.push(self.event("start", parts));
    }

    fn audio(&mut self, samples: &[i16]) -> PhonePayload {
        let (piece, buffer) = self.writer.piece(samples);
        let media = Media { chunk: piece.chunk, timestamp: Quoted(piece.timestamp), payload: piece.payload };
        let (sequence_number, stream_sid) = (piece.sequence, self.call.stream_id.as_str());
        write(buffer, &MediaMessage { event: "media", sequence_number, stream_sid, media })
    }

    fn key(&mut self, key: char) -> PhonePayload {
        self.event("dtmf", json!({"duration": KEY_DURATION, "digit": key}))
    }

    fn mark_played(&mut self, mark: &Value) -> Option<PhonePayload> {
        Some(self.event("mark", json!({"name": mark})))
    }

    fn hang_up(&mut self) -> Option<PhonePayload> {
        let call = &self.call;
        let parts = json!({"call_sid": call.call_id, "account_sid": call.account_id, "reason": "callended"});
        Some(self.event("stop", parts))
    }

    fn read(&mut self, payload: PhonePayload, _: &mut Vec<PhonePayload>) -> Result<BotSignal, Error> {
        NAMES.read(payload, &self.call.stream_id, self.call.encoding)
    }
}
