//! The user's audio: from RTP packets to PCM for the conversation.
//!
//! Pure. Takes packets in the order they come: late and double ones are dropped, short gaps are
//! filled from the next packet or concealed, so that time goes on as it did for the user.

use bytes::{BufMut, BytesMut};
use rtc::rtp::Packet;
use rtvi_core::{
    media::{AudioFormat, OPUS_FORMAT, OpusDecoder, Resampler},
    protocol::frame::AudioRawFrame,
};

/// Longest gap that is filled, in packets: 200 ms. After a longer one the audio goes on without it.
const MAX_FILLED: u16 = 10;

/// Decodes one track.
#[derive(Debug)]
pub(crate) struct Ear {
    format: AudioFormat,
    decoder: OpusDecoder,
    resampler: Resampler,
    /// Source and number of the last packet.
    last: Option<(u32, u16)>,
    decoded: Vec<i16>,
}

impl Ear {
    /// An ear that gives one channel of `sample_rate`.
    ///
    /// # Errors
    /// What the codec or the resampler say.
    pub(crate) fn new(sample_rate: u32) -> Result<Self, String> {
        let format = AudioFormat::mono(sample_rate);
        let resampler = Resampler::new(OPUS_FORMAT, format).map_err(|error| error.to_string())?;
        Ok(Self { format, decoder: OpusDecoder::new()?, resampler, last: None, decoded: Vec::new() })
    }

    /// The audio that `packet` adds; nothing when it adds none.
    pub(crate) fn hear(&mut self, packet: &Packet) -> Option<AudioRawFrame> {
        let (source, number) = (packet.header.ssrc, packet.header.sequence_number);
        let missing = match self.last {
            Some((last_source, last)) if last_source == source => {
                let step = number.wrapping_sub(last);
                if step == 0 || step > u16::MAX / 2 {
                    return None;
                }
                step - 1
            }
            _ => 0,
        };
        self.last = Some((source, number));
        self.decoded.clear();
        if (1..=MAX_FILLED).contains(&missing) {
            self.fill(missing, &packet.payload);
        }
        if let Ok(samples) = self.decoder.decode(&packet.payload) {
            self.decoded.extend_from_slice(samples);
        }
        self.frame()
    }

    /// What cannot be decoded is left out.
    fn fill(&mut self, missing: u16, next: &[u8]) {
        for _ in 1..missing {
            if let Ok(samples) = self.decoder.conceal() {
                self.decoded.extend_from_slice(samples);
            }
        }
        if let Ok(samples) = self.decoder.recover(next) {
            self.decoded.extend_from_slice(samples);
        }
    }

    fn frame(&mut self) -> Option<AudioRawFrame> {
        let mut samples = Vec::with_capacity(self.decoded.len());
        self.resampler.process(&self.decoded, &mut samples);
        let mut pcm = BytesMut::with_capacity(samples.len() * 2);
        samples.iter().for_each(|sample| pcm.put_i16_le(*sample));
        (!samples.is_empty()).then(|| AudioRawFrame {
            audio: pcm.freeze(),
            sample_rate: self.format.sample_rate,
            num_channels: 1,
            ..AudioRawFrame::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use rtvi_core::media::{OPUS_FRAME, OpusEncoder, OpusOptions};

    use super::*;

    fn packets(count: u16, from: u16) -> Vec<Packet> {
        let mut encoder = OpusEncoder::new(OpusOptions::default()).expect("defaults");
        let tone: Vec<i16> = (0..OPUS_FRAME).map(|i| ((i as f32 * 0.05).sin() * 8000.0) as i16).collect();
        let packet = |index| {
            let mut packet = Packet::default();
            packet.header.sequence_number = from.wrapping_add(index);
            packet.payload = bytes::Bytes::copy_from_slice(encoder.encode(&tone).expect("20 ms"));
            packet
        };
        (0..count).map(packet).collect()
    }

    fn seconds(ear: &mut Ear, packets: &[Packet]) -> f64 {
        let bytes: usize =
            packets.iter().filter_map(|packet| ear.hear(packet)).map(|frame| frame.audio.len()).sum();
        bytes as f64 / 2.0 / f64::from(ear.format.sample_rate)
    }

    #[test]
    fn packets_become_audio_of_the_same_length_across_the_wrap() {
        for rate in [16_000, 48_000] {
            let mut ear = Ear::new(rate).expect("a codec");
            let heard = seconds(&mut ear, &packets(50, 65_500));
            assert!((heard - 1.0).abs() < 0.03, "{rate}: {heard} s");
        }
    }

    #[test]
    fn gaps_are_filled_and_repetitions_dropped() {
        let mut ear = Ear::new(48_000).expect("a codec");
        let all = packets(50, 0);
        let lossy: Vec<Packet> = all
            .iter()
            .enumerate()
            .filter(|(i, _)| i % 10 != 5 && i % 10 != 6)
            .map(|(_, p)| p.clone())
            .collect();
        let heard = seconds(&mut ear, &lossy);
        assert!((heard - 1.0).abs() < 1e-9, "{heard} s");
        assert_eq!(seconds(&mut ear, &all[40..]), 0.0, "late ones");
    }

    #[test]
    fn a_long_gap_is_left_out_and_garbage_ignored() {
        let mut ear = Ear::new(48_000).expect("a codec");
        assert_eq!(seconds(&mut ear, &packets(1, 0)), 0.02);
        assert_eq!(seconds(&mut ear, &packets(1, 500)), 0.02);
        let mut garbage = Packet::default();
        garbage.header.sequence_number = 501;
        garbage.payload = bytes::Bytes::from_static(&[0xff; 3]);
        ear.hear(&garbage);
        garbage.header.sequence_number = 502;
        garbage.payload = bytes::Bytes::new();
        assert_eq!(ear.hear(&garbage), None);
    }
}
