//! The log of this library.
//!
//! It goes through `tracing`. A Rust app's subscriber decides what goes where. An app without one
//! sets a [`LogSink`], which receives lines up to a [`LogLevel`]. Every layer may use this module.
//! Message bodies, tokens, headers, and URL queries are never logged.

mod sink;

#[cfg(test)]
pub(crate) use sink::lines_of;
pub use sink::{LogSink, set_log_level, set_log_sink};

/// The most detailed level that a [`LogSink`] receives. It is process-wide, as in the other Pipecat
/// SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum LogLevel {
    /// Nothing.
    None,
    /// Errors that were not returned to any caller.
    Error,
    /// Also possible mistakes of the app or the server.
    Warn,
    /// Also connecting and disconnecting. The default.
    Info,
    /// Also the type of every message.
    Debug,
}

/// Prefixes of the log targets under which lower libraries log secrets. The WebRTC stack logs
/// network addresses at every level up to error, packets of audio, and, at debug level, its ICE
/// passwords.
///
/// Those libraries log through the crate `log`, not through `tracing`, and this library can't
/// control that. An app that shows records of `log` (with `env_logger`, or with the feature
/// `tracing-log` of `tracing-subscriber`) should turn these targets off:
/// `RUST_LOG=info,rtc=off,webrtc=off`. Everything that goes wrong is in the errors and the log of
/// this library. The log sinks of the language bindings never receive these records.
pub const DISCLOSING_LOG_TARGETS: [&str; 2] = ["rtc", "webrtc"];

macro_rules! error {
    ($($part:tt)*) => { tracing::error!(target: "rtvi", $($part)*) };
}
macro_rules! warning {
    ($($part:tt)*) => { tracing::warn!(target: "rtvi", $($part)*) };
}
macro_rules! info {
    ($($part:tt)*) => { tracing::info!(target: "rtvi", $($part)*) };
}
macro_rules! debug {
    ($($part:tt)*) => { tracing::debug!(target: "rtvi", $($part)*) };
}
pub(crate) use {debug, error, info, warning as warn};
