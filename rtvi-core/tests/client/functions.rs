//! Functions of the app that the bot calls: each call gets exactly one result.

use std::{
    convert::Infallible,
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rtvi_core::{
    ErrorKind, Event,
    client::{DisconnectReason, FUNCTION_TIMEOUT, FunctionCall},
    transport::scripted::ScriptedConnection,
};
use serde_json::{Value, json};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};

use crate::stage::{Stage, messages, next_message, say, serve_close, settle};

/// Calls a function.
async fn call(connection: &ScriptedConnection, id: &str, name: &str) {
    let data = json!({"tool_call_id": id, "function_name": name, "arguments": {"city": "Paris"}});
    say(connection, json!({"type": "llm-function-call-in-progress", "data": data})).await;
}

/// The next result from the client, as tool call id and result.
async fn result(connection: &mut ScriptedConnection) -> (String, Value) {
    let message = next_message(connection).await;
    assert_eq!(message["type"], "llm-function-call-result");
    assert_eq!(message["data"]["arguments"], json!({"city": "Paris"}));
    (message["data"]["tool_call_id"].as_str().unwrap().to_owned(), message["data"]["result"].clone())
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_succeeds() {
    let mut stage = Stage::new();
    stage.client.register_function_call_handler("weather", |call: FunctionCall| async move {
        Ok::<_, Infallible>(json!({"of": call.arguments["city"]}))
    });
    let mut connection = stage.ready().await;
    call(&connection, "1", "weather").await;
    assert_eq!(result(&mut connection).await, ("1".into(), json!({"of": "Paris"})));
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_fails() {
    let mut stage = Stage::new();
    stage.client.register_function_call_handler("weather", |_| async { Err("no thermometer") });
    let mut connection = stage.ready().await;
    call(&connection, "1", "weather").await;
    assert_eq!(result(&mut connection).await.1, json!({"error": "no thermometer"}));
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_panics_at_once_or_later() {
    let mut stage = Stage::new();
    stage.client.register_function_call_handler("at-once", |call| {
        assert!(call.arguments.is_empty(), "a mistake of the app");
        async { Ok::<_, Infallible>(Value::Null) }
    });
    stage.client.register_function_call_handler("later", |call| async move {
        settle().await;
        assert!(call.arguments.is_empty(), "a mistake of the app");
        Ok::<_, Infallible>(Value::Null)
    });
    let mut connection = stage.ready().await;
    for name in ["at-once", "later"] {
        call(&connection, name, name).await;
        assert_eq!(
            result(&mut connection).await,
            (name.into(), json!({"error": format!("the handler of {name} panicked")}))
        );
    }
}

/// A handler that never ends, and a channel that closes when it is dropped.
fn hanging(stage: &Stage, name: &str) -> mpsc::Receiver<()> {
    let (alive, dropped) = mpsc::channel(1);
    stage.client.register_function_call_handler(name, move |_| {
        let alive = alive.clone();
        async move {
            alive.send(()).await.unwrap();
            pending::<()>().await;
            Ok::<_, Infallible>(Value::Null)
        }
    });
    dropped
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_hangs_is_given_up_at_the_deadline() {
    let mut stage = Stage::new();
    let mut handler = hanging(&stage, "hang");
    let mut connection = stage.ready().await;
    let begun = Instant::now();
    call(&connection, "1", "hang").await;
    assert_eq!(result(&mut connection).await.1, json!({"error": "hang did not finish within 30s"}));
    assert_eq!(begun.elapsed(), FUNCTION_TIMEOUT);
    stage.client.unregister_all_function_call_handlers();
    assert_eq!((handler.recv().await, handler.recv().await), (Some(()), None), "it is dropped");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_the_server_cancels_gets_no_result() {
    let mut stage = Stage::new();
    let mut handler = hanging(&stage, "hang");
    let mut connection = stage.ready().await;
    call(&connection, "1", "hang").await;
    handler.recv().await;
    let data = json!({"tool_call_id": "1", "function_name": "hang", "cancelled": true});
    say(&connection, json!({"type": "llm-function-call-stopped", "data": data})).await;
    settle().await;
    stage.client.unregister_function_call_handler("hang");
    assert_eq!(handler.recv().await, None, "it is dropped");
    sleep(2 * FUNCTION_TIMEOUT).await;
    assert!(messages(&mut connection).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_function_without_a_handler_is_an_event_only() {
    let mut stage = Stage::new();
    let mut connection = stage.ready().await;
    call(&connection, "1", "unknown").await;
    stage.wait_for("llmFunctionCallInProgress").await;
    sleep(2 * FUNCTION_TIMEOUT).await;
    assert!(messages(&mut connection).await.is_empty());
    assert!(!stage.client.unregister_function_call_handler("unknown"));
}

#[tokio::test(start_paused = true)]
async fn a_call_announced_in_two_forms_runs_once() {
    let mut stage = Stage::new();
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    stage.client.register_function_call_handler("weather", move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        async { Ok::<_, Infallible>(json!("rain")) }
    });
    let mut connection = stage.ready().await;
    let data = json!({"tool_call_id": "1", "function_name": "weather", "args": {"city": "Paris"}});
    say(&connection, json!({"type": "llm-function-call", "data": data})).await;
    call(&connection, "1", "weather").await;
    assert_eq!(result(&mut connection).await.0, "1");
    assert!(messages(&mut connection).await.is_empty());
    assert_eq!(runs.load(Ordering::Relaxed), 1, "both forms announce one call");
    call(&connection, "1", "weather").await;
    assert_eq!(result(&mut connection).await.0, "1", "a new call, though its id is not new");
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn handlers_end_with_the_session() {
    let mut stage = Stage::new();
    let mut handler = hanging(&stage, "hang");
    let connection = stage.ready().await;
    call(&connection, "1", "hang").await;
    handler.recv().await;
    stage.client.disconnect().await.unwrap();
    stage.client.unregister_all_function_call_handlers();
    assert_eq!(handler.recv().await, None, "it is dropped");
    drop(connection);
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_call_the_client() {
    let mut stage = Stage::new();
    let client = stage.client.clone();
    stage.client.register_function_call_handler("note", move |_| {
        let client = client.clone();
        async move { client.send_client_message("noted", None).await.map(|()| json!("done")) }
    });
    let mut connection = stage.ready().await;
    call(&connection, "1", "note").await;
    assert_eq!(next_message(&mut connection).await["data"]["t"], "noted");
    assert_eq!(result(&mut connection).await.1, json!("done"));
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_end_the_session() {
    let mut stage = Stage::new();
    let client = stage.client.clone();
    stage.client.register_function_call_handler("hang-up", move |_| {
        let client = client.clone();
        async move { client.disconnect().await.map(|()| Value::Null) }
    });
    let connection = stage.ready().await;
    call(&connection, "1", "hang-up").await;
    let ((), end) = tokio::join!(serve_close(connection), stage.end());
    assert_eq!(end, DisconnectReason::Requested);
    stage.client.unregister_all_function_call_handlers();
    stage.is_usable().await;
}

#[tokio::test(start_paused = true)]
async fn a_result_that_cannot_be_sent_is_reported() {
    let mut stage = Stage::new();
    stage.client.register_function_call_handler("large", |_| async {
        Ok::<_, Infallible>(json!("x".repeat(20_000)))
    });
    stage.client.register_function_call_handler("small", |_| async { Ok::<_, Infallible>(json!("x")) });
    let connection = stage.ready().await;
    call(&connection, "1", "large").await;
    let Event::Error { error, fatal: false } = stage.wait_for("error").await else { panic!("it is fatal") };
    assert_eq!(error.kind(), ErrorKind::MessageTooLarge);
    while stage.client.send_client_message("fill", None).await.is_ok() {}
    call(&connection, "2", "small").await;
    let Event::Error { error, fatal: false } = stage.wait_for("error").await else { panic!("it is fatal") };
    assert_eq!(error.kind(), ErrorKind::Busy);
}
