//! Binary payloads of the WebSocket: protobuf frames of Pipecat.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use prost::Message;
use rtvi_core::{protocol::frame::Frame, transport::fuzzing};

fuzz_target!(|bytes: &[u8]| {
    fuzzing::websocket_frame(bytes);
    if let Ok(frame) = Frame::decode(Bytes::copy_from_slice(bytes)) {
        let again = Frame::decode(Bytes::from(frame.encode_to_vec()));
        assert_eq!(again.as_ref(), Ok(&frame), "what was read can be written and read again");
    }
});
