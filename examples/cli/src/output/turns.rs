//! What you and the bot said: a line for each piece once it is final, taken from the core's
//! conversation.
//!
//! Pure. Decides which pieces are shown and when; the conversation knows what was said.

use std::collections::BTreeMap;

use rtvi_core::{
    Event,
    client::{
        BotPart, BotTurn, Conversation, ConversationLimits, MAX_TURN_TEXT, Segment, SegmentState, Turn,
        TurnContent, UserTurn,
    },
};

use super::wording::{BOT, Line, YOU};

/// How many turns can still change; earlier ones were already shown.
const TURNS: u32 = 8;

/// The conversation, and which parts of it have been shown.
#[derive(Debug)]
pub(super) struct Turns {
    conversation: Conversation,
    /// For each turn by its id.
    shown: BTreeMap<u64, Shown>,
}

/// Which parts of a turn have been shown.
#[derive(Debug, Default)]
struct Shown {
    /// How many bytes of a user's final text.
    text: usize,
    lines: Vec<Line>,
}

impl Turns {
    pub(super) fn new() -> Self {
        let limits = ConversationLimits { max_turns: TURNS, max_turn_text: MAX_TURN_TEXT };
        Self { conversation: Conversation::new(limits), shown: BTreeMap::new() }
    }

    /// Applies an event and returns the lines about what became final with it.
    pub(super) fn take(&mut self, event: &Event) -> Vec<Line> {
        let Some(change) = self.conversation.apply(event) else { return Vec::new() };
        let turns = self.conversation.turns();
        if let Some(oldest) = turns.first() {
            self.shown = self.shown.split_off(&oldest.id);
        }
        let changed = turns.get(change.first as usize..).unwrap_or_default();
        changed.iter().flat_map(|turn| self.shown.entry(turn.id).or_default().update(turn)).collect()
    }

    /// What the bot has said of the current sentence.
    pub(super) fn being_said(&self) -> &str {
        let last = self.conversation.turns().iter().rev().find_map(Turn::as_bot);
        let speaking =
            last.and_then(|bot| bot.segments().find(|segment| segment.state == SegmentState::Speaking));
        speaking.map_or("", |segment| &segment.spoken_text)
    }
}

impl Shown {
    /// The lines of the turn that have not been shown.
    fn update(&mut self, turn: &Turn) -> Vec<Line> {
        let (mut news, lines) = match &turn.content {
            TurnContent::User(user) => (self.user_text(user), asides(user)),
            TurnContent::Bot(bot) => (Vec::new(), bot_lines(bot)),
        };
        let mut shown = std::mem::replace(&mut self.lines, lines.clone());
        news.extend(lines.into_iter().filter(|line| match shown.iter().position(|before| before == line) {
            Some(place) => {
                shown.swap_remove(place);
                false
            }
            None => true,
        }));
        news
    }

    /// The text added by the user.
    fn user_text(&mut self, user: &UserTurn) -> Vec<Line> {
        let added = user.final_text.get(self.text..).unwrap_or_default().trim_start();
        self.text = user.final_text.len();
        if added.is_empty() { Vec::new() } else { vec![Line::new("you", YOU, added)] }
    }
}

fn asides(user: &UserTurn) -> Vec<Line> {
    user.backchannels.iter().map(|text| aside(text)).collect()
}

fn aside(text: &str) -> Line {
    Line::new("you", YOU, format!("{text} (aside)"))
}

fn bot_lines(bot: &BotTurn) -> Vec<Line> {
    let line = |part: &BotPart| match part {
        BotPart::Segment(segment) => certain(segment).map(|text| Line::new("bot", BOT, text)),
        BotPart::UserBackchannel { text } => Some(aside(text)),
        BotPart::FunctionCall(_) => None,
    };
    bot.parts.iter().filter_map(line).collect()
}

