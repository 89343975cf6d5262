//! The app's function-call handlers while they run.

use std::{collections::HashMap, panic::AssertUnwindSafe};

use futures_util::FutureExt;
use serde_json::Value;
use tokio::{
    runtime::Handle,
    task::{AbortHandle, JoinSet},
};

use crate::client::{FunctionCall, function_calls::Handler};

/// How a handler ended.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) tool_call_id: String,
    pub(super) result: Result<Value, String>,
}

/// The handlers that run. Dropping it ends them.
#[derive(Debug, Default)]
pub(super) struct RunningHandlers {
    tasks: JoinSet<Finished>,
    abort: HashMap<String, AbortHandle>,
}

impl RunningHandlers {
    /// Runs a handler in a task of its own.
    pub(super) fn run(&mut self, call: FunctionCall, handler: &Handler, runtime: &Handle) {
        let tool_call_id = call.tool_call_id.clone();
        let handler = std::sync::Arc::clone(handler);
        let id = tool_call_id.clone();
        let task = async move {
            let name = call.function_name.clone();
            let answer = AssertUnwindSafe(async move { handler(call).await }).catch_unwind().await;
            let result = answer.unwrap_or_else(|_| Err(format!("the handler of {name} panicked")));
            Finished { tool_call_id: id, result }
        };
        let abort = self.tasks.spawn_on(task, runtime);
        self.abort.insert(tool_call_id, abort);
    }

    /// Gives up a handler.
    pub(super) fn cancel(&mut self, tool_call_id: &str) {
        if let Some(abort) = self.abort.remove(tool_call_id) {
            abort.abort();
        }
    }

    /// Waits for a handler to end. Cancel-safe. Never ends while none runs.
    pub(super) async fn next(&mut self) -> Finished {
        loop {
            match self.tasks.join_next().await {
                Some(Ok(finished)) => {
                    self.abort.remove(&finished.tool_call_id);
                    return finished;
                }
                // It was given up.
                Some(Err(_)) => {}
                None => std::future::pending().await,
            }
        }
    }
}
