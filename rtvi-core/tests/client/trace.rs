//! The session trace of a client: there in every state, of the session that is or was last.

use rtvi_core::{
    ConnectParams, PipecatClient, TransportState,
    client::trace::{Kind, SessionTrace},
    protocol::SendTextOptions,
    transport::TransportEvent,
};

use crate::stage::{Stage, serve_close};

/// What the trace shows of one kind.
fn shown(client: &PipecatClient, kind: Kind) -> Vec<String> {
    let trace = SessionTrace::parse(&client.session_trace()).unwrap();
    trace.rows().iter().filter(|row| row.kind == kind).map(|row| row.what.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_trace_is_there_in_every_state() {
    let mut stage = Stage::new();
    assert_eq!(shown(&stage.client, Kind::Call), [""; 0], "nothing happened yet");
    assert!(stage.client.session_trace().contains("\"transport\":\"scripted\""));
    let connection = stage.ready().await;
    stage.client.send_text("secret", SendTextOptions::default()).await.unwrap();
    assert_eq!(
        shown(&stage.client, Kind::Call),
        ["call 1: connect", "call 1: bot ready, protocol 2.2.0", "call 2: send_text", "call 2: done"]
    );
    assert_eq!(shown(&stage.client, Kind::Sent), ["client-ready", "send-text"]);
    let client = stage.client.clone();
    let (ended, ()) = tokio::join!(client.disconnect(), serve_close(connection));
    ended.unwrap();
    assert_eq!(stage.client.state(), TransportState::Disconnected);
    assert_eq!(shown(&stage.client, Kind::Call).len(), 6, "the last session's trace is kept");
    let text = stage.client.session_trace();
    assert!(!text.contains("secret") && text.contains("session ended: requested"), "{text}");
    let _connection = stage.ready().await;
    assert_eq!(shown(&stage.client, Kind::Call).len(), 2, "until the next one begins");
}

#[tokio::test(start_paused = true)]
async fn what_comes_of_what_is_carried_out_is_recorded() {
    let mut stage = Stage::new();
    stage.bot.refuse_next(rtvi_core::Error::new(rtvi_core::ErrorKind::InvalidTransportParams, "secret"));
    stage.client.connect(ConnectParams::default()).await.unwrap_err();
    let failed = "connection 1 did not open: invalidTransportParams".to_owned();
    assert!(shown(&stage.client, Kind::Network).contains(&failed));

    let connection = stage.ready().await;
    let call = r#"{"label":"rtvi-ai","type":"llm-function-call","data":{"tool_call_id":"1","function_name":"f","args":{}}}"#;
    connection.report(TransportEvent::Message(call.into())).await;
    stage.wait_for("llmFunctionCall").await;
    assert_eq!(shown(&stage.client, Kind::Function), ["run", "has no handler"]);
}
