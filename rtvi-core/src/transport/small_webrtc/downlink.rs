//! The bot's audio on its way to the speaker: RTP packets in, PCM frames out.
//!
//! No I/O; the time comes with each packet and tick. The speaker's own clock paces it: audio is handed over as the speaker uses
//! it up, so that two clocks that differ a little never fill or empty anything.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::time::Instant;

use crate::media::{AudioFrame, JitterBuffer, Next, OPUS_FORMAT, OPUS_FRAME, OpusDecoder, Playout};

/// How much audio should wait at the speaker: so much that it starts to play at once.
const RESERVE: Duration = crate::media::PREBUFFER;
/// With less than this at the speaker a missing packet is given up: two of its turns, since turns are not even.
const URGENT: Duration = Duration::from_millis(40);
/// Audio whose samples are all below this is quiet (-50 dBFS): leaving it out or playing it twice is not heard.
const QUIET: u16 = 100;
/// How many packets are played in one turn; more wait for the next.
const TURN: usize = 16;

/// Plays one stream.
#[derive(Debug)]
pub(super) struct Downlink {
    begin: Instant,
    jitter: JitterBuffer,
    decoder: OpusDecoder,
    speaker: Arc<Playout>,
    /// What the speaker had flushed when last looked at.
    flushed: Duration,
    bytes: u64,
    unreadable: u64,
}

impl Downlink {
    pub(super) fn new(begin: Instant, decoder: OpusDecoder, speaker: Arc<Playout>) -> Self {
        let flushed = speaker.stats().flushed;
        let jitter = JitterBuffer::default();
        Self { begin, jitter, decoder, speaker, flushed, bytes: 0, unreadable: 0 }
    }

    /// Takes a packet and plays what is due.
    pub(super) fn packet(&mut self, now: Instant, sequence: u16, timestamp: u32, payload: Bytes) {
        self.bytes += payload.len() as u64;
        let at = now.saturating_duration_since(self.begin);
        self.jitter.insert(at, sequence, timestamp, payload);
        self.tick(now);
    }

    /// Plays what is due. To be called every 20 ms.
    pub(super) fn tick(&mut self, now: Instant) {
        self.follow_flush();
        let at = now.saturating_duration_since(self.begin);
        for _ in 0..TURN {
            let waiting = self.speaker.buffered();
            if waiting >= RESERVE {
                return;
            }
            match self.jitter.next(at, self.is_urgent(waiting)) {
                Next::Packet(payload) => self.play(&payload),
                Next::Lost(next) => self.recover(next.as_deref()),
                Next::Invent => self.recover(None),
                Next::Wait => return,
            }
        }
    }

    /// Whether the speaker needs something now. One that does not play yet needs nothing, unless so much waits here behind a
    /// missing packet that this one is surely lost.
    fn is_urgent(&self, waiting: Duration) -> bool {
        waiting < URGENT && (self.speaker.is_playing() || self.jitter.depth() >= RESERVE)
    }

    /// When the speaker was flushed because the bot was interrupted, what is held here is old, too.
    fn follow_flush(&mut self) {
        let flushed = self.speaker.stats().flushed;
        if flushed != self.flushed {
            self.flushed = flushed;
            self.jitter.clear();
        }
    }

    fn play(&mut self, payload: &[u8]) {
        let Ok(samples) = self.decoder.decode(payload) else {
            self.unreadable += 1;
            return self.recover(None);
        };
        let quiet = samples.iter().all(|sample| sample.unsigned_abs() < QUIET);
        if self.jitter.is_excessive(quiet) {
            return self.jitter.count_discarded();
        }
        let frame = frame(samples);
        if quiet && self.jitter.is_scarce() {
            self.speaker.push(frame.clone());
        }
        self.speaker.push(frame);
    }

    fn recover(&mut self, next: Option<&[u8]>) {
        let recovered = match next {
            Some(next) => self.decoder.recover(next).map(frame).ok(),
            None => None,
        };
        let frame = recovered.or_else(|| self.decoder.conceal().map(frame).ok());
        self.speaker.push(frame.unwrap_or_else(|| self::frame(&[0; OPUS_FRAME])));
    }

    /// The jitter buffer, for its figures.
    pub(super) const fn jitter(&self) -> &JitterBuffer {
        &self.jitter
    }

    /// Bytes of audio that arrived.
    pub(super) const fn received_bytes(&self) -> u64 {
        self.bytes
    }

    /// Packets that are not Opus.
    pub(super) const fn unreadable(&self) -> u64 {
        self.unreadable
    }
}

fn frame(samples: &[i16]) -> AudioFrame {
    AudioFrame { format: OPUS_FORMAT, pcm: samples.iter().flat_map(|sample| sample.to_le_bytes()).collect() }
}

#[cfg(test)]
mod tests;
