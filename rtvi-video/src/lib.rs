//! Cameras, screens, video files and codecs for [`rtvi_core`].
//!
//! It is a crate of its own so that only programs that use it contain a codec or talk to a camera.
//! May depend on the core's video seam only. Every source captures on a thread of its own and hands
//! over the newest picture; nothing here knows a transport.
//!
//! | feature | what it adds |
//! |---|---|
//! | `vp8` (default) | VP8 by the system's libvpx, which is free of royalties |
//! | `h264` | H.264 by OpenH264, compiled from source |
//!
//! **Patents of H.264.** Cisco pays the royalties for its own binaries of OpenH264 only, as the user
//! downloads them. Who distributes a program that contains OpenH264 built from source may owe
//! royalties. The codecs of phones and systems are licensed with them.
//!
//! Cameras and screens are those of Linux: V4L2 and X11.
#![deny(unsafe_code)]

#[cfg(target_os = "linux")]
mod camera;
mod capture;
mod codecs;
mod convert;
mod file;
#[cfg(feature = "h264")]
mod h264;
mod i420;
mod pattern;
#[cfg(target_os = "linux")]
mod screen_x11;
mod upright;
#[cfg(feature = "vp8")]
mod vp8;

#[cfg(target_os = "linux")]
pub use camera::{V4lCamera, cameras};
pub use capture::CaptureStatus;
pub use codecs::Codecs;
pub use convert::to_bgra;
pub use file::{IvfSource, RecordingStatus, VideoRecorder, Y4mSource};
#[cfg(feature = "h264")]
pub use h264::{H264Decoder, H264Encoder};
pub use pattern::PatternSource;
#[cfg(target_os = "linux")]
pub use screen_x11::X11Screen;
#[cfg(feature = "vp8")]
pub use vp8::{Vp8Decoder, Vp8Encoder};

/// The longest side of a picture that the decoders accept, in pixels: 4K in every direction.
pub const MAX_DECODED_SIDE: u32 = 4_096;
