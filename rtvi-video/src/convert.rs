//! Conversion between the forms of pixels, by the crate `yuv`.
//!
//! BT.601 with limited range, which is what WebRTC's codecs carry.

use rtvi_core::{
    Error, ErrorKind,
    media::video::{Plane, VideoFrame, VideoPixels},
};
use yuv::{
    BufferStoreMut, YuvBiPlanarImage, YuvConversionMode, YuvError, YuvPlanarImage, YuvPlanarImageMut,
    YuvRange, YuvStandardMatrix,
};

use crate::i420::{I420, packed_size, plane_sizes};

const RANGE: YuvRange = YuvRange::Limited;
const MATRIX: YuvStandardMatrix = YuvStandardMatrix::Bt601;
const MODE: YuvConversionMode = YuvConversionMode::Balanced;

/// The picture as I420, as it is stored: not turned. Shares the planes of a picture that is I420
/// already.
pub(crate) fn to_i420(frame: &VideoFrame) -> Result<I420, Error> {
    frame.check()?;
    let (width, height) = (frame.width, frame.height);
    match &frame.pixels {
        VideoPixels::I420(planes) => Ok(I420 { width, height, planes: planes.clone() }),
        VideoPixels::Nv12([y, uv]) => Ok(split(width, height, y, uv)),
        VideoPixels::Bgra(plane) => {
            let to = |image: &mut YuvPlanarImageMut<'_, u8>| {
                yuv::bgra_to_yuv420(image, &plane.data, stride(plane), RANGE, MATRIX, MODE)
            };
            convert(width, height, to)
        }
        _ => Err(unreadable()),
    }
}

/// Converts a picture to BGRA: tightly packed rows with the bytes blue, green, red, 255. Does not
/// turn it.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] when the planes are too short for the picture,
/// [`ErrorKind::UnsupportedFeature`] when only the platform can read its pixels.
pub fn to_bgra(frame: &VideoFrame) -> Result<Vec<u8>, Error> {
    frame.check()?;
    let (width, height) = (frame.width, frame.height);
    let row = width * 4;
    let mut out = vec![0; row as usize * height as usize];
    match &frame.pixels {
        VideoPixels::I420([y, u, v]) => {
            let image = planar(width, height, [y, u, v]);
            yuv::yuv420_to_bgra(&image, &mut out, row, RANGE, MATRIX).map_err(unusable)?;
        }
        VideoPixels::Nv12([y, uv]) => {
            let image = YuvBiPlanarImage {
                y_plane: y.data.as_ref(),
                y_stride: stride(y),
                uv_plane: uv.data.as_ref(),
                uv_stride: stride(uv),
                width,
                height,
            };
            yuv::yuv_nv12_to_bgra(&image, &mut out, row, RANGE, MATRIX, MODE).map_err(unusable)?;
        }
        VideoPixels::Bgra(plane) => {
            for (to, from) in out.chunks_mut(row as usize).zip(plane.data.chunks(plane.stride)) {
                to.copy_from_slice(from.get(..row as usize).unwrap_or_default());
            }
        }
        _ => return Err(unreadable()),
    }
    Ok(out)
}

/// Converts packed YUV 4:2:2 (YUYV), which most cameras deliver.
#[cfg(target_os = "linux")]
pub(crate) fn yuyv_to_i420(width: u32, height: u32, data: &[u8], stride: u32) -> Result<I420, Error> {
    let image = yuv::YuvPackedImage { yuy: data, yuy_stride: stride, width, height };
    convert(width, height, |planar| yuv::yuyv422_to_yuv420(planar, &image))
}

/// Makes a packed picture whose planes `to` fills.
fn convert(
    width: u32,
    height: u32,
    to: impl FnOnce(&mut YuvPlanarImageMut<'_, u8>) -> Result<(), YuvError>,
) -> Result<I420, Error> {
    let mut data = vec![0; packed_size(width, height)];
    let [(row, rows), (half, half_rows), _] = plane_sizes(width, height);
    let (y, chroma) = data.split_at_mut(row * rows);
    let (u, v) = chroma.split_at_mut(half * half_rows);
    let mut image = YuvPlanarImageMut {
        y_plane: BufferStoreMut::Borrowed(y),
        y_stride: width,
        u_plane: BufferStoreMut::Borrowed(u),
        u_stride: width.div_ceil(2),
        v_plane: BufferStoreMut::Borrowed(v),
        v_stride: width.div_ceil(2),
        width,
        height,
    };
    to(&mut image).map_err(unusable)?;
    Ok(I420::packed(width, height, data))
}

/// NV12 as I420: shares Y, and takes U and V apart.
fn split(width: u32, height: u32, y: &Plane, uv: &Plane) -> I420 {
    let [_, (half, rows), _] = plane_sizes(width, height);
    let (mut u, mut v) = (Vec::with_capacity(half * rows), Vec::with_capacity(half * rows));
    for line in uv.data.chunks(uv.stride).take(rows) {
        let pairs = line.as_chunks::<2>().0.iter().take(half);
        u.extend(pairs.clone().map(|[u, _]| *u));
        v.extend(pairs.map(|[_, v]| *v));
    }
    let plane = |data: Vec<u8>| Plane { data: data.into(), stride: half };
    I420 { width, height, planes: [y.clone(), plane(u), plane(v)] }
}

fn planar<'a>(width: u32, height: u32, [y, u, v]: [&'a Plane; 3]) -> YuvPlanarImage<'a, u8> {
    YuvPlanarImage {
        y_plane: y.data.as_ref(),
        y_stride: stride(y),
        u_plane: u.data.as_ref(),
        u_stride: stride(u),
        v_plane: v.data.as_ref(),
        v_stride: stride(v),
        width,
        height,
    }
}

fn stride(plane: &Plane) -> u32 {
    u32::try_from(plane.stride).unwrap_or(u32::MAX)
}

fn unusable(error: YuvError) -> Error {
    Error::new(ErrorKind::InvalidArgument, format!("the picture can't be converted: {error}"))
}

fn unreadable() -> Error {
    Error::new(
        ErrorKind::UnsupportedFeature,
        "only the platform can read the pixels of this picture".to_owned(),
    )
}
