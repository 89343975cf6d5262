//! The rules of the user's turns.

use serde_json::json;

use super::bench::{bare, check, disconnected, feed, heard, input, limited, lines, segment, server, text};
use crate::client::conversation::{Conversation, ConversationChange};

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn transcriptions() {
    check(vec![
        ("interim text is replaced", vec![heard("hel", false), heard("hello", false)], &["user:  ~hello"]),
        (
            "final text replaces interim text",
            vec![heard("hel", false), heard("hello", true)],
            &["user: hello"],
        ),
        (
            "final texts follow each other",
            vec![
                heard("hello", true),
                heard("can you", false),
                heard("can you hear", true),
                heard("me?", true),
            ],
            &["user: hello can you hear me?"],
        ),
        ("empty text opens nothing", vec![heard("", false), heard(" ", true)], &[]),
        (
            "empty final text withdraws interim text",
            vec![heard("hello", true), heard("x", false), heard("", true)],
            &["user: hello"],
        ),
        (
            "speech begins and ends",
            vec![bare("user-started-speaking"), heard("hello", true), bare("user-stopped-speaking")],
            &["user: hello"],
        ),
        ("a turn is open while the user speaks", vec![bare("user-started-speaking")], &["user:  (speaking)"]),
        (
            "voice detection alone is no turn",
            vec![bare("vad-user-started-speaking"), bare("vad-user-stopped-speaking")],
            &[],
        ),
        (
            "a pause without an answer does not end the turn",
            vec![
                bare("user-started-speaking"),
                heard("one", true),
                bare("user-stopped-speaking"),
                bare("user-started-speaking"),
                heard("two", true),
            ],
            &["user: one two (speaking)"],
        ),
        (
            "after the LLM got the text, speech is a new turn",
            vec![
                heard("one", true),
                text("user-llm-text", "one"),
                bare("user-started-speaking"),
                heard("two", true),
            ],
            &["user: one", "user: two (speaking)"],
        ),
        (
            "a turn from which nothing came goes when the next begins",
            vec![bare("user-started-speaking"), bare("user-stopped-speaking"), input("chat", "hi", true)],
            &["user: hi (typed)"],
        ),
    ]);
}

#[test]
fn inputs() {
    let both = vec![
        input("transcription", "hello", false),
        heard("hello", false),
        input("transcription", "hello", true),
        heard("hello", true),
    ];
    let late = vec![
        heard("hello", true),
        input("transcription", "hello", true),
        heard("you", true),
        input("transcription", "you", true),
    ];
    check(vec![
        ("user-input and user-transcription are the same speech", both, &["user: hello"]),
        ("whichever comes first", late, &["user: hello you"]),
        (
            "typed text is a turn",
            vec![input("chat", "one", true), input("chat", "two", true)],
            &["user: one (typed)", "user: two (typed)"],
        ),
        (
            "speech after typed text is a turn",
            vec![input("chat", "one", true), heard("two", true)],
            &["user: one (typed)", "user: two"],
        ),
        (
            "a backchannel is no turn",
            vec![
                segment(1, "in-progress", "I", " am"),
                input("backchannel", "mhm", true),
                segment(1, "completed", "I am", ""),
            ],
            &["bot: [spoken] I am [mm] mhm"],
        ),
        (
            "its interim text was none either",
            vec![
                segment(1, "in-progress", "I", " am"),
                input("transcription", "mh", false),
                input("backchannel", "mhm", true),
            ],
            &["bot: [speaking] I| am [mm] mhm"],
        ),
        (
            "without a turn of the bot it is kept with the user's",
            vec![heard("so", true), input("backchannel", "mhm", true)],
            &["user: so (mm: mhm)"],
        ),
        ("without any turn it is dropped", vec![input("backchannel", "mhm", true)], &[]),
    ]);
}

