//! H.264 by OpenH264, constrained baseline.
//!
//! The `unsafe` code is the change of two settings, for which the crate has no call.
#![allow(unsafe_code)]

use std::ptr;

use bytes::Bytes;
use openh264::{
    OpenH264API, Timestamp,
    decoder::Decoder,
    encoder::{
        BitRate, Complexity, Encoder, EncoderConfig, FrameRate, FrameType, IntraFramePeriod, Profile,
        RateControlMode, UsageType,
    },
    formats::YUVSource,
};
use openh264_sys2::{ENCODER_OPTION_BITRATE, ENCODER_OPTION_FRAME_RATE, SBitrateInfo, SPATIAL_LAYER_ALL};
use rtvi_core::{
    Error, ErrorKind,
    media::video::{EncodedFrame, VideoCodec, VideoDecoder, VideoEncoder, VideoFrame, VideoTarget},
};

use crate::{
    MAX_DECODED_SIDE,
    i420::{I420, packed_size, plane_sizes},
    upright::Upright,
};

/// The largest picture that OpenH264 encodes: this or its upright form.
const MOST: (u32, u32) = (3840, 2160);

/// An H.264 encoder for real-time calls.
///
/// Follows a new bitrate or rate without a key frame. A picture of another size is a key frame.
/// Leaves pictures out when they would exceed the bitrate. Larger pictures are scaled to 3840x2160.
pub struct H264Encoder {
    target: VideoTarget,
    upright: Upright,
    /// Absent until the first picture.
    stream: Option<Stream>,
}

struct Stream {
    encoder: Encoder,
    /// What the encoder follows.
    target: VideoTarget,
}

impl H264Encoder {
    /// An encoder that allocates nothing before the first picture.
    pub fn new(target: VideoTarget) -> Self {
        Self { target, upright: Upright::default(), stream: None }
    }

    fn stream(&mut self) -> Result<&mut Encoder, Error> {
        let target = self.target;
        let stream = match self.stream.take() {
            Some(mut stream) => {
                if stream.target != target {
                    follow(&mut stream.encoder, target)?;
                    stream.target = target;
                }
                stream
            }
            None => Stream { encoder: encoder(target)?, target },
        };
        Ok(&mut self.stream.insert(stream).encoder)
    }
}

impl VideoEncoder for H264Encoder {
    fn encode(&mut self, frame: &VideoFrame, key_frame: bool) -> Result<Option<EncodedFrame>, Error> {
        let format = self.target.format;
        let most = (format.width.min(MOST.0), format.height.min(MOST.1));
        let picture = self.upright.prepare(frame, most)?;
        let encoder = self.stream()?;
        if key_frame {
            encoder.force_intra_frame();
        }
        let timestamp =
            Timestamp::from_millis(u64::try_from(frame.timestamp.as_millis()).unwrap_or(u64::MAX));
        let coded = encoder.encode_at(&Planes(&picture), timestamp).map_err(internal)?;
        let is_key = matches!(coded.frame_type(), FrameType::IDR);
        let data = coded.to_vec();
        if data.is_empty() {
            return Ok(None);
        }
        Ok(Some(EncodedFrame {
            codec: VideoCodec::H264,
            data: Bytes::from(data),
            is_key,
            width: picture.width,
            height: picture.height,
            timestamp: frame.timestamp,
        }))
    }

    fn set_target(&mut self, target: VideoTarget) -> Result<(), Error> {
        self.target = target;
        Ok(())
    }
}

fn encoder(target: VideoTarget) -> Result<Encoder, Error> {
    let config = EncoderConfig::new()
        .bitrate(BitRate::from_bps(target.bitrate))
        .max_frame_rate(FrameRate::from_hz(rate(target)))
        .rate_control_mode(RateControlMode::Bitrate)
        .usage_type(UsageType::CameraVideoRealTime)
        .complexity(Complexity::Low)
        .profile(Profile::Baseline)
        .intra_frame_period(IntraFramePeriod::auto())
        .scene_change_detect(false)
        .skip_frames(true)
        .num_threads(1);
    Encoder::with_api_config(OpenH264API::from_source(), config).map_err(internal)
}

