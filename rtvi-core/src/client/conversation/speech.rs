//! When the bot starts and stops speaking, and when it is cut off.
//!
//! Pure; part of [`Conversation`]. Decides what happens to open segments, not what they contain.

use crate::client::BotAudioHeard;

use super::Conversation;
use super::bot::Place;
use super::segment::{Segment, SegmentState};
use super::turn::BotPart;

impl Conversation {
    pub(super) fn bot_tts_started(&mut self) {
        if let Some(index) = self.last() {
            self.mark_voiced(index);
        }
    }

    pub(super) fn bot_started_speaking(&mut self) {
        let index = self.bot_turn();
        self.mark_voiced(index);
        self.session.talking = true;
    }

    /// The end of playback, or a gap in it. Segments that have not begun may still follow; an open
    /// segment continues if the server reports it.
    pub(super) fn bot_stopped_speaking(&mut self) {
        self.session.talking = false;
        let wordless = !self.session.words && !self.session.bot_outputs;
        for index in self.recent() {
            let all_heard =
                wordless && self.turns.notes(index).is_some_and(|notes| notes.voiced && notes.answered);
            let Some(bot) = self.bot_mut(index) else { continue };
            let mut changed = false;
            for segment in bot.segments_mut() {
                match segment.state {
                    SegmentState::Speaking => segment.stop(),
                    SegmentState::Pending if all_heard => segment.finish(),
                    _ => continue,
                }
                changed = true;
            }
            if changed {
                self.touch(index);
            }
        }
    }

    /// Arrives once the audio of an utterance was played or dropped, shortly after the server
    /// reports its end.
    pub(super) fn bot_audio_heard(&mut self, utterance: BotAudioHeard) {
        let Some(index) = self.last_bot_turn() else { return };
        let Some(bot) = self.bot_mut(index) else { return };
        bot.hear(utterance);
        self.touch(index);
    }

    pub(super) fn bot_interrupted(&mut self) {
        self.session.announces_cuts = true;
        self.cut_all();
        self.session.talking = false;
        self.remove_void_bot_turn();
    }

    /// Servers of protocol 1 do not report interruptions. They interrupt the bot whenever the user
    /// begins a turn.
    pub(super) fn cut_if_implied(&mut self) {
        let last = self.last_bot_turn().and_then(|index| self.bot(index));
        let unnumbered = last.is_some_and(|bot| bot.segments().all(|segment| segment.id.is_none()));
        if unnumbered && !self.session.announces_cuts {
            self.cut_all();
        }
    }

    /// Ends all open segments of the bot's turns.
    pub(super) fn cut_all(&mut self) {
        let mut talking = self.session.talking;
        for index in self.recent().rev() {
            if self.bot(index).is_some() {
                self.cut(index, std::mem::take(&mut talking));
            }
        }
    }

    /// Ends the open segments of a turn of the bot; see [`BotTurn::cut`](super::BotTurn).
    pub(super) fn cut(&mut self, index: usize, talking: bool) {
        let text_only = self.turns.notes(index).is_some_and(|notes| !notes.voiced && notes.answered);
        let Some(bot) = self.bot_mut(index) else { return };
        if bot.segments().any(Segment::is_open) {
            bot.cut(talking, text_only);
            self.touch(index);
        }
    }

    /// Only one segment is spoken at a time. In this turn, earlier segments have been spoken; all
    /// others have been cut off.
    pub(super) fn end_others(&mut self, place: Place) {
        for index in self.recent() {
            let Some(bot) = self.bot_mut(index) else { continue };
            let mut changed = None;
            for (part, content) in bot.parts.iter_mut().enumerate() {
                if let BotPart::Segment(segment) = content
                    && segment.state == SegmentState::Speaking
                    && (index, part) != place
                {
                    if index == place.0 && part < place.1 {
                        segment.finish()
                    } else {
                        segment.stop()
                    }
                    changed.get_or_insert(part);
                }
            }
            if let Some(part) = changed {
                self.touch_part((index, part));
            }
        }
    }

    pub(super) fn mark_voiced(&mut self, index: usize) {
        if let Some(notes) = self.turns.notes_mut(index) {
            notes.voiced = true;
        }
    }
}
