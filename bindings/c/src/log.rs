//! What the SDK logs, given to the app line by line.
//!
//! Installs a subscriber for `tracing` on first use. Lines wait for a thread of their own, so that no code of the app runs on the
//! SDK's threads.

use std::{
    ffi::c_void,
    fmt::Write,
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

use crate::{
    callback::{UserData, rtvi_drop_fn},
    error::rtvi_error,
    panic::guard,
    text::rtvi_str,
};

/// How much is logged. Message bodies, tokens, headers and URL queries never are.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_log_level {
    /// Nothing.
    RTVI_LOG_NONE = 0,
    /// What went wrong and was not returned to anyone.
    RTVI_LOG_ERROR = 1,
    /// And what may be a mistake of the app or the server.
    RTVI_LOG_WARN = 2,
    /// And connecting and disconnecting. The default.
    RTVI_LOG_INFO = 3,
    /// And every message's type.
    RTVI_LOG_DEBUG = 4,
}

/// Told of every line, one at a time, on a thread of its own; `level` is a `rtvi_log_level`. `line` is valid during the callback only.
pub type rtvi_log_fn = Option<extern "C" fn(user_data: *mut c_void, level: i32, line: rtvi_str)>;

/// How many lines wait for the app. When full, further ones are dropped, and a later line says how many.
const WAITING: usize = 1024;

struct Sink {
    on_line: extern "C" fn(*mut c_void, i32, rtvi_str),
    data: UserData,
}

static SINK: Mutex<Option<Arc<Sink>>> = Mutex::new(None);
static INSTALLED: OnceLock<Result<(), String>> = OnceLock::new();
static DROPPED: AtomicU64 = AtomicU64::new(0);

/// Sets how much is logged in this process (a `rtvi_log_level`) and who is told; null for nobody. What was set before ends: its
/// `drop_user_data` is called, perhaps a moment later.
///
/// Fails when a Rust part of the app has set another receiver of logs for the process.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_set_log(
    level: i32,
    on_line: rtvi_log_fn,
    user_data: *mut c_void,
    drop_user_data: rtvi_drop_fn,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let data = UserData::new(user_data, drop_user_data);
        let level = level_of(level)?;
        let sink = on_line.map(|on_line| Arc::new(Sink { on_line, data }));
        if sink.is_some() {
            let installed = INSTALLED.get_or_init(install);
            installed.clone().map_err(|text| Error::new(ErrorKind::InvalidState, text))?;
        }
        rtvi_core::set_log_level(level);
        let before = std::mem::replace(&mut *SINK.lock().unwrap_or_else(PoisonError::into_inner), sink);
        drop(before);
        Ok(())
    })
}

fn level_of(level: i32) -> Result<LogLevel, Error> {
    let levels = [LogLevel::None, LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug];
    let found = usize::try_from(level).ok().and_then(|level| levels.get(level)).copied();
    found.ok_or_else(|| Error::new(ErrorKind::InvalidArgument, format!("{level} is no log level")))
}

fn install() -> Result<(), String> {
    let (lines, waiting) = sync_channel(WAITING);
    let tell = move || tell(&waiting);
    thread::Builder::new().name("rtvi-log".to_owned()).spawn(tell).map_err(|error| error.to_string())?;
    tracing::subscriber::set_global_default(Lines { lines }).map_err(|error| error.to_string())
}

fn tell(waiting: &Receiver<(i32, String)>) {
    for (level, line) in waiting {
        let sink = SINK.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(sink) = sink {
            (sink.on_line)(sink.data.pointer(), level, rtvi_str::unended(&line));
        }
    }
}

/// Turns log records of the SDK into lines.
struct Lines {
    lines: SyncSender<(i32, String)>,
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
            let _ = write!(line.0, " ({dropped} lines before this one were dropped)");
        }
        if self.lines.try_send((number(*event.metadata().level()), line.0)).is_err() {
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

fn number(level: Level) -> i32 {
    let level = match level {
        Level::ERROR => rtvi_log_level::RTVI_LOG_ERROR,
        Level::WARN => rtvi_log_level::RTVI_LOG_WARN,
        Level::INFO => rtvi_log_level::RTVI_LOG_INFO,
        _ => rtvi_log_level::RTVI_LOG_DEBUG,
    };
    level as i32
}

/// The message, then other fields as `name=value`.
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
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
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    extern "C" fn on_line(data: *mut c_void, level: i32, line: rtvi_str) {
        // SAFETY: the test gives a sender that lives as long as the process.
        let lines = unsafe { &*data.cast::<Sender<(i32, String)>>() };
        lines.send((level, line.text("line").unwrap().to_owned())).unwrap();
    }

    #[test]
    fn lines_arrive() {
        let (sender, lines) = channel::<(i32, String)>();
        let data = Box::into_raw(Box::new(sender)).cast();
        assert!(rtvi_set_log(9, None, std::ptr::null_mut(), None).is_some());
        assert!(rtvi_set_log(4, Some(on_line), data, None).is_none());
        tracing::warn!(target: "rtvi", why = 7, "a warning");
        tracing::warn!(target: "elsewhere", "not ours");
        tracing::error!(target: "rtvi_core::media", "an error");
        assert_eq!(lines.recv().unwrap(), (2, "a warning why=7".to_owned()));
        assert_eq!(lines.recv().unwrap(), (1, "an error".to_owned()));
        assert!(rtvi_set_log(3, None, std::ptr::null_mut(), None).is_none());
    }
}
