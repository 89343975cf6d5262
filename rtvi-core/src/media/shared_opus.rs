//! Encoded audio that calls of one process share: what one of them has encoded, the others send.
//!
//! For many calls that say the same, such as those of a load generator. Pure except for one mutex.

use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;

use super::opus::{OpusEncoder, OpusOptions};

/// How many packets are kept: five minutes. When full, the packets that follow are encoded by each
/// call for itself.
const MAX_PACKETS: usize = 15_000;
/// How many frames before a frame decide, with it, which packet it becomes. What an encoder keeps of
/// still earlier frames can't be heard.
const HISTORY: usize = 3;
/// After so many frames from others, a call's own encoder is dropped.
const IDLE: u32 = 100;

/// What the calls share. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedOpus(Arc<Mutex<HashMap<Key, Bytes>>>);

/// A frame, the frames before it, and the options of the encoder.
type Key = [u64; HISTORY + 2];

impl SharedOpus {
    fn packets(&self) -> MutexGuard<'_, HashMap<Key, Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn insert(&self, key: Key, packet: Bytes) {
        let mut packets = self.packets();
        if packets.len() < MAX_PACKETS {
            packets.insert(key, packet);
        }
    }
}

/// The encoder of a call, alone or one of many.
#[derive(Debug)]
pub(crate) enum Encoder {
    Own(OpusEncoder),
    Shared(Box<SharingEncoder>),
}

impl Encoder {
    /// # Errors
    /// The codec's message about unsupported options.
    pub(crate) fn new(options: OpusOptions, shared: Option<SharedOpus>) -> Result<Self, String> {
        Ok(match shared {
            None => Self::Own(OpusEncoder::new(options)?),
            Some(shared) => Self::Shared(Box::new(SharingEncoder::new(options, shared))),
        })
    }

    /// The packet for 20 ms of audio.
    ///
    /// # Errors
    /// The codec's message.
    pub(crate) fn encode(&mut self, samples: &[i16]) -> Result<Bytes, String> {
        match self {
            Self::Own(encoder) => encoder.encode(samples).map(Bytes::copy_from_slice),
            Self::Shared(encoder) => encoder.encode(samples),
        }
    }
}

/// Encodes only what no other call has encoded.
#[derive(Debug)]
pub(crate) struct SharingEncoder {
    shared: SharedOpus,
    options: OpusOptions,
    /// The hashes of the last frames, newest last.
    recent: VecDeque<u64>,
    /// The frame before; an own encoder that has missed it gets it first.
    before: Vec<i16>,
    own: Option<OpusEncoder>,
    /// How many frames the own encoder has missed.
    missed: u32,
}

impl SharingEncoder {
    fn new(options: OpusOptions, shared: SharedOpus) -> Self {
        let recent = VecDeque::from([0; HISTORY + 1]);
        Self { shared, options, recent, before: Vec::new(), own: None, missed: 0 }
    }

    fn encode(&mut self, samples: &[i16]) -> Result<Bytes, String> {
        let key = self.key(samples);
        let known = self.shared.packets().get(&key).cloned();
        let packet = match known {
            Some(packet) => {
                self.missed = self.missed.saturating_add(1);
                if self.missed >= IDLE {
                    self.own = None;
                }
                packet
            }
            None => {
                let packet = self.encode_self(samples)?;
                self.shared.insert(key, packet.clone());
                packet
            }
        };
        self.before.clear();
        self.before.extend_from_slice(samples);
        Ok(packet)
    }

    fn key(&mut self, samples: &[i16]) -> Key {
        let mut hasher = DefaultHasher::new();
        samples.hash(&mut hasher);
        self.recent.pop_front();
        self.recent.push_back(hasher.finish());
        let OpusOptions { bitrate, forward_error_correction, discontinuous } = self.options;
        let mut key = [0; HISTORY + 2];
        key.iter_mut().zip(&self.recent).for_each(|(slot, hash)| *slot = *hash);
        let flags = u64::from(forward_error_correction) << 1 | u64::from(discontinuous);
        if let Some(last) = key.last_mut() {
            *last = u64::from(bitrate) << 2 | flags;
        }
        key
    }

