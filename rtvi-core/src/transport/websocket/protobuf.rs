//! The framing of Pipecat's own WebSocket servers: protobuf frames, and plain RTVI text.
//!
//! Pure.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use crate::{
    log,
    media::{AudioFrame, Playout},
    transport::{CloseReason, Participant, TransportEvent},
};

use super::{
    MAX_OUTGOING,
    codec::{self, Encoder, Incoming},
    framing::{Act, Framing},
};

/// Pipecat's protobuf frames.
#[derive(Debug, Default)]
pub(super) struct Protobuf {
    encoder: Encoder,
    heard_audio: bool,
}

impl Protobuf {
    fn incoming(&mut self, incoming: Incoming, acts: &mut Vec<Act>) {
        match incoming {
            Incoming::Message(text) => acts.push(Act::Report(TransportEvent::Message(text))),
            Incoming::Audio(frame) => {
                if !self.heard_audio {
                    self.heard_audio = true;
                    acts.push(Act::Report(TransportEvent::BotAudioStarted));
                }
                acts.push(Act::Play(frame));
            }
            Incoming::Interruption => acts.extend([Act::Flush, Act::Report(TransportEvent::Interrupted)]),
            Incoming::Ignored => {}
        }
    }
}

impl Framing for Protobuf {
    const BEAT: Option<Duration> = None;

    fn open(&mut self, _: Instant, acts: &mut Vec<Act>) {
        let bot = Participant { id: "bot".into(), name: "bot".into(), local: false };
        acts.push(Act::Report(TransportEvent::Opened { bot }));
    }

    /// Drops a message over the limit; the client normally prevents that.
    fn message(&mut self, json: String, acts: &mut Vec<Act>) {
        if json.len() > MAX_OUTGOING {
            log::error!(
                bytes = json.len(),
                limit = MAX_OUTGOING,
                "dropped a message that is too large for a WebSocket"
            );
            return;
        }
        acts.push(Act::Send(Message::Binary(self.encoder.message(json))));
    }

    fn audio(&mut self, frame: &AudioFrame, acts: &mut Vec<Act>) {
        acts.push(Act::SendAudio(Message::Binary(self.encoder.audio(frame)), frame.duration()));
    }

    fn payload(&mut self, payload: Message, _: &Playout, acts: &mut Vec<Act>) -> Result<(), String> {
        let incoming = match payload {
            Message::Text(text) => Incoming::Message(Bytes::from(text)),
            payload => codec::decode(payload.into_data())?,
        };
        self.incoming(incoming, acts);
        Ok(())
    }

    fn beat(&mut self, _: Instant, _: &Playout, _: &mut Vec<Act>) {}

    fn close(&mut self, acts: &mut Vec<Act>) {
        acts.push(Act::Close(CloseReason::Requested));
    }
}
