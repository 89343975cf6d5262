//! The conversation so far, as turns, built from a client's events.
//!
//! Pure: depends on the events and the protocol; uses no clock, tokio or I/O. It must never panic,
//! whatever the order of the events, and must never exceed its limits.
//!
//! ```
//! use rtvi_core::Event;
//! use rtvi_core::client::Conversation;
//! use rtvi_core::protocol::{ServerMessage, TranscriptData};
//!
//! let mut conversation = Conversation::default();
//! let said = TranscriptData { text: "Hello".into(), user_id: None, timestamp: None, is_final: true };
//! let change = conversation.apply(&Event::Server(ServerMessage::UserTranscript(said)));
//!
//! assert_eq!(change.map(|change| change.first), Some(0)); // redraw the rows from the first on
//! assert_eq!(conversation.turns()[0].text, "Hello");
//! ```
//!
//! The rules, in short:
//!
//! * A user's turn begins when the user starts speaking, types, or is transcribed. It takes all
//!   transcriptions until the bot has answered. If a server sends `user-input`,
//!   `user-transcription` (a duplicate) is ignored. Voice detection alone (`vad-…`) begins and ends
//!   nothing. A turn that received no text is removed when the next one begins.
//! * A bot's turn lasts until the user's next turn, however often the LLM runs in it. It continues
//!   after a turn of the user that does not interrupt it.
//! * If a server sends `bot-output`, the older texts (`bot-llm-text`, `bot-transcription`,
//!   `bot-tts-text`) are ignored. Otherwise they are used.
//! * An interruption ends everything that is open: see [`SegmentState`]. `bot-interrupted` can also
//!   arrive while the bot is silent, and then it cuts off nothing. Servers of protocol 1 do not
//!   send it; with them, the user's speech or text interrupts.
//! * When a session ends or its connection is restored, all its open parts are closed. The turns
//!   remain, and the next session adds to them.

mod bot;
mod functions;
mod segment;
mod speech;
#[cfg(test)]
mod tests;
mod text;
mod turn;
mod turns;
mod user;

use serde::Serialize;

use crate::client::Event;
use crate::protocol::ServerMessage;

use bot::Place;
use turns::Turns;

pub use segment::{Segment, SegmentState};
pub use turn::{BotPart, BotTurn, FunctionCallEntry, FunctionCallState, Turn, TurnContent, UserTurn};

/// The default number of turns that are kept. When another turn begins, the oldest is removed.
pub const MAX_TURNS: u32 = 1000;

/// The default number of bytes of text per turn. Further text is omitted, and the turn is marked as
/// truncated.
pub const MAX_TURN_TEXT: u32 = 64 * 1024;

/// The number of parts in a bot's turn, or of acknowledgements in a user's turn. Further ones are
/// omitted, and the turn is marked as truncated.
pub const MAX_TURN_PARTS: usize = 1000;

/// How many of the last turns are searched for the segment of a message. Nothing is open in earlier
/// turns.
const REACH: usize = 4;

/// The limits of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ConversationLimits {
    /// The number of turns that are kept, at least 1. When another turn begins, the oldest is
    /// removed.
    pub max_turns: u32,
    /// The number of bytes of text in a turn, and of JSON in each of a function call's arguments
    /// and result. More is omitted.
    pub max_turn_text: u32,
}

impl Default for ConversationLimits {
    fn default() -> Self {
        Self { max_turns: MAX_TURNS, max_turn_text: MAX_TURN_TEXT }
    }
}

/// The effect of an event on the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ConversationChange {
    /// How many of the oldest turns were removed because there were too many. Every index decreased
    /// by this number.
    pub dropped: u32,
    /// The index of the first turn that may have been changed, added or removed; earlier turns are
    /// unchanged. It is nearly always the last turn or the one before it. If only the last turns
    /// were removed, it equals the number of turns.
    pub first: u32,
}

/// The conversation so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    limits: ConversationLimits,
    turns: Turns,
    next_id: u64,
    session: Session,
    dropped: usize,
    first_changed: Option<usize>,
}

/// What is known about the current session.
#[derive(Clone, Debug, Default, PartialEq)]
struct Session {
    /// The index of its first turn.
    start: usize,
    /// The server sends user-input for speech.
    user_inputs: bool,
    /// The server sends bot-output.
    bot_outputs: bool,
    /// The server reports when it interrupts the bot.
    announces_cuts: bool,
    /// The server reports which words are spoken.
    words: bool,
    /// The bot is speaking and has not been interrupted.
    talking: bool,
}

