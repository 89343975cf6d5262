//! The sources of the user's video: cameras and screens of the machine, a file, a pattern, the app.
//!
//! An app creates a feed, and one client takes it over as its camera or its screen.

use std::ffi::c_void;

use rtvi_core::Error;

use crate::{
    callback::{UserData, rtvi_drop_fn},
    error::rtvi_error,
    memory,
    panic::guard,
    text::rtvi_str,
    used_once::UsedOnce,
    video::{functions::rtvi_video_feed_functions, input::rtvi_frame_input, output::rtvi_frame_output, seam},
};

/// The source of the user's video. Pass it to a client with the options, as its camera or its
/// screen, or free it with `rtvi_video_feed_free`.
#[derive(Debug)]
pub struct rtvi_video_feed;

static FEEDS: UsedOnce<rtvi_video_feed, dyn seam::VideoSource> = UsedOnce::new("rtvi_video_feed");

/// Uses up a feed. Null means none.
pub(crate) fn take(feed: *mut rtvi_video_feed) -> Result<Option<Box<dyn seam::VideoSource>>, Error> {
    FEEDS.take(feed)
}

/// Draws a moving pattern in the size and at the rate that the client sends. It carries the number
/// of each picture.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_feed_pattern(feed: *mut *mut rtvi_video_feed) -> Option<Box<rtvi_error>> {
    guard(|| {
        FEEDS.give(feed, seam::pattern()?);
        Ok(())
    })
}

/// Plays a Y4M file, once or repeatedly, at its own rate. Waits while it reads the file's header.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_feed_y4m(
    path: rtvi_str,
    repeat: bool,
    feed: *mut *mut rtvi_video_feed,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        FEEDS.give(feed, seam::y4m(path.text("path")?, repeat)?);
        Ok(())
    })
}

/// Creates a camera of this machine: the one with this id, or for `default` the first one. It is
/// open only while it is on, and need not exist yet. Once a client has it, `rtvi_client_get_info`
/// lists the others and `rtvi_client_update_cam` switches to one of them. Linux only; an app on
/// another system feeds its camera itself.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_feed_camera(
    device_id: rtvi_str,
    feed: *mut *mut rtvi_video_feed,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        FEEDS.give(feed, seam::camera(device_id.optional("device_id")?)?);
        Ok(())
    })
}

/// Shares the screen of an X server with a name such as `:1`; empty means the one in the
/// environment variable `DISPLAY`. Linux only; an app on another system feeds its screen itself.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_feed_screen(
    display: rtvi_str,
    feed: *mut *mut rtvi_video_feed,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        FEEDS.give(feed, seam::screen(display.optional("display")?)?);
        Ok(())
    })
}

/// Sends the pictures that the app pushes into `*input`. Free the input with
/// `rtvi_frame_input_free`. `functions` and each of its functions may be null. `drop_user_data` is
/// called when the client no longer needs it, or if this function fails.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_feed_pictures(
    functions: *const rtvi_video_feed_functions,
    user_data: *mut c_void,
    drop_user_data: rtvi_drop_fn,
    feed: *mut *mut rtvi_video_feed,
    input: *mut Option<Box<rtvi_frame_input>>,
) -> Option<Box<rtvi_error>> {
    guard(|| give_input(None, functions, UserData::new(user_data, drop_user_data), feed, input))
}

/// Sends the frames that the app encodes with `codec` (an `rtvi_video_codec`), upright, and pushes
/// into `*input`. Otherwise like `rtvi_video_feed_pictures`. The functions tell the app its
/// bitrate and when a key frame is needed.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_feed_encoded(
    codec: i32,
    functions: *const rtvi_video_feed_functions,
    user_data: *mut c_void,
    drop_user_data: rtvi_drop_fn,
    feed: *mut *mut rtvi_video_feed,
    input: *mut Option<Box<rtvi_frame_input>>,
) -> Option<Box<rtvi_error>> {
    guard(|| give_input(Some(codec), functions, UserData::new(user_data, drop_user_data), feed, input))
}

fn give_input(
    codec: Option<i32>,
    functions: *const rtvi_video_feed_functions,
    data: UserData,
    feed: *mut *mut rtvi_video_feed,
    input: *mut Option<Box<rtvi_frame_input>>,
) -> Result<(), Error> {
    let functions = memory::read_sized(functions, "rtvi_video_feed_functions")?;
    let (end, source) = seam::fed(codec, functions, data)?;
    FEEDS.give(feed, source);
    memory::write(input, Some(Box::new(rtvi_frame_input::from(end))));
    Ok(())
}

/// Shows the app what a feed sends: its newest picture, which the app reads from `*preview`. Copies
/// no pixels. A camera is read while a connection takes its pictures, so there is no preview before
/// that. Free the preview with `rtvi_frame_output_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_feed_preview(
    feed: *mut rtvi_video_feed,
    preview: *mut Option<Box<rtvi_frame_output>>,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let end = FEEDS.change(feed, seam::previewed)?;
        memory::write(preview, Some(Box::new(rtvi_frame_output::from(end))));
        Ok(())
    })
}

/// Frees a feed that was not passed to a client. Null is ignored, and so is a feed that a client
/// has taken over.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_video_feed_free(feed: *mut rtvi_video_feed) {
    drop(guard(|| take(feed).map(drop)));
}
