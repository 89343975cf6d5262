//! Vonage WebSockets: binary PCM, and JSON for everything else.
//!
//! Pure. Source: Vonage's "WebSockets" guide of the Voice API and "Audio Connector" of the Video
//! API. The app's parameters and the numbers are the connection's headers, which the first message
//! repeats.

use serde_json::{Value, json};

use crate::{
    Error,
    protocol::{MESSAGE_LABEL, json_text},
};

use super::{
    PhoneCall, PhonePayload, PhoneProvider, PhoneStream,
    events::shown,
    stream::{BotSignal, refused},
    writer::{Writer, object},
};

/// How long a caller presses a key, in milliseconds.
const KEY_DURATION: u32 = 260;

/// A stream of Vonage.
#[derive(Debug)]
pub(super) struct Vonage {
    call: PhoneCall,
    writer: Writer,
}

impl Vonage {
    pub(super) fn new(call: PhoneCall) -> Self {
        let writer = Writer::new(call.encoding, 0);
        Self { call, writer }
    }

    fn read_audio(&self, bytes: &[u8]) -> Result<BotSignal, Error> {
        let encoding = self.call.encoding;
        let samples = encoding.decode(bytes).ok_or_else(|| {
            refused(PhoneProvider::Vonage, format_args!("{} bytes of {encoding}: half a sample", bytes.len()))
        })?;
        Ok(BotSignal::Audio { sample_rate: encoding.sample_rate(), samples })
    }
}

impl PhoneStream for Vonage {
    fn open(&mut self, out: &mut Vec<PhonePayload>) {
        let rate = self.call.encoding.sample_rate();
        let mut message = object(self.call.parameters_with_numbers());
        message.insert("event".to_owned(), "websocket:connected".into());
        message.insert("content-type".to_owned(), format!("audio/l16;rate={rate}").into());
        out.push(self.writer.json(&message));
    }

    fn audio(&mut self, samples: &[i16]) -> PhonePayload {
        self.writer.binary(samples)
    }

    fn key(&mut self, key: char) -> PhonePayload {
        self.writer.json(&json!({"event": "websocket:dtmf", "digit": key, "duration": KEY_DURATION}))
    }

    fn mark_played(&mut self, mark: &Value) -> Option<PhonePayload> {
        Some(self.writer.json(&json!({"event": "websocket:notify", "payload": mark})))
    }

    fn cleared(&mut self) -> Option<PhonePayload> {
        Some(self.writer.json(&json!({"event": "websocket:cleared"})))
    }

    fn hang_up(&mut self) -> Option<PhonePayload> {
        Some(self.writer.json(&json!({"event": "websocket:disconnected"})))
    }

    fn read(&mut self, payload: PhonePayload, _: &mut Vec<PhonePayload>) -> Result<BotSignal, Error> {
        let text = match payload {
            PhonePayload::Binary(bytes) => return self.read_audio(&bytes),
            PhonePayload::Text(text) => text,
        };
        let message = json_text::read(&text).map_err(|cause| {
            refused(PhoneProvider::Vonage, format_args!("text that is not JSON: {cause}"))
        })?;
        if message.get("label").and_then(Value::as_str) == Some(MESSAGE_LABEL) {
            return Ok(BotSignal::Rtvi(text));
        }
        match message.get("action").and_then(Value::as_str) {
            Some("clear") => Ok(BotSignal::Clear),
            Some("notify") => Ok(BotSignal::Mark(message.get("payload").cloned().unwrap_or_default())),
            Some(other) => Err(refused(PhoneProvider::Vonage, format_args!("the action {}", shown(other)))),
            None => Err(refused(PhoneProvider::Vonage, "a message without an action")),
        }
    }
}
