//! Genesys `AudioHook`, version 2: JSON for control, binary µ-law for audio.
//!
//! Pure. Source: Genesys' "AudioHook protocol reference". Messages of both sides are numbered, and
//! each names the last number of the other side.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{Error, protocol::json_text};

use super::{
    PhoneCall, PhonePayload, PhoneProvider, PhoneStream,
    events::shown,
    stream::{BotSignal, refused},
    writer::{Writer, object},
};

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// `open` was sent.
    Opening,
    /// The bot takes audio.
    Open,
    /// The bot wants no audio for now.
    Paused,
    /// `close` was sent.
    Closing,
    /// The bot confirmed the end.
    Closed,
}

/// A session of Genesys.
#[derive(Debug)]
pub(super) struct Genesys {
    call: PhoneCall,
    writer: Writer,
    phase: Phase,
    /// The number of the bot's last message.
    heard: u64,
}

/// A message of the bot.
#[derive(Debug, Deserialize)]
struct Message {
    version: String,
    #[serde(rename = "type")]
    kind: String,
    seq: u64,
    id: String,
    #[serde(default)]
    parameters: Map<String, Value>,
}

impl Genesys {
    pub(super) fn new(call: PhoneCall) -> Self {
        let writer = Writer::new(call.encoding, 1);
        Self { call, writer, phase: Phase::Opening, heard: 0 }
    }

    /// How much audio was sent, as ISO 8601 writes it.
    fn position(&self) -> String {
        let millis = self.writer.position();
        format!("PT{}.{:03}S", millis / 1_000, millis % 1_000)
    }

    fn message(&mut self, kind: &str, parameters: Value) -> PhonePayload {
        let seq = self.writer.next();
        let position = self.position();
        let message = json!({
            "version": "2",
            "type": kind,
            "id": self.call.stream_id,
            "seq": seq,
            "serverseq": self.heard,
            "position": position,
            "parameters": parameters,
        });
        self.writer.json(&message)
    }

    fn read_audio(&self, bytes: &[u8]) -> Result<BotSignal, Error> {
        if matches!(self.phase, Phase::Opening | Phase::Closed) {
            let what =
                if self.phase == Phase::Opening { "audio before opened" } else { "audio after closed" };
            return Err(refused(PhoneProvider::Genesys, what));
        }
        // µ-law always decodes.
        let samples = self.call.encoding.decode(bytes).unwrap_or_default();
        Ok(BotSignal::Audio { sample_rate: self.call.encoding.sample_rate(), samples })
    }

    fn check(&mut self, text: &[u8]) -> Result<Message, Error> {
        let message: Message = json_text::read(text)
            .and_then(serde_json::from_value)
            .map_err(|cause| refused(PhoneProvider::Genesys, format_args!("the message: {cause}")))?;
        if message.version != "2" {
            let what = format_args!("the version {}", shown(&message.version));
            return Err(refused(PhoneProvider::Genesys, what));
        }
        if message.id != self.call.stream_id {
            let (kind, id, ours) = (shown(&message.kind), shown(&message.id), &self.call.stream_id);
            let what = format_args!("{kind} of the session {id}: this is {ours}");
            return Err(refused(PhoneProvider::Genesys, what));
        }
        self.heard = message.seq;
        Ok(message)
    }

    /// The bot chose one of the offered media, or none.
    fn opened(&mut self, parameters: &Map<String, Value>) -> Result<BotSignal, Error> {
        if self.phase != Phase::Opening {
            return Err(refused(PhoneProvider::Genesys, "a second opened"));
        }
        let media = parameters.get("media").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let of = |key: &str| media.first().and_then(|first| first.get(key));
        if (of("format"), of("rate")) != (Some(&json!("PCMU")), Some(&json!(8_000))) {
            let media = shown(&Value::Array(media.to_vec()).to_string());
            return Err(refused(PhoneProvider::Genesys, format_args!("the media {media}: PCMU was offered")));
        }
        let is_paused = parameters.get("startPaused") == Some(&Value::Bool(true));
        self.phase = if is_paused { Phase::Paused } else { Phase::Open };
        Ok(BotSignal::Opened)
    }

