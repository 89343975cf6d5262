//! The app's end of video that it pushes.
//!
//! Depends on [`crate::memory`]. Never waits.

use std::ffi::c_void;

use rtvi_core::{Error, ErrorKind};

use crate::{
    callback::{UserData, rtvi_drop_fn},
    error::rtvi_error,
    memory,
    panic::{guard, guard_or},
    video::{
        frame::{rtvi_encoded_frame, rtvi_video_frame},
        seam,
    },
};

/// The input into which the app pushes the user's pictures or encoded frames. Any thread may use
/// it.
#[derive(Debug)]
pub struct rtvi_frame_input(seam::FrameInput);

impl From<seam::FrameInput> for rtvi_frame_input {
    fn from(input: seam::FrameInput) -> Self {
        Self(input)
    }
}

/// Passes a picture to the client and stores in `*taken` whether it took it: it drops pictures while
/// the feed is off. One picture waits: a newer one replaces it.
///
/// If `release` is null, the pixels are copied once and may change when the function returns.
/// Otherwise they are not copied: they must stay as they are until `release` is called with
/// `user_data`, on any thread. The client holds up to four pictures at a time.
///
/// Fails if the size is not supported, a plane is null, or rows would overlap, and if the feed is
/// one of encoded frames.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_frame_input_push(
    input: Option<&rtvi_frame_input>,
    frame: *const rtvi_video_frame,
    release: rtvi_drop_fn,
    user_data: *mut c_void,
    taken: *mut bool,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let owner = release.map(|_| UserData::new(user_data, release));
        let frame = memory::read_sized(frame, "rtvi_video_frame")?.ok_or_else(|| null("frame"))?;
        memory::write(taken, input.ok_or_else(|| null("input"))?.0.push_picture(&frame, owner)?);
        Ok(())
    })
}

/// Passes an encoded frame to the client, which copies it, and stores in `*taken` whether it took
/// it. It drops frames while the feed is off, and frames that do not continue the ones before: the
/// first frame must be a key frame. Eight frames wait: a ninth drops them and all frames up to the
/// next key frame, which the client requests.
///
/// Fails if the size, the codec or the length is not supported, and if the feed is one of pictures.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_frame_input_push_encoded(
    input: Option<&rtvi_frame_input>,
    frame: *const rtvi_encoded_frame,
    taken: *mut bool,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let frame = memory::read_sized(frame, "rtvi_encoded_frame")?.ok_or_else(|| null("frame"))?;
        memory::write(taken, input.ok_or_else(|| null("input"))?.0.push_encoded(&frame)?);
        Ok(())
    })
}

fn null(what: &str) -> Error {
    Error::new(ErrorKind::InvalidArgument, format!("the {what} is null"))
}

/// Reports that there are no frames, for instance because a camera was unplugged, and takes over
/// the error (`rtvi_error_new_device`). The client turns the feed off and emits `deviceError`, for
/// a screen `screenShareError`. It starts the feed again when the app enables it again.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_frame_input_fail(input: Option<&rtvi_frame_input>, error: Option<Box<rtvi_error>>) {
    guard_or((), || {
        if let Some((input, error)) = input.zip(error) {
            input.0.fail(error.core().clone());
        }
    });
}

/// Returns whether the client takes frames: the feed was started and not stopped.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_frame_input_is_on(input: Option<&rtvi_frame_input>) -> bool {
    guard_or(false, || input.is_some_and(|input| input.0.is_on()))
}

/// Returns how many frames were dropped: pictures that newer ones replaced, encoded frames of a
/// full queue, and all frames that were pushed while the feed was off.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_frame_input_dropped(input: Option<&rtvi_frame_input>) -> u64 {
    guard_or(0, || input.map_or(0, |input| input.0.dropped()))
}

/// Ends the video and frees the input. Null is ignored. No push may be under way.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_frame_input_free(input: Option<Box<rtvi_frame_input>>) {
    guard_or((), || drop(input));
}
