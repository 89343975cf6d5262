//! The codecs of this crate, for [`VideoCodecs`]: one line each.

use rtvi_core::{
    Error, ErrorKind,
    media::video::{VideoCodec, VideoCodecs, VideoDecoder, VideoEncoder, VideoTarget},
};

#[cfg(feature = "h264")]
use crate::h264::{H264Decoder, H264Encoder};
#[cfg(feature = "vp8")]
use crate::vp8::{Vp8Decoder, Vp8Encoder};

/// The codecs that this crate was built with, VP8 first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Codecs;

impl VideoCodecs for Codecs {
    fn codecs(&self) -> Vec<VideoCodec> {
        let vp8 = cfg!(feature = "vp8").then_some(VideoCodec::Vp8);
        vp8.into_iter().chain(cfg!(feature = "h264").then_some(VideoCodec::H264)).collect()
    }

    fn encoder(&self, codec: VideoCodec, target: VideoTarget) -> Result<Box<dyn VideoEncoder>, Error> {
        match codec {
            #[cfg(feature = "vp8")]
            VideoCodec::Vp8 => Ok(Box::new(Vp8Encoder::new(target))),
            #[cfg(feature = "h264")]
            VideoCodec::H264 => Ok(Box::new(H264Encoder::new(target))),
            other => Err(missing(other)),
        }
    }

    fn decoder(&self, codec: VideoCodec) -> Result<Box<dyn VideoDecoder>, Error> {
        match codec {
            #[cfg(feature = "vp8")]
            VideoCodec::Vp8 => Ok(Box::new(Vp8Decoder::new()?)),
            #[cfg(feature = "h264")]
            VideoCodec::H264 => Ok(Box::new(H264Decoder::new()?)),
            other => Err(missing(other)),
        }
    }
}

fn missing(codec: VideoCodec) -> Error {
    let text = format!("this program was built without a codec for {}", codec.name());
    Error::new(ErrorKind::UnsupportedFeature, text)
}
