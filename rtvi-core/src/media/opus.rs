//! Opus as WebRTC carries it: mono, 48 kHz, 20 ms a packet (RFC 6716, RFC 7587).
//!
//! Wraps the crate `ropus`. Pure: converts between samples and packets; no clock. Packets come from
//! the network: any content is either audio or an error, never a panic.

use std::fmt;

use ropus::{Application, Bitrate, Channels, DecodeMode, Decoder, Encoder, InbandFec};
use serde::{Deserialize, Serialize};

use super::AudioFormat;

/// The format of the encoder and the decoder.
pub const OPUS_FORMAT: AudioFormat = AudioFormat::mono(48_000);

/// Samples in the 20 ms of an outgoing packet.
pub const OPUS_FRAME: usize = 960;

/// Samples in the longest possible packet: 120 ms.
const MAX_SAMPLES: usize = 5_760;

/// The largest packet of this encoder, in bytes: the maximum of RFC 6716 §3.2.1 for one frame, with
/// its header.
const MAX_PACKET: usize = 1_276;

/// The effort of the encoder, 0 to 10. For speech, 5 sounds as good as the codec's default of 9 at
/// a third of the cost.
const COMPLEXITY: u8 = 5;

/// The packet loss that the encoder expects while forward error correction is on, in percent.
const EXPECTED_LOSS: u8 = 10;

/// Decoded samples up to this are silence (-78 dBFS).
const SILENT: u16 = 4;
/// After so many equal packets of silence, a further one is not decoded: it changes neither the
/// audio nor what the codec makes of the next packet.
const STEADY: u32 = 5;
/// The largest packet of silence that is recognised, in bytes; libopus makes 3, a codec in its speech
/// mode less than 100.
const MAX_SILENT_PACKET: usize = 100;

/// Options for the audio that the client sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct OpusOptions {
    /// Target bit rate in bits per second, 6000 to 510000; 32000 is clear speech with room for
    /// error correction. Default: 32000.
    pub bitrate: u32,
    /// Whether packets carry a coarse copy of the one before them, for when that is lost, if the
    /// server's answer asks for it: LiveKit's does, Pipecat's does not. Default: true.
    pub forward_error_correction: bool,
    /// Whether almost nothing is sent while the user is silent. A server may take missing packets
    /// for a dead client. Default: false.
    pub discontinuous: bool,
}

impl OpusOptions {
    /// What is left of them with a server that makes use of error correction, or does not.
    pub(crate) fn agreed(self, takes_fec: bool) -> Self {
        Self { forward_error_correction: self.forward_error_correction && takes_fec, ..self }
    }
}

impl Default for OpusOptions {
    fn default() -> Self {
        Self { bitrate: 32_000, forward_error_correction: true, discontinuous: false }
    }
}

/// Encodes the user's audio into packets.
pub struct OpusEncoder {
    encoder: Box<Encoder>,
    packet: Box<[u8; MAX_PACKET]>,
}

impl OpusEncoder {
    /// An encoder with these options.
    ///
    /// # Errors
    /// The codec's message about unsupported options.
    pub fn new(options: OpusOptions) -> Result<Self, String> {
        let fec = options.forward_error_correction;
        let encoder = Encoder::builder(OPUS_FORMAT.sample_rate, Channels::Mono, Application::Voip)
            .bitrate(Bitrate::Bits(options.bitrate))
            .complexity(COMPLEXITY)
            .inband_fec(if fec { InbandFec::Enabled } else { InbandFec::Disabled })
            .packet_loss_perc(if fec { EXPECTED_LOSS } else { 0 })
            .dtx(options.discontinuous)
            .build()
            .map_err(|cause| cause.to_string())?;
        Ok(Self { encoder: Box::new(encoder), packet: Box::new([0; MAX_PACKET]) })
    }

    /// The packet for 20 ms of audio ([`OPUS_FRAME`] samples).
    ///
    /// # Errors
    /// The codec's message about a frame of another length.
    pub fn encode(&mut self, samples: &[i16]) -> Result<&[u8], String> {
        let count = self.encoder.encode(samples, &mut self.packet[..]).map_err(|cause| cause.to_string())?;
        Ok(self.packet.get(..count).unwrap_or_default())
    }
}

impl fmt::Debug for OpusEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpusEncoder").finish_non_exhaustive()
    }
}

/// Decodes the bot's packets, and recovers or conceals missing ones.
pub struct OpusDecoder {
    decoder: Box<Decoder>,
    samples: Box<[i16; MAX_SAMPLES]>,
    silence: Silence,
}

