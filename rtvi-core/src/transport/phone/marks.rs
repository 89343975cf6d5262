//! Marks in the bot's audio that wait to be played.
//!
//! Pure.

use std::{collections::VecDeque, time::Duration};

use serde_json::Value;

use crate::media::PlayoutStats;

/// How many marks wait. When there are more, the oldest counts as played.
const MAX_MARKS: usize = 256;

/// The marks of a call, in order.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Each with its position, counted in received audio.
    waiting: VecDeque<(Duration, Value)>,
}

impl Marks {
    /// Adds a mark after the audio received so far.
    pub(super) fn push(&mut self, mark: Value, stats: PlayoutStats) {
        self.waiting.push_back((stats.received, mark));
    }

    /// The next mark whose audio was played or dropped.
    pub(super) fn pop(&mut self, stats: PlayoutStats) -> Option<Value> {
        let gone = stats.heard() + stats.dropped + stats.flushed;
        let (at, _) = self.waiting.front()?;
        let is_due = *at <= gone || self.waiting.len() > MAX_MARKS;
        if is_due { self.waiting.pop_front().map(|(_, mark)| mark) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_wait_for_their_audio() {
        let mut marks = Marks::default();
        let mut stats = PlayoutStats { received: Duration::from_secs(1), ..PlayoutStats::default() };
        marks.push("one".into(), stats);
        stats.received += Duration::from_secs(1);
        marks.push("two".into(), stats);
        assert_eq!(marks.pop(stats), None);
        stats.played = Duration::from_secs(1);
        assert_eq!((marks.pop(stats), marks.pop(stats)), (Some("one".into()), None));
        stats.flushed = Duration::from_secs(1);
        assert_eq!(marks.pop(stats), Some("two".into()), "dropped audio counts as played");
    }

    #[test]
    fn too_many_marks_do_not_pile_up() {
        let mut marks = Marks::default();
        let stats = PlayoutStats { received: Duration::from_secs(1), ..PlayoutStats::default() };
        (0..=MAX_MARKS).for_each(|number| marks.push(number.into(), stats));
        assert_eq!((marks.pop(stats), marks.pop(stats)), (Some(0.into()), None));
    }
}
