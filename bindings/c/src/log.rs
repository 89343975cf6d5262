//! The SDK's log, delivered to the app line by line.
//!
//! Depends on the core, whose log thread calls the app.

use std::{ffi::c_void, sync::Arc};

use rtvi_core::{Error, ErrorKind, LogLevel, LogSink};

use crate::{
    callback::{UserData, rtvi_drop_fn},
    error::rtvi_error,
    panic::guard,
    text::rtvi_str,
};

/// How much is logged. Message bodies, tokens, headers and URL queries are never logged.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_log_level {
    /// Nothing.
    RTVI_LOG_NONE = 0,
    /// Errors that no function returned.
    RTVI_LOG_ERROR = 1,
    /// Also likely mistakes of the app or the server.
    RTVI_LOG_WARN = 2,
    /// Also connecting and disconnecting. The default.
    RTVI_LOG_INFO = 3,
    /// Also the type of every message.
    RTVI_LOG_DEBUG = 4,
}

/// Called for every line, one at a time, on a thread of its own. `level` is a `rtvi_log_level`.
/// `line` is valid during the callback only.
pub type rtvi_log_fn = Option<extern "C" fn(user_data: *mut c_void, level: i32, line: rtvi_str)>;

/// Sets how much is logged in this process (a `rtvi_log_level`) and the function that receives the
/// lines; null for none. This replaces the previous function: its `drop_user_data` is called,
/// possibly a moment later.
///
/// Fails if Rust code in the app has set another log receiver for the process.
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
        let sink = on_line.map(|on_line| core_sink(on_line, data));
        rtvi_core::set_log_sink(sink)?;
        rtvi_core::set_log_level(level);
        Ok(())
    })
}

fn core_sink(on_line: extern "C" fn(*mut c_void, i32, rtvi_str), data: UserData) -> LogSink {
    Arc::new(move |level, line| on_line(data.pointer(), number(level), rtvi_str::unended(line)))
}

fn level_of(level: i32) -> Result<LogLevel, Error> {
    let levels = [LogLevel::None, LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug];
    let found = usize::try_from(level).ok().and_then(|level| levels.get(level)).copied();
    found.ok_or_else(|| Error::new(ErrorKind::InvalidArgument, format!("{level} is not a log level")))
}

const fn number(level: LogLevel) -> i32 {
    let level = match level {
        LogLevel::None => rtvi_log_level::RTVI_LOG_NONE,
        LogLevel::Error => rtvi_log_level::RTVI_LOG_ERROR,
        LogLevel::Warn => rtvi_log_level::RTVI_LOG_WARN,
        LogLevel::Info => rtvi_log_level::RTVI_LOG_INFO,
        LogLevel::Debug => rtvi_log_level::RTVI_LOG_DEBUG,
    };
    level as i32
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
