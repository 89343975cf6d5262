//! The log as lines of text, for apps without a `tracing` subscriber, which are mainly those in
//! other languages.
//!
//! Depends on `tracing` and [`crate::error`]. Must never run code of the app on a thread that logs:
//! a separate thread delivers the lines.

use std::{
    fmt::{self, Write},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU8, AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span,
    subscriber::Interest,
};

use crate::error::{Error, ErrorKind};

use super::LogLevel;

/// The number of lines that may wait for the sink. When the queue is full, further lines are
/// dropped, and a later line reports how many.
const WAITING: usize = 1024;

/// Receives the log. The thread `rtvi-log` calls it with each line's level (never
/// [`LogLevel::None`]) and text, one line at a time.
pub type LogSink = Arc<dyn Fn(LogLevel, &str) + Send + Sync>;

type Lines = Receiver<(LogLevel, String)>;

static LEVEL: AtomicU8 = AtomicU8::new(LogLevel::Info as u8);
static SINK: Mutex<Option<LogSink>> = Mutex::new(None);
static INSTALLED: OnceLock<Result<(), String>> = OnceLock::new();

/// Sets the sink for this process's log and replaces any previous sink. `None` turns it off.
///
/// The first sink makes itself the process's global `tracing` subscriber. A Rust app that wants
/// more than lines sets its own subscriber instead. A previous sink may still receive one line that
/// is being delivered.
///
/// # Errors
/// [`ErrorKind::InvalidState`] if the process has another global subscriber.
pub fn set_log_sink(sink: Option<LogSink>) -> Result<(), Error> {
    if sink.is_some() {
        let installed = INSTALLED.get_or_init(install);
        installed.clone().map_err(|text| Error::new(ErrorKind::InvalidState, text))?;
    }
    let before = std::mem::replace(&mut *SINK.lock().unwrap_or_else(PoisonError::into_inner), sink);
    drop(before);
    Ok(())
}

/// Sets the most that the log sink of this process gets. A subscriber of `tracing` that an app sets
/// itself decides for itself.
pub fn set_log_level(level: LogLevel) {
    LEVEL.store(level as u8, Ordering::Relaxed);
}

fn install() -> Result<(), String> {
    let (lines, waiting) = sync_channel(WAITING);
    let deliver = move || deliver(&waiting);
    thread::Builder::new().name("rtvi-log".to_owned()).spawn(deliver).map_err(|error| error.to_string())?;
    tracing::subscriber::set_global_default(LineSubscriber::new(lines)).map_err(|error| error.to_string())
}

fn deliver(waiting: &Lines) {
    for (level, line) in waiting {
        let sink = SINK.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(sink) = sink {
            sink(level, &line);
        }
    }
}

/// Turns the SDK's log records into lines.
struct LineSubscriber {
    lines: SyncSender<(LogLevel, String)>,
    /// The most that becomes a line, as a number of [`LogLevel`].
    most: &'static AtomicU8,
    dropped: AtomicU64,
}

impl LineSubscriber {
    const fn new(lines: SyncSender<(LogLevel, String)>) -> Self {
        Self { lines, most: &LEVEL, dropped: AtomicU64::new(0) }
    }
}

impl Subscriber for LineSubscriber {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        // Not `always`: the level may change.
        if is_ours(metadata) { Interest::sometimes() } else { Interest::never() }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::DEBUG)
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        is_ours(metadata) && level(*metadata.level()) as u8 <= self.most.load(Ordering::Relaxed)
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        let dropped = self.dropped.swap(0, Ordering::Relaxed);
        if dropped > 0 {
            // Writing into a String can't fail.
            let _ = write!(line.0, " ({dropped} lines before this one were dropped)");
        }
        if self.lines.try_send((level(*event.metadata().level()), line.0)).is_err() {
            self.dropped.fetch_add(dropped + 1, Ordering::Relaxed);
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

fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.is_event() && metadata.target().starts_with("rtvi") && *metadata.level() <= Level::DEBUG
}

fn level(level: Level) -> LogLevel {
    match level {
        Level::ERROR => LogLevel::Error,
        Level::WARN => LogLevel::Warn,
        Level::INFO => LogLevel::Info,
        _ => LogLevel::Debug,
    }
}

/// The message, followed by the other fields as `name=value`.
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

/// Collects the lines that this thread logs meanwhile.
#[cfg(test)]
pub(crate) fn lines_of(meanwhile: impl FnOnce()) -> Vec<String> {
    let (lines, received) = sync_channel(64);
    tracing::subscriber::with_default(LineSubscriber::new(lines), meanwhile);
    received.try_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// A subscriber without a thread, and the lines that it creates.
    fn subscriber(waiting: usize) -> (LineSubscriber, Lines) {
        let (lines, received) = sync_channel(waiting);
        (LineSubscriber::new(lines), received)
    }

    #[test]
    fn a_record_is_a_line_with_its_fields_and_others_are_not_ours() {
        let (subscriber, lines) = subscriber(8);
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(target: "rtvi", why = 7, "a warning");
            tracing::warn!(target: "elsewhere", "not ours");
            tracing::trace!(target: "rtvi", "too much");
            tracing::error!(target: "rtvi_core::media", "an error");
        });
        let lines: Vec<_> = lines.try_iter().collect();
        let expected = [(LogLevel::Warn, "a warning why=7"), (LogLevel::Error, "an error")];
        assert_eq!(lines, expected.map(|(level, text)| (level, text.to_owned())));
    }

    #[test]
    fn the_level_decides_what_a_sink_gets_and_nothing_else() {
        static MOST: AtomicU8 = AtomicU8::new(LogLevel::Info as u8);
        let (lines, received) = sync_channel(8);
        let subscriber = LineSubscriber { most: &MOST, ..LineSubscriber::new(lines) };
        tracing::subscriber::with_default(subscriber, || {
            let count = || {
                tracing::info!(target: "rtvi", "connecting");
                tracing::debug!(target: "rtvi", "a message");
                received.try_iter().count()
            };
            assert_eq!(count(), 1);
            for (level, expected) in [(LogLevel::Debug, 2), (LogLevel::None, 0), (LogLevel::Info, 1)] {
                MOST.store(level as u8, Ordering::Relaxed);
                assert_eq!(count(), expected, "{level:?}");
            }
        });
    }

    #[test]
    fn lines_that_nobody_takes_are_counted() {
        let (subscriber, lines) = subscriber(1);
        let next = || lines.try_recv().unwrap().1;
        tracing::subscriber::with_default(subscriber, || {
            for number in 1..=3 {
                tracing::info!(target: "rtvi", "line {number}");
            }
            assert_eq!(next(), "line 1");
            tracing::info!(target: "rtvi", "line 4");
            assert_eq!(next(), "line 4 (2 lines before this one were dropped)");
        });
    }

    #[test]
    fn a_sink_gets_lines_until_it_is_taken_away() {
        let (sender, lines) = channel::<String>();
        let keep = |sender: Sender<String>| -> LogSink {
            let sender = Mutex::new(sender);
            Arc::new(move |_, line| {
                let _ = sender.lock().unwrap_or_else(PoisonError::into_inner).send(line.to_owned());
            })
        };
        set_log_sink(Some(keep(sender))).unwrap();
        tracing::warn!(target: "rtvi", "for the first sink");
        assert!(lines.iter().any(|line| line == "for the first sink"));
        set_log_sink(None).unwrap();
        // The sender of the first sink is gone, so this loop ends.
        assert!(!lines.iter().any(|line| line == "for the first sink"));
    }
}
