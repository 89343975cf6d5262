//! Converts frames to WebSocket messages and back: Pipecat's protobuf, with RTVI messages as JSON
//! text.
//!
//! Pure. Decoding reports no errors: like the server's serializer, it drops what it can't read.

use bytes::Bytes;
use prost::Message as _;
use rtvi_core::protocol::frame::{AudioRawFrame, Frame, FrameKind as Kind, InterruptionFrame, MessageFrame};
use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;

/// An RTVI message as a WebSocket message.
pub(crate) fn message(message: &Value) -> Message {
    text(message.to_string())
}

/// The text of a message as a WebSocket message.
pub(crate) fn text(data: String) -> Message {
    frame(Kind::Message(MessageFrame { data }))
}

/// A frame as a WebSocket message.
pub(crate) fn frame(kind: Kind) -> Message {
    Message::Binary(Frame { kind: Some(kind) }.encode_to_vec().into())
}

/// The frame in a WebSocket message; `None` if it is not a frame of a known kind.
pub(crate) fn decode(bytes: &[u8]) -> Option<Kind> {
    Frame::decode(bytes).ok()?.kind
}

/// One channel of 16-bit samples as an audio frame, with a name like those of a Pipecat server.
pub(crate) fn audio(number: u64, audio: Bytes, sample_rate: u32) -> AudioRawFrame {
    let name = format!("OutputAudioRawFrame#{number}");
    AudioRawFrame { id: number, name, audio, sample_rate, num_channels: 1, pts: None }
}

/// The frame that tells the client to drop buffered speech.
pub(crate) fn interruption(number: u64) -> Kind {
    Kind::Interruption(InterruptionFrame { id: number, name: format!("InterruptionFrame#{number}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_back() {
        let Message::Binary(bytes) = message(&serde_json::json!({ "type": "x" })) else {
            panic!("not binary")
        };
        let expected = Kind::Message(MessageFrame { data: r#"{"type":"x"}"#.into() });
        assert_eq!(decode(&bytes), Some(expected));
        assert_eq!(decode(&[0xff, 0xff]), None);
    }
}
