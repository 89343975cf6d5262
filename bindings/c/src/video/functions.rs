//! The functions of an app that feeds video or shows it.
//!
//! Depends on [`crate::memory`]. Values only.

use std::ffi::c_void;

use crate::{
    error::rtvi_error,
    memory::SizedStruct,
    video::{
        frame::{rtvi_video_format, rtvi_video_target},
        picture::rtvi_video_picture,
    },
};

/// The functions of an app that feeds a camera or a screen. Set `size`, and set absent functions to
/// null. Threads of the SDK call them, one at a time. They must not call functions that wait.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_video_feed_functions {
    /// `sizeof(rtvi_video_feed_functions)`.
    pub size: usize,
    /// The client takes frames from now on, as close to `wanted` as possible. Called again after
    /// `stop`. May wait while a device opens. Returns null, or an error if there are no frames
    /// (`rtvi_error_new`), which becomes the event `deviceError`, for a screen `screenShareError`.
    pub start: Option<
        extern "C" fn(user_data: *mut c_void, wanted: *const rtvi_video_format) -> Option<Box<rtvi_error>>,
    >,
    /// What to deliver from now on. An app that encodes follows it; one with pictures may lower its
    /// rate. Must not wait.
    pub set_target: Option<extern "C" fn(user_data: *mut c_void, target: *const rtvi_video_target)>,
    /// The next encoded frame must be a key frame. Not called for pictures. Must not wait.
    pub request_key_frame: Option<extern "C" fn(user_data: *mut c_void)>,
    /// The client takes no more frames.
    pub stop: Option<extern "C" fn(user_data: *mut c_void)>,
}

// SAFETY: `repr(C)`, `size` first, and zeros are null.
unsafe impl SizedStruct for rtvi_video_feed_functions {}

/// The functions of an app that shows the bot's video. Set `size`, and set absent functions to
/// null. Threads of the SDK call them, one at a time. They must not call functions that wait.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_video_display_functions {
    /// `sizeof(rtvi_video_display_functions)`.
    pub size: usize,
    /// Takes a picture or an encoded frame to show now. It is valid during the call;
    /// `rtvi_video_picture_share` keeps it. May wait for less than the time of a frame. Required.
    pub write: Option<extern "C" fn(user_data: *mut c_void, picture: Option<&rtvi_video_picture>)>,
    /// Returns whether encoded frames can't be shown without a key frame. Called after each frame.
    /// May be null.
    pub needs_key_frame: Option<extern "C" fn(user_data: *mut c_void) -> bool>,
    /// The bot's video has ended. Another one may follow. May be null.
    pub stop: Option<extern "C" fn(user_data: *mut c_void)>,
    /// Returns what has gone wrong since the last call: null, or an error (`rtvi_error_new`).
    /// Called after each frame. An error becomes the event `deviceError`, and the display takes no
    /// more video. May be null.
    pub failure: Option<extern "C" fn(user_data: *mut c_void) -> Option<Box<rtvi_error>>>,
}

// SAFETY: `repr(C)`, `size` first, and zeros are null.
unsafe impl SizedStruct for rtvi_video_display_functions {}
