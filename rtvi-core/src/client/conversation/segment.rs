//! A piece of what the bot says, and how far it has been spoken.
//!
//! Pure; depends on the text helpers. Knows nothing of turns.

use serde::Serialize;

use crate::protocol::{OutputType, SpokenProgress};

use super::text::{clip, is_spent, join, word_end};

/// The progress of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "lowercase")]
pub enum SegmentState {
    /// It will be spoken; the server has not reported a start yet.
    Pending,
    /// It is being spoken.
    Speaking,
    /// It has been spoken completely.
    Spoken,
    /// It was cut off: only part of it was spoken.
    Interrupted,
    /// It is text only and is never spoken.
    Unspoken,
}

/// A piece of what the bot says or writes, such as a sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    /// The server's number for the segment; absent with 1.x servers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Its form, such as a sentence, or one that the app defines.
    pub kind: OutputType,
    /// The complete text.
    pub text: String,
    /// How far the segment has been spoken.
    pub state: SegmentState,
    /// What has been spoken so far: the beginning of the text.
    ///
    /// From protocol 2 on, this is exactly what the server reports. A 1.x server reports single
    /// words, and the client matches them with the text. After a word that does not match (such as
    /// a number spelled out), the words are joined with single spaces, and the result is no longer
    /// the beginning of the text.
    pub spoken_text: String,
    /// Whether the bot is still writing it, so that the text grows.
    pub growing: bool,
}

impl Segment {
    /// Creates a segment with its complete text, to be spoken.
    pub(super) fn new(id: Option<u64>, kind: OutputType, text: &str) -> Self {
        let text = text.to_owned();
        Self { id, kind, text, state: SegmentState::Pending, spoken_text: String::new(), growing: false }
    }

    /// Whether more of it can follow.
    pub(super) const fn is_open(&self) -> bool {
        matches!(self.state, SegmentState::Pending | SegmentState::Speaking)
    }

    /// Whether the word is the next one.
    pub(super) fn expects(&self, word: &str) -> bool {
        self.is_followed() && word_end(&self.text, self.spoken_text.len(), word).is_some()
    }

    /// Applies a report of the server. The text may grow by `room` bytes.
    ///
    /// `talking`: the bot is speaking now, so an interrupted segment continues.
    pub(super) fn report(
        &mut self,
        progress: Option<&SpokenProgress>,
        completed: bool,
        room: usize,
        talking: bool,
    ) {
        if matches!(self.state, SegmentState::Spoken | SegmentState::Unspoken) {
            return;
        }
        if let Some(progress) = progress {
            self.take_progress(progress, room);
        }
        if completed {
            self.finish();
        } else if progress.is_some_and(|progress| !progress.accumulated_text.is_empty()) {
            self.go_on(talking);
        }
    }

    /// Applies its next spoken word, adding at most `room` bytes.
    pub(super) fn word(&mut self, word: &str, room: usize, talking: bool) {
        if matches!(self.state, SegmentState::Spoken | SegmentState::Unspoken) {
            return;
        }
        let words_only = self.is_words_only();
        self.go_on(talking);
        let end = if self.is_followed() { word_end(&self.text, self.spoken_text.len(), word) } else { None };
        if words_only {
            join(&mut self.text, clip(word, room));
            self.spoken_text.clone_from(&self.text);
        } else if let Some(spoken) = end.and_then(|end| self.text.get(..end)) {
            self.spoken_text = spoken.to_owned();
        } else {
            join(&mut self.spoken_text, clip(word, room));
        }
        if !words_only && !self.growing && self.has_all_words() {
            self.finish();
        }
    }

    /// Adds a chunk to a growing text.
    pub(super) fn grow(&mut self, chunk: &str) {
        self.text.push_str(chunk);
    }

    /// Marks the text as complete.
    pub(super) fn stop_growing(&mut self) {
        self.growing = false;
        if self.state == SegmentState::Speaking && self.has_all_words() {
            self.finish();
        }
    }

    /// Marks it as spoken to its end.
    pub(super) fn finish(&mut self) {
        self.end(SegmentState::Spoken);
        self.spoken_text.clone_from(&self.text);
    }

    /// Ends it at its current position.
    pub(super) fn stop(&mut self) {
        if !self.spoken_text.is_empty() && self.has_all_words() {
            self.finish();
        } else {
            self.end(SegmentState::Interrupted);
        }
    }

    /// Marks it as text that was not spoken.
    pub(super) fn leave_unspoken(&mut self) {
        self.end(SegmentState::Unspoken);
    }

    /// Later chunks form a new segment.
    fn end(&mut self, state: SegmentState) {
        self.state = state;
        self.growing = false;
    }

    fn go_on(&mut self, talking: bool) {
        if talking || self.is_open() {
            self.state = SegmentState::Speaking;
        }
    }

    fn take_progress(&mut self, progress: &SpokenProgress, room: usize) {
        let (spoken, rest) = (progress.accumulated_text.as_str(), progress.remaining_text.as_str());
        if spoken.len() < self.spoken_text.len() {
            return;
        }
        if self.text.starts_with(spoken) {
            self.spoken_text = spoken.to_owned();
        } else {
            self.text = clip(&format!("{spoken}{rest}"), self.text.len() + room).to_owned();
            self.spoken_text = clip(spoken, self.text.len()).to_owned();
        }
    }

    /// Whether its text is known only from the words spoken so far.
    fn is_words_only(&self) -> bool {
        !self.growing && self.state == SegmentState::Speaking && self.text == self.spoken_text
    }

    /// Whether the spoken text is still the beginning of the text.
    fn is_followed(&self) -> bool {
        self.text.starts_with(&self.spoken_text)
    }

    fn has_all_words(&self) -> bool {
        if self.is_followed() {
            return is_spent(&self.text, self.spoken_text.len());
        }
        self.spoken_text.split_whitespace().count() >= self.text.split_whitespace().count()
    }
}