    fn encode_self(&mut self, samples: &[i16]) -> Result<Bytes, String> {
        let is_new = self.own.is_none();
        let encoder = match &mut self.own {
            Some(encoder) => encoder,
            own => own.insert(OpusEncoder::new(self.options)?),
        };
        if (is_new || self.missed > 0) && !self.before.is_empty() {
            encoder.encode(&self.before)?;
        }
        self.missed = 0;
        encoder.encode(samples).map(Bytes::copy_from_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{OPUS_FRAME, OpusDecoder};

    fn frame(index: usize) -> Vec<i16> {
        // Silence, then a rising tone, then silence.
        let loud = (10..40).contains(&index);
        let sample = |at: usize| ((at as f32 * 0.03 * (1.0 + index as f32 / 40.0)).sin() * 9_000.0) as i16;
        (0..OPUS_FRAME).map(|at| if loud { sample(index * OPUS_FRAME + at) } else { 0 }).collect()
    }

    fn encoder(shared: &SharedOpus) -> SharingEncoder {
        SharingEncoder::new(OpusOptions::default(), shared.clone())
    }

    #[test]
    fn the_second_call_encodes_nothing() {
        let shared = SharedOpus::default();
        let (mut first, mut second) = (encoder(&shared), encoder(&shared));
        for index in 0..50 {
            let packet = first.encode(&frame(index)).unwrap();
            assert_eq!(second.encode(&frame(index)).unwrap(), packet);
        }
        assert!(first.own.is_some() && second.own.is_none());
    }

    #[test]
    fn a_call_that_begins_later_is_heard_the_same() {
        let shared = SharedOpus::default();
        let (mut first, mut second) = (encoder(&shared), encoder(&shared));
        (0..50).for_each(|index| drop(first.encode(&frame(index)).unwrap()));
        let (mut decoder, mut alone) = (OpusDecoder::new().unwrap(), OpusDecoder::new().unwrap());
        let mut reference = OpusEncoder::new(OpusOptions::default()).unwrap();
        let (mut error, mut power) = (0.0, 0.0);
        for index in 5..50 {
            let heard = decoder.decode(&second.encode(&frame(index)).unwrap()).unwrap().to_vec();
            let wanted = alone.decode(reference.encode(&frame(index)).unwrap()).unwrap();
            for (heard, wanted) in heard.iter().zip(wanted) {
                error += (f64::from(*heard) - f64::from(*wanted)).powi(2);
                power += f64::from(*wanted).powi(2);
            }
        }
        assert!(error < power / 20.0, "{error} of {power}");
    }

    #[test]
    fn other_audio_is_encoded_and_full_is_full() {
        let shared = SharedOpus::default();
        let (mut first, mut second) = (encoder(&shared), encoder(&shared));
        let _ = (first.encode(&frame(20)).unwrap(), second.encode(&frame(21)).unwrap());
        assert!(first.own.is_some() && second.own.is_some());
        for number in 0..MAX_PACKETS as u64 + 5 {
            shared.insert([number; HISTORY + 2], Bytes::new());
        }
        assert_eq!(shared.packets().len(), MAX_PACKETS);
        assert!(!first.encode(&frame(22)).unwrap().is_empty());
        assert!(first.encode(&[0; 7]).is_err());
    }

    #[test]
    fn an_idle_encoder_is_dropped() {
        let shared = SharedOpus::default();
        let (mut first, mut second) = (encoder(&shared), encoder(&shared));
        second.encode(&frame(30)).unwrap();
        for _ in 0..IDLE + 10 {
            first.encode(&frame(0)).unwrap();
            second.encode(&frame(0)).unwrap();
        }
        assert!(second.own.is_none());
    }
}
