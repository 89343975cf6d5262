//! Functions of the app that the bot calls.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use rtvi_core::{client::FunctionCall, protocol::SendTextOptions};
use serde_json::json;

use crate::{Session, Target};

/// The bot calls a function, the app answers once, and the bot speaks about the result.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn function_call(target: &Target) {
    let mut session = Session::connected(target).await;
    let calls = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&calls);
    session.client.register_function_call_handler("get_weather", move |call: FunctionCall| {
        counter.fetch_add(1, Ordering::Relaxed);
        async move {
            assert!(!call.tool_call_id.is_empty());
            Ok::<_, Infallible>(json!({"conditions": "sunny", "celsius": 21}))
        }
    });
    session
        .client
        .send_text("How is the weather", SendTextOptions::default())
        .await
        .expect("the text is sent");
    session.wait_for("llmFunctionCallInProgress").await;
    let stopped = session.wait_for("llmFunctionCallStopped").await;
    assert_eq!(stopped["result"], json!({"conditions": "sunny", "celsius": 21}));
    assert_eq!(stopped["cancelled"], json!(false));
    session
        .wait_until("botOutput", |output| output["text"].as_str().is_some_and(|text| text.contains("sunny")))
        .await;
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    session.client.disconnect().await.expect("the client disconnects");
}

/// If a handler fails, the bot receives its error and continues.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn failing_function(target: &Target) {
    let mut session = Session::connected(target).await;
    session
        .client
        .register_function_call_handler("get_weather", |_| async { Err("the barometer is broken") });
    session
        .client
        .send_text("How is the weather", SendTextOptions::default())
        .await
        .expect("the text is sent");
    let stopped = session.wait_for("llmFunctionCallStopped").await;
    assert_eq!(stopped["result"], json!({"error": "the barometer is broken"}));
    session.client.disconnect().await.expect("the client disconnects");
}