/// The text of a segment as soon as it no longer changes. If the server numbers segments, that is
/// when it was spoken or cut off. Servers of protocol 1 do not report this reliably, so their
/// segments are shown once they are written.
fn certain(segment: &Segment) -> Option<String> {
    let is_written = segment.id.is_none() && !segment.growing && segment.text != segment.spoken_text;
    match segment.state {
        SegmentState::Spoken | SegmentState::Unspoken => Some(segment.text.clone()),
        _ if is_written => Some(segment.text.clone()),
        SegmentState::Interrupted if !segment.spoken_text.is_empty() => {
            Some(format!("{} –", segment.spoken_text))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rtvi_core::protocol::{BotOutputData, ServerMessage, UserInputData};
    use serde_json::{Value, json};

    use super::*;

    fn take(turns: &mut Turns, event: &Event) -> Vec<String> {
        turns.take(event).into_iter().map(|line| format!("{} {}", line.label, line.text)).collect()
    }

    fn output(turns: &mut Turns, piece: Value) -> Vec<String> {
        let piece: BotOutputData = serde_json::from_value(piece).expect("a bot-output");
        take(turns, &Event::Server(ServerMessage::BotOutput(piece)))
    }

    fn input(turns: &mut Turns, text: &str, kind: &str, is_final: bool) -> Vec<String> {
        let input = json!({"text": text, "input_type": kind, "final": is_final});
        let input: UserInputData = serde_json::from_value(input).expect("a user-input");
        take(turns, &Event::Server(ServerMessage::UserInput(input)))
    }

    fn piece(status: &str, said: &str) -> Value {
        json!({
            "text": "Hello you.", "output_type": "sentence", "segment_id": 1, "will_be_spoken": true, "spoken_status": status,
            "spoken_progress": {"accumulated_text": said, "remaining_text": "Hello you.".strip_prefix(said)},
        })
    }

    #[test]
    fn a_sentence_is_told_when_it_was_spoken() {
        let mut turns = Turns::new();
        assert!(output(&mut turns, piece("new", "")).is_empty());
        assert!(output(&mut turns, piece("in-progress", "Hello")).is_empty());
        assert_eq!(turns.being_said(), "Hello");
        assert_eq!(output(&mut turns, piece("completed", "Hello you.")), ["bot Hello you."]);
        assert_eq!(turns.being_said(), "");
        assert!(take(&mut turns, &Event::Server(ServerMessage::BotInterrupted)).is_empty());
    }

    #[test]
    fn a_cut_sentence_is_told_as_far_as_it_was_spoken() {
        let mut turns = Turns::new();
        output(&mut turns, piece("in-progress", "Hello"));
        let interrupted = Event::Server(ServerMessage::BotInterrupted);
        assert_eq!(take(&mut turns, &interrupted), ["bot Hello –"]);
        assert!(take(&mut turns, &interrupted).is_empty());
    }

    #[test]
    fn what_is_not_spoken_is_told_at_once() {
        let silent =
            json!({"text": "x = 1", "output_type": "code", "will_be_spoken": false, "spoken_status": "new"});
        assert_eq!(output(&mut Turns::new(), silent), ["bot x = 1"]);
    }

    #[test]
    fn old_bots_are_told_once() {
        let mut turns = Turns::new();
        let old = |kind: &str, text: &str, spoken: bool| json!({"text": text, "aggregated_by": kind, "spoken": spoken});
        assert_eq!(output(&mut turns, old("sentence", "Hi you.", false)), ["bot Hi you."]);
        assert!(output(&mut turns, old("word", "Hi", true)).is_empty());
        assert!(output(&mut turns, old("sentence", "Hi you.", true)).is_empty());
        assert!(output(&mut turns, old("sentence", "Bye.", true)).is_empty(), "it is being spoken");
        let stopped = Event::Server(ServerMessage::BotStoppedSpeaking);
        assert_eq!(take(&mut turns, &stopped), ["bot Bye."]);
    }

    #[test]
    fn what_the_user_adds_is_told_alone() {
        let mut turns = Turns::new();
        assert!(input(&mut turns, "Hel", "transcription", false).is_empty());
        assert_eq!(input(&mut turns, "Hello", "transcription", true), ["you Hello"]);
        assert_eq!(input(&mut turns, "Hello", "transcription", true), ["you Hello"], "said twice");
        assert_eq!(input(&mut turns, "In writing", "chat", true), ["you In writing"]);
        assert_eq!(input(&mut turns, "mhm", "backchannel", true), ["you mhm (aside)"]);
    }
}
