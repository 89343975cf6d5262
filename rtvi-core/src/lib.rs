//! The core of the RTVI client SDK: one implementation of everything a client of a Pipecat voice bot must do.
//!
//! The layers, each using only those to its left: `error` ← {[`protocol`], [`media`]} ← [`transport`] ← [`client`].
#![forbid(unsafe_code)]

mod error;

pub mod client;
pub mod media;
pub mod protocol;
pub mod transport;

pub use error::{Error, ErrorKind, Phase};
