//! libvpx behind a safe interface: an encoder and a decoder of one stream each.
//!
//! The only file of this crate with `unsafe` code besides `h264`. A codec is used by one thread at
//! a time, which `&mut` ensures; libvpx has no global state but tables that it fills once, guarded.
#![allow(unsafe_code)]

use std::{ffi::CStr, mem::MaybeUninit, ptr};

use bytes::Bytes;
use rtvi_core::{Error, ErrorKind};
use vpx_sys as vpx;

use crate::i420::{I420, packed_size};

/// The duration of a frame is counted in these parts of a second.
pub(super) const CLOCK: i32 = 90_000;

/// What an encoder is set up with, and may change later except for the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Kilobits per second.
    pub(super) bitrate: u32,
    /// The size of a key frame in per cent of an average frame's.
    pub(super) key_frame_percent: u32,
    /// How many threads share the work.
    pub(super) threads: u32,
}

/// A compressed frame.
pub(super) struct Packet {
    pub(super) data: Bytes,
    pub(super) is_key: bool,
}

/// libvpx's state, destroyed on drop. On the heap, since libvpx keeps its address.
struct Context(Box<vpx::vpx_codec_ctx_t>);

// SAFETY: libvpx ties a context to no thread; it only must not be used by two at once, and every
// use here needs `&mut`.
unsafe impl Send for Context {}

impl Context {
    /// Checks the result of a call.
    fn check(&mut self, result: vpx::vpx_codec_err_t, doing: &str) -> Result<(), Error> {
        if result == vpx::VPX_CODEC_OK {
            return Ok(());
        }
        // SAFETY: the context is initialised, and both functions return null or a string that lives
        // until the next call.
        let (error, detail) = unsafe {
            (
                text(vpx::vpx_codec_error(&raw mut *self.0)),
                text(vpx::vpx_codec_error_detail(&raw mut *self.0)),
            )
        };
        let detail = if detail.is_empty() { detail } else { format!(" ({detail})") };
        Err(failed(format!("{doing}: {error}{detail}")))
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the context is initialised and not used afterwards.
        unsafe { vpx::vpx_codec_destroy(&raw mut *self.0) };
    }
}

