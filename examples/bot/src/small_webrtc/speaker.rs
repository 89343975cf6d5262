//! The bot's audio: a queue of PCM that leaves as RTP in real time, and silence while it is empty.
//!
//! One task per peer connection, which ends when the [`Speaker`] is dropped or the connection is
//! gone.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use rtc::rtp::Packet;
use rtvi_core::{
    media::{AudioFormat, OPUS_FORMAT, OPUS_FRAME, OpusEncoder, OpusOptions, Resampler},
    protocol::frame::AudioRawFrame,
};
use tokio::{task::JoinHandle, time::interval};
use uuid::Uuid;
use webrtc::media_stream::track_local::TrackLocal;

/// Audio in one packet.
const PACKET: Duration = Duration::from_millis(20);

/// Samples that may wait: a minute. What is more is not said.
const MAX_WAITING: usize = 60 * 48_000;

/// Samples that may wait in echo mode: 60 ms. When there are more the oldest are dropped, so that
/// an echo never ages.
const MAX_ECHO: usize = 3 * OPUS_FRAME;

/// After so many frames of silence, its packet no longer changes and is not encoded again.
const STEADY: u32 = 25;

/// How the packets of a track are marked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks {
    /// The source, as announced in the SDP.
    pub(crate) ssrc: u32,
    /// The number the SDP gave to the codec.
    pub(crate) payload_type: u8,
}

/// How loud the bot is now: the quadratic mean of its samples. Clones say the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Loudness(Arc<AtomicU16>);

impl Loudness {
    /// The latest value.
    pub(crate) fn get(&self) -> u16 {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, samples: &[i16]) {
        let squares: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
        self.0.store((squares / samples.len().max(1) as f64).sqrt() as u16, Ordering::Relaxed);
    }
}

/// Speaks on one track.
#[derive(Debug)]
pub(crate) struct Speaker {
    queue: Arc<Mutex<Queue>>,
    loudness: Loudness,
    task: JoinHandle<()>,
}

impl Speaker {
    /// Starts to send: silence, until there is something to say.
    ///
    /// # Errors
    /// What the codec says.
    pub(crate) fn start(track: Arc<dyn TrackLocal>, marks: Marks, echo: bool) -> Result<Self, String> {
        let encoder = Encoder::new()?;
        let limit = if echo { Limit::DropOldest(MAX_ECHO) } else { Limit::DropNewest(MAX_WAITING) };
        let queue = Arc::new(Mutex::new(Queue::new(limit)));
        let loudness = Loudness::default();
        let task = tokio::spawn(send(track, marks, encoder, Arc::clone(&queue), loudness.clone()));
        Ok(Self { queue, loudness, task })
    }

    /// Says `frame` behind what waits.
    pub(crate) fn say(&self, frame: &AudioRawFrame) {
        lock(&self.queue).add(frame);
    }

    /// How loud it is.
    pub(crate) fn loudness(&self) -> Loudness {
        self.loudness.clone()
    }

    /// Forgets what waits.
    pub(crate) fn interrupt(&self) {
        lock(&self.queue).clear();
    }

