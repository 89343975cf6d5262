//! The session trace of a client: there in every state, of the session that is or was last.

use rtvi_core::{
    ConnectParams, PipecatClient, TransportState,
    client::trace::{SessionTrace, Side},
    protocol::SendTextOptions,
    transport::TransportEvent,
};

use crate::stage::{Stage, serve_close};

/// What the trace shows of one side.
fn shown(client: &PipecatClient, side: Side) -> Vec<String> {
    let trace = SessionTrace::parse(&client.session_trace()).unwrap();
    trace.rows().filter(|row| row.side == side).map(|row| row.what).collect()
}

#[tokio::test(start_paused = true)]
async fn a_trace_is_there_in_every_state() {
    let mut stage = Stage::new();
    assert_eq!(shown(&stage.client, Side::App), [""; 0], "nothing happened yet");
    assert!(stage.client.session_trace().contains("\"transport\":\"scripted\""));
    let connection = stage.ready().await;
    stage.client.send_text("secret", SendTextOptions::default()).await.unwrap();
    let calls = shown(&stage.client, Side::App);
    assert!(
        calls.len() == 2 && calls[0].contains("connect") && calls[1].starts_with("call 2: send-text, "),
        "{calls:?}"
    );
    let client = stage.client.clone();
    let (ended, ()) = tokio::join!(client.disconnect(), serve_close(connection));
    ended.unwrap();
    assert_eq!(stage.client.state(), TransportState::Disconnected);
    assert_eq!(shown(&stage.client, Side::App).len(), 3, "the last session's trace is kept");
    let text = stage.client.session_trace();
    assert!(!text.contains("secret") && text.contains("event disconnected requested"), "{text}");
    let _connection = stage.ready().await;
    assert_eq!(shown(&stage.client, Side::App).len(), 1, "until the next one begins");
}

#[tokio::test(start_paused = true)]
async fn what_comes_of_what_is_carried_out_is_recorded() {
    let mut stage = Stage::new();
    stage.bot.refuse_next(rtvi_core::Error::new(rtvi_core::ErrorKind::InvalidTransportParams, "secret"));
    stage.client.connect(ConnectParams::default()).await.unwrap_err();
    let server = shown(&stage.client, Side::Server);
    assert_eq!(server, ["connection 1 did not open: invalidTransportParams"]);

    let connection = stage.ready().await;
    let call = r#"{"label":"rtvi-ai","type":"llm-function-call","data":{"tool_call_id":"1","function_name":"f","args":{}}}"#;
    connection.report(TransportEvent::Message(call.into())).await;
    stage.wait_for("llmFunctionCall").await;
    let unhandled = |what: &String| what.starts_with("function ") && what.ends_with(" has no handler");
    assert!(shown(&stage.client, Side::App).iter().any(unhandled));
    stage.replay();
}
