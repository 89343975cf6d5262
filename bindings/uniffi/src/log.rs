//! What the SDK logs, given to the app line by line.
//!
//! Depends on the core, whose thread for logs calls the app.

use std::sync::Arc;

use rtvi_core::{LogLevel, LogSink};

use crate::error::{FfiError, guard};

/// How much is logged. Message bodies, tokens, headers and URL queries never are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum FfiLogLevel {
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

/// Where the SDK's log goes.
#[uniffi::export(with_foreign)]
pub trait FfiLogSink: Send + Sync {
    /// Takes one line. Called one at a time, on a thread of its own; what it throws is ignored.
    fn log(&self, level: FfiLogLevel, line: String) -> Result<(), FfiError>;
}

/// Sets how much is logged in this process.
#[uniffi::export]
pub fn set_log_level(level: FfiLogLevel) {
    rtvi_core::set_log_level(match level {
        FfiLogLevel::None => LogLevel::None,
        FfiLogLevel::Error => LogLevel::Error,
        FfiLogLevel::Warn => LogLevel::Warn,
        FfiLogLevel::Info => LogLevel::Info,
        FfiLogLevel::Debug => LogLevel::Debug,
    });
}

/// Sets who gets the log of this process, in the place of who got it before; nobody when absent.
///
/// Fails as `invalidState` when a Rust part of the app has set another receiver of logs for the process.
#[uniffi::export]
pub fn set_log(sink: Option<Arc<dyn FfiLogSink>>) -> Result<(), FfiError> {
    guard(|| rtvi_core::set_log_sink(sink.map(core_sink)))
}

fn core_sink(sink: Arc<dyn FfiLogSink>) -> LogSink {
    Arc::new(move |level, line| {
        // A log that fails has nobody to tell.
        let _ = sink.log(level.into(), line.to_owned());
    })
}

impl From<LogLevel> for FfiLogLevel {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::None => Self::None,
            LogLevel::Error => Self::Error,
            LogLevel::Warn => Self::Warn,
            LogLevel::Info => Self::Info,
            LogLevel::Debug => Self::Debug,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, mpsc::Sender};

    use super::*;

    struct Kept(Mutex<Sender<(FfiLogLevel, String)>>);

    impl FfiLogSink for Kept {
        fn log(&self, level: FfiLogLevel, line: String) -> Result<(), FfiError> {
            self.0.lock().unwrap().send((level, line)).unwrap();
            Ok(())
        }
    }

    #[test]
    fn lines_arrive() {
        let (sender, lines) = std::sync::mpsc::channel();
        set_log(Some(Arc::new(Kept(Mutex::new(sender))))).unwrap();
        tracing::warn!(target: "rtvi", why = 7, "a test's warning");
        tracing::error!(target: "elsewhere", "not ours");
        let (level, line) = lines.iter().find(|(_, line)| line.contains("test's")).unwrap();
        assert_eq!((level, &*line), (FfiLogLevel::Warn, "a test's warning why=7"));
        set_log(None).unwrap();
    }
}
