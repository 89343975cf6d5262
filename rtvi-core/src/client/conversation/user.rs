//! The user's side: what the user says and types, and short acknowledgements.
//!
//! Pure; part of [`Conversation`]. Ends the bot's turn only through the bot's side.

use crate::protocol::{TranscriptData, UserInputData, UserInputType};

use super::text::join;
use super::turn::{BotPart, Turn, TurnContent, UserTurn};
use super::{Conversation, MAX_TURN_PARTS};

impl Conversation {
    pub(super) fn user_started(&mut self) {
        self.cut_if_implied();
        let index = match self.open_user_turn() {
            Some(index) if self.user(index).is_some_and(|user| user.llm_text.is_none()) => index,
            _ => self.begin_user_turn(),
        };
        if let Some(user) = self.user_mut(index)
            && !std::mem::replace(&mut user.speaking, true)
        {
            self.touch(index);
        }
    }

    pub(super) fn user_stopped(&mut self) {
        for index in self.recent() {
            if self.user_mut(index).is_some_and(|user| std::mem::take(&mut user.speaking)) {
                self.touch(index);
            }
        }
    }

    pub(super) fn user_transcription(&mut self, data: &TranscriptData) {
        if !self.session.user_inputs {
            self.transcription(&data.text, data.is_final, data.user_id.as_deref(), data.timestamp.as_deref());
        }
    }

    pub(super) fn user_input(&mut self, data: &UserInputData) {
        match data.input_type {
            UserInputType::Chat => self.typed(data),
            UserInputType::Backchannel => self.backchannel(&data.text),
            UserInputType::Transcription | UserInputType::Other(_) => self.spoken_input(data),
        }
    }

    /// Applies the user's text as the LLM receives it. It is repeated when the LLM runs again
    /// without new input.
    pub(super) fn user_llm_text(&mut self, text: &str) {
        if let Some(index) = self.last().filter(|last| self.user(*last).is_some()) {
            return self.set_llm_text(index, text);
        }
        let unanswered = self.previous_user_turn().filter(|(_, answered)| !answered);
        let before = unanswered.and_then(|(index, _)| Some((index, self.user(index)?.llm_text.as_deref())));
        let index = match before {
            Some((_, Some(before))) if before == text => return,
            Some((index, None)) => index,
            _ => self.begin_injected_turn(),
        };
        self.set_llm_text(index, text);
    }

    fn set_llm_text(&mut self, index: usize, text: &str) {
        let Some(before) = self.user_mut(index).map(|user| user.llm_text.take()) else { return };
        let text = self.fitting(index, text).to_owned();
        if before.as_ref() != Some(&text) {
            self.touch(index);
        }
        if let Some(user) = self.user_mut(index) {
            user.llm_text = Some(text);
        }
    }

    /// Begins a turn of which only the LLM's text is known: an app sent it, or it was typed to a
    /// server of protocol 1.
    fn begin_injected_turn(&mut self) -> usize {
        self.cut_if_implied();
        let index = self.begin_user_turn();
        if let Some(user) = self.user_mut(index) {
            user.typed = true;
        }
        index
    }

    fn spoken_input(&mut self, data: &UserInputData) {
        let first = !std::mem::replace(&mut self.session.user_inputs, true);
        // The same speech may have arrived as a user-transcription just before the first
        // user-input.
        let repeated = first
            && self
                .open_user_turn()
                .and_then(|index| self.user(index))
                .is_some_and(|user| user.final_text == data.text);
        if !repeated {
            self.transcription(&data.text, data.is_final, data.user_id.as_deref(), data.timestamp.as_deref());
        }
    }

