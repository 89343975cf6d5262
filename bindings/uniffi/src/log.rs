//! What the SDK logs, given to the app line by line.
//!
//! Depends on the core, whose thread for logs calls the app.

use std::sync::Arc;

use rtvi_core::{LogLevel, LogSink};

use crate::error::{FfiError, guard};

/// Where the SDK's log goes.
#[uniffi::export(with_foreign)]
pub trait FfiLogSink: Send + Sync {
    /// Takes one line. Called one at a time, on a thread of its own; what it throws is ignored.
    fn log(&self, level: LogLevel, line: String) -> Result<(), FfiError>;
}

/// Sets how much is logged in this process.
#[uniffi::export]
pub fn set_log_level(level: LogLevel) {
    rtvi_core::set_log_level(level);
}

/// Sets who gets the log of this process, in the place of who got it before; nobody when absent.
///
/// Fails as `invalidState` when a Rust part of the app has set another receiver of logs for the process.
#[uniffi::export]
pub fn set_log(sink: Option<Arc<dyn FfiLogSink>>) -> Result<(), FfiError> {
    guard(|| rtvi_core::set_log_sink(sink.map(core_sink)))
}

/// Logs an error of the package that is written on top of this one.
#[uniffi::export]
pub fn log_error(line: &str) {
    tracing::error!(target: "rtvi", "{line}");
}

fn core_sink(sink: Arc<dyn FfiLogSink>) -> LogSink {
    Arc::new(move |level, line| {
        // A log that fails has nobody to tell.
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
