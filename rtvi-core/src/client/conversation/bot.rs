//! The bot's side: collects what the bot says from whichever messages the server sends.
//!
//! Pure; part of [`Conversation`].

use crate::protocol::{BotOutputData, OutputType, SpokenStatus};

use super::segment::{Segment, SegmentState};
use super::turn::{BotPart, BotTurn, Turn, TurnContent};
use super::{Conversation, MAX_TURN_PARTS};

/// The position of a segment: the index of its turn, and of the part in it.
pub(super) type Place = (usize, usize);

impl Conversation {
    /// Begins a new answer, in a new turn if the user had one in between.
    pub(super) fn bot_llm_started(&mut self) {
        let index = match self.last() {
            Some(last) if self.bot(last).is_some() => last,
            _ => self.begin_bot_turn(),
        };
        if let Some(notes) = self.turns.notes_mut(index) {
            notes.answered = false;
        }
    }

    /// Servers of protocol 1 send this twice for an answer, the second time when speech synthesis
    /// has received all of it.
    pub(super) fn bot_llm_stopped(&mut self) {
        let Some(index) = self.last_bot_turn() else { return };
        if let Some(notes) = self.turns.notes_mut(index) {
            notes.answered = true;
        }
        if let Some(place) = self.growing(index)
            && let Some(segment) = self.segment_mut(place)
        {
            segment.stop_growing();
            self.touch_part(place);
        }
    }

    pub(super) fn bot_output(&mut self, data: &BotOutputData) {
        if !std::mem::replace(&mut self.session.bot_outputs, true) {
            self.remove_fallback();
        }
        let by_word = matches!(data.output_type, OutputType::Word | OutputType::Token);
        if data.spoken == Some(true) && data.spoken_progress.is_none() {
            self.words(data.segment_id, &data.output_type, &data.text);
        } else if by_word && data.spoken_progress.is_none() {
            self.grow(&data.output_type, &data.text);
        } else {
            self.segment(data);
        }
    }

    pub(super) fn bot_llm_text(&mut self, text: &str) {
        if !self.session.bot_outputs {
            self.grow(&OutputType::Sentence, text);
        }
    }

    pub(super) fn bot_transcription(&mut self, text: &str) {
        if self.session.bot_outputs {
            return;
        }
        let index = self.bot_turn();
        let has_text = self.bot(index).is_some_and(|bot| bot.segments().any(|segment| segment.growing));
        if !has_text {
            self.add_segment(index, Segment::new(None, OutputType::Sentence, text.trim()));
        }
    }

    pub(super) fn bot_tts_text(&mut self, text: &str) {
        self.session.words = true;
        if !self.session.bot_outputs {
            self.words(None, &OutputType::Word, text);
        }
    }

    /// Returns the bot's turn that output now belongs to.
    pub(super) fn bot_turn(&mut self) -> usize {
        let last = self.last_bot_turn();
        let goes_on = |index: &usize| {
            *index + 1 == self.turns.len() || self.session.talking && *index + 2 == self.turns.len()
        };
        match last.filter(goes_on) {
            Some(index) => index,
            None => self.begin_bot_turn(),
        }
    }

    /// Adds a part to a turn of the bot, unless the turn is full.
    pub(super) fn add_part(&mut self, index: usize, part: BotPart) -> Option<usize> {
        match self.bot_mut(index) {
            Some(bot) if bot.parts.len() < MAX_TURN_PARTS => {
                bot.parts.push(part);
                let part = bot.parts.len() - 1;
                self.touch_part((index, part));
                Some(part)
            }
            _ => {
                self.truncate(index);
                None
            }
        }
    }

    fn begin_bot_turn(&mut self) -> usize {
        self.cut_all();
        self.remove_void_bot_turn();
        self.push_turn(TurnContent::Bot(BotTurn::default()))
    }

    /// Applies a report about a segment, or a sentence of protocol 1 that will be spoken.
    fn segment(&mut self, data: &BotOutputData) {
        let talking = self.session.talking;
        let found = data.segment_id.and_then(|id| self.find(|segment| segment.id == Some(id)));
        let Some(place) = found.or_else(|| self.new_segment(data)) else { return };
        let room = self.room(place.0);
        let completed = data.spoken_status == Some(SpokenStatus::Completed);
        let Some(segment) = self.segment_mut(place) else { return };
        let before = segment.clone();
        segment.report(data.spoken_progress.as_ref(), completed, room, talking);
        let begun = segment.state != before.state
            && matches!(segment.state, SegmentState::Speaking | SegmentState::Spoken);
        if *segment != before {
            self.touch_part(place);
        }
        if begun {
            self.end_others(place);
        }
    }

    fn new_segment(&mut self, data: &BotOutputData) -> Option<Place> {
        let index = self.bot_turn();
        let mut segment = Segment::new(data.segment_id, data.output_type.clone(), &data.text);
        if data.will_be_spoken == Some(false) {
            segment.state = SegmentState::Unspoken;
        }
        self.add_segment(index, segment)
    }

