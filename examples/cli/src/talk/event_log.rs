//! The events of a session so far, and the position up to which scripts have waited for them.
//!
//! Pure.

use std::collections::VecDeque;

use serde_json::Value;

use crate::plan::WaitFor;

/// How many events are kept for later waits; each further one drops the oldest.
const MAX_EVENTS: usize = 8192;

/// The events that a wait may still find.
#[derive(Debug, Default)]
pub(crate) struct EventLog {
    /// The events after the one that the last wait found, oldest first.
    events: VecDeque<(&'static str, Option<Value>)>,
    /// How many of them the current wait has checked.
    seen: usize,
}

impl EventLog {
    /// Adds an event.
    pub(crate) fn push(&mut self, name: &'static str, data: Option<Value>) {
        if self.events.len() == MAX_EVENTS {
            self.events.pop_front();
            self.seen = self.seen.saturating_sub(1);
        }
        self.events.push_back((name, data));
    }

    /// Begins a wait.
    pub(crate) const fn begin_wait(&mut self) {
        self.seen = 0;
    }

    /// The data of the first event that `wait` accepts. Drops that event and all before it; if
    /// there is none, keeps all for the next wait.
    pub(crate) fn find(&mut self, wait: &WaitFor) -> Option<Option<Value>> {
        let mut unseen = self.events.iter().skip(self.seen);
        let Some(offset) = unseen.position(|(name, data)| wait.accepts(name, data.as_ref())) else {
            self.seen = self.events.len();
            return None;
        };
        let mut found = self.events.drain(..=self.seen + offset);
        found.next_back().map(|(_, data)| data)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    fn wait(event: &str) -> WaitFor {
        WaitFor { event: event.to_owned(), matching: None, timeout: Duration::ZERO }
    }

    fn find(log: &mut EventLog, event: &str) -> Option<Option<Value>> {
        log.begin_wait();
        log.find(&wait(event))
    }

    #[test]
    fn a_wait_finds_what_came_after_the_one_before() {
        let mut log = EventLog::default();
        for (name, data) in [("a", 1), ("b", 2), ("a", 3)] {
            log.push(name, Some(json!(data)));
        }
        assert_eq!(find(&mut log, "b"), Some(Some(json!(2))));
        assert_eq!(find(&mut log, "a"), Some(Some(json!(3))));
        assert_eq!(find(&mut log, "a"), None);
    }

    #[test]
    fn a_wait_in_vain_forgets_nothing() {
        let mut log = EventLog::default();
        log.push("a", None);
        assert_eq!(find(&mut log, "b"), None);
        log.push("b", None);
        assert_eq!(log.find(&wait("b")), Some(None), "goes on where it was");
        assert_eq!(find(&mut log, "a"), None, "came before the one found");
    }

    #[test]
    fn old_events_are_forgotten() {
        let mut log = EventLog::default();
        log.push("first", None);
        assert_eq!(find(&mut log, "later"), None);
        for _ in 0..MAX_EVENTS {
            log.push("other", None);
        }
        log.push("later", None);
        assert_eq!(log.find(&wait("later")), Some(None));
        assert_eq!(find(&mut log, "first"), None);
    }
}
