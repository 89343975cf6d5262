//! The bot's audio on its way to the playout: RTP packets in, PCM frames out.
//!
//! Pure: the caller passes the time. The speaker's clock sets the pace: the player refills the
//! playout as the speaker empties it, so a small difference between two clocks never fills or
//! empties a buffer.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;

use super::{
    JitterBuffer, Next, OPUS_FORMAT, OPUS_FRAME, OpusDecoder, Playout, frame_pool::FramePool, stretch,
};

/// Audio whose samples are all below this is quiet (-50 dBFS): discarding it is inaudible.
const QUIET: u16 = 100;
/// How many packets are played in one tick. More wait for the next one.
const MAX_PACKETS: usize = 16;

/// Plays one stream of Opus packets. It reorders them, conceals lost ones, and adapts the delay to
/// the network by accelerating or expanding speech.
#[derive(Debug)]
pub struct OpusPlayer {
    jitter: JitterBuffer,
    decoder: OpusDecoder,
    /// The samples of an accelerated or expanded frame.
    stretched: Vec<i16>,
    frames: FramePool,
    speaker: Arc<Playout>,
    /// How much the playout had flushed at the last check.
    flushed: Duration,
    bytes: u64,
    unreadable: u64,
}

impl OpusPlayer {
    /// Plays through `speaker`.
    pub fn new(decoder: OpusDecoder, speaker: Arc<Playout>) -> Self {
        let flushed = speaker.stats().flushed;
        let jitter = JitterBuffer::new(speaker.max_delay());
        speaker.set_concealed_upstream(true);
        Self {
            jitter,
            decoder,
            stretched: Vec::new(),
            frames: FramePool::new(OPUS_FORMAT),
            speaker,
            flushed,
            bytes: 0,
            unreadable: 0,
        }
    }

    /// Takes a packet that arrived at `now` (of any monotonic clock) and plays due packets.
    pub fn packet(&mut self, now: Duration, sequence: u16, timestamp: u32, payload: Bytes) {
        self.bytes += payload.len() as u64;
        self.jitter.insert(now, sequence, timestamp, payload);
        self.tick(now);
    }

    /// Plays due packets. Call it every 10 ms.
    pub fn tick(&mut self, now: Duration) {
        self.follow_flush();
        for _ in 0..MAX_PACKETS {
            let (waiting, reserve) = (self.speaker.buffered(), self.speaker.target_delay());
            if waiting >= reserve {
                return;
            }
            match self.jitter.next(now, self.is_urgent(waiting, reserve)) {
                Next::Packet(payload) => self.play(&payload),
                Next::Lost(next) => self.recover(next.as_deref()),
                Next::Conceal => self.recover(None),
                Next::Wait => return,
            }
        }
    }

    /// Whether the playout needs audio now because half of its reserve is used up. Before it plays,
    /// it needs none, unless so much waits behind a missing packet that this packet must be lost.
    fn is_urgent(&self, waiting: Duration, reserve: Duration) -> bool {
        waiting < reserve / 2 && (self.speaker.is_playing() || self.jitter.depth() >= reserve)
    }

    /// Discards the packets here when the playout was flushed because the bot was interrupted.
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
        if self.jitter.should_discard(quiet) {
            return self.jitter.count_discarded();
        }
        self.stretched.clear();
        if self.jitter.should_accelerate() {
            let removed = stretch::accelerate(samples, OPUS_FORMAT, &mut self.stretched);
            self.jitter.count_accelerated(OPUS_FORMAT.duration_of(removed));
        } else if self.jitter.should_expand() && quiet {
            self.stretched.extend(samples.iter().chain(samples));
            self.jitter.count_expanded(OPUS_FORMAT.duration_of(samples.len()));
        } else if self.jitter.should_expand() {
            let added = stretch::expand(samples, OPUS_FORMAT, &mut self.stretched);
            self.jitter.count_expanded(OPUS_FORMAT.duration_of(added));
        } else {
            return self.speaker.push(self.frames.frame(samples));
        }
        self.speaker.push(self.frames.frame(&self.stretched));
    }

    fn recover(&mut self, next: Option<&[u8]>) {
        let recovered =
            next.and_then(|next| self.decoder.recover(next).map(|samples| self.frames.frame(samples)).ok());
        let frame =
            recovered.or_else(|| self.decoder.conceal().map(|samples| self.frames.frame(samples)).ok());
        self.speaker.push(frame.unwrap_or_else(|| self.frames.frame(&[0; OPUS_FRAME])));
    }

    /// Sets the round-trip time to the sender.
    pub const fn set_round_trip(&mut self, round_trip: Duration) {
        self.jitter.set_round_trip(round_trip);
    }

    /// Adds the packets to request again to `out`, as [`JitterBuffer::requests`] does.
    pub fn requests(&mut self, now: Duration, out: &mut Vec<u16>) {
        self.jitter.requests(now, self.speaker.buffered(), out);
    }

    /// How much audio waits to be played.
    pub fn waiting(&self) -> Duration {
        self.speaker.buffered() + self.jitter.span()
    }

    /// The jitter buffer, for its counters.
    pub const fn jitter(&self) -> &JitterBuffer {
        &self.jitter
    }

    /// How many bytes of audio arrived.
    pub const fn received_bytes(&self) -> u64 {
        self.bytes
    }

    /// How many packets were not Opus.
    pub const fn unreadable(&self) -> u64 {
        self.unreadable
    }
}

impl Drop for OpusPlayer {
    fn drop(&mut self) {
        self.speaker.set_concealed_upstream(false);
    }
}

#[cfg(test)]
mod tests;
