//! What an app sees of a session: its events, and the conversation that they make.

use rtvi_core::{
    Event, EventStream, TransportState,
    client::{Conversation, ConversationChange, ConversationLimits},
};
use serde_json::Value;

/// How many turns the conversation keeps.
const MOST_TURNS: u32 = 4;

/// Sees the events, and that they fit together.
pub struct Witness {
    events: EventStream,
    conversation: Conversation,
    max_attempts: u32,
    state: TransportState,
    /// Whether anything of a session was told since the last one's end.
    pub in_session: bool,
}

impl Witness {
    /// Sees these events, of a client that makes this many attempts to restore a session.
    pub fn new(events: EventStream, max_attempts: u32) -> Self {
        let limits = ConversationLimits { max_turns: MOST_TURNS, max_turn_text: 100 };
        let conversation = Conversation::new(limits);
        Self { events, conversation, max_attempts, state: TransportState::Disconnected, in_session: false }
    }

    /// Looks at what has come meanwhile.
    pub fn look(&mut self) {
        while let Some(event) = self.events.try_next() {
            self.follow(&event);
            match event {
                Event::TransportStateChanged(state) => {
                    assert_ne!(state, self.state, "a state is told when it changes");
                    (self.state, self.in_session) = (state, true);
                }
                Event::Reconnecting { attempt, max_attempts, .. } => {
                    assert_eq!(max_attempts, self.max_attempts);
                    assert!((1..=max_attempts).contains(&attempt), "attempt {attempt} of {max_attempts}");
                    assert_eq!(self.state, TransportState::Connecting, "while it is restored");
                }
                Event::Disconnected(_) => {
                    assert_eq!(self.state, TransportState::Disconnected);
                    assert!(self.in_session, "a session ends once");
                    self.in_session = false;
                }
                Event::Server(message) => assert!(self.in_session, "{message:?} outside a session"),
                _ => {}
            }
        }
    }

    /// What the conversation says it did not change looks as before.
    fn follow(&mut self, event: &Event) {
        let before = self.turns();
        let change = self.conversation.apply(event);
        let turns = self.turns();
        assert!(turns.len() <= MOST_TURNS as usize);
        match change {
            None => assert_eq!(turns, before),
            Some(ConversationChange { dropped, first }) => {
                let (dropped, first) = (dropped as usize, first as usize);
                let kept = before.get(dropped..).unwrap_or_default();
                assert!(first <= turns.len());
                assert_eq!(turns.get(..first), kept.get(..first), "after {event:?}");
            }
        }
    }

    /// The turns as apps see them.
    fn turns(&self) -> Vec<Value> {
        let shown = |turn| serde_json::to_value(turn).expect("a turn is JSON");
        self.conversation.turns().iter().map(shown).collect()
    }
}