#[test]
fn text_for_the_llm() {
    check(vec![
        (
            "what the LLM sees may differ",
            vec![heard("helo", true), text("user-llm-text", "hello")],
            &["user: helo (llm: hello)"],
        ),
        ("it may be all there is", vec![text("user-llm-text", "count")], &["user:  (llm: count) (typed)"]),
        (
            "it comes again when the LLM runs again",
            vec![text("user-llm-text", "count"), bare("bot-llm-started"), text("user-llm-text", "count")],
            &["user:  (llm: count) (typed)", "bot: "],
        ),
        (
            "after an answer it is new",
            vec![
                text("user-llm-text", "more"),
                segment(1, "completed", "Yes.", ""),
                text("user-llm-text", "more"),
            ],
            &["user:  (llm: more) (typed)", "bot: [spoken] Yes.", "user:  (llm: more) (typed)"],
        ),
        (
            "speech-to-speech services transcribe while the bot answers",
            vec![
                bare("user-started-speaking"),
                bare("user-stopped-speaking"),
                segment(1, "in-progress", "Yes", "."),
                heard("really?", true),
            ],
            &["user: really?", "bot: [speaking] Yes|."],
        ),
    ]);
}

#[test]
fn changes_name_the_first_row_that_differs() {
    let mut conversation = limited(2, 1000);
    let at = |first| Some(ConversationChange { dropped: 0, first });
    let changes = feed(
        &mut conversation,
        &[
            heard("hi", true),
            bare("bot-llm-started"),
            bare("metrics-of-tomorrow"),
            segment(1, "new", "", "Yes."),
        ],
    );
    assert_eq!(changes, [at(0), at(1), None, at(1)]);
    let change =
        conversation.apply(&server("user-input", json!({"text": "so", "input_type": "chat", "final": true})));
    assert_eq!(change, Some(ConversationChange { dropped: 1, first: 1 }));
    assert_eq!(conversation.turns().iter().map(|turn| turn.id).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn too_much_text_is_left_out() {
    let mut conversation = limited(10, 8);
    feed(&mut conversation, &[heard("hällo wörld", true), heard("more", true)]);
    assert_eq!(lines(&conversation), ["user: hällo "]);
    assert!(conversation.turns()[0].truncated);
}

#[test]
fn sessions_follow_each_other() {
    let mut conversation = Conversation::default();
    feed(
        &mut conversation,
        &[bare("user-started-speaking"), heard("hi", true), segment(1, "in-progress", "Yes", ", so")],
    );
    assert_eq!(conversation.apply(&disconnected()), Some(ConversationChange { dropped: 0, first: 0 }));
    feed(&mut conversation, &[segment(1, "completed", "Again.", "")]);
    assert_eq!(lines(&conversation), ["user: hi", "bot: [interrupted] Yes|, so", "bot: [spoken] Again."]);
    conversation.clear();
    assert!(conversation.turns().is_empty());
    feed(&mut conversation, &[heard("hi", true)]);
    assert_eq!(conversation.turns()[0].id, 3);
}

#[test]
fn turns_read_as_text_and_json() {
    let mut conversation = Conversation::default();
    feed(
        &mut conversation,
        &[
            heard("helo", true),
            text("user-llm-text", "hello"),
            heard("you", false),
            segment(7, "in-progress", "Hi", " there."),
        ],
    );
    let texts: Vec<_> =
        conversation.turns().iter().map(|turn| (turn.text.as_str(), turn.heard_text.as_str())).collect();
    assert_eq!(texts, [("helo you", "hello"), ("Hi there.", "Hi")]);
    let expected = json!({"id": 1, "text": "Hi there.", "heardText": "Hi", "truncated": false, "role": "bot", "parts": [
        {"part": "segment", "id": 7, "kind": "sentence", "text": "Hi there.", "state": "speaking", "spokenText": "Hi",
            "growing": false}]});
    assert_eq!(json!(conversation.turns()[1]), expected);
}
