//! A timeline: things that become due at given times.
//!
//! Pure; time is the duration since the session opened.

use std::{collections::VecDeque, time::Duration};

/// Items ordered by time. Items with the same time keep the order in which they were added.
#[derive(Debug)]
pub(crate) struct Timeline<T> {
    items: VecDeque<(Duration, T)>,
}

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self { items: VecDeque::new() }
    }
}

impl<T> Timeline<T> {
    /// Adds one item.
    pub(crate) fn add(&mut self, due: Duration, item: T) {
        let place = self.items.partition_point(|(other, _)| *other <= due);
        self.items.insert(place, (due, item));
    }

    /// Takes the next item that is due at `now`.
    pub(crate) fn pop(&mut self, now: Duration) -> Option<T> {
        self.next_due().filter(|due| *due <= now)?;
        self.items.pop_front().map(|(_, item)| item)
    }

    /// When the next item is due.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.items.front().map(|(due, _)| *due)
    }

    /// When the last item is due.
    pub(crate) fn end(&self) -> Option<Duration> {
        self.items.back().map(|(due, _)| *due)
    }

    /// How many items are waiting.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Removes all items. Returns whether there were any.
    pub(crate) fn clear(&mut self) -> bool {
        let had = !self.items.is_empty();
        self.items.clear();
        had
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_when_due_and_in_order() {
        let at = Duration::from_millis;
        let mut timeline = Timeline::default();
        for (due, item) in [(20, 'c'), (10, 'a'), (10, 'b')] {
            timeline.add(at(due), item);
        }
        assert_eq!((timeline.next_due(), timeline.end(), timeline.len()), (Some(at(10)), Some(at(20)), 3));
        assert_eq!(timeline.pop(at(9)), None);
        assert_eq!(
            (timeline.pop(at(15)), timeline.pop(at(15)), timeline.pop(at(15))),
            (Some('a'), Some('b'), None)
        );
        assert!(timeline.clear());
        assert_eq!(timeline.pop(at(99)), None);
    }
}
