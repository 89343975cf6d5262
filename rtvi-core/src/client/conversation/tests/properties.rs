//! What holds for recorded messages in any order.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::bench::disconnected;
use super::recordings::{NAMES, events};
use crate::client::Event;
use crate::client::conversation::{
    Conversation, ConversationLimits, Segment, SegmentState, Turn, TurnContent,
};
use crate::protocol::ServerMessage;

/// Some of a recording's events, partly reordered, sometimes with the end of the session.
fn scrambled(names: &'static [&'static str]) -> impl Strategy<Value = Vec<Event>> {
    let name = prop::sample::select(names);
    let swaps = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..120);
    let keep = prop::collection::vec(prop::bool::weighted(0.8), 300);
    let ends = prop::collection::vec(any::<prop::sample::Index>(), 0..3);
    (name, swaps, keep, ends).prop_map(|(name, swaps, keep, ends)| {
        let mut keep = keep.into_iter();
        let mut events: Vec<Event> = events(name);
        events.retain(|event| !is_aside(event) && keep.next().unwrap_or(true));
        for (one, other) in swaps {
            let (one, other) = (one.index(events.len()), other.index(events.len()));
            events.swap(one, other);
        }
        for end in ends {
            events.insert(end.index(events.len()), disconnected());
        }
        events
    })
}

/// Whether an event certainly changes nothing.
fn is_aside(event: &Event) -> bool {
    matches!(event, Event::Server(ServerMessage::Metrics(_) | ServerMessage::SystemLog(_)))
}

/// The turns as an app sees them.
fn seen(conversation: &Conversation) -> Vec<Value> {
    conversation.turns().iter().map(|turn| json!(turn)).collect()
}

/// A change must cover every difference, and no change means no difference.
fn apply(conversation: &mut Conversation, event: &Event) {
    let before = seen(conversation);
    match conversation.apply(event) {
        None => assert_eq!(seen(conversation), before, "{event:?} changed something without reporting it"),
        Some(change) => {
            let (dropped, first) = (change.dropped as usize, change.first as usize);
            let same = &before[dropped.min(before.len())..];
            let unchanged = first.min(same.len());
            assert!(first <= conversation.turns().len(), "{event:?}");
            assert_eq!(
                seen(conversation)[..unchanged],
                same[..unchanged],
                "{event:?} changed more than it reported"
            );
        }
    }
}

fn speaking(turns: &[Turn]) -> usize {
    let segments = turns.iter().filter_map(Turn::as_bot).flat_map(|bot| bot.segments());
    segments.filter(|segment| segment.state == SegmentState::Speaking).count()
}

fn check(conversation: &Conversation) {
    let turns = conversation.turns();
    assert!(speaking(turns) <= 1, "one segment at a time: {turns:?}");
    assert!(turns.windows(2).all(|pair| pair[0].id < pair[1].id));
    for turn in turns {
        let mut fresh = turn.clone();
        fresh.refresh(0, &mut Vec::new());
        assert_eq!(&fresh, turn, "the texts are those of the content");
        let TurnContent::Bot(bot) = &turn.content else { continue };
        for segment in bot.segments() {
            match segment.state {
                SegmentState::Spoken => assert_eq!(segment.spoken_text, segment.text),
                SegmentState::Pending | SegmentState::Unspoken => assert_eq!(segment.spoken_text, ""),
                SegmentState::Speaking | SegmentState::Interrupted => {}
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_order_of_messages_breaks_it(events in scrambled(&NAMES)) {
        let mut conversation = Conversation::default();
        for event in &events {
            apply(&mut conversation, event);
            check(&conversation);
        }
        apply(&mut conversation, &disconnected());
        assert_eq!(speaking(conversation.turns()), 0);
        let open = |segment: &Segment| segment.state == SegmentState::Pending;
        assert!(!conversation.turns().iter().filter_map(Turn::as_bot).any(|bot| bot.segments().any(open)));
    }

    #[test]
    fn what_protocol_2_reports_as_spoken_is_a_beginning(events in scrambled(&NAMES[..4])) {
        let mut conversation = Conversation::default();
        for event in &events {
            conversation.apply(event);
            for segment in conversation.turns().iter().filter_map(Turn::as_bot).flat_map(|bot| bot.segments()) {
                assert!(segment.id.is_none() || segment.text.starts_with(&segment.spoken_text), "{segment:?}");
            }
        }
    }

    #[test]
    fn limits_hold(events in scrambled(&NAMES), max_turns in 0..4u32, max_turn_text in 0..60u32) {
        let mut conversation = Conversation::new(ConversationLimits { max_turns, max_turn_text });
        for event in &events {
            apply(&mut conversation, event);
            assert!(conversation.turns().len() <= max_turns.max(1) as usize);
            for turn in conversation.turns() {
                assert!(turn.text_len() <= max_turn_text as usize, "{turn:?}");
            }
        }
    }
}
