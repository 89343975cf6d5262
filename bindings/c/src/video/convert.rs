//! From C's pictures and encoded frames to the core's, and back.
//!
//! Depends on [`crate::video::pixels`]. Decides nothing: the core says how long a plane is.

use std::{sync::Arc, time::Duration};

use rtvi_core::{
    Error,
    media::video::{
        EncodedFrame, PixelFormat, Plane, Rotation, VideoCodec, VideoFormat, VideoFrame, VideoPixels,
    },
};

use crate::{
    callback::UserData,
    text::invalid,
    video::{
        frame::{
            rtvi_encoded_frame, rtvi_pixel_format, rtvi_video_codec, rtvi_video_format, rtvi_video_frame,
        },
        pixels,
    },
};

/// The largest encoded frame, in bytes. More is a mistake in `length`.
const MAX_ENCODED: usize = 1 << 20;

const NUMBERS: [(VideoCodec, rtvi_video_codec); 2] = [
    (VideoCodec::Vp8, rtvi_video_codec::RTVI_VIDEO_VP8),
    (VideoCodec::H264, rtvi_video_codec::RTVI_VIDEO_H264),
];

pub(crate) fn codec_of(number: i32) -> Result<VideoCodec, Error> {
    let found = NUMBERS.iter().find(|(_, in_c)| *in_c as i32 == number);
    found
        .map(|(codec, _)| *codec)
        .ok_or_else(|| invalid("codec", &format!("{number} is no rtvi_video_codec")))
}

pub(crate) fn codecs_of(numbers: &[i32]) -> Result<Vec<VideoCodec>, Error> {
    numbers.iter().map(|number| codec_of(*number)).collect()
}

fn format_of(number: i32) -> Result<PixelFormat, Error> {
    use rtvi_pixel_format::{RTVI_PIXELS_BGRA, RTVI_PIXELS_I420, RTVI_PIXELS_NV12};
    match number {
        _ if number == RTVI_PIXELS_I420 as i32 => Ok(PixelFormat::I420),
        _ if number == RTVI_PIXELS_NV12 as i32 => Ok(PixelFormat::Nv12),
        _ if number == RTVI_PIXELS_BGRA as i32 => Ok(PixelFormat::Bgra),
        _ => Err(invalid("format", &format!("{number} is no rtvi_pixel_format"))),
    }
}

/// The picture that C describes: a copy, or with an owner the pixels themselves.
pub(crate) fn picture_of(frame: &rtvi_video_frame, owner: Option<UserData>) -> Result<VideoFrame, Error> {
    let format = format_of(frame.format)?;
    let owner = owner.map(Arc::new);
    let sizes = format.planes(frame.width, frame.height)?;
    let mut planes = Vec::with_capacity(sizes.len());
    for ((size, data), stride) in sizes.iter().zip(frame.data).zip(frame.stride) {
        let name = size.name;
        let length = size.length(stride).ok_or_else(|| {
            invalid(
                "stride",
                &format!("{stride} bytes do not fit plane {name}, whose rows have {}", size.row),
            )
        })?;
        if data.is_null() {
            return Err(invalid("data", &format!("plane {name} is null")));
        }
        let data = match &owner {
            Some(owner) => pixels::kept(data, length, Arc::clone(owner)),
            None => pixels::copied(data, length),
        };
        planes.push(Plane { data, stride });
    }
    let rotation = Rotation::from_degrees(frame.rotation)
        .ok_or_else(|| invalid("rotation", &format!("{} degrees are no multiple of 90", frame.rotation)))?;
    Ok(VideoFrame {
        width: frame.width,
        height: frame.height,
        rotation,
        timestamp: Duration::from_micros(frame.timestamp_us),
        pixels: pixels_of(planes).ok_or_else(|| invalid("format", "not supported"))?,
    })
}

fn pixels_of(planes: Vec<Plane>) -> Option<VideoPixels> {
    let mut planes = planes.into_iter();
    Some(match (planes.next()?, planes.next(), planes.next()) {
        (y, Some(u), Some(v)) => VideoPixels::I420([y, u, v]),
        (y, Some(uv), None) => VideoPixels::Nv12([y, uv]),
        (bgra, ..) => VideoPixels::Bgra(bgra),
    })
}

pub(crate) fn encoded_of(frame: &rtvi_encoded_frame) -> Result<EncodedFrame, Error> {
    if frame.data.is_null() || !(1..=MAX_ENCODED).contains(&frame.length) {
        return Err(invalid("data", &format!("an encoded frame has 1 to {MAX_ENCODED} bytes")));
    }
    Ok(EncodedFrame {
        codec: codec_of(frame.codec)?,
        data: pixels::copied(frame.data, frame.length),
        is_key: frame.is_key,
        width: frame.width,
        height: frame.height,
        timestamp: Duration::from_micros(frame.timestamp_us),
    })
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// `None` for pixels that only the platform can read.
pub(crate) fn frame_in_c(frame: &VideoFrame) -> Option<rtvi_video_frame> {
    let (format, planes): (_, &[Plane]) = match &frame.pixels {
        VideoPixels::I420(planes) => (rtvi_pixel_format::RTVI_PIXELS_I420, planes),
        VideoPixels::Nv12(planes) => (rtvi_pixel_format::RTVI_PIXELS_NV12, planes),
        VideoPixels::Bgra(plane) => (rtvi_pixel_format::RTVI_PIXELS_BGRA, std::slice::from_ref(plane)),
        _ => return None,
    };
    let mut in_c = rtvi_video_frame {
        size: size_of::<rtvi_video_frame>(),
        width: frame.width,
        height: frame.height,
        format: format as i32,
        rotation: i32::try_from(frame.rotation.degrees()).unwrap_or_default(),
        timestamp_us: micros(frame.timestamp),
        data: [std::ptr::null(); 3],
        stride: [0; 3],
    };
    for ((plane, data), stride) in planes.iter().zip(&mut in_c.data).zip(&mut in_c.stride) {
        (*data, *stride) = (plane.data.as_ptr(), plane.stride);
    }
    Some(in_c)
}

/// `None` for codecs that C does not know.
pub(crate) fn encoded_in_c(frame: &EncodedFrame) -> Option<rtvi_encoded_frame> {
    let codec = NUMBERS.iter().find(|(codec, _)| *codec == frame.codec)?.1;
    Some(rtvi_encoded_frame {
        size: size_of::<rtvi_encoded_frame>(),
        codec: codec as i32,
        width: frame.width,
        height: frame.height,
        is_key: frame.is_key,
        timestamp_us: micros(frame.timestamp),
        data: frame.data.as_ptr(),
        length: frame.data.len(),
    })
}

pub(crate) const fn format_in_c(format: VideoFormat) -> rtvi_video_format {
    rtvi_video_format { width: format.width, height: format.height, frame_rate: format.frame_rate }
}
