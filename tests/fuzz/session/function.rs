//! The app's functions that the bot calls.

use std::{
    future::pending,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use arbitrary::Arbitrary;
use rtvi_core::client::FunctionCall;
use serde_json::{Value, json};
use tokio::time::sleep;

/// A function, by what it does; the app knows all but the last.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Function {
    Quick,
    Slow,
    Endless,
    Failing,
    Unknown,
}

/// A function that runs, until it is dropped.
pub struct Running {
    id: String,
    all: Arc<Mutex<Vec<String>>>,
}

impl Running {
    /// Runs from now on.
    pub fn new(call: FunctionCall, all: Arc<Mutex<Vec<String>>>) -> Self {
        let id = call.tool_call_id;
        assert!(!lock(&all).contains(&id), "the call {id} runs twice");
        lock(&all).push(id.clone());
        Self { id, all }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        lock(&self.all).retain(|id| *id != self.id);
    }
}

/// The ids of the calls that run.
pub fn lock(functions: &Mutex<Vec<String>>) -> MutexGuard<'_, Vec<String>> {
    functions.lock().expect("nobody panicked")
}

/// Does what the function is for.
pub async fn run(function: Function, running: Running) -> Result<Value, String> {
    let result = match function {
        Function::Slow => {
            sleep(Duration::from_secs(20)).await;
            Ok(json!({"done": true}))
        }
        Function::Endless => pending().await,
        Function::Failing => Err("it failed".to_owned()),
        Function::Quick | Function::Unknown => Ok(json!(1)),
    };
    drop(running);
    result
}

/// The bot's call of a function.
pub fn announcement(id: u8, function: Function, deprecated: bool) -> String {
    let kind = if deprecated { "llm-function-call" } else { "llm-function-call-in-progress" };
    let name = format!("{function:?}");
    message(kind, json!({"tool_call_id": id.to_string(), "function_name": name, "arguments": {"a": 1}}))
}

/// A message of the bot.
pub fn message(kind: &str, data: Value) -> String {
    json!({"label": "rtvi-ai", "type": kind, "data": data}).to_string()
}
