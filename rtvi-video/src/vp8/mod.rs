//! VP8 by libvpx (ADR 16).
//!
//! `raw` is all that touches the C library; the rest is safe code.

mod decoder;
mod encoder;
mod header;
mod raw;

pub use decoder::Vp8Decoder;
pub use encoder::Vp8Encoder;
