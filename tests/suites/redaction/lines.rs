//! Every line that this process logs at debug level and above, through `tracing` and `log`.

use std::{
    fmt::Write,
    sync::{Arc, Mutex},
};

use rtvi_core::DISCLOSING_LOG_TARGETS;
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// A line and its target.
#[derive(Debug)]
struct Line {
    target: String,
    text: String,
    /// Whether an app that follows `DISCLOSING_LOG_TARGETS` never sees it.
    is_left_out: bool,
}

/// All lines so far; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<Line>>>);

impl Lines {
    /// Starts to record the log.
    pub(crate) fn install() -> Self {
        let lines = Self::default();
        tracing::subscriber::set_global_default(lines.clone()).expect("there is no other");
        log::set_boxed_logger(Box::new(lines.clone())).expect("there is no other");
        log::set_max_level(log::LevelFilter::Debug);
        lines
    }

    /// The number of lines with this target.
    pub(crate) fn count(&self, target: &str) -> usize {
        self.0.lock().expect("nobody panics here").iter().filter(|line| line.target == target).count()
    }

    /// The lines that contain one of these texts, except those that such an app never sees.
    pub(crate) fn holding<'a>(&self, secrets: impl Iterator<Item = &'a String> + Clone) -> Vec<String> {
        let lines = self.0.lock().expect("nobody panics here");
        let shown = lines.iter().filter(|line| !line.is_left_out);
        let leaks = shown.filter(|line| secrets.clone().any(|secret| line.text.contains(secret)));
        leaks.map(|line| format!("{}: {}", line.target, line.text)).collect()
    }

    fn keep(&self, target: &str, text: String, is_left_out: bool) {
        let line = Line { target: target.to_owned(), text, is_left_out };
        self.0.lock().expect("nobody panics here").push(line);
    }
}

impl log::Log for Lines {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Debug
    }

    fn log(&self, record: &log::Record<'_>) {
        if log::Log::enabled(self, record.metadata()) {
            let is_left_out = DISCLOSING_LOG_TARGETS.iter().any(|start| record.target().starts_with(start));
            self.keep(record.target(), record.args().to_string(), is_left_out);
        }
    }

    fn flush(&self) {}
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::DEBUG
    }

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        self.keep(event.metadata().target(), text.0, false);
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        let mut text = Text(String::new());
        attributes.record(&mut text);
        self.keep(attributes.metadata().target(), text.0, false);
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        let mut text = Text(String::new());
        values.record(&mut text);
        self.keep("a span", text.0, false);
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// All fields, one after another.
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing into a String can't fail.
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}
