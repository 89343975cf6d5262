//! The log of this library.
//!
//! It goes through `tracing`. A Rust app's subscriber decides what of it goes where; an app without one sets a [`LogSink`], which gets
//! lines up to a [`LogLevel`]. Every layer may use this module. Message bodies, tokens, headers, and URL queries are never logged.

mod sink;

#[cfg(test)]
pub(crate) use sink::lines_of;
pub use sink::{LogSink, set_log_level, set_log_sink};

/// The most that a [`LogSink`] gets. Process-wide, as in the other Pipecat SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum LogLevel {
    /// Nothing.
    None,
    /// What went wrong and was not returned to anyone.
    Error,
    /// And what may be a mistake of the app or the server.
    Warn,
    /// And connecting and disconnecting. The default.
    Info,
    /// And every message's type.
    Debug,
}

/// Beginnings of the log targets under which libraries below this one write what is secret: the WebRTC stack network addresses, at
/// every level up to error, packets of audio, and at debug level its ICE passwords.
///
/// Those libraries log through the crate `log`, not through `tracing`, and this one has no say in it. An app that shows records of
/// `log` (by `env_logger`, or by `tracing-subscriber` with its feature `tracing-log`) should turn these targets off:
/// `RUST_LOG=info,rtc=off,webrtc=off`. What goes wrong is in the errors and the log of this library. The log sinks of the language
/// bindings never get them.
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
