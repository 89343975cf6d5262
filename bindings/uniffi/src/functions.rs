//! Functions of the app that the bot can call.
//!
//! Depends on [`crate::client`]. The core decides when a handler runs and what happens to its
//! result.

use std::sync::Arc;

use rtvi_core::{Error, ErrorKind, client::FunctionCall};
use serde_json::Value;

use crate::{FfiClient, error::FfiError};

/// The answer of an app's function. It is a record because UniFFI's Kotlin can't return another
/// crate's type from code of the app.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct FfiFunctionResult {
    /// The result.
    pub value: Value,
}

/// A function of the app.
#[uniffi::export(with_foreign)]
#[async_trait::async_trait]
pub trait FfiFunctionHandler: Send + Sync {
    /// Answers a call with its result, or throws: the bot then receives the error's text. The task
    /// is cancelled when the server cancels the call, when it exceeds the deadline for functions,
    /// and when the session ends.
    async fn call(&self, call: FunctionCall) -> Result<FfiFunctionResult, FfiError>;
}

#[uniffi::export]
impl FfiClient {
    /// Lets the bot call a function of the app. A second handler of the same name replaces the
    /// first. The handler stays until it is unregistered or the client is closed.
    pub fn register_function(
        &self,
        name: String,
        handler: Arc<dyn FfiFunctionHandler>,
    ) -> Result<(), FfiError> {
        self.with(|client| {
            client.register_function_call_handler(name, move |call| answer(Arc::clone(&handler), call));
            Ok(())
        })
    }

    /// Removes a function and returns whether there was one. A running call continues.
    pub fn unregister_function(&self, name: String) -> Result<bool, FfiError> {
        self.with(|client| Ok(client.unregister_function_call_handler(&name)))
    }

    /// Removes all functions.
    pub fn unregister_all_functions(&self) -> Result<(), FfiError> {
        self.with(|client| {
            client.unregister_all_function_call_handlers();
            Ok(())
        })
    }
}

async fn answer(handler: Arc<dyn FfiFunctionHandler>, call: FunctionCall) -> Result<Value, Error> {
    let result = handler.call(call).await.map_err(|error| error.into_core(ErrorKind::RequestFailed))?;
    Ok(result.value)
}
