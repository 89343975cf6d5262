//! Audio: formats, sources, sinks, resampling, levels, capture and playout.
//!
//! May depend on [`crate::error`]. Must not know the protocol, a transport or the client, and has no runtime: the client's
//! audio task calls it with a fixed tick.

mod frame;
mod playout;
mod seam;

pub use frame::{AudioFormat, AudioFrame};
pub use playout::Playout;
pub use seam::{AudioSink, AudioSource};