    fn pause(&mut self, answers: &mut Vec<PhonePayload>) -> BotSignal {
        if self.phase == Phase::Open {
            self.phase = Phase::Paused;
            answers.push(self.message("paused", json!({})));
        }
        BotSignal::Nothing
    }

    fn resume(&mut self, answers: &mut Vec<PhonePayload>) -> BotSignal {
        if self.phase == Phase::Paused {
            self.phase = Phase::Open;
            let start = self.position();
            answers.push(self.message("resumed", json!({"start": start, "discarded": "PT0.000S"})));
        }
        BotSignal::Nothing
    }

    fn disconnect(&mut self, parameters: &Map<String, Value>, answers: &mut Vec<PhonePayload>) -> BotSignal {
        let text = |key: &str| parameters.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        if self.phase != Phase::Closing {
            self.phase = Phase::Closing;
            answers.push(self.message("close", json!({"reason": "disconnect"})));
        }
        BotSignal::HangUp { reason: text("reason"), result: Value::Object(parameters.clone()) }
    }

    fn closed(&mut self) -> Result<BotSignal, Error> {
        if self.phase != Phase::Closing {
            return Err(refused(PhoneProvider::Genesys, "closed without close"));
        }
        self.phase = Phase::Closed;
        Ok(BotSignal::Closed)
    }

    fn event(parameters: &Map<String, Value>) -> BotSignal {
        let entities = parameters.get("entities").and_then(Value::as_array).into_iter().flatten();
        let mut types = entities.filter_map(|entity| entity.get("type").and_then(Value::as_str));
        if types.any(|kind| kind == "barge_in") { BotSignal::Clear } else { BotSignal::Nothing }
    }
}

impl PhoneStream for Genesys {
    fn open(&mut self, out: &mut Vec<PhonePayload>) {
        let call = &self.call;
        let parameters = json!({
            "organizationId": call.account_id,
            "conversationId": call.call_id,
            "participant": {"id": call.call_id, "ani": call.from, "aniName": "", "dnis": call.to},
            "media": [{"type": "audio", "format": "PCMU", "channels": ["external"], "rate": 8_000}],
            "language": "en-US",
            "inputVariables": object(call.app_parameters()),
        });
        out.push(self.message("open", parameters));
    }

    fn waits_for_bot(&self) -> bool {
        true
    }

    fn takes_audio(&self) -> bool {
        self.phase == Phase::Open
    }

    fn audio(&mut self, samples: &[i16]) -> PhonePayload {
        self.writer.binary(samples)
    }

    fn key(&mut self, key: char) -> PhonePayload {
        self.message("dtmf", json!({"digit": key}))
    }

    fn playing(&mut self, started: bool) -> Option<PhonePayload> {
        let kind = if started { "playback_started" } else { "playback_completed" };
        Some(self.message(kind, json!({})))
    }

    fn ping(&mut self) -> Option<PhonePayload> {
        matches!(self.phase, Phase::Open | Phase::Paused).then(|| self.message("ping", json!({})))
    }

    fn hang_up(&mut self) -> Option<PhonePayload> {
        let is_up = matches!(self.phase, Phase::Open | Phase::Paused);
        is_up.then(|| {
            self.phase = Phase::Closing;
            self.message("close", json!({"reason": "end"}))
        })
    }

    fn read(&mut self, payload: PhonePayload, answers: &mut Vec<PhonePayload>) -> Result<BotSignal, Error> {
        let text = match payload {
            PhonePayload::Binary(bytes) => return self.read_audio(&bytes),
            PhonePayload::Text(text) => text,
        };
        let Message { kind, parameters, .. } = self.check(&text)?;
        match kind.as_str() {
            "opened" => self.opened(&parameters),
            "closed" => self.closed(),
            "pause" => Ok(self.pause(answers)),
            "resume" => Ok(self.resume(answers)),
            "disconnect" => Ok(self.disconnect(&parameters, answers)),
            "event" => Ok(Self::event(&parameters)),
            "pong" | "updated" => Ok(BotSignal::Nothing),
            other => Err(refused(PhoneProvider::Genesys, format_args!("the type {}", shown(other)))),
        }
    }
}
