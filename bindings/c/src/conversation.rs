//! The conversation view: turns, built from a client's events.
//!
//! Depends on [`crate::event`], [`crate::handle`] and [`crate::view`]. The core decides what the
//! turns are.

use std::{
    collections::BTreeMap,
    ptr,
    sync::{Mutex, PoisonError},
};

use rtvi_core::{
    Error, ErrorKind, Event,
    client::{Conversation, ConversationLimits, MAX_TURN_TEXT, MAX_TURNS, Turn},
};

use crate::{
    error::rtvi_error,
    event::rtvi_event,
    handle::Handles,
    memory,
    panic::{guard, guard_or},
    types::turn_structs::{rtvi_conversation_change, rtvi_turn},
    view::{InC, View},
};

/// The turns of a conversation, built from a client's events.
#[derive(Debug)]
pub struct rtvi_conversation;

/// A conversation, and those of its turns that C looks at.
#[derive(Debug, Default)]
struct Held {
    conversation: Conversation,
    shown: BTreeMap<usize, Shown>,
    /// What the last event changed.
    change: Option<View>,
}

/// A turn as it was when C requested it.
#[derive(Debug)]
struct Shown {
    view: View,
    _turn: Box<Turn>,
}

impl Shown {
    fn new(turn: &Turn) -> Self {
        let turn = Box::new(turn.clone());
        Self { view: View::new(|arena| turn.in_c(arena)), _turn: turn }
    }
}

impl Held {
    fn apply(&mut self, event: &Event) -> *const rtvi_conversation_change {
        let change = self.conversation.apply(event);
        if change.is_some() {
            self.shown.clear();
        }
        self.change = change.map(|change| View::new(|arena| change.in_c(arena)));
        self.change.as_ref().map_or(ptr::null(), View::payload)
    }

    fn turn(&mut self, index: usize) -> *const rtvi_turn {
        let Some(turn) = self.conversation.turns().get(index) else { return ptr::null() };
        self.shown.entry(index).or_insert_with(|| Shown::new(turn)).view.payload()
    }
}

static CONVERSATIONS: Handles<rtvi_conversation, Mutex<Held>> = Handles::new("rtvi_conversation");

fn with<T>(conversation: *const rtvi_conversation, act: impl FnOnce(&mut Held) -> T) -> Result<T, Error> {
    let held = CONVERSATIONS.get(conversation)?;
    let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(act(&mut held))
}

/// Creates an empty conversation. It keeps `max_turns` turns and drops the oldest when another one
/// begins. It keeps `max_turn_text` bytes of text in each turn. 0 means the default: 1000 turns and
/// 64 KiB. Free it with `rtvi_conversation_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_conversation_new(
    max_turns: u32,
    max_turn_text: u32,
    conversation: *mut *mut rtvi_conversation,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let or_default = |given: u32, default: u32| if given == 0 { default } else { given };
        let limits = ConversationLimits {
            max_turns: or_default(max_turns, MAX_TURNS),
            max_turn_text: or_default(max_turn_text, MAX_TURN_TEXT),
        };
        let held = Held { conversation: Conversation::new(limits), ..Held::default() };
        memory::write(conversation, CONVERSATIONS.add(Mutex::new(held)));
        Ok(())
    })
}

/// Applies the next event of a client. Sets `*change` to the change that it caused, or to null if
/// it changed no turn. The struct is valid until the next event is applied or the conversation is
/// freed.
///
/// You may pass every event, in order. Events that concern no turn cost next to nothing.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_conversation_apply(
    conversation: *mut rtvi_conversation,
    event: Option<&rtvi_event>,
    change: *mut *const rtvi_conversation_change,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        memory::write(change, ptr::null());
        let event = event.ok_or_else(|| Error::new(ErrorKind::InvalidArgument, "the event is null"))?.core();
        memory::write(change, with(conversation, |held| held.apply(&event))?);
        Ok(())
    })
}

/// Returns the number of turns; 0 for null or a freed conversation.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_conversation_turn_count(conversation: *const rtvi_conversation) -> usize {
    guard_or(0, || with(conversation, |held| held.conversation.turns().len()).unwrap_or(0))
}

/// Returns a turn, counted from 0, the oldest first; null if there is none. The turn is valid until
/// an event changes the conversation, or the conversation is cleared or freed. Use it on the thread
/// that does these things.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_conversation_turn(
    conversation: *const rtvi_conversation,
    index: usize,
) -> *const rtvi_turn {
    guard_or(ptr::null(), || with(conversation, |held| held.turn(index)).unwrap_or(ptr::null()))
}

/// Removes all turns. If the session continues, its next turn is the first.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_conversation_clear(conversation: *mut rtvi_conversation) -> Option<Box<rtvi_error>> {
    guard(|| {
        with(conversation, |held| {
            held.conversation.clear();
            held.shown.clear();
        })
    })
}

/// Frees a conversation. Null is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_conversation_free(conversation: *mut rtvi_conversation) {
    guard_or((), || drop(CONVERSATIONS.remove(conversation)));
}

#[cfg(test)]
mod tests {
    use rtvi_core::protocol::{ServerMessage, TextData};

    use super::*;

    fn typed(text: &str) -> rtvi_event {
        Event::Server(ServerMessage::UserLlmText(TextData { text: text.to_owned() })).into()
    }

    /// Returns what an event changed: how many turns were dropped, and the first turn that differs.
    fn apply(conversation: *mut rtvi_conversation, event: &rtvi_event) -> Option<(u32, u32)> {
        let mut change = ptr::dangling();
        assert!(rtvi_conversation_apply(conversation, Some(event), &raw mut change).is_none());
        // SAFETY: it is null, or valid until the next event.
        unsafe { change.as_ref() }.map(|change| (change.dropped, change.first))
    }

    #[test]
    fn turns_follow_the_events() {
        let mut conversation = ptr::null_mut();
        assert!(rtvi_conversation_new(0, 0, &raw mut conversation).is_none());
        assert_eq!(apply(conversation, &typed("one")), Some((0, 0)));
        assert_eq!(apply(conversation, &rtvi_event::from(Event::Connected)), None);
        assert_eq!(rtvi_conversation_turn_count(conversation), 1);
        let turn = rtvi_conversation_turn(conversation, 0);
        assert_eq!(turn, rtvi_conversation_turn(conversation, 0), "it stays where it is");
        // SAFETY: the conversation has not changed since.
        let text = unsafe { (*turn).text };
        assert_eq!(text.text("text").unwrap(), "one");
        assert!(rtvi_conversation_turn(conversation, 1).is_null());
        assert!(rtvi_conversation_clear(conversation).is_none());
        assert_eq!(rtvi_conversation_turn_count(conversation), 0);
        rtvi_conversation_free(conversation);
        assert!(rtvi_conversation_turn(conversation, 0).is_null());
        assert!(rtvi_conversation_clear(conversation).is_some());
    }

    #[test]
    fn few_turns_are_kept_where_few_are_wanted() {
        let mut conversation = ptr::null_mut();
        assert!(rtvi_conversation_new(1, 0, &raw mut conversation).is_none());
        assert_eq!(apply(conversation, &typed("one")), Some((0, 0)));
        let bot = rtvi_event::from(Event::Server(ServerMessage::BotLlmStarted));
        assert_eq!(apply(conversation, &bot).map(|(dropped, _)| dropped), Some(1));
        assert_eq!(rtvi_conversation_turn_count(conversation), 1);
        let mut change = ptr::dangling();
        assert!(rtvi_conversation_apply(conversation, None, &raw mut change).is_some());
        assert!(change.is_null());
        rtvi_conversation_free(conversation);
    }
}
