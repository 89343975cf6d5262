//! A Pipecat of the RTVI 1.x protocol.

use rtvi_core::{ConnectParams, ErrorKind, protocol::SendTextOptions};
use rtvi_tests::{PipecatServer, ServerKind, Session, exchange::conversation};
use serde_json::json;

#[tokio::test]
async fn an_old_bot_is_talked_to_in_its_own_way() {
    let server = PipecatServer::start(ServerKind::Legacy, &[]).await;
    let mut session = Session::new();
    let params = ConnectParams::websocket(server.target().ws_url);
    let bot = session.client.connect(params).await.expect("the client connects");
    assert!(bot.protocol_version().is_legacy());
    let keys = session.client.send_dtmf("1").await.expect_err("there are no keys in RTVI 1");
    assert_eq!(keys.kind(), ErrorKind::UnsupportedFeature);

    session.client.send_text("Good morning", SendTextOptions::default()).await.expect("the text is sent");
    let output = session.wait_for("botOutput").await;
    assert!(output["text"].as_str().is_some_and(|text| !text.is_empty()), "{output}");
    assert!(output["spoken"].is_boolean(), "{output}");
    assert_eq!(output["spoken_status"], json!(null), "the old form has no progress");
    session.wait_for("botStoppedSpeaking").await;
    assert_eq!(
        session.client.send_client_request("get-language", None, None).await,
        Ok(Some(json!({"language": "en-US"})))
    );
    assert_eq!(session.all("protocolError"), [json!(null); 0]);
    session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn the_old_function_call_message_runs_the_handler() {
    let server = PipecatServer::start(ServerKind::Legacy, &[]).await;
    let mut session = Session::connected(&server.target()).await;
    session.client.register_function_call_handler("get_weather", |_| async {
        Ok::<_, String>(json!({"conditions": "sunny"}))
    });
    session
        .client
        .send_text("How is the weather", SendTextOptions::default())
        .await
        .expect("the text is sent");
    session.wait_for("llmFunctionCall").await;
    session
        .wait_until("botOutput", |output| output["text"].as_str().is_some_and(|text| text.contains("sunny")))
        .await;
    session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn an_old_bot_hears_and_is_heard() {
    let server = PipecatServer::start(ServerKind::Legacy, &[]).await;
    let mut session = Session::connected(&server.target()).await;
    let words = rtvi_tests::speech("Hello, can you hear me?").await;
    session.microphone.say(&words).await;
    session.wait_for("userStartedSpeaking").await;
    session.wait_for("userTranscript").await;
    session.wait_for_answer().await;
    conversation::assert_received(&session);
    session.client.disconnect().await.expect("the client disconnects");
}
