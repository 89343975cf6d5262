//! A test bench: feeds a conversation with short forms of messages and prints its turns as short
//! lines.

use serde_json::{Value, json};

use crate::client::conversation::{
    BotPart, Conversation, ConversationChange, ConversationLimits, Turn, TurnContent,
};
use crate::client::{DisconnectReason, Event};
use crate::protocol::{Decoded, decode};

/// Reads one message as a client would.
pub(super) fn event(message: &Value) -> Option<Event> {
    match decode(message.to_string().as_bytes()) {
        Decoded::Message(incoming) => Some(Event::Server(incoming.message)),
        _ => None,
    }
}

/// Creates the event of a message with the type and data.
pub(super) fn server(wire_type: &str, data: Value) -> Event {
    let event = event(&json!({"label": "rtvi-ai", "type": wire_type, "data": data}));
    event.unwrap_or_else(|| panic!("{wire_type} with {data} is no message"))
}

pub(super) fn disconnected() -> Event {
    Event::Disconnected(DisconnectReason::Requested)
}

/// A rule, messages, and the turns that they must produce.
type Case = (&'static str, Vec<(&'static str, Value)>, &'static [&'static str]);

/// Checks rules, each from an empty conversation.
pub(super) fn check(cases: Vec<Case>) {
    for (rule, messages, expected) in cases {
        let mut conversation = Conversation::default();
        feed(&mut conversation, &messages);
        assert_eq!(lines(&conversation), expected, "{rule}");
    }
}

pub(super) fn feed(
    conversation: &mut Conversation,
    messages: &[(&str, Value)],
) -> Vec<Option<ConversationChange>> {
    messages.iter().map(|(wire_type, data)| conversation.apply(&server(wire_type, data.clone()))).collect()
}

pub(super) fn limited(max_turns: u32, max_turn_text: u32) -> Conversation {
    Conversation::new(ConversationLimits { max_turns, max_turn_text })
}

/// One line per turn, such as `user: hello` or `bot: [spoken] One. [interrupted] Two |three.`; the
/// bar marks the cut point.
pub(super) fn lines(conversation: &Conversation) -> Vec<String> {
    conversation.turns().iter().map(line).collect()
}

fn line(turn: &Turn) -> String {
    match &turn.content {
        TurnContent::User(user) => {
            let mut line = format!("user: {}", user.final_text);
            if let Some(interim) = &user.interim {
                line += &format!(" ~{interim}");
            }
            if let Some(text) = user.llm_text.as_ref().filter(|text| **text != user.final_text) {
                line += &format!(" (llm: {text})");
            }
            if user.typed {
                line += " (typed)";
            }
            if user.speaking {
                line += " (speaking)";
            }
            for text in &user.backchannels {
                line += &format!(" (mm: {text})");
            }
            line
        }
        TurnContent::Bot(bot) => {
            let parts: Vec<String> = bot.parts.iter().map(part).collect();
            format!("bot: {}", parts.join(" "))
        }
    }
}

fn part(part: &BotPart) -> String {
    match part {
        BotPart::Segment(segment) => {
            let state = json!(segment.state);
            let state = state.as_str().unwrap_or_default();
            let text = match segment.text.strip_prefix(&segment.spoken_text) {
                Some("") => segment.text.clone(),
                Some(rest) if segment.spoken_text.is_empty() && state != "interrupted" => rest.to_owned(),
                Some(rest) => format!("{}|{rest}", segment.spoken_text),
                None => format!("{}={}", segment.text, segment.spoken_text),
            };
            format!("[{state}] {text}")
        }
        BotPart::FunctionCall(call) => {
            let state = json!(call.state);
            let name = call.function_name.as_deref().unwrap_or("?");
            let arguments =
                call.arguments.as_ref().map_or_else(String::new, |arguments| json!(arguments).to_string());
            let result = call.result.as_ref().map_or_else(String::new, |result| format!("={result}"));
            format!("[{}] {name}({arguments}){result}", state.as_str().unwrap_or_default())
        }
        BotPart::UserBackchannel { text } => format!("[mm] {text}"),
    }
}

/// A protocol 2 message about a segment: the text spoken so far, and the rest.
pub(super) fn segment(id: u64, status: &str, spoken: &str, rest: &str) -> (&'static str, Value) {
    let data = json!({"text": format!("{spoken}{rest}"), "output_type": "sentence", "segment_id": id, "will_be_spoken": true,
        "spoken_status": status, "spoken_progress": {"accumulated_text": spoken, "remaining_text": rest}});
    ("bot-output", data)
}

/// A protocol 1 message: a sentence to be spoken, or a spoken word.
pub(super) fn piece(kind: &str, text: &str) -> (&'static str, Value) {
    ("bot-output", json!({"text": text, "spoken": kind == "word", "aggregated_by": kind}))
}

pub(super) fn bare(wire_type: &'static str) -> (&'static str, Value) {
    (wire_type, Value::Null)
}

pub(super) fn text(wire_type: &'static str, text: &str) -> (&'static str, Value) {
    (wire_type, json!({"text": text}))
}

pub(super) fn heard(text: &str, is_final: bool) -> (&'static str, Value) {
    ("user-transcription", json!({"text": text, "final": is_final, "user_id": "u", "timestamp": "t"}))
}

pub(super) fn input(input_type: &str, text: &str, is_final: bool) -> (&'static str, Value) {
    ("user-input", json!({"text": text, "input_type": input_type, "final": is_final, "timestamp": "t"}))
}
