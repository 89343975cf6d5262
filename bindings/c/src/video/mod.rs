//! Video: cameras, screens, displays, and the pictures and encoded frames that cross the border.
//!
//! The exported functions are the same with and without the feature `video`. They use `present`, or
//! without the feature `absent`, which refuses to create anything.

#[cfg(not(feature = "video"))]
mod absent;
#[cfg(feature = "video")]
mod app;
#[cfg(feature = "video")]
mod convert;
pub mod display;
pub mod feed;
pub mod frame;
mod functions;
pub mod input;
pub mod output;
pub mod picture;
#[cfg(feature = "video")]
mod pixels;
#[cfg(feature = "video")]
mod present;
#[cfg(feature = "video")]
mod watched;

#[cfg(not(feature = "video"))]
use absent as seam;
#[cfg(feature = "video")]
use present as seam;

pub(crate) use seam::Taken;
#[cfg(feature = "video")]
pub(crate) use watched::watch;

use rtvi_core::Error;

use display::rtvi_video_display;
use feed::rtvi_video_feed;

/// Uses up what the options of a client hold, all of it even if one handle is invalid.
pub(crate) fn take(
    camera: *mut rtvi_video_feed,
    screen: *mut rtvi_video_feed,
    display: *mut rtvi_video_display,
) -> Result<Taken, Error> {
    let (camera, screen, display) = (feed::take(camera), feed::take(screen), display::take(display));
    Ok(Taken { camera: camera?, screen: screen?, display: display? })
}

#[cfg(feature = "video")]
#[cfg(test)]
mod tests;
