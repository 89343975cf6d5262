//! What the bot says, put together from its pieces: a line for each sentence once it was spoken, or as far as it was.
//!
//! Pure. Knows the pieces of protocol 2, which tell their progress, and of protocol 1, which do not.

use rtvi_core::protocol::{BotOutputData, OutputType, SpokenStatus};

/// The sentence being spoken.
#[derive(Debug, Default)]
pub(super) struct BotText {
    said: String,
    /// The last line of a bot that does not tell progress, which says everything twice.
    last: Option<String>,
}

impl BotText {
    /// Takes a piece; gives the line that is complete with it.
    pub(super) fn take(&mut self, piece: &BotOutputData) -> Option<String> {
        match &piece.spoken_status {
            Some(SpokenStatus::New) if piece.will_be_spoken == Some(false) => Some(piece.text.clone()),
            Some(SpokenStatus::Completed) => {
                self.said.clear();
                Some(piece.text.clone())
            }
            Some(_) => {
                let progress = piece.spoken_progress.as_ref();
                self.said = progress.map(|progress| progress.accumulated_text.clone()).unwrap_or_default();
                None
            }
            None => self.take_old(piece),
        }
    }

    /// A piece of protocol 1: each text once written and once spoken, the latter perhaps word by word.
    fn take_old(&mut self, piece: &BotOutputData) -> Option<String> {
        if matches!(piece.output_type, OutputType::Word | OutputType::Token) {
            return None;
        }
        if piece.spoken == Some(true) && self.last.take_if(|last| *last == piece.text).is_some() {
            return None;
        }
        self.last = Some(piece.text.clone());
        Some(piece.text.clone())
    }

    /// The bot was cut off; gives what it had said of the sentence, if anything.
    pub(super) fn cut(&mut self) -> Option<String> {
        let said = std::mem::take(&mut self.said);
        (!said.is_empty()).then_some(said)
    }

    /// What has been said of the sentence being spoken.
    pub(super) fn said(&self) -> &str {
        &self.said
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn take(text: &mut BotText, piece: Value) -> Option<String> {
        text.take(&serde_json::from_value(piece).expect("a bot-output"))
    }

    fn piece(status: &str, said: &str) -> Value {
        json!({
            "text": "Hello you.", "output_type": "sentence", "segment_id": 1, "will_be_spoken": true, "spoken_status": status,
            "spoken_progress": {"accumulated_text": said, "remaining_text": ""},
        })
    }

    #[test]
    fn a_sentence_is_told_when_it_was_spoken() {
        let mut text = BotText::default();
        assert_eq!(take(&mut text, piece("new", "")), None);
        assert_eq!(take(&mut text, piece("in-progress", "Hello")), None);
        assert_eq!(text.said(), "Hello");
        assert_eq!(take(&mut text, piece("completed", "Hello you.")), Some("Hello you.".into()));
        assert_eq!(text.said(), "");
        assert_eq!(text.cut(), None);
    }

    #[test]
    fn a_cut_sentence_is_told_as_far_as_it_was_spoken() {
        let mut text = BotText::default();
        take(&mut text, piece("in-progress", "Hello"));
        assert_eq!((text.cut(), text.cut()), (Some("Hello".into()), None));
    }

    #[test]
    fn what_is_not_spoken_is_told_at_once() {
        let silent =
            json!({"text": "x = 1", "output_type": "code", "will_be_spoken": false, "spoken_status": "new"});
        assert_eq!(take(&mut BotText::default(), silent), Some("x = 1".into()));
    }

    #[test]
    fn old_bots_are_told_once() {
        let mut text = BotText::default();
        let old = |kind: &str, text: &str, spoken: bool| json!({"text": text, "aggregated_by": kind, "spoken": spoken});
        assert_eq!(take(&mut text, old("sentence", "Hi you.", false)), Some("Hi you.".into()));
        assert_eq!(take(&mut text, old("word", "Hi", true)), None);
        assert_eq!(take(&mut text, old("sentence", "Hi you.", true)), None);
        assert_eq!(take(&mut text, old("sentence", "Bye.", true)), Some("Bye.".into()));
    }
}
