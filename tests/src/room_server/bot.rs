//! The bot of a scripted room: a demo bot, reached over its WebSocket. It hears and says no audio.

use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use rtvi_core::protocol::frame::{Frame, FrameKind, MessageFrame};
use tokio::{net::TcpStream, sync::mpsc};
use tokio_tungstenite::{client_async, tungstenite::Message};

/// Messages on their way to or from the bot; the sender waits while there are more.
const QUEUE: usize = 64;

/// The two ends of a bot's connection. The receiver ends when the bot leaves; the bot sees its
/// client leave when the sender is dropped.
pub(super) type Ends = (mpsc::Sender<String>, mpsc::Receiver<String>);

/// Calls the bot at this WebSocket URL.
pub(super) async fn call(url: &str) -> Ends {
    let host = url.split('/').nth(2).expect("the URL has a host").to_owned();
    let stream = TcpStream::connect(host).await.expect("the bot listens");
    let (mut socket, _) = client_async(url, stream).await.expect("the bot speaks WebSocket");
    let (to_bot, mut outgoing) = mpsc::channel::<String>(QUEUE);
    let (incoming, from_bot) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                said = outgoing.recv() => {
                    let Some(data) = said else { break };
                    let frame = Frame { kind: Some(FrameKind::Message(MessageFrame { data })) };
                    if socket.send(Message::Binary(frame.encode_to_vec().into())).await.is_err() {
                        return;
                    }
                }
                heard = socket.next() => match heard {
                    Some(Ok(Message::Binary(bytes))) => {
                        let Ok(Frame { kind: Some(FrameKind::Message(message)) }) = Frame::decode(bytes) else {
                            continue;
                        };
                        if incoming.send(message.data).await.is_err() {
                            break;
                        }
                    }
                    Some(Ok(_)) => {}
                    _ => return,
                },
            }
        }
        // The bot may have gone first.
        let _ = socket.close(None).await;
    });
    (to_bot, from_bot)
}
