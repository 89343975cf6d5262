//! The app's end of video that it reads: the bot's, or a preview of its own.
//!
//! Never waits.

use crate::{
    panic::guard_or,
    video::{picture::rtvi_video_picture, seam},
};

/// The output from which the app reads pictures or encoded frames. Any thread may use it.
#[derive(Debug)]
pub struct rtvi_frame_output(seam::FrameOutput);

impl From<seam::FrameOutput> for rtvi_frame_output {
    fn from(output: seam::FrameOutput) -> Self {
        Self(output)
    }
}

/// Returns the newest picture since the last call, or the next encoded frame in order; null if
/// there is none. Free it with `rtvi_video_picture_free`.
///
/// One picture waits: a newer one replaces it. Eight encoded frames wait: a ninth drops them, and
/// the client asks the bot for a key frame.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_frame_output_read(
    output: Option<&rtvi_frame_output>,
) -> Option<Box<rtvi_video_picture>> {
    guard_or(None, || Some(Box::new(rtvi_video_picture::from(output?.0.read()?))))
}

/// Asks the bot for a key frame, because the app's decoder can't continue without one. Does nothing
/// for pictures.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_frame_output_request_key_frame(output: Option<&rtvi_frame_output>) {
    guard_or((), || output.iter().for_each(|output| output.0.request_key_frame()));
}

/// Returns whether there is video: it has begun and not stopped.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_frame_output_is_on(output: Option<&rtvi_frame_output>) -> bool {
    guard_or(false, || output.is_some_and(|output| output.0.is_on()))
}

/// Returns how many pictures or encoded frames the app did not read in time.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_frame_output_dropped(output: Option<&rtvi_frame_output>) -> u64 {
    guard_or(0, || output.map_or(0, |output| output.0.dropped()))
}

/// Frees the output. Null is ignored. No read may be under way. Pictures that were read stay valid.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_frame_output_free(output: Option<Box<rtvi_frame_output>>) {
    guard_or((), || drop(output));
}
