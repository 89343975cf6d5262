//! Twilio Media Streams.
//!
//! Pure. Source: Twilio's "Media Streams - WebSocket Messages".

use serde::Serialize;
use serde_json::{Value, json};

use crate::Error;

use super::{
    PhoneCall, PhonePayload, PhoneProvider, PhoneStream,
    events::Names,
    stream::BotSignal,
    writer::{Quoted, Writer, object, write},
};

const NAMES: Names = Names { provider: PhoneProvider::Twilio, audio: "media", clear: "clear", mark: "mark" };

/// A stream of Twilio.
#[derive(Debug)]
pub(super) struct Twilio {
    call: PhoneCall,
    writer: Writer,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MediaMessage<'a> {
    event: &'static str,
    sequence_number: Quoted,
    media: Media<'a>,
    stream_sid: &'a str,
}

#[derive(Serialize)]
struct Media<'a> {
    track: &'static str,
    chunk: Quoted,
    timestamp: Quoted,
    payload: &'a str,
}

impl Twilio {
    pub(super) fn new(call: PhoneCall) -> Self {
        let writer = Writer::new(call.encoding, 1);
        Self { call, writer }
    }

    /// An event whose parts are under its own name.
    fn event(&mut self, name: &str, parts: Value) -> PhonePayload {
        let number = self.writer.next().to_string();
        let stream = &self.call.stream_id;
        self.writer.json(&json!({"event": name, "sequenceNumber": number, name: parts, "streamSid": stream}))
    }
}

impl PhoneStream for Twilio {
    fn open(&mut self, out: &mut Vec<PhonePayload>) {
        out.push(self.writer.json(&json!({"event": "connected", "protocol": "Call", "version": "1.0.0"})));
        let call = &self.call;
        let format = json!({"encoding": "audio/x-mulaw", "sampleRate": 8_000, "channels": 1});
        let parts = json!({
            "accountSid": call.account_id,
            "streamSid": call.stream_id,
            "callSid": call.call_id,
            "tracks": ["inbound"],
            "mediaFormat": format,
            "customParameters": object(call.parameters_with_numbers()),
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
        let (sequence_number, stream_sid) = (Quoted(piece.sequence), self.call.stream_id.as_str());
        write(buffer, &MediaMessage { event: "media", sequence_number, media, stream_sid })
    }

    fn key(&mut self, key: char) -> PhonePayload {
        self.event("dtmf", json!({"track": "inbound_track", "digit": key}))
    }

    fn mark_played(&mut self, mark: &Value) -> Option<PhonePayload> {
        Some(self.event("mark", json!({"name": mark})))
    }

    fn hang_up(&mut self) -> Option<PhonePayload> {
        let parts = json!({"accountSid": self.call.account_id, "callSid": self.call.call_id});
        Some(self.event("stop", parts))
    }

    fn read(&mut self, payload: PhonePayload, _: &mut Vec<PhonePayload>) -> Result<BotSignal, Error> {
        NAMES.read(payload, &self.call.stream_id, self.call.encoding)
    }
}