/// Packets of silence in a row. Servers send them all the time while the bot says nothing.
#[derive(Default)]
struct Silence {
    packet: Vec<u8>,
    /// How many equal packets were decoded, and how many samples each has.
    packets: u32,
    samples: usize,
}

impl Silence {
    /// The number of samples of a packet that need not be decoded: they are those of the packet
    /// before.
    fn known(&self, packet: &[u8]) -> Option<usize> {
        (self.packets >= STEADY && self.packet == packet).then_some(self.samples)
    }

    /// Takes a packet that was decoded.
    fn note(&mut self, packet: &[u8], samples: &[i16]) {
        let is_silent =
            packet.len() <= MAX_SILENT_PACKET && samples.iter().all(|sample| sample.unsigned_abs() <= SILENT);
        if !is_silent {
            self.packets = 0;
        } else if self.packets > 0 && self.packet == packet {
            self.packets = self.packets.saturating_add(1);
        } else {
            self.packet.clear();
            self.packet.extend_from_slice(packet);
            (self.packets, self.samples) = (1, samples.len());
        }
    }
}

impl OpusDecoder {
    /// A decoder. Stereo packets are mixed down.
    ///
    /// # Errors
    /// The codec's message.
    pub fn new() -> Result<Self, String> {
        let decoder =
            Decoder::new(OPUS_FORMAT.sample_rate, Channels::Mono).map_err(|cause| cause.to_string())?;
        let (samples, silence) = (Box::new([0; MAX_SAMPLES]), Silence::default());
        Ok(Self { decoder: Box::new(decoder), samples, silence })
    }

    /// The audio of a packet, up to 120 ms. Silence that repeats costs almost nothing.
    ///
    /// # Errors
    /// The codec's message about a packet that is not Opus.
    pub fn decode(&mut self, packet: &[u8]) -> Result<&[i16], String> {
        if packet.is_empty() {
            return Err("the packet is empty".to_owned());
        }
        let count = match self.silence.known(packet) {
            Some(count) => count,
            None => {
                // A packet that fails may have replaced some samples.
                let known = std::mem::take(&mut self.silence.packets);
                let count = self.run(packet, MAX_SAMPLES, DecodeMode::Normal)?;
                self.silence.packets = known;
                self.silence.note(packet, self.samples.get(..count).unwrap_or_default());
                count
            }
        };
        Ok(self.samples.get(..count).unwrap_or_default())
    }

    /// The audio of the packet before `packet`, recovered from the copy that it carries; concealed
    /// when it carries none.
    ///
    /// # Errors
    /// The codec's message about a packet that is not Opus.
    pub fn recover(&mut self, packet: &[u8]) -> Result<&[i16], String> {
        self.replace(packet, DecodeMode::Fec)
    }

    /// 20 ms that conceal a missing packet. Fades out when called repeatedly.
    ///
    /// # Errors
    /// The codec's message.
    pub fn conceal(&mut self) -> Result<&[i16], String> {
        self.replace(&[], DecodeMode::Normal)
    }

    /// The audio of a packet that is missing.
    fn replace(&mut self, packet: &[u8], mode: DecodeMode) -> Result<&[i16], String> {
        self.silence.packets = 0;
        let count = self.run(packet, OPUS_FRAME, mode)?;
        Ok(self.samples.get(..count).unwrap_or_default())
    }

    /// Returns how many samples there are.
    fn run(&mut self, packet: &[u8], room: usize, mode: DecodeMode) -> Result<usize, String> {
        let out = self.samples.get_mut(..room).unwrap_or_default();
        self.decoder.decode(packet, out, mode).map_err(|cause| cause.to_string())
    }
}

