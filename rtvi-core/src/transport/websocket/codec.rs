//! WebSocket payloads: converts Pipecat's protobuf frames and plain RTVI text.
//!
//! Pure: no I/O and no clock. Converts audio between the client's samples and the bytes of the
//! wire.

use bytes::{BufMut, Bytes, BytesMut};
use prost::Message as _;

use crate::{
    media::{AudioFormat, AudioFrame},
    protocol::frame::{AudioRawFrame, Frame, FrameKind as Kind, MessageFrame},
};

/// Accepted sample rates, in Hz. Audio with another rate is unreadable.
const SAMPLE_RATES: std::ops::RangeInclusive<u32> = 4_000..=384_000;
/// The maximum number of channels.
const MAX_CHANNELS: u16 = 8;

/// A payload from the server.
#[derive(Debug, PartialEq)]
pub(in crate::transport) enum Incoming {
    /// An RTVI message as JSON text.
    Message(Bytes),
    /// The bot's audio.
    Audio(AudioFrame),
    /// The bot was interrupted.
    Interruption,
    /// Nothing to do: plain text and transcription frames repeat RTVI messages.
    Ignored,
}

/// Reads a binary payload.
///
/// # Errors
/// A text that says what can't be read and why.
pub(in crate::transport) fn decode(payload: Bytes) -> Result<Incoming, String> {
    let (size, first_byte) = (payload.len(), payload.first().copied());
    let frame =
        Frame::decode(payload).map_err(|cause| format!("a frame of {size} bytes is malformed: {cause}"))?;
    match frame.kind {
        Some(Kind::Message(message)) => Ok(Incoming::Message(message.data.into())),
        Some(Kind::Audio(audio)) => decode_audio(audio),
        Some(Kind::Interruption(_)) => Ok(Incoming::Interruption),
        Some(Kind::Text(_) | Kind::Transcription(_)) => Ok(Incoming::Ignored),
        None => Err(unknown_kind(first_byte)),
    }
}

fn unknown_kind(first_byte: Option<u8>) -> String {
    match first_byte {
        None => "an empty frame".to_owned(),
        Some(key) if key & 0x80 == 0 => format!("a frame of unknown kind {}", key >> 3),
        Some(_) => "a frame of unknown kind".to_owned(),
    }
}

fn decode_audio(audio: AudioRawFrame) -> Result<Incoming, String> {
    let AudioRawFrame { audio: pcm, sample_rate, num_channels, .. } = audio;
    let channels = u16::try_from(num_channels).unwrap_or(u16::MAX);
    if !SAMPLE_RATES.contains(&sample_rate) || !(1..=MAX_CHANNELS).contains(&channels) {
        return Err(format!("audio of {sample_rate} Hz and {num_channels} channels"));
    }
    if !pcm.len().is_multiple_of(2 * usize::from(channels)) {
        return Err(format!("audio of {} bytes, not whole 16-bit samples of {channels} channels", pcm.len()));
    }
    let frame = AudioFrame::from_le_bytes(AudioFormat { sample_rate, channels }, &pcm);
    Ok(frame.filter(|frame| !frame.samples.is_empty()).map_or(Incoming::Ignored, Incoming::Audio))
}

/// Writes payloads into buffers whose memory is reused once they are sent.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    buffer: BytesMut,
    /// The bytes of the samples in the present frame.
    pcm: BytesMut,
}

impl Encoder {
    /// A frame with an RTVI message.
    pub(super) fn message(&mut self, json: String) -> Bytes {
        self.encode(Kind::Message(MessageFrame { data: json }))
    }

    /// A frame with microphone audio.
    pub(super) fn audio(&mut self, frame: &AudioFrame) -> Bytes {
        self.pcm.reserve(size_of_val(&*frame.samples));
        frame.samples.iter().for_each(|sample| self.pcm.put_i16_le(*sample));
        let audio = self.pcm.split().freeze();
        self.encode(Kind::Audio(AudioRawFrame {
            audio,
            sample_rate: frame.format.sample_rate,
            num_channels: frame.format.channels.into(),
            ..AudioRawFrame::default()
        }))
    }