    fn add_segment(&mut self, index: usize, mut segment: Segment) -> Option<Place> {
        let text = self.fitting(index, &segment.text).to_owned();
        if text.is_empty() {
            return None;
        }
        segment.text = text;
        self.add_part(index, BotPart::Segment(segment)).map(|part| (index, part))
    }

    /// Applies a chunk of text that is still being written.
    fn grow(&mut self, kind: &OutputType, chunk: &str) {
        let index = self.bot_turn();
        let chunk = self.fitting(index, chunk).to_owned();
        if let Some(place) = self.growing(index)
            && let Some(segment) = self.segment_mut(place)
        {
            segment.grow(&chunk);
            self.touch_part(place);
        } else {
            let begun = Segment::new(None, kind.clone(), chunk.trim_start());
            self.add_segment(index, Segment { growing: true, ..begun });
        }
    }

    /// Finds the segment of a turn that is still being written.
    fn growing(&self, index: usize) -> Option<Place> {
        let mut parts = self.bot(index)?.parts.iter();
        let part = parts.position(|part| part.as_segment().is_some_and(|segment| segment.growing))?;
        Some((index, part))
    }

    /// Applies spoken words, to the given segment or to the one that is next.
    fn words(&mut self, id: Option<u64>, kind: &OutputType, text: &str) {
        self.session.words = true;
        let text = text.trim();
        let found = match id {
            Some(id) => self.find(|segment| segment.id == Some(id)),
            None => self.find_by_word(text),
        };
        let place = found.or_else(|| {
            let index = self.bot_turn();
            self.add_segment(index, Segment::new(id, kind.clone(), text))
        });
        let Some(place) = place else { return };
        self.mark_voiced(place.0);
        let (room, talking) = (self.room(place.0), self.session.talking);
        let Some(segment) = self.segment_mut(place) else { return };
        if found.is_some() {
            segment.word(text, room, talking);
        } else {
            segment.spoken_text.clone_from(&segment.text);
            segment.state = SegmentState::Speaking;
        }
        self.touch_part(place);
        self.end_others(place);
    }

    /// Finds the segment of a word without a segment number: the one being spoken, else the next,
    /// else one that was cut off.
    fn find_by_word(&self, word: &str) -> Option<Place> {
        let speaking = self.find(|segment| segment.state == SegmentState::Speaking);
        let expecting = |segment: &&Segment| segment.expects(word);
        let next = self.first_pending();
        let spoken = speaking.filter(|place| self.part(*place).filter(expecting).is_some());
        spoken
            .or_else(|| {
                next.filter(|place| speaking.is_none() || self.part(*place).filter(expecting).is_some())
            })
            .or(speaking)
            .or_else(|| {
                self.find(|segment| segment.state == SegmentState::Interrupted && segment.expects(word))
            })
    }

    fn first_pending(&self) -> Option<Place> {
        let index = self.last_bot_turn()?;
        let mut parts = self.bot(index)?.parts.iter();
        let part = parts.position(|part| {
            part.as_segment().is_some_and(|segment| segment.state == SegmentState::Pending)
        })?;
        Some((index, part))
    }

    /// Finds the last segment that matches.
    fn find(&self, fits: impl Fn(&Segment) -> bool) -> Option<Place> {
        self.recent().rev().find_map(|index| {
            let parts = &self.bot(index)?.parts;
            parts.iter().rposition(|part| part.as_segment().is_some_and(&fits)).map(|part| (index, part))
        })
    }

    /// Removes the text from older messages once the server sends its first bot-output.
    fn remove_fallback(&mut self) {
        let Some(index) = self.last_bot_turn() else { return };
        if let Some(bot) = self.bot_mut(index) {
            bot.parts.retain(|part| part.as_segment().is_none());
            self.touch(index);
        }
    }

    /// Removes a turn of the bot that has become empty.
    pub(super) fn remove_void_bot_turn(&mut self) {
        if let Some(index) = self.last_bot_turn()
            && self.turns.get(index).is_some_and(Turn::is_void)
        {
            self.turns.remove(index);
            self.touch(index);
        }
    }

    pub(super) fn last_bot_turn(&self) -> Option<usize> {
        self.recent().rev().find(|index| self.bot(*index).is_some())
    }

    pub(super) fn bot(&self, index: usize) -> Option<&BotTurn> {
        self.turns.get(index).and_then(Turn::as_bot)
    }

    pub(super) fn bot_mut(&mut self, index: usize) -> Option<&mut BotTurn> {
        self.turns.get_mut(index).and_then(Turn::as_bot_mut)
    }

    fn part(&self, (turn, part): Place) -> Option<&Segment> {
        self.bot(turn)?.parts.get(part)?.as_segment()
    }

    fn segment_mut(&mut self, (turn, part): Place) -> Option<&mut Segment> {
        match self.bot_mut(turn)?.parts.get_mut(part)? {
            BotPart::Segment(segment) => Some(segment),
            _ => None,
        }
    }
}
