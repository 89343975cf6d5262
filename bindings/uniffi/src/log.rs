//! What the SDK logs, given to the app line by line.
//!
//! Installs a subscriber for `tracing` on first use. Lines wait for a thread of their own, so that no code of the app runs on the
//! SDK's threads.

use std::{
    fmt::{self, Write},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use rtvi_core::{Error, ErrorKind, LogLevel};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::error::{FfiError, guard};

/// How many lines wait for the app. When full, further ones are dropped, and a later line says how many.
const WAITING: usize = 1024;

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

type Sink = Arc<dyn FfiLogSink>;

static SINK: Mutex<Option<Sink>> = Mutex::new(None);
static INSTALLED: OnceLock<Result<(), String>> = OnceLock::new();
static DROPPED: AtomicU64 = AtomicU64::new(0);

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
    guard(|| {
        if sink.is_some() {
            let installed = INSTALLED.get_or_init(install);
            installed.clone().map_err(|text| Error::new(ErrorKind::InvalidState, text))?;
        }
        let before = std::mem::replace(&mut *SINK.lock().unwrap_or_else(PoisonError::into_inner), sink);
        drop(before);
        Ok(())
    })
}

fn install() -> Result<(), String> {
    let (lines, waiting) = sync_channel(WAITING);
    let tell = move || tell(&waiting);
    thread::Builder::new().name("rtvi-log".to_owned()).spawn(tell).map_err(|error| error.to_string())?;
    tracing::subscriber::set_global_default(Lines { lines }).map_err(|error| error.to_string())
}

fn tell(waiting: &Receiver<(FfiLogLevel, String)>) {
    for (level, line) in waiting {
        let sink = SINK.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(sink) = sink {
            // A log that fails has nobody to tell.
            let _ = sink.log(level, line);
        }
    }
}

/// Turns log records of the SDK into lines.
struct Lines {
    lines: SyncSender<(FfiLogLevel, String)>,
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with("rtvi") && *metadata.level() <= Level::DEBUG
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        let dropped = DROPPED.swap(0, Ordering::Relaxed);
        if dropped > 0 {
            // Writing into a String can't fail.
            let _ = write!(line.0, " ({dropped} lines before this one were dropped)");
        }
        if self.lines.try_send((level(*event.metadata().level()), line.0)).is_err() {
            DROPPED.fetch_add(dropped + 1, Ordering::Relaxed);
        }
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

fn level(level: Level) -> FfiLogLevel {
    match level {
        Level::ERROR => FfiLogLevel::Error,
        Level::WARN => FfiLogLevel::Warn,
        Level::INFO => FfiLogLevel::Info,
        _ => FfiLogLevel::Debug,
    }
}

/// The message, then other fields as `name=value`.
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let space = if self.0.is_empty() { "" } else { " " };
        // Writing into a String can't fail.
        let _ = match field.name() {
            "message" => write!(self.0, "{space}{value:?}"),
            name => write!(self.0, "{space}{name}={value:?}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::Sender;

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