    /// Sends nothing any more, not even silence.
    pub(crate) fn stop(&self) {
        self.task.abort();
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn send(
    track: Arc<dyn TrackLocal>,
    marks: Marks,
    mut encoder: Encoder,
    queue: Arc<Mutex<Queue>>,
    loudness: Loudness,
) {
    let mut ticks = interval(PACKET);
    let [high, low, ..] = Uuid::new_v4().into_bytes();
    let mut number = u16::from_be_bytes([high, low]);
    let mut timestamp = u32::from(number);
    loop {
        ticks.tick().await;
        let samples = lock(&queue).take();
        loudness.set(&samples);
        let Some(payload) = encoder.encode(&samples) else { return };
        let mut packet = Packet { payload, ..Packet::default() };
        packet.header.version = 2;
        packet.header.payload_type = marks.payload_type;
        packet.header.ssrc = marks.ssrc;
        packet.header.sequence_number = number;
        packet.header.timestamp = timestamp;
        if track.write_rtp(packet).await.is_err() {
            return;
        }
        number = number.wrapping_add(1);
        timestamp = timestamp.wrapping_add(OPUS_FRAME as u32);
    }
}

/// Encodes what is said, and silence once.
struct Encoder {
    opus: OpusEncoder,
    silent_frames: u32,
    last: Bytes,
}

impl Encoder {
    fn new() -> Result<Self, String> {
        Ok(Self { opus: OpusEncoder::new(OpusOptions::default())?, silent_frames: 0, last: Bytes::new() })
    }

    /// The packet of these 20 ms.
    fn encode(&mut self, samples: &[i16]) -> Option<Bytes> {
        let is_silent = samples.iter().all(|sample| *sample == 0);
        self.silent_frames = if is_silent { self.silent_frames.saturating_add(1) } else { 0 };
        if self.silent_frames <= STEADY {
            self.last = Bytes::copy_from_slice(self.opus.encode(samples).ok()?);
        }
        Some(self.last.clone())
    }
}

#[derive(Clone, Copy, Debug)]
enum Limit {
    DropOldest(usize),
    DropNewest(usize),
}

/// What waits to be said.
#[derive(Debug)]
struct Queue {
    samples: VecDeque<i16>,
    resampler: Option<Resampler>,
    limit: Limit,
}

impl Queue {
    fn new(limit: Limit) -> Self {
        Self { samples: VecDeque::new(), resampler: None, limit }
    }

    /// Adds a frame of one channel. One of a rate that cannot be converted is left out.
    fn add(&mut self, frame: &AudioRawFrame) {
        let from = AudioFormat::mono(frame.sample_rate);
        if self.resampler.as_ref().is_none_or(|resampler| resampler.from() != from) {
            self.resampler = Resampler::new(from, OPUS_FORMAT).ok();
        }
        let Some(resampler) = &mut self.resampler else { return };
        let (pairs, _) = frame.audio.as_chunks::<2>();
        let samples: Vec<i16> = pairs.iter().map(|pair| i16::from_le_bytes(*pair)).collect();
        let mut converted = Vec::new();
        resampler.process(&samples, &mut converted);
        self.samples.extend(converted);
        match self.limit {
            Limit::DropNewest(limit) => self.samples.truncate(limit),
            Limit::DropOldest(limit) => drop(self.samples.drain(..self.samples.len().saturating_sub(limit))),
        }
    }

    /// The next 20 ms, filled up with silence.
    fn take(&mut self) -> Vec<i16> {
        if self.samples.len() < OPUS_FRAME
            && !self.samples.is_empty()
            && let Some(resampler) = &mut self.resampler
        {
            let mut rest = Vec::new();
            resampler.finish(&mut rest);
            self.samples.extend(rest);
        }
        let count = self.samples.len().min(OPUS_FRAME);
        let mut samples: Vec<i16> = self.samples.drain(..count).collect();
        samples.resize(OPUS_FRAME, 0);
        samples
    }

    fn clear(&mut self) {
        self.samples.clear();
        if let Some(resampler) = &mut self.resampler {
            resampler.reset();
        }
    }
}

#[cfg(test)]
mod tests {
    use rtvi_core::media::OpusDecoder;

    use super::*;

    #[test]
    fn silence_is_encoded_once_and_speech_follows_it() {
        let (mut encoder, mut decoder) =
            (Encoder::new().expect("a codec"), OpusDecoder::new().expect("a codec"));
        let silence: Vec<Bytes> = (0..200).filter_map(|_| encoder.encode(&[0; OPUS_FRAME])).collect();
        assert!(
            silence.len() == 200 && silence[STEADY as usize..].iter().all(|packet| *packet == silence[199])
        );
        for packet in silence {
            assert!(decoder.decode(&packet).expect("Opus").iter().all(|sample| sample.unsigned_abs() < 10));
        }
        let tone: Vec<i16> = (0..OPUS_FRAME).map(|i| ((i as f32 * 0.05).sin() * 8_000.0) as i16).collect();
        let loudest = (0..5).map(|_| {
            let packet = encoder.encode(&tone).expect("20 ms");
            decoder.decode(&packet).expect("Opus").iter().map(|sample| sample.unsigned_abs()).max()
        });
        assert!(loudest.max().flatten() > Some(4_000));
        assert_eq!(encoder.encode(&[0; 7]), None);
    }

    fn frame(sample_rate: u32, ms: u32) -> AudioRawFrame {
        let audio: Vec<u8> = (0..sample_rate * ms / 1000).flat_map(|_| 5000_i16.to_le_bytes()).collect();
        AudioRawFrame { audio: audio.into(), sample_rate, num_channels: 1, ..AudioRawFrame::default() }
    }

    fn audible(queue: &mut Queue) -> usize {
        let is_loud = |samples: &Vec<i16>| samples.iter().any(|sample| *sample > 1000);
        std::iter::repeat_with(|| queue.take()).take_while(is_loud).count()
    }

    #[test]
    fn speech_of_any_rate_lasts_as_long_as_it_is() {
        for rate in [16_000, 24_000, 48_000] {
            let mut queue = Queue::new(Limit::DropNewest(MAX_WAITING));
            (0..25).for_each(|_| queue.add(&frame(rate, 40)));
            let packets = audible(&mut queue);
            assert!((50..=51).contains(&packets), "{rate}: {packets}");
            assert_eq!(queue.take(), vec![0; OPUS_FRAME]);
        }
    }

    #[test]
    fn an_interruption_silences_at_once() {
        let mut queue = Queue::new(Limit::DropNewest(MAX_WAITING));
        queue.add(&frame(24_000, 1000));
        queue.take();
        queue.clear();
        assert_eq!(queue.take(), vec![0; OPUS_FRAME]);
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut queue = Queue::new(Limit::DropNewest(MAX_WAITING));
        (0..70).for_each(|_| queue.add(&frame(48_000, 1000)));
        assert_eq!(queue.samples.len(), MAX_WAITING);
        let mut queue = Queue::new(Limit::DropOldest(MAX_ECHO));
        (0..70).for_each(|_| queue.add(&frame(48_000, 20)));
        assert_eq!(queue.samples.len(), MAX_ECHO);
    }

    #[test]
    fn a_senseless_rate_is_left_out() {
        let mut queue = Queue::new(Limit::DropNewest(MAX_WAITING));
        queue.add(&AudioRawFrame { sample_rate: 0, ..frame(48_000, 20) });
        assert_eq!(queue.take(), vec![0; OPUS_FRAME]);
    }
}
