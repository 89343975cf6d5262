//! The bot's audio on its way to the speaker: RTP packets in, PCM frames out.
//!
//! Pure: the time comes with each packet and tick. The speaker's own clock paces it: audio is handed over as the speaker uses
//! it up, so that two clocks that differ a little never fill or empty anything.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;

use super::{
    JitterBuffer, Next, OPUS_FORMAT, OPUS_FRAME, OpusDecoder, Playout, frame_pool::FramePool, stretch,
};

/// Audio whose samples are all below this is quiet (-50 dBFS): leaving it out is not heard.
const QUIET: u16 = 100;
/// How many packets are played in one turn; more wait for the next.
const TURN: usize = 16;

/// Plays one stream of Opus packets: puts them in order, conceals what is lost, and keeps the delay fit for the network by making
/// voices a little faster or slower.
#[derive(Debug)]
pub struct OpusPlayer {
    jitter: JitterBuffer,
    decoder: OpusDecoder,
    /// A frame that was made shorter or longer.
    stretched: Vec<i16>,
    frames: FramePool,
    speaker: Arc<Playout>,
    /// What the speaker had flushed when last looked at.
    flushed: Duration,
    bytes: u64,
    unreadable: u64,
}

impl OpusPlayer {
    /// Plays through `speaker`.
    pub fn new(decoder: OpusDecoder, speaker: Arc<Playout>) -> Self {
        let flushed = speaker.stats().flushed;
        let jitter = JitterBuffer::new(speaker.max_delay());
        speaker.set_fed_in_time(true);
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

    /// Takes a packet that arrived at `now` (of any monotonic clock) and plays what is due.
    pub fn packet(&mut self, now: Duration, sequence: u16, timestamp: u32, payload: Bytes) {
        self.bytes += payload.len() as u64;
        self.jitter.insert(now, sequence, timestamp, payload);
        self.tick(now);
    }

    /// Plays what is due. To be called every 10 ms.
    pub fn tick(&mut self, now: Duration) {
        self.follow_flush();
        for _ in 0..TURN {
            let (waiting, reserve) = (self.speaker.buffered(), self.speaker.target_delay());
            if waiting >= reserve {
                return;
            }
            match self.jitter.next(now, self.is_urgent(waiting, reserve)) {
                Next::Packet(payload) => self.play(&payload),
                Next::Lost(next) => self.recover(next.as_deref()),
                Next::Invent => self.recover(None),
                Next::Wait => return,
            }
        }
    }

    /// Whether the speaker needs something now: half of its reserve is gone. One that does not play yet needs nothing, unless so much
    /// waits here behind a missing packet that this one is surely lost.
    fn is_urgent(&self, waiting: Duration, reserve: Duration) -> bool {
        waiting < reserve / 2 && (self.speaker.is_playing() || self.jitter.depth() >= reserve)
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
        self.stretched.clear();
        if self.jitter.is_ahead() {
            let removed = stretch::shorten(samples, OPUS_FORMAT, &mut self.stretched);
            self.jitter.count_stretched(OPUS_FORMAT.duration_of(removed), false);
        } else if self.jitter.is_scarce() && quiet {
            self.stretched.extend(samples.iter().chain(samples));
            self.jitter.count_stretched(OPUS_FORMAT.duration_of(samples.len()), true);
        } else if self.jitter.is_scarce() {
            let added = stretch::lengthen(samples, OPUS_FORMAT, &mut self.stretched);
            self.jitter.count_stretched(OPUS_FORMAT.duration_of(added), true);
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

    /// How long a packet takes to the sender and back.
    pub const fn set_round_trip(&mut self, round_trip: Duration) {
        self.jitter.set_round_trip(round_trip);
    }

    /// Writes into `out` which packets to ask the sender for again, as [`JitterBuffer::requests`] does.
    pub fn requests(&mut self, now: Duration, out: &mut Vec<u16>) {
        self.jitter.requests(now, self.speaker.buffered(), out);
    }

    /// The jitter buffer, for its figures.
    pub const fn jitter(&self) -> &JitterBuffer {
        &self.jitter
    }

    /// Bytes of audio that arrived.
    pub const fn received_bytes(&self) -> u64 {
        self.bytes
    }

    /// Packets that are not Opus.
    pub const fn unreadable(&self) -> u64 {
        self.unreadable
    }
}

impl Drop for OpusPlayer {
    fn drop(&mut self) {
        self.speaker.set_fed_in_time(false);
    }
}

#[cfg(test)]
mod tests;
