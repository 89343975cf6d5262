//! Functions of the app that a bot can call.
//!
//! The registry only. The state machine decides when a handler runs and what happens to its result.

use std::{
    collections::HashMap,
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::protocol::JsonObject;

/// A function call by the bot.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FunctionCall {
    /// The id that the result carries. Not unique in a session: LLMs number the calls of each round
    /// or leave ids empty. Calls with the same id run one after another, in order.
    pub tool_call_id: String,
    /// The function's name.
    pub function_name: String,
    /// The arguments; empty if the server does not report them.
    pub arguments: JsonObject,
}

/// A type-erased handler.
pub(super) type Handler =
    Arc<dyn Fn(FunctionCall) -> BoxFuture<'static, Result<Value, String>> + Send + Sync>;

/// The handlers of one client, by function name.
#[derive(Default)]
pub(super) struct FunctionRegistry {
    handlers: Mutex<HashMap<String, Handler>>,
}

impl FunctionRegistry {
    pub(super) fn register<F, Fut, E>(&self, name: String, handler: F)
    where
        F: Fn(FunctionCall) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Value, E>> + Send + 'static,
        E: fmt::Display,
    {
        let handler: Handler = Arc::new(move |call| {
            let answer = handler(call);
            Box::pin(async move { answer.await.map_err(|error| error.to_string()) })
        });
        self.lock().insert(name, handler);
    }

    pub(super) fn unregister(&self, name: &str) -> bool {
        self.lock().remove(name).is_some()
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    pub(super) fn find(&self, name: &str) -> Option<Handler> {
        self.lock().get(name).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Handler>> {
        self.handlers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FunctionRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.lock().keys()).finish()
    }
}
