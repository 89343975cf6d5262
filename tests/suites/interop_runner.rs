//! Pipecat's own development runner.

use rtvi_core::{ApiRequest, ErrorKind, PipecatClient};
use rtvi_tests::{PipecatServer, Session};
use serde_json::json;

const PORT: u16 = 17_860;
const PORT_WITH_TOKEN: u16 = 17_861;

async fn asks_its_language(client: &PipecatClient) {
    let answer = client.send_client_request("get-language", None, None).await;
    assert_eq!(answer, Ok(Some(json!({"language": "en-US"}))));
}

#[tokio::test]
async fn the_runners_answer_is_all_that_is_needed() {
    let server = PipecatServer::start_runner(PORT, &[]).await;
    let session = Session::new();
    let request = ApiRequest::new(server.target().start_url).with_data(json!({"transport": "websocket"}));
    session.client.start_bot_and_connect(request).await.expect("the bot starts");
    asks_its_language(&session.client).await;
    session.client.disconnect().await.expect("the client disconnects");

    let refused = ApiRequest::new(server.target().start_url).with_data(json!({"transport": "webrtc"}));
    let error = session.client.start_bot(refused).await.expect_err("the runner serves WebSocket only");
    assert_eq!((error.kind(), error.status()), (ErrorKind::StartBotFailed, Some(400)));
    assert!(error.message().contains("is not allowed"), "{error}");
}

#[tokio::test]
async fn a_token_is_passed_on() {
    let server = PipecatServer::start_runner(PORT_WITH_TOKEN, &["--ws-auth", "token"]).await;
    let session = Session::new();
    let request = ApiRequest::new(server.target().start_url).with_data(json!({"transport": "websocket"}));
    let params = session.client.start_bot(request).await.expect("the bot starts");
    session.client.connect(params.clone()).await.expect("the token is good");
    asks_its_language(&session.client).await;
    session.client.disconnect().await.expect("the client disconnects");

    let error = session.client.connect(params.clone()).await.expect_err("a token is good once");
    assert_eq!((error.kind(), error.status()), (ErrorKind::ConnectionFailed, Some(403)));
    let token = params.get(&["token"]).and_then(|token| token.as_str()).expect("there is a token");
    assert!(!error.message().contains(token), "no token in errors");
}
