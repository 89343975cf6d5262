//! The destination of the bot's video: a file, the app, or functions of the app.
//!
//! An app creates a display, and one client takes it over.

use std::ffi::c_void;

use rtvi_core::{Error, ErrorKind};

use crate::{
    callback::{UserData, rtvi_drop_fn},
    error::rtvi_error,
    memory,
    panic::guard,
    text::rtvi_str,
    used_once::UsedOnce,
    video::{functions::rtvi_video_display_functions, output::rtvi_frame_output, seam},
};

/// The destination of the bot's video. Pass it to a client with the options, or free it with
/// `rtvi_video_display_free`.
#[derive(Debug)]
pub struct rtvi_video_display;

static DISPLAYS: UsedOnce<rtvi_video_display, dyn seam::VideoSink> = UsedOnce::new("rtvi_video_display");

/// Uses up a display. Null means none.
pub(crate) fn take(display: *mut rtvi_video_display) -> Result<Option<Box<dyn seam::VideoSink>>, Error> {
    DISPLAYS.take(display)
}

/// Records the bot's video as a Y4M file with `frame_rate` pictures a second (Pipecat bots send
/// 30). The file is complete when the client is freed. Creates the file, or empties an existing
/// one.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_display_y4m(
    path: rtvi_str,
    frame_rate: u32,
    display: *mut *mut rtvi_video_display,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        DISPLAYS.give(display, seam::recorder(path.text("path")?, frame_rate)?);
        Ok(())
    })
}

/// Passes the bot's pictures to the app, which reads them from `*output`. Free the output with
/// `rtvi_frame_output_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_display_pictures(
    display: *mut *mut rtvi_video_display,
    output: *mut Option<Box<rtvi_frame_output>>,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let (end, sink) = seam::read_by_app(None)?;
        DISPLAYS.give(display, sink);
        memory::write(output, Some(Box::new(rtvi_frame_output::from(end))));
        Ok(())
    })
}

/// Passes the bot's frames to the app as they come, for the app to decode. `codecs` holds the
/// `count` codecs that it can decode (`rtvi_video_codec`), the preferred one first. Otherwise like
/// `rtvi_video_display_pictures`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_display_encoded(
    codecs: *const i32,
    count: usize,
    display: *mut *mut rtvi_video_display,
    output: *mut Option<Box<rtvi_frame_output>>,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let (end, sink) = seam::read_by_app(Some(memory::numbers(codecs, count)))?;
        DISPLAYS.give(display, sink);
        memory::write(output, Some(Box::new(rtvi_frame_output::from(end))));
        Ok(())
    })
}

/// Creates a display from functions. With a `count` of 0 it takes pictures, otherwise encoded
/// frames of these codecs, as in `rtvi_video_display_encoded`. `drop_user_data` is called when the
/// client no longer needs it, or if this function fails.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_display_custom(
    codecs: *const i32,
    count: usize,
    functions: *const rtvi_video_display_functions,
    user_data: *mut c_void,
    drop_user_data: rtvi_drop_fn,
    display: *mut *mut rtvi_video_display,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let data = UserData::new(user_data, drop_user_data);
        let functions = memory::read_sized(functions, "rtvi_video_display_functions")?;
        let functions = functions.filter(|functions| functions.write.is_some()).ok_or_else(|| {
            Error::new(ErrorKind::InvalidArgument, "rtvi_video_display_functions.write is missing")
        })?;
        DISPLAYS.give(display, seam::shown_by_app(memory::numbers(codecs, count), functions, data)?);
        Ok(())
    })
}

/// Frees a display that was not passed to a client. Null is ignored, and so is a display that a
/// client has taken over.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_display_free(display: *mut rtvi_video_display) {
    drop(guard(|| take(display).map(drop)));
}
