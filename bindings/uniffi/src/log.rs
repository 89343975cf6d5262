//! The SDK's log, delivered to the app line by line.
//!
//! Depends on the core, whose log thread calls the app.

use std::sync::Arc;

use rtvi_core::{LogLevel, LogSink};

use crate::error::{FfiError, guard};

/// Where the SDK's log goes.
#[uniffi::export(with_foreign)]
pub trait FfiLogSink: Send + Sync {
    /// Receives one line. Lines arrive one at a time, on a thread of their own. Exceptions are
    /// ignored.
    fn log(&self, level: LogLevel, line: String) -> Result<(), FfiError>;
}

/// Sets how much is logged in this process.
#[uniffi::export]
pub fn set_log_level(level: LogLevel) {
    rtvi_core::set_log_level(level);
}

/// Sets the receiver of this process's log, which replaces the previous one. Nobody receives it if
/// `sink` is absent.
///
/// Fails as `invalidState` if Rust code in the app has set another log receiver for the process.
#[uniffi::export]
pub fn set_log(sink: Option<Arc<dyn FfiLogSink>>) -> Result<(), FfiError> {
    guard(|| rtvi_core::set_log_sink(sink.map(core_sink)))
}

/// Logs an error of the package that builds on this one.
#[uniffi::export]
pub fn log_error(line: &str) {
    tracing::error!(target: "rtvi", "{line}");
}

fn core_sink(sink: Arc<dyn FfiLogSink>) -> LogSink {
    Arc::new(move |level, line| {
        // Nobody can be informed that the log itself failed.
        let _ = sink.log(level, line.to_owned());
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, mpsc::Sender};

    use super::*;

    struct Kept(Mutex<Sender<(LogLevel, String)>>);

    impl FfiLogSink for Kept {
        fn log(&self, level: LogLevel, line: String) -> Result<(), FfiError> {
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
        assert_eq!((level, &*line), (LogLevel::Warn, "a test's warning why=7"));
        log_error("a package's {error}");
        let (level, line) = lines.iter().find(|(_, line)| line.contains("package's")).unwrap();
        assert_eq!((level, &*line), (LogLevel::Error, "a package's {error}"));
        set_log(None).unwrap();
    }
}