impl fmt::Debug for OpusDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpusDecoder").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A steady 400 Hz tone, frame by frame.
    fn tone(frame: usize) -> Vec<i16> {
        let step = 400.0 * std::f32::consts::TAU / 48_000.0;
        (0..OPUS_FRAME).map(|i| (((frame * OPUS_FRAME + i) as f32 * step).sin() * 8_000.0) as i16).collect()
    }

    fn loudness(samples: &[i16]) -> f32 {
        let sum: f32 = samples.iter().map(|sample| f32::from(*sample).powi(2)).sum();
        (sum / samples.len().max(1) as f32).sqrt()
    }

    fn packets(count: usize, options: OpusOptions) -> Vec<Vec<u8>> {
        let mut encoder = OpusEncoder::new(options).unwrap();
        (0..count).map(|frame| encoder.encode(&tone(frame)).unwrap().to_vec()).collect()
    }

    #[test]
    fn copies_are_sent_only_to_a_server_that_uses_them() {
        let agreed = |wanted, takes_fec| {
            let options = OpusOptions { forward_error_correction: wanted, ..OpusOptions::default() };
            options.agreed(takes_fec).forward_error_correction
        };
        assert_eq!([agreed(true, true), agreed(true, false), agreed(false, true)], [true, false, false]);
    }

    #[test]
    fn a_tone_survives() {
        let mut decoder = OpusDecoder::new().unwrap();
        let mut last = 0.0;
        for packet in packets(25, OpusOptions::default()) {
            assert!(packet.len() < 200, "{} bytes", packet.len());
            let samples = decoder.decode(&packet).unwrap();
            assert_eq!(samples.len(), OPUS_FRAME);
            last = loudness(samples);
        }
        assert!((4_000.0..7_000.0).contains(&last), "{last}");
    }

    #[test]
    fn what_is_lost_is_concealed_then_fades() {
        let mut decoder = OpusDecoder::new().unwrap();
        for packet in packets(25, OpusOptions::default()) {
            decoder.decode(&packet).unwrap();
        }
        let first = loudness(decoder.conceal().unwrap());
        assert!(first > 2_000.0, "{first}");
        let mut later = first;
        for _ in 0..50 {
            later = loudness(decoder.conceal().unwrap());
        }
        assert!(later < first / 4.0, "{later} after {first}");
    }

    #[test]
    fn a_lost_packet_is_recovered_from_the_next() {
        let sent = packets(25, OpusOptions::default());
        let mut decoder = OpusDecoder::new().unwrap();
        for packet in &sent[..20] {
            decoder.decode(packet).unwrap();
        }
        let recovered = decoder.recover(&sent[21]).unwrap();
        assert_eq!(recovered.len(), OPUS_FRAME);
        assert!(loudness(recovered) > 2_000.0);
    }

    #[test]
    fn silence_costs_almost_nothing_when_discontinuous() {
        let options = OpusOptions { discontinuous: true, ..OpusOptions::default() };
        let mut encoder = OpusEncoder::new(options).unwrap();
        let silent = [0; OPUS_FRAME];
        let sizes: Vec<_> = (0..100).map(|_| encoder.encode(&silent).unwrap().len()).collect();
        assert!(sizes[50..].iter().filter(|size| **size <= 2).count() > 40, "{sizes:?}");
    }

    #[test]
    fn silence_that_repeats_is_not_decoded_and_changes_nothing() {
        let mut encoder = OpusEncoder::new(OpusOptions::default()).unwrap();
        let silent = [0; OPUS_FRAME];
        let mut packets: Vec<Vec<u8>> = packets(10, OpusOptions::default());
        packets.extend((0..40).map(|_| encoder.encode(&silent).unwrap().to_vec()));
        let last = packets.last().unwrap().clone();
        packets.extend(std::iter::repeat_n(last.clone(), 40));
        packets.extend((0..20).map(|frame| encoder.encode(&tone(frame)).unwrap().to_vec()));
        let (mut decoder, mut plain) = (OpusDecoder::new().unwrap(), OpusDecoder::new().unwrap());
        let (mut error, mut power, mut known) = (0.0, 0.0, 0);
        for packet in &packets {
            known += usize::from(decoder.silence.known(packet).is_some());
            let heard = decoder.decode(packet).unwrap();
            plain.silence = Silence::default();
            for (heard, wanted) in heard.iter().zip(plain.decode(packet).unwrap()) {
                error += (f64::from(*heard) - f64::from(*wanted)).powi(2);
                power += f64::from(*wanted).powi(2);
            }
        }
        assert!(known >= 35, "{known}");
        assert!(error < power / 1_000.0, "{error} of {power}");
        // What is concealed after a loss is not what was heard before it.
        decoder.conceal().unwrap();
        assert_eq!(decoder.silence.known(&last), None);
        // Nor is what a broken packet leaves behind.
        for _ in 0..40 {
            decoder.decode(&last).unwrap();
        }
        assert!(decoder.silence.known(&last).is_some());
        assert!(decoder.decode(&[0xFF; 3]).is_err());
        assert_eq!(decoder.silence.known(&last), None);
    }

    #[test]
    fn options_and_frames_out_of_range_are_errors() {
        assert!(OpusEncoder::new(OpusOptions { bitrate: 1, ..OpusOptions::default() }).is_ok());
        let mut encoder = OpusEncoder::new(OpusOptions::default()).unwrap();
        assert!(encoder.encode(&[0; 100]).is_err());
        assert!(encoder.encode(&[]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_audio_or_an_error(
            packets in proptest::collection::vec(proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), 1..20),
        ) {
            let mut decoder = OpusDecoder::new().unwrap();
            for packet in packets {
                let _ = decoder.decode(&packet);
                let _ = decoder.recover(&packet);
                let _ = decoder.conceal();
            }
        }
    }
}
