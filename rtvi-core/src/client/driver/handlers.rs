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
    /// Which run it was.
    run: u64,
}

/// The running handlers. Dropping this aborts them.
#[derive(Debug, Default)]
pub(super) struct RunningHandlers {
    tasks: JoinSet<Finished>,
    /// The run of each call. Ids can repeat; the result of an earlier run with the same id is
    /// ignored.
    running: HashMap<String, (u64, AbortHandle)>,
    runs: u64,
}

impl RunningHandlers {
    /// Runs a handler in a task of its own.
    pub(super) fn run(&mut self, call: FunctionCall, handler: &Handler, runtime: &Handle) {
        let tool_call_id = call.tool_call_id.clone();
        let handler = std::sync::Arc::clone(handler);
        let id = tool_call_id.clone();
        self.runs += 1;
        let run = self.runs;
        let task = async move {
            let name = call.function_name.clone();
            let answer = AssertUnwindSafe(async move { handler(call).await }).catch_unwind().await;
            let result = answer.unwrap_or_else(|_| Err(format!("the handler of {name} panicked")));
            Finished { tool_call_id: id, result, run }
        };
        let abort = self.tasks.spawn_on(task, runtime);
        self.running.insert(tool_call_id, (run, abort));
    }

    /// Aborts a handler.
    pub(super) fn cancel(&mut self, tool_call_id: &str) {
        if let Some((_, abort)) = self.running.remove(tool_call_id) {
            abort.abort();
        }
    }

    /// Waits for a handler to end. Cancel-safe. Never ends while none runs.
    pub(super) async fn next(&mut self) -> Finished {
        loop {
            match self.tasks.join_next().await {
                Some(Ok(finished)) if self.is_present(&finished) => {
                    self.running.remove(&finished.tool_call_id);
                    return finished;
                }
                // It was aborted, perhaps just as it finished.
                Some(Ok(_) | Err(_)) => {}
                None => std::future::pending().await,
            }
        }
    }

    fn is_present(&self, finished: &Finished) -> bool {
        self.running.get(&finished.tool_call_id).is_some_and(|(run, _)| *run == finished.run)
    }
}
