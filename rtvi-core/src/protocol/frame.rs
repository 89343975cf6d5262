//! Pipecat's protobuf `Frame`, the wire format of its WebSocket transports.
//!
//! Depends on `prost` only; must not know RTVI messages: a [`MessageFrame`] carries one as text.
//! The field numbers are those of the server's `frames.proto` (pipecat-ai 1.14.0).

/// The envelope. It holds exactly one of the frame kinds, or none if a newer server sends an
/// unknown kind.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Frame {
    /// The frame inside.
    #[prost(oneof = "FrameKind", tags = "1, 2, 3, 4, 5")]
    pub kind: Option<FrameKind>,
}

/// The kinds of [`Frame`].
#[derive(Clone, PartialEq, prost::Oneof)]
pub enum FrameKind {
    /// Plain text.
    #[prost(message, tag = "1")]
    Text(TextFrame),
    /// Audio samples.
    #[prost(message, tag = "2")]
    Audio(AudioRawFrame),
    /// A transcription.
    #[prost(message, tag = "3")]
    Transcription(TranscriptionFrame),
    /// An RTVI message as JSON text.
    #[prost(message, tag = "4")]
    Message(MessageFrame),
    /// The bot was interrupted: drop the buffered speech.
    #[prost(message, tag = "5")]
    Interruption(InterruptionFrame),
}

/// Plain text.
#[derive(Clone, PartialEq, prost::Message)]
pub struct TextFrame {
    /// The sender's frame number.
    #[prost(uint64, tag = "1")]
    pub id: u64,
    /// The sender's frame name.
    #[prost(string, tag = "2")]
    pub name: String,
    /// The text.
    #[prost(string, tag = "3")]
    pub text: String,
}

/// Audio: 16-bit little-endian PCM, channels interleaved.
#[derive(Clone, PartialEq, prost::Message)]
pub struct AudioRawFrame {
    /// The sender's frame number.
    #[prost(uint64, tag = "1")]
    pub id: u64,
    /// The sender's frame name.
    #[prost(string, tag = "2")]
    pub name: String,
    /// The samples.
    #[prost(bytes = "bytes", tag = "3")]
    pub audio: bytes::Bytes,
    /// Samples per second and channel.
    #[prost(uint32, tag = "4")]
    pub sample_rate: u32,
    /// Number of channels.
    #[prost(uint32, tag = "5")]
    pub num_channels: u32,
    /// Presentation time in nanoseconds, if the server sets it.
    #[prost(uint64, optional, tag = "6")]
    pub pts: Option<u64>,
}

/// A transcription.
#[derive(Clone, PartialEq, prost::Message)]
pub struct TranscriptionFrame {
    /// The sender's frame number.
    #[prost(uint64, tag = "1")]
    pub id: u64,
    /// The sender's frame name.
    #[prost(string, tag = "2")]
    pub name: String,
    /// The transcribed text.
    #[prost(string, tag = "3")]
    pub text: String,
    /// The speaker.
    #[prost(string, tag = "4")]
    pub user_id: String,
    /// The time, as ISO 8601.
    #[prost(string, tag = "5")]
    pub timestamp: String,
}

/// An RTVI message.
#[derive(Clone, PartialEq, prost::Message)]
pub struct MessageFrame {
    /// The message as JSON text.
    #[prost(string, tag = "1")]
    pub data: String,
}

/// The bot was interrupted.
#[derive(Clone, PartialEq, prost::Message)]
pub struct InterruptionFrame {
    /// The sender's frame number.
    #[prost(uint64, tag = "1")]
    pub id: u64,
    /// The sender's frame name.
    #[prost(string, tag = "2")]
    pub name: String,
}
