//! A bot on a phone that breaks the rule which the path of its URL names: `/good` breaks none.
//!
//! It answers the message that opens a call, and stays until the caller hangs up.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{Request, Response},
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

/// Starts it.
pub(super) async fn start() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

#[expect(clippy::result_large_err, reason = "tungstenite's callback has this type")]
async fn serve(stream: TcpStream) {
    let mut path = String::new();
    let note = |request: &Request, response: Response| {
        request.uri().path().clone_into(&mut path);
        Ok(response)
    };
    let Ok(mut socket) = accept_hdr_async(stream, note).await else { return };
    let mut is_up = false;
    while let Some(Ok(message)) = socket.next().await {
        let message: Value = serde_json::from_str(message.to_text().unwrap_or_default()).unwrap_or_default();
        let says = |key: &str, what: &str| message[key] == what;
        if !is_up && (says("type", "open") || says("event", "start")) {
            is_up = true;
            if !answer(&mut socket, path.trim_start_matches('/'), &message["id"]).await {
                return;
            }
        }
        if says("type", "close") {
            let _ = socket.send(genesys(&message["id"], "closed", json!({}))).await;
        }
    }
}

/// Answers the start of a call of Twilio, or of Genesys, whose session has an `id`. False: the
/// connection ends without a close.
async fn answer(socket: &mut WebSocketStream<TcpStream>, fault: &str, id: &Value) -> bool {
    let opened = |id: &Value| genesys(id, "opened", json!({"media": [{"format": "PCMU", "rate": 8_000}]}));
    let text = |text: &str| vec![Message::text(text)];
    let messages = match fault {
        "cut" => return false,
        "silent" => vec![],
        "busy" => {
            let frame = CloseFrame { code: CloseCode::Normal, reason: "busy".into() };
            vec![Message::Close(Some(frame))]
        }
        "garbage" => text("play it again"),
        "binary" => vec![Message::binary(vec![0_u8; 160])],
        "no-event" => text("{}"),
        "other-event" => text(r#"{"event": "playAudio"}"#),
        "no-media" => text(r#"{"event": "media"}"#),
        "not-base64" => text(r#"{"event": "media", "media": {"payload": "!"}}"#),
        "other-stream" => text(r#"{"event": "media", "streamSid": "MZ7", "media": {"payload": ""}}"#),
        "version" => text(r#"{"version": "1", "type": "opened", "seq": 1, "id": "7"}"#),
        "other-session" => vec![opened(&json!("7"))],
        "other-media" => vec![genesys(id, "opened", json!({"media": [{"format": "L16", "rate": 16_000}]}))],
        "twice" => vec![opened(id), opened(id)],
        _ if id.is_string() => vec![opened(id)],
        _ => vec![],
    };
    for message in messages {
        // The caller may have hung up.
        let _ = socket.send(message).await;
    }
    true
}

fn genesys(id: &Value, kind: &str, parameters: Value) -> Message {
    let message =
        json!({"version": "2", "type": kind, "seq": 1, "clientseq": 1, "id": id, "parameters": parameters});
    Message::text(message.to_string())
}
