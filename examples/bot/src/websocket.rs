//! A session's [`Link`] over a WebSocket, in Pipecat's protobuf frames.
//!
//! Runs in its connection's task. Knows no RTVI.

use std::{sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use hyper_util::rt::TokioIo;
use rtvi_core::protocol::frame::FrameKind as Kind;
use serde_json::Value;
use tokio::{
    io::Interest,
    net::TcpStream,
    time::{sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        protocol::{CloseFrame, Role, WebSocketConfig},
    },
};

use crate::{
    Protocol,
    conversation::{Conversation, Output},
    link::{Flow, Input, Link},
    server::Shared,
    session,
    upgrade::Ticket,
    wire,
};

/// How long the bot waits for the client's close frame after its own.
const CLOSE_WAIT: Duration = Duration::from_secs(2);

/// The pause between two checks whether the client of a frozen session has gone.
const LOOK: Duration = Duration::from_millis(500);

/// The largest message that the bot reads: the limit of the server that Pipecat runs on (uvicorn).
const MAX_MESSAGE_BYTES: usize = 16 << 20;

/// The close code for a close frame without one (RFC 6455 §7.1.5).
const NO_CLOSE_CODE: u16 = 1005;

/// Waits for the socket of `ticket` and serves the session on it until either side ends it.
pub(crate) async fn run(ticket: Ticket, shared: Arc<Shared>) {
    let Ok(upgraded) = ticket.socket.await else { return };
    let Ok(parts) = upgraded.downcast::<TokioIo<TcpStream>>() else { return };
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE_BYTES))
        .max_frame_size(Some(MAX_MESSAGE_BYTES));
    let early = parts.read_buf.to_vec();
    let socket =
        WebSocketStream::from_partially_read(parts.io.into_inner(), early, Role::Server, Some(config)).await;
    let log = shared.log.open(uuid::Uuid::new_v4().to_string(), Value::Null);
    let conversation = Conversation::new(Arc::clone(&shared.options), ticket.plan, log);
    let interrupts = shared.options.protocol == Protocol::V2;
    let link = WebSocketLink { socket, interrupts, stalled: false, close_code: None };
    session::run(link, conversation).await;
}

struct WebSocketLink {
    socket: WebSocketStream<TcpStream>,
    /// Whether there is a frame for interruptions, which was added in RTVI 2.
    interrupts: bool,
    stalled: bool,
    close_code: Option<u16>,
}

impl Link for WebSocketLink {
    async fn open(&mut self) -> Flow {
        Flow::Continue
    }

    async fn receive(&mut self) -> Option<Input> {
        let input = match self.socket.next().await?.ok()? {
            Message::Binary(bytes) => match wire::decode(&bytes) {
                Some(Kind::Message(message)) => Input::Text(message.data),
                Some(Kind::Audio(frame)) => Input::Audio(frame),
                // The server's serializer reads the other kinds, but its pipeline does not use
                // them.
                Some(_) | None => Input::Nothing,
            },
            Message::Text(text) => Input::Text(text.as_str().to_owned()),
            Message::Close(frame) => return self.acknowledge_close(frame).await,
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Input::Nothing,
        };
        Some(input)
    }

    async fn put(&mut self, output: Output) -> Flow {
        match output {
            Output::Message(message) => self.feed(wire::message(&message)).await,
            Output::Text(text) => self.feed(wire::text(text)).await,
            Output::Binary(bytes) => self.feed(Message::Binary(bytes)).await,
            Output::Audio(frame) => self.feed(wire::frame(Kind::Audio(frame))).await,
            Output::Interruption { number } => self.interrupt(number).await,
            Output::Renegotiate | Output::OpenChannel | Output::PeerLeft => Flow::Continue,
            Output::Close { code, reason } => self.close(code, reason).await,
            Output::Drop => self.drop().await,
            Output::Reset => self.reset().await,
            Output::Stall => self.stall().await,
            Output::Freeze => self.freeze().await,
        }
    }

    async fn flush(&mut self) -> Flow {
        self.socket.flush().await.map_or(Flow::End, |()| Flow::Continue)
    }

    fn close_code(&self) -> Option<u16> {
        self.close_code
    }
}

impl WebSocketLink {
    /// An error ends the session: the socket has failed, so nobody can be notified.
    async fn feed(&mut self, message: Message) -> Flow {
        if self.stalled {
            return Flow::Continue;
        }
        self.socket.feed(message).await.map_or(Flow::End, |()| Flow::Continue)
    }

    async fn interrupt(&mut self, number: u64) -> Flow {
        if self.interrupts {
            self.feed(wire::frame(wire::interruption(number))).await
        } else {
            Flow::Continue
        }
    }

    // The faults below follow everything that was sent before them.

    async fn drop(&mut self) -> Flow {
        // The session ends in any case.
        let _ = self.flush().await;
        Flow::End
    }

    async fn stall(&mut self) -> Flow {
        self.stalled = true;
        self.flush().await
    }

    async fn freeze(&mut self) -> Flow {
        if self.flush().await == Flow::End {
            return Flow::End;
        }
        // Reads nothing, like a stopped process; but the session ends when its client has closed
        // the connection.
        while self.socket.get_ref().ready(Interest::READABLE).await.is_ok_and(|ready| !ready.is_read_closed())
        {
            sleep(LOOK).await;
        }
        Flow::End
    }

    /// Makes the end of the session a TCP reset.
    async fn reset(&mut self) -> Flow {
        let _ = self.flush().await;
        // A socket that is already gone can't be reset.
        let _ = self.socket.get_ref().set_zero_linger();
        Flow::End
    }

    async fn close(&mut self, code: u16, reason: String) -> Flow {
        if self.stalled {
            return Flow::Continue;
        }
        let frame = CloseFrame { code: code.into(), reason: reason.into() };
        if self.socket.close(Some(frame)).await.is_ok() {
            // Either the client has answered the close frame, or its time is up.
            let _ = timeout(CLOSE_WAIT, self.closed_by_client()).await;
        }
        Flow::End
    }

    async fn closed_by_client(&mut self) {
        while let Some(Ok(input)) = self.socket.next().await {
            if let Message::Close(frame) = input {
                self.note_close(frame);
            }
        }
    }

    /// The WebSocket library has already queued the answer; this sends it.
    async fn acknowledge_close(&mut self, frame: Option<CloseFrame>) -> Option<Input> {
        self.note_close(frame);
        // The client may have closed without waiting for it.
        let _ = self.socket.flush().await;
        None
    }

    fn note_close(&mut self, frame: Option<CloseFrame>) {
        self.close_code = Some(frame.map_or(NO_CLOSE_CODE, |frame| frame.code.into()));
    }
}
