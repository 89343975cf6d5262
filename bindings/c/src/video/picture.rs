//! A picture or encoded frame that the app receives.
//!
//! Depends on [`crate::video::frame`]. Shares the pixels with whoever else has the picture.

use std::ptr;

use crate::{
    error::rtvi_error,
    panic::{guard, guard_or},
    text::invalid,
    video::{
        frame::{rtvi_encoded_frame, rtvi_video_frame},
        seam,
    },
};

/// A picture or an encoded frame, which does not change. Any thread may use it.
#[derive(Debug)]
pub struct rtvi_video_picture(seam::Picture);

impl From<seam::Picture> for rtvi_video_picture {
    fn from(picture: seam::Picture) -> Self {
        Self(picture)
    }
}

/// Returns the pixels of a picture; null for an encoded frame. Valid until the picture is freed.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_picture_frame(picture: Option<&rtvi_video_picture>) -> *const rtvi_video_frame {
    picture.and_then(|picture| picture.0.frame()).map_or(ptr::null(), ptr::from_ref)
}

/// Returns an encoded frame; null for pixels. Valid until the picture is freed.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_picture_encoded(
    picture: Option<&rtvi_video_picture>,
) -> *const rtvi_encoded_frame {
    picture.and_then(|picture| picture.0.encoded()).map_or(ptr::null(), ptr::from_ref)
}

/// Returns another reference to a picture, which keeps it after a callback. Copies no pixels. Free
/// it with `rtvi_video_picture_free`. Null for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_picture_share(
    picture: Option<&rtvi_video_picture>,
) -> Option<Box<rtvi_video_picture>> {
    guard_or(None, || Some(Box::new(rtvi_video_picture(picture?.0.share()))))
}

/// Converts the pixels to BGRA: rows of four bytes per pixel (blue, green, red, 255) with `stride`
/// bytes from one to the next. `bgra` has room for the picture's height times `stride`. Does not
/// turn the picture.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_picture_to_bgra(
    picture: Option<&rtvi_video_picture>,
    bgra: *mut u8,
    stride: usize,
) -> Option<Box<rtvi_error>> {
    guard(|| picture.ok_or_else(|| invalid("picture", "is null"))?.0.to_bgra(bgra, stride))
}

/// Frees a picture. Null is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_picture_free(picture: Option<Box<rtvi_video_picture>>) {
    guard_or((), || drop(picture));
}
