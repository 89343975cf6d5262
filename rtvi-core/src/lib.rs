//! The core of the RTVI client SDK: one implementation of everything that a client of a Pipecat
//! voice bot needs.
//!
//! The layers, each of which uses only those to its left: `error`, `log` ← {[`protocol`],
//! [`media`]} ← [`transport`] ← [`client`].
#![forbid(unsafe_code)]

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

mod error;
mod log;

pub mod client;
pub mod ffi;
pub mod media;
pub mod protocol;
pub mod transport;

/// The release of this library, such as `0.1.0`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();

pub use client::{Event, EventStream, PipecatClient, PipecatClientOptions, TransportState};
pub use error::{DeviceErrorKind, Error, ErrorKind, Phase};
pub use log::{DISCLOSING_LOG_TARGETS, LogLevel, LogSink, set_log_level, set_log_sink};
pub use transport::{ApiRequest, ConnectParams, SessionAnswer};
