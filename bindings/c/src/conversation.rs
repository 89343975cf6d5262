//! The conversation view: turns, made from a client's events.
//!
//! Depends on [`crate::event`], [`crate::handle`] and [`crate::json`]. The core decides what the turns are.

use std::sync::{Mutex, PoisonError};

use rtvi_core::{
    Error, ErrorKind,
    client::{Conversation, ConversationChange, ConversationLimits, MAX_TURN_TEXT, MAX_TURNS},
};

use crate::{
    error::rtvi_error,
    event::rtvi_event,
    handle::Handles,
    json::rtvi_json,
    memory,
    panic::{guard, guard_or},
};

/// The turns of a conversation, made from a client's events.
#[derive(Debug)]
pub struct rtvi_conversation;

/// What an event changed in a conversation.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct rtvi_conversation_change {
    /// Whether anything changed; otherwise the rest is 0.
    pub changed: bool,
    /// How many of the oldest turns went first, because there were too many: every index moved down by that.
    pub dropped: u32,
    /// The first turn that may be different, new or gone; those before it are as they were. The number of turns if only the last ones went.
    pub first: u32,
}

impl From<Option<ConversationChange>> for rtvi_conversation_change {
    fn from(change: Option<ConversationChange>) -> Self {
        let changed = |ConversationChange { dropped, first }| Self { changed: true, dropped, first };
        change.map_or_else(Self::default, changed)
    }
}

static CONVERSATIONS: Handles<rtvi_conversation, Mutex<Conversation>> = Handles::new("rtvi_conversation");

fn with<T>(
    conversation: *const rtvi_conversation,
    act: impl FnOnce(&mut Conversation) -> T,
) -> Result<T, Error> {
    let conversation = CONVERSATIONS.get(conversation)?;
    let mut conversation = conversation.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(act(&mut conversation))
}

/// Makes an empty conversation. It keeps `max_turns` turns, of which the oldest goes when one more begins, and `max_turn_text` bytes of
/// text in each; 0 is the default of 1000 and of 64 KiB. Free it with `rtvi_conversation_free`.
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
        memory::write(conversation, CONVERSATIONS.add(Mutex::new(Conversation::new(limits))));
        Ok(())
    })
}

/// Takes the next event of a client, and says what it changed.
///
/// Every event may be given, in order: those that concern no turn cost next to nothing.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_conversation_apply(
    conversation: *mut rtvi_conversation,
    event: Option<&rtvi_event>,
    change: *mut rtvi_conversation_change,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let event = event.ok_or_else(|| Error::new(ErrorKind::InvalidArgument, "the event is null"))?;
        let changed = with(conversation, |conversation| conversation.apply(&event.core()))?;
        memory::write(change, changed.into());
        Ok(())
    })
}

/// How many turns there are; 0 for no conversation.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_conversation_turn_count(conversation: *const rtvi_conversation) -> usize {
    guard_or(0, || with(conversation, |conversation| conversation.turns().len()).unwrap_or(0))
}

/// A turn, counted from 0, the oldest first, as it is now; null if there is none. Free it with `rtvi_json_free`.
///
/// Each has an `id` (never used again in this conversation), its whole `text`, `heardText` (what reached the other side), `truncated`
/// and `role`. With the role `user` come `finalText`, `typed`, `speaking` and, where known, `interim`, `llmText`, `userId`,
/// `timestamp`, `msgId` and `backchannels`. With the role `bot` come `parts` and, where there was audio, `audio` (how much was heard). A part is
/// a `segment` (`text`, `spokenText`, `state`: pending, speaking, spoken, interrupted or unspoken, `kind`, `growing`, `id`), a
/// `functionCall` (`toolCallId`, `functionName`, `arguments`, `result`, `state`: running, done or cancelled) or a `userBackchannel`
/// (`text`), as its member `part` says.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_conversation_turn(
    conversation: *const rtvi_conversation,
    index: usize,
) -> Option<Box<rtvi_json>> {
    guard_or(None, || {
        let turn = with(conversation, |conversation| conversation.turns().get(index).cloned()).ok()??;
        serde_json::to_value(turn).ok().map(|turn| Box::new(rtvi_json::new(turn)))
    })
}

/// Forgets all turns. A session that goes on begins with the next one.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_conversation_clear(conversation: *mut rtvi_conversation) -> Option<Box<rtvi_error>> {
    guard(|| with(conversation, Conversation::clear))
}

/// Frees a conversation; does nothing for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_conversation_free(conversation: *mut rtvi_conversation) {
    guard_or((), || drop(CONVERSATIONS.remove(conversation)));
}

#[cfg(test)]
mod tests {
    use rtvi_core::{
        Event,
        protocol::{ServerMessage, TextData},
    };

    use super::*;
    use crate::json::rtvi_json_text;

    fn typed(text: &str) -> rtvi_event {
        Event::Server(ServerMessage::UserLlmText(TextData { text: text.to_owned() })).into()
    }

    #[test]
    fn turns_follow_the_events() {
        let mut conversation = std::ptr::null_mut();
        assert!(rtvi_conversation_new(0, 0, &raw mut conversation).is_none());
        let mut change = rtvi_conversation_change::default();
        assert!(rtvi_conversation_apply(conversation, Some(&typed("one")), &raw mut change).is_none());
        assert_eq!(change, rtvi_conversation_change { changed: true, dropped: 0, first: 0 });
        let connected = rtvi_event::from(Event::Connected);
        assert!(rtvi_conversation_apply(conversation, Some(&connected), &raw mut change).is_none());
        assert_eq!(change, rtvi_conversation_change::default());
        assert_eq!(rtvi_conversation_turn_count(conversation), 1);
        let turn = rtvi_json_text(rtvi_conversation_turn(conversation, 0).as_deref()).unwrap();
        assert!(turn.view().text("turn").unwrap().contains(r#""text":"one""#));
        assert!(rtvi_conversation_turn(conversation, 1).is_none());
        assert!(rtvi_conversation_clear(conversation).is_none());
        assert_eq!(rtvi_conversation_turn_count(conversation), 0);
        rtvi_conversation_free(conversation);
        assert!(rtvi_conversation_apply(conversation, Some(&typed("two")), &raw mut change).is_some());
        assert_eq!(rtvi_conversation_turn_count(conversation), 0);
    }

    #[test]
    fn few_turns_are_kept_where_few_are_wanted() {
        let mut conversation = std::ptr::null_mut();
        assert!(rtvi_conversation_new(1, 0, &raw mut conversation).is_none());
        let mut change = rtvi_conversation_change::default();
        for event in [typed("one"), Event::Server(ServerMessage::BotLlmStarted).into()] {
            assert!(rtvi_conversation_apply(conversation, Some(&event), &raw mut change).is_none());
        }
        assert_eq!((change.dropped, rtvi_conversation_turn_count(conversation)), (1, 1));
        assert!(rtvi_conversation_apply(conversation, None, &raw mut change).is_some());
        rtvi_conversation_free(conversation);
    }
}
