//! Functions that the bot asks the client to run: when it asks, and the messages about them.
//!
//! Pure. Messages report as much as the bot's [`FunctionDetail`] allows, as in a Pipecat server.

use serde_json::{Map, Value, json};

use crate::{FunctionDetail, messages};

/// A function call that waits for the client's result.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    /// Its `tool_call_id`.
    pub(crate) id: String,
    /// The function's name.
    pub(crate) name: &'static str,
    /// The arguments.
    pub(crate) arguments: Value,
    /// Whether the bot speaks the answer made from the result.
    pub(crate) spoken: bool,
}

impl Call {
    /// The call that a user's `text` triggers, if any.
    pub(crate) fn wanted(text: &str, spoken: bool) -> Option<Self> {
        let lower = text.to_lowercase();
        let (name, arguments) = if lower.contains("weather") {
            ("get_weather", json!({ "city": place(text).unwrap_or("Paris") }))
        } else if lower.contains("battery") {
            ("get_battery_level", json!({}))
        } else {
            return None;
        };
        let unique = text_id();
        Some(Self { id: format!("call_{unique}"), name, arguments, spoken })
    }

    /// `llm-function-call-started`, which never contains the call's id.
    pub(crate) fn started(&self, detail: FunctionDetail) -> Value {
        let mut data = Map::new();
        named(&mut data, detail, self.name);
        messages::with("llm-function-call-started", data.into())
    }

    /// `llm-function-call-in-progress`.
    pub(crate) fn in_progress(&self, detail: FunctionDetail) -> Value {
        let mut data = Map::from_iter([("tool_call_id".to_owned(), json!(self.id))]);
        named(&mut data, detail, self.name);
        if detail >= FunctionDetail::Arguments {
            data.insert("arguments".into(), self.arguments.clone());
        }
        messages::with("llm-function-call-in-progress", data.into())
    }

    /// The deprecated `llm-function-call`.
    pub(crate) fn legacy(&self) -> Value {
        let data = json!({ "function_name": self.name, "tool_call_id": self.id, "args": self.arguments });
        messages::with("llm-function-call", data)
    }
}

/// `llm-function-call-stopped`; without a `result`, the call was cancelled. An empty result is
/// omitted.
pub(crate) fn stopped(detail: FunctionDetail, id: &str, name: &str, result: Option<&Value>) -> Value {
    let mut data = Map::new();
    data.insert("tool_call_id".into(), json!(id));
    data.insert("cancelled".into(), json!(result.is_none()));
    named(&mut data, detail, name);
    let reported = result.filter(|result| detail == FunctionDetail::Full && !is_empty(result));
    if let Some(result) = reported {
        data.insert("result".into(), result.clone());
    }
    messages::with("llm-function-call-stopped", data.into())
}

fn named(data: &mut Map<String, Value>, detail: FunctionDetail, name: &str) {
    if detail >= FunctionDetail::Name {
        data.insert("function_name".into(), json!(name));
    }
}

fn is_empty(result: &Value) -> bool {
    result.as_str().is_some_and(str::is_empty) || result.as_object().is_some_and(Map::is_empty)
}

/// The word after "in", without punctuation.
fn place(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace().skip_while(|word| !word.eq_ignore_ascii_case("in"));
    words.nth(1).map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).filter(|word| !word.is_empty())
}

fn text_id() -> String {
    crate::text::truncated(&uuid::Uuid::new_v4().simple().to_string(), 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weather(text: &str) -> Call {
        Call::wanted(text, true).expect("a call")
    }

    #[test]
    fn the_users_words_choose_the_function() {
        assert_eq!(weather("How is the WEATHER in Oslo?").arguments, json!({ "city": "Oslo" }));
        assert_eq!(weather("How is the weather").arguments, json!({ "city": "Paris" }));
        assert_eq!(weather("weather in ?").arguments, json!({ "city": "Paris" }));
        assert_eq!(weather("How full is my battery").name, "get_battery_level");
        assert_eq!(Call::wanted("Hello", true), None);
    }

    #[test]
    fn messages_contain_what_the_level_allows() {
        let call = weather("weather");
        let keys =
            |message: Value| message["data"].as_object().map(|data| data.keys().cloned().collect::<Vec<_>>());
        let result = json!({ "celsius": 21 });
        for (detail, in_progress, stopped_keys) in [
            (FunctionDetail::None, "tool_call_id", "cancelled tool_call_id"),
            (FunctionDetail::Name, "function_name tool_call_id", "cancelled function_name tool_call_id"),
            (
                FunctionDetail::Arguments,
                "arguments function_name tool_call_id",
                "cancelled function_name tool_call_id",
            ),
            (
                FunctionDetail::Full,
                "arguments function_name tool_call_id",
                "cancelled function_name result tool_call_id",
            ),
        ] {
            let sorted = |message| {
                let mut keys = keys(message).unwrap_or_default();
                keys.sort();
                keys.join(" ")
            };
            assert_eq!(sorted(call.in_progress(detail)), in_progress, "{detail:?}");
            assert_eq!(sorted(stopped(detail, "1", call.name, Some(&result))), stopped_keys, "{detail:?}");
        }
    }

    #[test]
    fn cancelled_and_empty_results_are_omitted() {
        let cancelled = stopped(FunctionDetail::Full, "1", "f", None);
        assert_eq!(
            cancelled["data"],
            json!({ "tool_call_id": "1", "cancelled": true, "function_name": "f" })
        );
        let empty = stopped(FunctionDetail::Full, "1", "f", Some(&json!({})));
        assert_eq!(empty["data"].get("result"), None);
    }
}
