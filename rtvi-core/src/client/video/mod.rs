//! Video during a session: the tasks that move it between the app's sources and sink and a
//! connection.
//!
//! Uses `media::video` for everything that touches frames. Must not know the machine beyond its
//! inputs. In a build without the feature `video`, the driver has a handle that does nothing.

#[cfg(not(feature = "video"))]
mod absent;
#[cfg(feature = "video")]
mod display;
#[cfg(feature = "video")]
mod encoding;
#[cfg(feature = "video")]
mod guard;
#[cfg(feature = "video")]
mod handle;
#[cfg(feature = "video")]
mod source;

#[cfg(not(feature = "video"))]
pub(super) use absent::VideoHandle;
#[cfg(feature = "video")]
pub(super) use handle::VideoHandle;

#[cfg(test)]
#[cfg(feature = "video")]
mod tests;
