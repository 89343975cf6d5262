//! The rules of the bot's turns.

use serde_json::{Value, json};

use super::bench::{bare, check, heard, input, piece, segment};

fn output(kind: &str, text: &str, will_be_spoken: bool) -> (&'static str, Value) {
    (
        "bot-output",
        json!({"text": text, "output_type": kind, "segment_id": 9, "will_be_spoken": will_be_spoken, "spoken_status": "new"}),
    )
}

#[test]
fn segments() {
    check(vec![
        ("new", vec![segment(1, "new", "", "One two.")], &["bot: [pending] One two."]),
        (
            "in progress",
            vec![segment(1, "new", "", "One two."), segment(1, "in-progress", "One", " two.")],
            &["bot: [speaking] One| two."],
        ),
        (
            "completed",
            vec![segment(1, "new", "", "One."), segment(1, "completed", "One.", "")],
            &["bot: [spoken] One."],
        ),
        (
            "progress never goes back",
            vec![segment(1, "in-progress", "One two", "."), segment(1, "in-progress", "One", " two.")],
            &["bot: [speaking] One two|."],
        ),
        (
            "nothing follows completion",
            vec![segment(1, "completed", "One.", ""), segment(1, "in-progress", "On", "e.")],
            &["bot: [spoken] One."],
        ),
        (
            "text only",
            vec![output("code", "let x;", false), output("code", "let x;", false)],
            &["bot: [unspoken] let x;"],
        ),
        ("spoken without word times", vec![output("url", "a.b", true)], &["bot: [pending] a.b"]),
        (
            "the next one's beginning is this one's end",
            vec![segment(1, "in-progress", "One", " two."), segment(2, "in-progress", "Th", "ree.")],
            &["bot: [spoken] One two. [speaking] Th|ree."],
        ),
        (
            "the server's progress is the text",
            vec![segment(1, "new", "", "It is 5."), segment(1, "in-progress", "It is five", " now.")],
            &["bot: [speaking] It is five| now."],
        ),
    ]);
}

#[test]
fn interruptions() {
    let talking = || {
        vec![
            bare("bot-started-speaking"),
            segment(1, "in-progress", "One", " two."),
            segment(2, "new", "", "Three."),
        ]
    };
    let with = |more: Vec<(&'static str, Value)>| [talking(), more].concat();
    check(vec![
        ("what never began goes", with(vec![bare("bot-interrupted")]), &["bot: [interrupted] One| two."]),
        (
            "a gap in playback is no interruption",
            with(vec![
                bare("bot-stopped-speaking"),
                bare("bot-started-speaking"),
                segment(1, "completed", "One two.", ""),
            ]),
            &["bot: [spoken] One two. [pending] Three."],
        ),
        (
            "a silent bot is not cut off",
            vec![segment(1, "completed", "One.", ""), bare("bot-stopped-speaking"), bare("bot-interrupted")],
            &["bot: [spoken] One."],
        ),
        (
            "what was not heard at all goes, and its turn",
            vec![segment(1, "new", "", "One."), bare("bot-interrupted")],
            &[],
        ),
        (
            "a new server says when it interrupts",
            with(vec![bare("user-started-speaking"), segment(1, "in-progress", "One two", ".")]),
            &["bot: [speaking] One two|. [pending] Three.", "user:  (speaking)"],
        ),
        (
            "new speech after the user's is a new turn",
            with(vec![
                bare("user-started-speaking"),
                bare("bot-interrupted"),
                bare("bot-stopped-speaking"),
                heard("stop", true),
                bare("user-stopped-speaking"),
                bare("bot-llm-started"),
                bare("bot-started-speaking"),
                segment(3, "completed", "Yes.", ""),
            ]),
            &["bot: [interrupted] One| two.", "user: stop", "bot: [spoken] Yes."],
        ),
        (
            "an answer goes on behind a turn that does not interrupt it",
            with(vec![input("chat", "psst", true), segment(2, "completed", "Three.", "")]),
            &["bot: [spoken] One two. [spoken] Three.", "user: psst (typed)"],
        ),
    ]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn words() {
    let reported = |more: Vec<(&'static str, Value)>| {
        [
            vec![
                piece("sentence", "\"One, two.\""),
                piece("sentence", "Three four."),
                bare("bot-started-speaking"),
            ],
            more,
        ]
        .concat()
    };
    check(vec![
        (
            "words move through sentences",
            reported(vec![piece("word", "One,"), piece("word", "two."), piece("word", "Three")]),
            &["bot: [spoken] \"One, two.\" [speaking] Three| four."],
        ),
        (
            "the next sentence may begin early",
            reported(vec![piece("word", "One,"), piece("word", "Three")]),
            &["bot: [spoken] \"One, two.\" [speaking] Three| four."],
        ),
        (
            "words that are not in the text are joined",
            reported(vec![piece("word", "One,"), piece("word", "II")]),
            &["bot: [spoken] \"One, two.\" [pending] Three four."],
        ),
        (
            "a sentence may be reported as spoken as a whole",
            reported(vec![(
                "bot-output",
                json!({"text": "\"One, two.\"", "spoken": true, "aggregated_by": "sentence"}),
            )]),
            &["bot: [spoken] \"One, two.\" [pending] Three four."],
        ),
        (
            "the user's speech interrupts",
            reported(vec![piece("word", "One,"), bare("user-started-speaking")]),
            &["bot: [interrupted] \"One,| two.\"", "user:  (speaking)"],
        ),
        (
            "unless the words go on",
            reported(vec![piece("word", "One,"), bare("user-started-speaking"), piece("word", "two.")]),
            &["bot: [spoken] \"One, two.\"", "user:  (speaking)"],
        ),
        (
            "words without a sentence",
            vec![
                piece("word", "Well"),
                piece("word", ","),
                piece("word", "yes"),
                bare("bot-stopped-speaking"),
            ],
            &["bot: [spoken] Well, yes"],
        ),
        (
            "a written answer",
            vec![
                bare("bot-llm-started"),
                piece("sentence", "One."),
                bare("bot-llm-stopped"),
                heard("ok", true),
                bare("bot-llm-started"),
            ],
            &["bot: [unspoken] One.", "user: ok", "bot: "],
        ),
        (
            "tokens are written one after the other",
            vec![
                ("bot-output", json!({"text": "He", "spoken": false, "aggregated_by": "token"})),
                ("bot-output", json!({"text": "llo", "spoken": false, "aggregated_by": "token"})),
            ],
            &["bot: [pending] Hello"],
        ),
    ]);
}
