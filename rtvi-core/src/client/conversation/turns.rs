//! The turns that are kept, each with the notes that only the rules need.
//!
//! Pure; a list that keeps turns and notes in step. Contains no rule.

use super::turn::Turn;

/// Turns with their notes, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Turns {
    turns: Vec<Turn>,
    notes: Vec<Notes>,
}

/// What the rules need to know about a turn of the bot and apps do not.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Notes {
    /// A message indicated that the turn is spoken.
    pub(super) voiced: bool,
    /// The LLM has finished an answer.
    pub(super) answered: bool,
    /// For each function call of the turn, in order, the messages that announced it.
    pub(super) calls: Vec<CallForms>,
    /// The first part that changed since the texts were joined.
    stale: Option<usize>,
    /// How long the two texts are up to the end of each part.
    joints: Joints,
}

/// The lengths of a turn's text and heard text up to the end of each of its parts, so that a change
/// in a part joins only the texts from there on.
pub(super) type Joints = Vec<(usize, usize)>;

/// The messages that can announce a function call, each once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CallForms(u8);

impl CallForms {
    pub(super) const IN_PROGRESS: Self = Self(1);
    pub(super) const DEPRECATED: Self = Self(2);

    pub(super) const fn has(self, form: Self) -> bool {
        self.0 & form.0 != 0
    }

    pub(super) const fn add(&mut self, form: Self) {
        self.0 |= form.0;
    }
}

impl Turns {
    pub(super) fn as_slice(&self) -> &[Turn] {
        &self.turns
    }

    pub(super) const fn len(&self) -> usize {
        self.turns.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Turn> {
        self.turns.get(index)
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Turn> {
        self.turns.get_mut(index)
    }

    pub(super) fn notes(&self, index: usize) -> Option<&Notes> {
        self.notes.get(index)
    }

    pub(super) fn notes_mut(&mut self, index: usize) -> Option<&mut Notes> {
        self.notes.get_mut(index)
    }

    pub(super) fn push(&mut self, turn: Turn) {
        self.turns.push(turn);
        self.notes.push(Notes::default());
    }

    /// Removes the turn at this index.
    pub(super) fn remove(&mut self, index: usize) {
        self.turns.remove(index);
        self.notes.remove(index);
    }

    pub(super) fn clear(&mut self) {
        self.turns.clear();
        self.notes.clear();
    }

    /// Marks the texts of a turn as changed from this part on.
    pub(super) fn mark_stale(&mut self, index: usize, part: usize) {
        if let Some(notes) = self.notes.get_mut(index) {
            notes.stale = Some(notes.stale.map_or(part, |stale| stale.min(part)));
        }
    }

    /// Updates the changed texts of the turns from `first` on. Returns how many bytes it joined.
    pub(super) fn refresh(&mut self, first: usize) -> usize {
        let turns = self.turns.iter_mut().zip(&mut self.notes).skip(first);
        let changed = turns.filter_map(|(turn, notes)| Some((turn, notes.stale.take()?, &mut notes.joints)));
        changed.map(|(turn, part, joints)| turn.refresh(part, joints)).sum()
    }
}
