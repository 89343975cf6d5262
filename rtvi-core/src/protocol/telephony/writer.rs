//! Writes JSON messages into memory that is reused once they are sent.
//!
//! Pure. Counts the audio that was written, because providers number and date it.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::{BufMut, BytesMut};
use serde::{Serialize, Serializer};

use super::{PhoneEncoding, PhonePayload};

/// The buffers of one stream, and its counters.
#[derive(Debug)]
pub(super) struct Writer {
    encoding: PhoneEncoding,
    buffer: BytesMut,
    bytes: Vec<u8>,
    base64: String,
    /// The number of the last message.
    sequence: u64,
    /// How many pieces of audio were written, and how many samples they have.
    chunks: u64,
    samples: u64,
}

/// A piece of audio in a message.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    /// The number of the message.
    pub(super) sequence: u64,
    /// The number of the piece, from 1.
    pub(super) chunk: u64,
    /// When it begins, in milliseconds since the stream began.
    pub(super) timestamp: u64,
    /// Its bytes as base64.
    pub(super) payload: &'a str,
}

impl Writer {
    /// A writer whose first message has the number `first`.
    pub(super) fn new(encoding: PhoneEncoding, first: u64) -> Self {
        Self {
            encoding,
            buffer: BytesMut::new(),
            bytes: Vec::new(),
            base64: String::new(),
            sequence: first,
            chunks: 0,
            samples: 0,
        }
    }

    /// The number of the next message.
    pub(super) const fn next(&mut self) -> u64 {
        let number = self.sequence;
        self.sequence += 1;
        number
    }

    /// How much audio was written, in milliseconds.
    pub(super) fn position(&self) -> u64 {
        self.samples.saturating_mul(1_000) / u64::from(self.encoding.sample_rate())
    }

    /// A message.
    pub(super) fn json(&mut self, message: &impl Serialize) -> PhonePayload {
        write(&mut self.buffer, message)
    }

    /// A piece of audio, and the buffer to [`write()`] the message with it into.
    pub(super) fn piece(&mut self, samples: &[i16]) -> (Piece<'_>, &mut BytesMut) {
        let timestamp = self.position();
        let sequence = self.next();
        self.count(samples);
        self.bytes.clear();
        self.encoding.encode(samples, &mut self.bytes);
        self.base64.clear();
        STANDARD.encode_string(&self.bytes, &mut self.base64);
        (Piece { sequence, chunk: self.chunks, timestamp, payload: &self.base64 }, &mut self.buffer)
    }

    /// Audio as binary data.
    pub(super) fn binary(&mut self, samples: &[i16]) -> PhonePayload {
        self.count(samples);
        self.encoding.encode(samples, &mut self.buffer);
        PhonePayload::Binary(self.buffer.split().freeze())
    }

    fn count(&mut self, samples: &[i16]) {
        self.chunks += 1;
        self.samples = self.samples.saturating_add(samples.len() as u64);
    }
}

/// Writes a message into the buffer.
pub(super) fn write(buffer: &mut BytesMut, message: &impl Serialize) -> PhonePayload {
    let written = serde_json::to_writer((&mut *buffer).writer(), message);
    debug_assert!(written.is_ok(), "messages are objects with strings as keys");
    PhonePayload::Text(buffer.split().freeze())
}

/// A number that a provider writes as a string.
#[derive(Debug)]
pub(super) struct Quoted(pub(super) u64);

impl Serialize for Quoted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Pairs as a JSON object.
pub(super) fn object<'a>(
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
) -> serde_json::Map<String, serde_json::Value> {
    pairs.map(|(name, value)| (name.to_owned(), value.into())).collect()
}
