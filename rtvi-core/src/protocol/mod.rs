//! The RTVI protocol and Pipecat's wire framings: pure values, encoding and decoding.
//!
//! May depend on [`crate::error`]. No tokio, no clock, no I/O, no knowledge of transports or media.

pub mod frame;