    fn encode(&mut self, kind: Kind) -> Bytes {
        let frame = Frame { kind: Some(kind) };
        self.buffer.reserve(frame.encoded_len());
        frame.encode_raw(&mut self.buffer);
        self.buffer.split().freeze()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::protocol::frame::{InterruptionFrame, TextFrame, TranscriptionFrame};

    fn payload(kind: Kind) -> Bytes {
        Frame { kind: Some(kind) }.encode_to_vec().into()
    }

    fn audio(sample_rate: u32, num_channels: u32, bytes: usize) -> Result<Incoming, String> {
        let audio = vec![1; bytes].into();
        decode(payload(Kind::Audio(AudioRawFrame { audio, sample_rate, num_channels, ..Default::default() })))
    }

    #[test]
    fn every_kind_is_read() {
        let message = MessageFrame { data: "{}".into() };
        assert_eq!(decode(payload(Kind::Message(message))), Ok(Incoming::Message("{}".into())));
        let interruption = InterruptionFrame { id: 7, name: "InterruptionFrame#0".into() };
        assert_eq!(decode(payload(Kind::Interruption(interruption))), Ok(Incoming::Interruption));
        assert_eq!(decode(payload(Kind::Text(TextFrame::default()))), Ok(Incoming::Ignored));
        assert_eq!(
            decode(payload(Kind::Transcription(TranscriptionFrame::default()))),
            Ok(Incoming::Ignored)
        );
        let frame = AudioFrame::new(AudioFormat { sample_rate: 24_000, channels: 2 }, [0x0101; 4]);
        assert_eq!(audio(24_000, 2, 8), Ok(Incoming::Audio(frame)));
        assert_eq!(audio(24_000, 1, 0), Ok(Incoming::Ignored));
    }

    #[test]
    fn the_wire_bytes_of_the_server_are_read() {
        // Field 5 (interruption) with id 3 and name "x".
        assert_eq!(decode(Bytes::from_static(&[0x2a, 5, 8, 3, 18, 1, b'x'])), Ok(Incoming::Interruption));
        // Field 4 (message) with data "{}".
        assert_eq!(
            decode(Bytes::from_static(&[0x22, 4, 10, 2, b'{', b'}'])),
            Ok(Incoming::Message("{}".into()))
        );
    }

    #[test]
    fn what_cant_be_read_is_named() {
        assert_eq!(decode(Bytes::new()).unwrap_err(), "an empty frame");
        assert_eq!(decode(Bytes::from_static(&[0x3a, 0])).unwrap_err(), "a frame of unknown kind 7");
        assert!(decode(Bytes::from_static(&[0x22, 200])).unwrap_err().contains("2 bytes is malformed"));
        assert_eq!(audio(0, 1, 2).unwrap_err(), "audio of 0 Hz and 1 channels");
        assert_eq!(audio(u32::MAX, 1, 2).unwrap_err(), "audio of 4294967295 Hz and 1 channels");
        assert_eq!(audio(16_000, 70_000, 2).unwrap_err(), "audio of 16000 Hz and 70000 channels");
        assert!(audio(16_000, 2, 6).unwrap_err().contains("6 bytes"));
    }

    #[test]
    fn samples_are_little_endian_on_the_wire() {
        let mut encoder = Encoder::default();
        let wire = encoder.audio(&AudioFrame::new(AudioFormat::mono(8_000), [0x0102, -2]));
        // Field 2 (audio) holding the bytes (3) and the rate (4).
        assert_eq!(wire[..8], [0x12, wire.len() as u8 - 2, 0x1a, 4, 2, 1, 0xFE, 0xFF]);
    }

    #[test]
    fn the_buffers_are_used_again() {
        let mut encoder = Encoder::default();
        let frame = AudioFrame::new(AudioFormat::mono(16_000), [0; 320]);
        let place = |encoder: &mut Encoder| (encoder.audio(&frame).as_ptr(), encoder.pcm.as_ptr());
        let places: std::collections::HashSet<_> = (0..100).map(|_| place(&mut encoder)).collect();
        assert!(places.len() <= 4, "{places:?}");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(json in ".{0,200}", samples in prop::collection::vec(any::<i16>(), 1..400)) {
            let mut encoder = Encoder::default();
            prop_assert_eq!(decode(encoder.message(json.clone())), Ok(Incoming::Message(json.into())));
            let frame = AudioFrame::new(AudioFormat::mono(16_000), samples);
            prop_assert_eq!(decode(encoder.audio(&frame)), Ok(Incoming::Audio(frame)));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(bytes.into());
        }
    }
}
