//! Problems that developers of voice clients report about real bots.

use std::{convert::Infallible, time::Duration};

use rtvi_core::{TransportState, client::FunctionCall, protocol::SendTextOptions};
use serde_json::json;

use crate::{Session, Target};

/// How long the bot's event loop stalls.
const STANDSTILL: f64 = 4.5;

async fn write(session: &Session, text: &str) {
    session.client.send_text(text, SendTextOptions::default()).await.expect("the text is sent");
}

/// The LLM gives each of its calls the same id, or none. Each call is answered, and the bot
/// continues.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn one_id_for_every_call(target: &Target) {
    let mut session = Session::connected(target).await;
    session.client.register_function_call_handler("get_weather", |call: FunctionCall| async move {
        Ok::<_, Infallible>(json!({"asked": call.arguments["city"], "id": call.tool_call_id}))
    });
    for (text, id) in [("the same number", "get_weather:0"), ("no number", "")] {
        for round in ["one", "two", "three"] {
            let text = format!("Weather with {text}, round {round}");
            write(&session, &text).await;
            let stopped = session.wait_for("llmFunctionCallStopped").await;
            assert_eq!(stopped["result"], json!({"asked": text, "id": id}), "{stopped}");
            // What the bot says about the answer is up to Pipecat: its context keeps one result per
            // id.
            session.wait_for("botLlmStarted").await;
        }
    }
    session.client.disconnect().await.expect("the client disconnects");
}

/// Half a character, and numbers that JSON does not have, cost no message: neither a message of the
/// server, nor an answer, nor a token of the LLM.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn odd_json(target: &Target) {
    let mut session = Session::connected(target).await;
    session.client.send_client_message("half-emoji", None).await.expect("it is sent");
    assert_eq!(session.wait_for("serverMessage").await, json!({"text": "half \u{fffd}"}));
    let answer = session.client.send_client_request("odd-answer", None, None).await.expect("it is answered");
    let numbers = json!([null, null, null, 2.0_f64.powi(70), null]);
    assert_eq!(answer, Some(json!({"numbers": numbers, "text": "half \u{fffd}", "whole": 1})));
    write(&session, "Give me half an emoji").await;
    let token = session.wait_until("botLlmText", |data| data["text"].as_str() == Some(" \u{fffd}")).await;
    assert_eq!(token, json!({"text": " \u{fffd}"}));
    assert_eq!(session.all("protocolError"), [json!(null); 0]);
    session.client.disconnect().await.expect("the client disconnects");
}

/// The client waits for a bot whose event loop stalls for a while, and the same session continues.
///
/// # Panics
/// If anything differs from the expectation.
pub async fn a_bot_that_stands_still(target: &Target) {
    let session = Session::connected(target).await;
    for _ in 0..2 {
        let asked =
            session.client.send_client_request("stand-still", Some(json!({"seconds": STANDSTILL})), None);
        asked.await.expect("it answers first");
        tokio::time::sleep(Duration::from_secs_f64(STANDSTILL + 1.5)).await;
        let echo = session.client.send_client_request("echo", Some(json!("here")), None).await;
        assert_eq!(echo, Ok(Some(json!("here"))));
    }
    assert_eq!(session.all("reconnecting"), [json!(null); 0]);
    assert_eq!(session.client.state(), TransportState::Ready);
    session.client.disconnect().await.expect("the client disconnects");
}
