//! The rules of what accompanies bot-output: older texts, and function calls.

use serde_json::{Value, json};

use super::bench::{bare, check, disconnected, feed, input, limited, lines, piece, segment, server, text};
use crate::client::{
    BotAudioHeard,
    conversation::{Conversation, Turn},
};

#[test]
fn servers_without_bot_output() {
    let llm = || {
        vec![
            bare("bot-llm-started"),
            text("bot-llm-text", " One"),
            text("bot-llm-text", " two."),
            text("bot-transcription", "One two."),
            bare("bot-llm-stopped"),
        ]
    };
    let with = |more: Vec<(&'static str, Value)>| [llm(), more].concat();
    check(vec![
        ("the LLM's text", llm(), &["bot: [pending] One two."]),
        (
            "with the words",
            with(vec![bare("bot-started-speaking"), text("bot-tts-text", "One")]),
            &["bot: [speaking] One| two."],
        ),
        (
            "to their end",
            with(vec![
                bare("bot-started-speaking"),
                text("bot-tts-text", "One"),
                text("bot-tts-text", "two."),
            ]),
            &["bot: [spoken] One two."],
        ),
        (
            "or without words",
            with(vec![bare("bot-started-speaking"), bare("bot-stopped-speaking")]),
            &["bot: [spoken] One two."],
        ),
        (
            "or interrupted",
            with(vec![bare("bot-started-speaking"), bare("bot-interrupted")]),
            &["bot: [interrupted] |One two."],
        ),
        (
            "or in writing",
            with(vec![bare("user-started-speaking")]),
            &["bot: [unspoken] One two.", "user:  (speaking)"],
        ),
        (
            "sentences alone",
            vec![text("bot-transcription", " One."), text("bot-transcription", " Two.")],
            &["bot: [pending] One. [pending] Two."],
        ),
        (
            "until bot-output comes",
            with(vec![
                segment(1, "new", "", "One two."),
                text("bot-llm-text", "x"),
                text("bot-tts-text", "One"),
            ]),
            &["bot: [pending] One two."],
        ),
    ]);
}

#[test]
fn function_calls() {
    let id = || json!({"tool_call_id": "a"});
    let named = || {
        (
            "llm-function-call-in-progress",
            json!({"tool_call_id": "a", "function_name": "f", "arguments": {"x": 1}}),
        )
    };
    let old = || ("llm-function-call", json!({"tool_call_id": "a", "function_name": "f", "args": {"x": 1}}));
    let done = || ("llm-function-call-stopped", json!({"tool_call_id": "a", "result": 3}));
    let cancelled = || ("llm-function-call-stopped", json!({"tool_call_id": "a", "cancelled": true}));
    check(vec![
        (
            "with nothing but the id",
            vec![("llm-function-call-in-progress", id()), ("llm-function-call-stopped", id())],
            &["bot: [done] ?()"],
        ),
        (
            "its beginning names no call",
            vec![("llm-function-call-started", json!({"function_name": "f"}))],
            &[],
        ),
        ("one entry for both forms", vec![old(), named()], &["bot: [running] f({\"x\":1})"]),
        (
            "in either order",
            vec![("llm-function-call-in-progress", id()), old(), done()],
            &["bot: [done] f({\"x\":1})=3"],
        ),
        (
            "an id that comes again is another call",
            vec![named(), old(), done(), old(), named(), cancelled()],
            &["bot: [done] f({\"x\":1})=3 [cancelled] f({\"x\":1})"],
        ),
        (
            "two at once end in order",
            vec![named(), named(), done(), cancelled()],
            &["bot: [done] f({\"x\":1})=3 [cancelled] f({\"x\":1})"],
        ),
        ("the first end counts", vec![named(), cancelled(), done()], &["bot: [cancelled] f({\"x\":1})"]),
        (
            "in its turn, in its place",
            vec![segment(1, "completed", "Wait.", ""), named(), input("chat", "hm", true), done()],
            &["bot: [spoken] Wait. [done] f({\"x\":1})=3", "user: hm (typed)"],
        ),
    ]);
    let mut conversation = Conversation::default();
    feed(&mut conversation, &[named()]);
    conversation.apply(&disconnected());
    assert_eq!(lines(&conversation), ["bot: [cancelled] f({\"x\":1})"], "a session's end cancels");
    let mut conversation = limited(1, 4);
    feed(&mut conversation, &[named()]);
    assert_eq!(lines(&conversation), ["bot: [running] f()"], "too large");
    assert!(conversation.turns()[0].truncated);
}

#[test]
fn who_announces_interruptions_is_believed() {
    let talk = || vec![bare("bot-started-speaking"), piece("sentence", "One two."), piece("word", "One")];
    let announced = [vec![bare("bot-interrupted")], talk(), vec![bare("user-started-speaking")]].concat();
    let implied = [talk(), vec![bare("user-started-speaking")]].concat();
    check(vec![
        ("announced", announced, &["bot: [speaking] One| two.", "user:  (speaking)"]),
        ("implied", implied, &["bot: [interrupted] One| two.", "user:  (speaking)"]),
    ]);
}

#[test]
fn what_is_left_behind_is_closed() {
    let mut conversation = Conversation::default();
    feed(&mut conversation, &[bare("bot-started-speaking"), segment(1, "in-progress", "One", " two.")]);
    for _ in 0..3 {
        feed(&mut conversation, &[input("chat", "hm", true)]);
    }
    assert_eq!(lines(&conversation)[0], "bot: [speaking] One| two.");
    feed(&mut conversation, &[input("chat", "hm", true)]);
    assert_eq!(lines(&conversation)[0], "bot: [interrupted] One| two.");
}

#[test]
fn what_was_heard_of_the_bot_is_added_up_in_its_turn() {
    let heard = |heard, received, interrupted| {
        let ms = std::time::Duration::from_millis;
        crate::Event::BotAudioHeard(BotAudioHeard { heard: ms(heard), received: ms(received), interrupted })
    };
    let mut conversation = Conversation::default();
    assert_eq!(conversation.apply(&heard(10, 10, false)), None);
    feed(
        &mut conversation,
        &[bare("bot-started-speaking"), segment(1, "new", "", "One."), bare("bot-stopped-speaking")],
    );
    assert!(conversation.apply(&heard(300, 300, false)).is_some());
    feed(
        &mut conversation,
        &[bare("bot-started-speaking"), segment(2, "new", "", "Two."), bare("bot-interrupted")],
    );
    assert!(conversation.apply(&heard(50, 400, true)).is_some());
    let bot = conversation.turns().last().and_then(Turn::as_bot).unwrap();
    assert_eq!(json!(bot.audio), json!({"heardMs": 350.0, "receivedMs": 700.0, "interrupted": true}));
    // An app may feed events that it has made itself.
    let longest = std::time::Duration::MAX;
    let odd = BotAudioHeard { heard: longest, received: longest, interrupted: false };
    assert!(conversation.apply(&crate::Event::BotAudioHeard(odd)).is_some());
    let bot = conversation.turns().last().and_then(Turn::as_bot).unwrap();
    assert_eq!(bot.audio.as_ref().map(|audio| audio.heard), Some(longest));
}

#[test]
fn a_long_turn_costs_what_is_new() {
    let mut conversation = Conversation::default();
    let (mut joined, mut said) = (0, 0);
    for id in 0..500 {
        let words: Vec<String> = (0..10).map(|word| format!("word{word}")).collect();
        let sentence = words.join(" ");
        for spoken in 0..=words.len() {
            let spoken = words[..spoken].join(" ");
            let rest = sentence.strip_prefix(&spoken).expect("it begins so");
            let (kind, data) = segment(id, "in-progress", &spoken, rest);
            joined += conversation.apply_counted(&server(kind, data)).map_or(0, |(_, bytes)| bytes);
        }
        said += sentence.len();
    }
    assert_eq!(conversation.turns()[0].text.len(), said + 499, "all sentences with spaces between them");
    // Each of the eleven reports joins its sentence and what was spoken of it, and once per
    // sentence the segment before.
    assert!(joined < said * 30, "{joined} bytes joined for {said}");
}
