//! A piece of what the bot says, and how far it has been spoken.
//!
//! Pure; depends on the text helpers. Knows nothing of turns.

use serde::Serialize;

use crate::protocol::{OutputType, SpokenProgress};

use super::text::{clip, is_spent, join, word_end};

/// How far a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "lowercase")]
pub enum SegmentState {
    /// It will be spoken, and has not begun as far as the server told.
    Pending,
    /// It is being spoken.
    Speaking,
    /// It has been spoken to its end.
    Spoken,
    /// It was cut off: only part of it was spoken.
    Interrupted,
    /// It is text only, and never spoken.
    Unspoken,
}

/// A piece of what the bot says or writes, such as a sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    /// The server's number for it; 1.x servers have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Its form, such as a sentence, or one of the app's own.
    pub kind: OutputType,
    /// The whole text.
    pub text: String,
    /// How far it is.
    pub state: SegmentState,
    /// What has been spoken so far: a beginning of `text`.
    ///
    /// From protocol 2 on, always exactly as the server reports it. In the word-by-word form of 1.x it is found by
    /// following the words through `text`; from the first word that is not there on (a number spoken out, say) the words
    /// are joined with single spaces instead, and it is no beginning of `text` any more.
    pub spoken_text: String,
    /// Whether the bot is still writing it, so that `text` gets longer.
    pub growing: bool,
}

impl Segment {
    /// One with its whole text, to be spoken.
    pub(super) fn new(id: Option<u64>, kind: OutputType, text: &str) -> Self {
        let text = text.to_owned();
        Self { id, kind, text, state: SegmentState::Pending, spoken_text: String::new(), growing: false }
    }

    /// Whether there is something of it to come.
    pub(super) const fn is_open(&self) -> bool {
        matches!(self.state, SegmentState::Pending | SegmentState::Speaking)
    }

    /// Whether the word comes next.
    pub(super) fn expects(&self, word: &str) -> bool {
        self.is_followed() && word_end(&self.text, self.spoken_text.len(), word).is_some()
    }

    /// Takes a report of the server: its text may grow by `room` bytes.
    ///
    /// `talking`: the bot speaks now, so that an interrupted segment goes on.
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

    /// Takes the next word spoken of it, adding at most `room` bytes.
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

    /// Adds a chunk of a growing text.
    pub(super) fn grow(&mut self, chunk: &str) {
        self.text.push_str(chunk);
    }

    /// No more chunks will come.
    pub(super) fn stop_growing(&mut self) {
        self.growing = false;
        if self.state == SegmentState::Speaking && self.has_all_words() {
            self.finish();
        }
    }

    /// It has been spoken to its end.
    pub(super) fn finish(&mut self) {
        self.end(SegmentState::Spoken);
        self.spoken_text.clone_from(&self.text);
    }

    /// It ends here, wherever it is.
    pub(super) fn stop(&mut self) {
        if !self.spoken_text.is_empty() && self.has_all_words() {
            self.finish();
        } else {
            self.end(SegmentState::Interrupted);
        }
    }

    /// It was text only.
    pub(super) fn leave_unspoken(&mut self) {
        self.end(SegmentState::Unspoken);
    }

    /// Chunks that still come make a segment of their own.
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

    /// Whether all that is known of its text are the words spoken so far.
    fn is_words_only(&self) -> bool {
        !self.growing && self.state == SegmentState::Speaking && self.text == self.spoken_text
    }

    /// Whether the spoken text is still a beginning of the text.
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
