//! The conversation view for Swift and Kotlin.
//!
//! Depends on the core's conversation, which decides everything. May be used from any thread.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rtvi_core::{
    client::{Conversation, ConversationChange, ConversationLimits, Turn},
    ffi::RtviEvent,
};

use crate::error::{FfiError, guard};

/// The turns of a conversation, built from a client's events.
#[derive(Debug, uniffi::Object)]
pub struct FfiConversation(Mutex<Conversation>);

impl FfiConversation {
    fn lock(&self) -> MutexGuard<'_, Conversation> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[uniffi::export]
impl FfiConversation {
    /// Creates an empty conversation. Without limits, the core's apply.
    #[uniffi::constructor]
    pub fn new(limits: Option<ConversationLimits>) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Conversation::new(limits.unwrap_or_default()))))
    }

    /// Applies the next event of a client and returns the change that it caused, if any. Fails only
    /// for an event that the app built from JSON that the core can't read.
    pub fn apply(&self, event: RtviEvent) -> Result<Option<ConversationChange>, FfiError> {
        guard(|| Ok(self.lock().apply(&event.into())))
    }

    /// The turns from the index `first` on, oldest first.
    pub fn turns(&self, first: u32) -> Vec<Turn> {
        self.lock().turns().get(first as usize..).unwrap_or_default().to_vec()
    }

    /// The turn at the index, if there is one.
    pub fn turn(&self, index: u32) -> Option<Turn> {
        self.lock().turns().get(index as usize).cloned()
    }

    /// Removes all turns. If the session continues, its next turn is the first.
    pub fn clear(&self) {
        self.lock().clear();
    }
}

#[cfg(test)]
mod tests {
    use rtvi_core::protocol::TextData;

    use super::*;

    #[test]
    fn turns_follow_the_events() {
        let conversation =
            FfiConversation::new(Some(ConversationLimits { max_turns: 2, max_turn_text: 100 }));
        let typed = |text: &str| RtviEvent::UserLlmText { data: TextData { text: text.to_owned() } };
        let change = |dropped, first| Ok(Some(ConversationChange { dropped, first }));
        assert_eq!(conversation.apply(typed("one")), change(0, 0));
        assert_eq!(conversation.apply(RtviEvent::BotLlmStarted {}), change(0, 1));
        assert_eq!(conversation.apply(RtviEvent::Connected {}), Ok(None));
        assert_eq!(conversation.turn(0).map(|turn| turn.text).as_deref(), Some("one"));
        assert_eq!(
            (conversation.turns(0).len(), conversation.turns(1).len(), conversation.turns(3).len()),
            (2, 1, 0)
        );
        conversation.clear();
        assert_eq!(conversation.turn(0), None);
    }
}
