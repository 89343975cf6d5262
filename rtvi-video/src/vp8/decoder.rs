//! The decoder as the core calls it. Whatever the network delivers: a picture or an error.

use rtvi_core::{
    Error, ErrorKind,
    media::video::{EncodedFrame, VideoCodec, VideoDecoder, VideoFrame},
};

use super::{header::Header, raw::RawDecoder};
use crate::MAX_DECODED_SIDE;

/// A VP8 decoder.
///
/// Pictures may change their size, up to [`MAX_DECODED_SIDE`] pixels a side. A damaged frame is an
/// error, and so is every frame before the first key frame; decoding continues with a key frame.
pub struct Vp8Decoder {
    decoder: RawDecoder,
}

impl Vp8Decoder {
    /// A decoder that waits for a key frame.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when libvpx can't allocate it.
    pub fn new() -> Result<Self, Error> {
        Ok(Self { decoder: RawDecoder::new()? })
    }
}

impl VideoDecoder for Vp8Decoder {
    fn decode(&mut self, frame: &EncodedFrame) -> Result<Option<VideoFrame>, Error> {
        let damaged = |text: String| Error::new(ErrorKind::Protocol, text);
        if frame.codec != VideoCodec::Vp8 {
            return Err(damaged(format!("a frame of {} for the VP8 decoder", frame.codec.name())));
        }
        match Header::read(&frame.data) {
            None => return Err(damaged(format!("{} bytes that are no VP8 frame", frame.data.len()))),
            Some(Header::Key(width, height)) if !is_decoded(width, height) => {
                return Err(damaged(format!(
                    "a VP8 frame of {width}x{height}, at most {MAX_DECODED_SIDE} a side"
                )));
            }
            Some(_) => {}
        }
        let picture =
            self.decoder.decode(&frame.data).map_err(|error| damaged(error.message().to_owned()))?;
        Ok(picture.map(|picture| picture.into_frame(frame.timestamp)))
    }
}

const fn is_decoded(width: u32, height: u32) -> bool {
    width >= 1 && height >= 1 && width <= MAX_DECODED_SIDE && height <= MAX_DECODED_SIDE
}