fn follow(encoder: &mut Encoder, target: VideoTarget) -> Result<(), Error> {
    let bitrate = i32::try_from(target.bitrate).unwrap_or(i32::MAX);
    let mut bitrate = SBitrateInfo { iLayer: SPATIAL_LAYER_ALL, iBitrate: bitrate };
    let mut rate = rate(target);
    // SAFETY: each option reads a value of the type that is passed, during the call only. Neither is
    // one that the crate relies on.
    let results = unsafe {
        let api = encoder.raw_api();
        [
            api.set_option(ENCODER_OPTION_FRAME_RATE, ptr::from_mut(&mut rate).cast()),
            api.set_option(ENCODER_OPTION_BITRATE, ptr::from_mut(&mut bitrate).cast()),
        ]
    };
    match results.into_iter().find(|result| *result != 0) {
        Some(result) => Err(Error::new(ErrorKind::Internal, format!("H.264: new settings: error {result}"))),
        None => Ok(()),
    }
}

fn rate(target: VideoTarget) -> f32 {
    target.format.frame_rate.clamp(1, 60) as f32
}

fn internal(error: openh264::Error) -> Error {
    Error::new(ErrorKind::Internal, format!("H.264: {error}"))
}

/// A picture as OpenH264 reads it.
struct Planes<'a>(&'a I420);

impl Planes<'_> {
    fn plane(&self, at: usize) -> &[u8] {
        self.0.planes.get(at).map_or(&[], |plane| plane.data.as_ref())
    }

    fn stride(&self, at: usize) -> usize {
        self.0.planes.get(at).map_or(0, |plane| plane.stride)
    }
}

impl YUVSource for Planes<'_> {
    fn dimensions(&self) -> (usize, usize) {
        (self.0.width as usize, self.0.height as usize)
    }

    fn strides(&self) -> (usize, usize, usize) {
        (self.stride(0), self.stride(1), self.stride(2))
    }

    fn y(&self) -> &[u8] {
        self.plane(0)
    }

    fn u(&self) -> &[u8] {
        self.plane(1)
    }

    fn v(&self) -> &[u8] {
        self.plane(2)
    }
}

/// An H.264 decoder.
///
/// Pictures may change their size, up to [`MAX_DECODED_SIDE`] pixels a side. A damaged frame is an
/// error; decoding continues with a key frame.
pub struct H264Decoder {
    decoder: Decoder,
}

impl H264Decoder {
    /// A decoder that waits for a key frame.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when OpenH264 can't allocate it.
    pub fn new() -> Result<Self, Error> {
        Ok(Self { decoder: Decoder::new().map_err(internal)? })
    }
}

impl VideoDecoder for H264Decoder {
    fn decode(&mut self, frame: &EncodedFrame) -> Result<Option<VideoFrame>, Error> {
        let damaged = |text: String| Error::new(ErrorKind::Protocol, text);
        if frame.codec != VideoCodec::H264 {
            return Err(damaged(format!("a frame of {} for the H.264 decoder", frame.codec.name())));
        }
        let decoded = self.decoder.decode(&frame.data).map_err(|error| damaged(format!("H.264: {error}")))?;
        decoded
            .map(|decoded| copied(&decoded))
            .transpose()
            .map(|picture| picture.map(|picture| picture.into_frame(frame.timestamp)))
    }
}

/// The pixels of OpenH264's picture, which it overwrites later.
fn copied(picture: &impl YUVSource) -> Result<I420, Error> {
    let side = |side: usize| u32::try_from(side).ok().filter(|side| (1..=MAX_DECODED_SIDE).contains(side));
    let (width, height) = picture.dimensions();
    let (Some(width), Some(height)) = (side(width), side(height)) else {
        let text = format!("an H.264 frame of {width}x{height}, at most {MAX_DECODED_SIDE} a side");
        return Err(Error::new(ErrorKind::Protocol, text));
    };
    let (y, u, v) = picture.strides();
    let mut data = Vec::with_capacity(packed_size(width, height));
    let planes = [(picture.y(), y), (picture.u(), u), (picture.v(), v)];
    for ((plane, stride), (row, rows)) in planes.into_iter().zip(plane_sizes(width, height)) {
        for line in plane.chunks(stride.max(1)).take(rows) {
            data.extend_from_slice(line.get(..row).unwrap_or_default());
        }
    }
    Ok(I420::packed(width, height, data))
}
