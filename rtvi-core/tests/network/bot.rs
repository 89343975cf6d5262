//! The bot at the other end of the network: reports that it is ready, answers requests, and answers
//! a close frame.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{io::DuplexStream, time::sleep};
use tokio_tungstenite::{WebSocketStream, accept_async, tungstenite::Message};

use crate::model::Network;

/// The bot's maximum reaction time, in milliseconds.
const THOUGHT: u64 = 400;

/// Serves one session until its connection ends.
pub(crate) async fn serve(pipe: DuplexStream, network: Network) {
    let Ok(mut socket) = accept_async(pipe).await else { return };
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Binary(frame) = message
            && answer(&mut socket, &frame, &network).await.is_err()
        {
            return;
        }
    }
}

/// The message in a protobuf frame is JSON text, and nothing else in it has braces.
fn message(frame: &[u8]) -> Option<Value> {
    let start = frame.iter().position(|byte| *byte == b'{')?;
    let end = frame.iter().rposition(|byte| *byte == b'}')?;
    serde_json::from_slice(frame.get(start..=end)?).ok()
}

async fn answer(
    socket: &mut WebSocketStream<DuplexStream>,
    frame: &[u8],
    network: &Network,
) -> Result<(), tokio_tungstenite::tungstenite::Error> {
    let Some(message) = message(frame) else { return Ok(()) };
    let (kind, data) = match message["type"].as_str() {
        Some("client-ready") => ("bot-ready", json!({"version": "2.2.0"})),
        Some("client-message") => ("server-response", json!({"t": message["data"]["t"], "d": "pong"})),
        _ => return Ok(()),
    };
    sleep(Duration::from_millis(network.below(THOUGHT))).await;
    let answer = json!({"label": "rtvi-ai", "type": kind, "id": message["id"], "data": data});
    socket.send(Message::text(answer.to_string())).await
}
