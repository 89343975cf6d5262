//! The function calls of a bot that have not ended: why it may say nothing.
//!
//! Pure.

use rtvi_core::protocol::ServerMessage;

/// How many calls are remembered; a client runs no more at once.
const MAX_OPEN: usize = 64;
/// How much of a name is kept, in characters.
const MAX_NAME: usize = 64;

/// The open calls of one session, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenFunctions(Vec<Open>);

#[derive(Clone, Debug)]
struct Open {
    id: String,
    name: String,
}

impl OpenFunctions {
    /// Takes a message of the bot.
    pub(crate) fn on_message(&mut self, message: &ServerMessage) {
        match message {
            ServerMessage::LlmFunctionCallInProgress(call) => {
                self.open(&call.tool_call_id, call.function_name.as_deref().unwrap_or("a function"));
            }
            ServerMessage::LlmFunctionCall(call) => self.open(&call.tool_call_id, &call.function_name),
            ServerMessage::LlmFunctionCallStopped(call) => self.0.retain(|open| open.id != call.tool_call_id),
            _ => {}
        }
    }

    fn open(&mut self, id: &str, name: &str) {
        if self.0.len() < MAX_OPEN && self.0.iter().all(|open| open.id != id) {
            self.0.push(Open { id: id.to_owned(), name: name.chars().take(MAX_NAME).collect() });
        }
    }

    /// A turn is over: what it waited for, if anything. Servers before 2.0.0 report no ends, so no
    /// call outlives its turn.
    pub(crate) fn end_turn(&mut self) -> Option<String> {
        self.0.drain(..).next().map(|open| open.name)
    }
}

#[cfg(test)]
mod tests {
    use rtvi_core::protocol::{Decoded, Incoming, decode};

    use super::*;

    fn after(messages: &[&str]) -> OpenFunctions {
        let mut open = OpenFunctions::default();
        for message in messages {
            open.on_message(&decoded(message));
        }
        open
    }

    fn decoded(fields: &str) -> ServerMessage {
        let message = format!(r#"{{"label":"rtvi-ai","id":"1",{fields}}}"#);
        match decode(message.as_bytes()) {
            Decoded::Message(Incoming { message, .. }) => message,
            other => panic!("{other:?}"),
        }
    }

    const ASKED: &str = r#""type":"llm-function-call-in-progress","data":{"tool_call_id":"a","function_name":"get_weather","arguments":{}}"#;
    const OTHER: &str = r#""type":"llm-function-call-in-progress","data":{"tool_call_id":"b"}"#;
    const OLD: &str =
        r#""type":"llm-function-call","data":{"tool_call_id":"a","function_name":"get_weather","args":{}}"#;
    const ENDED: &str = r#""type":"llm-function-call-stopped","data":{"tool_call_id":"a","cancelled":false}"#;

    #[test]
    fn a_call_is_open_until_it_ends_or_its_turn_does() {
        let name = |messages: &[&str]| after(messages).end_turn();
        assert_eq!(name(&[ASKED]), Some("get_weather".to_owned()));
        assert_eq!(name(&[OLD, ASKED]), Some("get_weather".to_owned()));
        assert_eq!(name(&[ASKED, OTHER, ENDED]), Some("a function".to_owned()));
        assert_eq!((name(&[]), name(&[OLD, ASKED, ENDED])), (None, None));
        let mut open = after(&[ASKED, OTHER]);
        assert!(open.end_turn().is_some() && open.end_turn().is_none());
    }

    #[test]
    fn a_bot_that_calls_without_end_is_bounded() {
        let mut open = OpenFunctions::default();
        for index in 0..1_000 {
            open.open(&index.to_string(), &"x".repeat(10_000));
        }
        assert_eq!((open.0.len(), open.end_turn().map(|name| name.len())), (MAX_OPEN, Some(MAX_NAME)));
    }
}