    fn transcription(&mut self, text: &str, is_final: bool, user_id: Option<&str>, timestamp: Option<&str>) {
        let open = self.open_user_turn().or_else(|| self.turn_awaiting_transcription());
        if text.trim().is_empty() && open.is_none() {
            return;
        }
        let index = open.unwrap_or_else(|| self.begin_user_turn());
        let Some(interim) = self.user_mut(index).map(|user| user.interim.take()) else { return };
        let text = self.fitting(index, text.trim()).to_owned();
        let Some(user) = self.user_mut(index) else { return };
        if !is_final {
            user.interim = Some(text).filter(|text| !text.is_empty());
        } else if !text.is_empty() {
            join(&mut user.final_text, &text);
        }
        user.user_id = user.user_id.take().or_else(|| known(user_id));
        user.timestamp = user.timestamp.take().or_else(|| known(timestamp));
        if user.interim != interim || is_final {
            self.touch(index);
        }
    }

    fn typed(&mut self, data: &UserInputData) {
        self.cut_if_implied();
        let index = self.begin_user_turn();
        let text = self.fitting(index, &data.text).to_owned();
        let Some(user) = self.user_mut(index) else { return };
        user.typed = true;
        user.final_text = text;
        user.user_id = known(data.user_id.as_deref());
        user.timestamp = known(data.timestamp.as_deref());
        user.msg_id = known(data.msg_id.as_deref());
    }

    /// A backchannel replaces the final transcription of the same speech.
    fn backchannel(&mut self, text: &str) {
        if let Some(index) = self.open_user_turn() {
            self.withdraw_interim(index);
        }
        let bot = self
            .recent()
            .rev()
            .find(|index| self.turns.get(*index).is_some_and(|turn| turn.as_bot().is_some()));
        let Some(index) = bot.or_else(|| self.last()) else { return };
        let text = self.fitting(index, text).to_owned();
        let full = match self.turns.get_mut(index).map(|turn| &mut turn.content) {
            Some(TurnContent::Bot(bot)) if bot.parts.len() < MAX_TURN_PARTS => {
                bot.parts.push(BotPart::UserBackchannel { text });
                false
            }
            Some(TurnContent::User(user)) if user.backchannels.len() < MAX_TURN_PARTS => {
                user.backchannels.push(text);
                false
            }
            _ => true,
        };
        self.touch(index);
        if full {
            self.truncate(index);
        }
    }

    fn withdraw_interim(&mut self, index: usize) {
        let Some(user) = self.user_mut(index) else { return };
        let withdrawn = user.interim.take().is_some();
        let void = withdrawn && user.is_void() && !user.speaking;
        if withdrawn {
            self.touch(index);
        }
        if void {
            self.turns.remove(index);
        }
    }

    fn begin_user_turn(&mut self) -> usize {
        self.remove_void_turns();
        self.push_turn(TurnContent::User(UserTurn::default()))
    }

    /// Returns the last turn, if it is a spoken one of the user.
    fn open_user_turn(&self) -> Option<usize> {
        self.last().filter(|index| self.user(*index).is_some_and(|user| !user.typed))
    }

    /// Returns the user's turn before the bot's last one, if it has no final transcription yet. A
    /// speech-to-speech service sends it while the bot answers.
    fn turn_awaiting_transcription(&self) -> Option<usize> {
        let (index, _) = self.previous_user_turn()?;
        self.user(index)
            .filter(|user| !user.typed && (user.is_void() || user.interim.is_some()))
            .map(|_| index)
    }

    /// Returns the user's turn just before the bot's last one, and whether the bot has said
    /// anything since.
    fn previous_user_turn(&self) -> Option<(usize, bool)> {
        let last = self.last()?;
        let answered = self.turns.get(last)?.as_bot()?.segments().next().is_some();
        let index = last.checked_sub(1).filter(|index| *index >= self.session.start)?;
        self.user(index).map(|_| (index, answered))
    }

    fn user(&self, index: usize) -> Option<&UserTurn> {
        self.turns.get(index).and_then(Turn::as_user)
    }

    fn user_mut(&mut self, index: usize) -> Option<&mut UserTurn> {
        self.turns.get_mut(index).and_then(Turn::as_user_mut)
    }
}

/// Reads a text that a server may leave empty if unknown. Drops names and times that are longer
/// than any real one.
fn known(text: Option<&str>) -> Option<String> {
    const LONGEST: usize = 256;
    text.filter(|text| !text.is_empty() && text.len() <= LONGEST).map(str::to_owned)
}
