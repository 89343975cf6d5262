//! Video over a peer connection: the user's camera and screen out, the bot's video in.
//!
//! Depends on the video part of the media seam, which decides everything about time and bitrate.

mod bot;
mod local;
mod streams;
mod tap;

pub(crate) use streams::{VideoEvent, VideoStreams};
pub(crate) use tap::{VideoArrival, VideoTap};

#[cfg(test)]
mod tests;