/// # Safety
/// `text` is null or a string that ends with a null byte.
unsafe fn text(text: *const std::ffi::c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: it is not null, so it is a string, by the condition above.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

fn failed(text: String) -> Error {
    Error::new(ErrorKind::Internal, format!("VP8: {text}"))
}

/// A VP8 encoder for pictures of one size.
pub(super) struct RawEncoder {
    context: Context,
    settings: Settings,
    /// The time of the next picture.
    next: i64,
}

impl RawEncoder {
    pub(super) fn new(settings: Settings) -> Result<Self, Error> {
        let config = configuration(settings)?;
        let mut context = Box::<vpx::vpx_codec_ctx_t>::default();
        // SAFETY: the interface is a constant of libvpx, the context is zeroed memory of the right
        // type, and the configuration is complete. The version makes libvpx refuse other structs.
        let result = unsafe {
            let version = vpx::VPX_ENCODER_ABI_VERSION.cast_signed();
            vpx::vpx_codec_enc_init_ver(
                &raw mut *context,
                vpx::vpx_codec_vp8_cx(),
                &raw const config,
                0,
                version,
            )
        };
        if result != vpx::VPX_CODEC_OK {
            return Err(failed(format!("no encoder for {}x{}: {result:?}", settings.width, settings.height)));
        }
        let mut encoder = Self { context: Context(context), settings, next: 0 };
        for (control, value) in CONTROLS {
            encoder.control(control, value)?;
        }
        encoder.control(vpx::vp8e_enc_control_id::VP8E_SET_MAX_INTRA_BITRATE_PCT, percent(settings))?;
        Ok(encoder)
    }

    pub(super) const fn settings(&self) -> Settings {
        self.settings
    }

    /// Follows new settings of the same size.
    pub(super) fn set(&mut self, settings: Settings) -> Result<(), Error> {
        let config = configuration(settings)?;
        // SAFETY: the context is initialised, and the configuration is complete.
        let result = unsafe { vpx::vpx_codec_enc_config_set(&raw mut *self.context.0, &raw const config) };
        self.context.check(result, "new settings")?;
        self.control(vpx::vp8e_enc_control_id::VP8E_SET_MAX_INTRA_BITRATE_PCT, percent(settings))?;
        self.settings = settings;
        Ok(())
    }

    fn control(&mut self, control: vpx::vp8e_enc_control_id, value: i32) -> Result<(), Error> {
        // SAFETY: the context is initialised, and each control used here takes one int.
        let result = unsafe { vpx::vpx_codec_control_(&raw mut *self.context.0, control as i32, value) };
        self.context.check(result, "a control")
    }

    /// Compresses a picture of the encoder's size, which is shown for `duration` (1/[`CLOCK`] s).
    pub(super) fn encode(
        &mut self,
        picture: &I420,
        duration: u32,
        key_frame: bool,
    ) -> Result<Option<Packet>, Error> {
        let image = wrapped(picture, self.settings)?;
        let flags = if key_frame { vpx::VPX_EFLAG_FORCE_KF as vpx::vpx_enc_frame_flags_t } else { 0 };
        // SAFETY: the context is initialised. `wrapped` checked that the planes hold every pixel
        // that the image names; libvpx only reads them, and only during the call.
        let result = unsafe {
            vpx::vpx_codec_encode(
                &raw mut *self.context.0,
                &raw const image,
                self.next,
                duration.into(),
                flags,
                vpx::VPX_DL_REALTIME.into(),
            )
        };
        self.next += i64::from(duration);
        self.context.check(result, "encoding")?;
        Ok(self.packet())
    }

    /// The frame that the last picture became; `None` if the rate control left it out.
    fn packet(&mut self) -> Option<Packet> {
        let mut iterator: vpx::vpx_codec_iter_t = ptr::null();
        let mut packet = None;
        loop {
            // SAFETY: the context is initialised, and the iterator is null or the last call's.
            let next = unsafe { vpx::vpx_codec_get_cx_data(&raw mut *self.context.0, &raw mut iterator) };
            // SAFETY: null, or a packet that lives until the next call to encode.
            let Some(next) = (unsafe { next.as_ref() }) else { return packet };
            if next.kind != vpx::vpx_codec_cx_pkt_kind::VPX_CODEC_CX_FRAME_PKT {
                continue;
            }
            // SAFETY: a packet of this kind holds a frame.
            let frame = unsafe { next.data.frame };
            if frame.buf.is_null() {
                continue;
            }
            // SAFETY: the frame has `sz` bytes at `buf`, which is not null.
            let data = unsafe { std::slice::from_raw_parts(frame.buf.cast::<u8>(), frame.sz as usize) };
            let is_key = frame.flags & vpx::VPX_FRAME_IS_KEY != 0;
            packet = Some(Packet { data: Bytes::copy_from_slice(data), is_key });
        }
    }
}

/// Controls for real-time pictures: speed over quality as on other WebRTC endpoints, and areas that
/// hardly change are skipped.
const CONTROLS: [(vpx::vp8e_enc_control_id, i32); 3] = [
    (vpx::vp8e_enc_control_id::VP8E_SET_CPUUSED, -6),
    (vpx::vp8e_enc_control_id::VP8E_SET_STATIC_THRESHOLD, 1),
    (vpx::vp8e_enc_control_id::VP8E_SET_TOKEN_PARTITIONS, 0),
];

/// Real-time settings: constant bitrate with half a second of slack, no look-ahead, no key frame
/// unasked, and pictures left out rather than late.
fn configuration(settings: Settings) -> Result<vpx::vpx_codec_enc_cfg_t, Error> {
    let mut config = MaybeUninit::<vpx::vpx_codec_enc_cfg_t>::zeroed();
    // SAFETY: the interface is a constant of libvpx, which fills the struct.
    let result =
        unsafe { vpx::vpx_codec_enc_config_default(vpx::vpx_codec_vp8_cx(), config.as_mut_ptr(), 0) };
    if result != vpx::VPX_CODEC_OK {
        return Err(failed(format!("no default settings: {result:?}")));
    }
    // SAFETY: libvpx has filled it.
    let mut config = unsafe { config.assume_init() };
    config.g_w = settings.width;
    config.g_h = settings.height;
    config.g_threads = settings.threads;
    config.g_timebase = vpx::vpx_rational { num: 1, den: CLOCK };
    config.g_pass = vpx::vpx_enc_pass::VPX_RC_ONE_PASS;
    config.g_lag_in_frames = 0;
    config.g_error_resilient = 0;
    config.rc_end_usage = vpx::vpx_rc_mode::VPX_CBR;
    config.rc_target_bitrate = settings.bitrate;
    config.rc_dropframe_thresh = 30;
    config.rc_resize_allowed = 0;
    config.rc_min_quantizer = 2;
    config.rc_max_quantizer = 56;
    config.rc_undershoot_pct = 100;
    config.rc_overshoot_pct = 15;
    config.rc_buf_initial_sz = 500;
    config.rc_buf_optimal_sz = 600;
    config.rc_buf_sz = 1000;
    config.kf_mode = vpx::vpx_kf_mode::VPX_KF_DISABLED;
    Ok(config)
}

fn percent(settings: Settings) -> i32 {
    i32::try_from(settings.key_frame_percent).unwrap_or(i32::MAX)
}

/// The picture as libvpx's image, which borrows its planes.
fn wrapped(picture: &I420, settings: Settings) -> Result<vpx::vpx_image_t, Error> {
    if (picture.width, picture.height) != (settings.width, settings.height) {
        return Err(failed(format!("the picture has {}x{} pixels", picture.width, picture.height)));
    }
    let (width, height) = (picture.width, picture.height);
    let mut image = vpx::vpx_image_t {
        fmt: vpx::vpx_img_fmt::VPX_IMG_FMT_I420,
        bit_depth: 8,
        w: width,
        h: height,
        d_w: width,
        d_h: height,
        x_chroma_shift: 1,
        y_chroma_shift: 1,
        bps: 12,
        ..vpx::vpx_image_t::default()
    };
    for (at, (plane, row, rows)) in picture.sized_planes().enumerate() {
        let needed =
            rows.saturating_sub(1).checked_mul(plane.stride).and_then(|before| before.checked_add(row));
        if plane.stride < row || needed.is_none_or(|needed| plane.data.len() < needed) {
            return Err(failed(format!("plane {at} of the picture is too short")));
        }
        if let (Some(pointer), Some(stride)) = (image.planes.get_mut(at), image.stride.get_mut(at)) {
            *pointer = plane.data.as_ptr().cast_mut();
            *stride = i32::try_from(plane.stride).map_err(|_| failed("a stride is too long".to_owned()))?;
        }
    }
    Ok(image)
}

/// A VP8 decoder of one stream.
pub(super) struct RawDecoder {
    context: Context,
}

impl RawDecoder {
    pub(super) fn new() -> Result<Self, Error> {
        let mut context = Box::<vpx::vpx_codec_ctx_t>::default();
        let config = vpx::vpx_codec_dec_cfg { threads: 1, w: 0, h: 0 };
        // SAFETY: as in `RawEncoder::new`.
        let result = unsafe {
            let version = vpx::VPX_DECODER_ABI_VERSION.cast_signed();
            vpx::vpx_codec_dec_init_ver(
                &raw mut *context,
                vpx::vpx_codec_vp8_dx(),
                &raw const config,
                0,
                version,
            )
        };
        if result != vpx::VPX_CODEC_OK {
            return Err(failed(format!("no decoder: {result:?}")));
        }
        Ok(Self { context: Context(context) })
    }

    /// Decompresses a frame; `None` if it shows nothing.
    pub(super) fn decode(&mut self, frame: &[u8]) -> Result<Option<I420>, Error> {
        let length = u32::try_from(frame.len()).map_err(|_| failed("the frame is too long".to_owned()))?;
        // SAFETY: the context is initialised, and `frame` is readable for its length during the
        // call, after which libvpx keeps no pointer to it.
        let result = unsafe {
            vpx::vpx_codec_decode(&raw mut *self.context.0, frame.as_ptr(), length, ptr::null_mut(), 0)
        };
        self.context.check(result, "decoding")?;
        let mut iterator: vpx::vpx_codec_iter_t = ptr::null();
        // SAFETY: the context is initialised, and a null iterator asks for the first picture.
        let image = unsafe { vpx::vpx_codec_get_frame(&raw mut *self.context.0, &raw mut iterator) };
        // SAFETY: null, or a picture that lives until the next call to decode.
        Ok(unsafe { image.as_ref() }.and_then(copied))
    }
}

/// The pixels of libvpx's image, which it overwrites later.
fn copied(image: &vpx::vpx_image_t) -> Option<I420> {
    if image.fmt != vpx::vpx_img_fmt::VPX_IMG_FMT_I420 {
        return None;
    }
    let mut data = Vec::with_capacity(packed_size(image.d_w, image.d_h));
    let sizes = crate::i420::plane_sizes(image.d_w, image.d_h);
    for ((pointer, stride), (row, rows)) in image.planes.iter().zip(image.stride).zip(sizes) {
        for line in 0..rows {
            let offset = isize::try_from(line).ok()?.checked_mul(isize::try_from(stride).ok()?)?;
            // SAFETY: an image of libvpx has, for each plane, `rows` rows of at least `row` bytes,
            // `stride` bytes apart.
            let pixels = unsafe { std::slice::from_raw_parts(pointer.offset(offset), row) };
            data.extend_from_slice(pixels);
        }
    }
    Some(I420::packed(image.d_w, image.d_h, data))
}