impl Conversation {
    /// Creates an empty conversation.
    pub fn new(limits: ConversationLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// The turns, oldest first.
    pub fn turns(&self) -> &[Turn] {
        self.turns.as_slice()
    }

    /// Removes all turns. A session that is running continues with the next turn.
    pub fn clear(&mut self) {
        self.turns.clear();
        self.session.start = 0;
    }

    /// Applies the client's next event and returns what it changed; `None` if nothing.
    ///
    /// Cheap: events that concern no turn cost nothing; the others inspect the last turns, and join
    /// the texts of what has changed.
    pub fn apply(&mut self, event: &Event) -> Option<ConversationChange> {
        self.apply_counted(event).map(|(change, _)| change)
    }

    /// The same; also returns how many bytes of text were joined.
    fn apply_counted(&mut self, event: &Event) -> Option<(ConversationChange, usize)> {
        (self.dropped, self.first_changed) = (0, None);
        match event {
            Event::Server(message) => self.message(message),
            Event::BotAudioHeard(heard) => self.bot_audio_heard(*heard),
            Event::Disconnected(_) | Event::Reconnecting { .. } => self.end_session(),
            _ => {}
        }
        let first = self.first_changed?;
        let joined = self.turns.refresh(first);
        Some((ConversationChange { dropped: count(self.dropped), first: count(first) }, joined))
    }

    fn message(&mut self, message: &ServerMessage) {
        match message {
            ServerMessage::UserStartedSpeaking => self.user_started(),
            ServerMessage::UserStoppedSpeaking => self.user_stopped(),
            ServerMessage::UserInput(data) => self.user_input(data),
            ServerMessage::UserTranscript(data) => self.user_transcription(data),
            ServerMessage::UserLlmText(data) => self.user_llm_text(&data.text),
            ServerMessage::BotLlmStarted => self.bot_llm_started(),
            ServerMessage::BotLlmStopped => self.bot_llm_stopped(),
            ServerMessage::BotTtsStarted => self.bot_tts_started(),
            ServerMessage::BotStartedSpeaking => self.bot_started_speaking(),
            ServerMessage::BotStoppedSpeaking => self.bot_stopped_speaking(),
            ServerMessage::BotInterrupted => self.bot_interrupted(),
            ServerMessage::BotOutput(data) => self.bot_output(data),
            ServerMessage::BotLlmText(data) => self.bot_llm_text(&data.text),
            ServerMessage::BotTranscript(data) => self.bot_transcription(&data.text),
            ServerMessage::BotTtsText(data) => self.bot_tts_text(&data.text),
            ServerMessage::LlmFunctionCall(data) => self.function_call(data),
            ServerMessage::LlmFunctionCallInProgress(data) => self.function_call_in_progress(data),
            ServerMessage::LlmFunctionCallStopped(data) => self.function_call_stopped(data),
            _ => {}
        }
    }

    /// Closes everything that is open.
    fn end_session(&mut self) {
        self.cut_all();
        self.cancel_function_calls();
        for index in self.session.start..self.turns.len() {
            if self
                .turns
                .get_mut(index)
                .and_then(Turn::as_user_mut)
                .is_some_and(|user| std::mem::take(&mut user.speaking))
            {
                self.touch(index);
            }
        }
        self.remove_void_turns();
        self.session = Session { start: self.turns.len(), ..Session::default() };
    }

    /// Begins a turn. Removes the oldest if there are too many.
    fn push_turn(&mut self, content: TurnContent) -> usize {
        while self.turns.len() >= self.limits.max_turns.max(1) as usize {
            self.turns.remove(0);
            self.dropped += 1;
            self.session.start = self.session.start.saturating_sub(1);
            self.first_changed = self.first_changed.map(|first| first.saturating_sub(1));
        }
        if let Some(leaving) =
            self.turns.len().checked_sub(REACH).filter(|leaving| *leaving >= self.session.start)
        {
            self.cut(leaving, false);
        }
        self.turns.push(Turn::new(self.next_id, content));
        self.next_id += 1;
        self.touch(self.turns.len() - 1);
        self.turns.len() - 1
    }

    /// Removes empty turns from the end of this session.
    fn remove_void_turns(&mut self) {
        for index in self.recent().rev() {
            if self.turns.get(index).is_some_and(Turn::is_void) {
                self.turns.remove(index);
                self.touch(index);
            }
        }
    }

    /// Marks a turn as changed.
    fn touch(&mut self, index: usize) {
        self.touch_part((index, 0));
    }

    /// Marks a turn as changed from a part on.
    fn touch_part(&mut self, (index, part): Place) {
        self.turns.mark_stale(index, part);
        self.first_changed = Some(self.first_changed.map_or(index, |first| first.min(index)));
    }

    /// The indexes of this session's last turns.
    fn recent(&self) -> std::ops::Range<usize> {
        self.session.start.max(self.turns.len().saturating_sub(REACH))..self.turns.len()
    }

    /// The index of this session's last turn.
    fn last(&self) -> Option<usize> {
        self.recent().next_back()
    }

    /// The number of bytes of text that a turn can still take, including a space before the text.
    fn room(&self, index: usize) -> usize {
        let limit = self.limits.max_turn_text as usize;
        limit.saturating_sub(self.turns.get(index).map_or(0, Turn::text_len) + 1)
    }

    /// Returns as much of a text as fits into a turn. Marks the turn as truncated if that is not
    /// all.
    fn fitting<'a>(&mut self, index: usize, text: &'a str) -> &'a str {
        let fitting = text::clip(text, self.room(index));
        if fitting.len() < text.len() {
            self.truncate(index);
        }
        fitting
    }

    fn truncate(&mut self, index: usize) {
        if let Some(turn) = self.turns.get_mut(index) {
            turn.truncated = true;
            self.touch(index);
        }
    }
}

/// The number of turns never exceeds the limit, which is a `u32`.
fn count(turns: usize) -> u32 {
    u32::try_from(turns).unwrap_or(u32::MAX)
}
