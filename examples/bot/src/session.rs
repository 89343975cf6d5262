//! One WebSocket session: moves frames between the socket and the [`Conversation`], which decides everything.
//!
//! Runs in its connection's task and ends with it. Sends and reads in turn: while the client does not read, the bot does
//! not either, so nothing piles up. Knows no RTVI.

use std::{sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    time::{Instant, sleep_until, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self, Message,
        protocol::{CloseFrame, Role, WebSocketConfig},
    },
};

use crate::{
    conversation::{Conversation, Output},
    server::Shared,
    upgrade::Ticket,
    wire,
};

/// Outputs sent in a row before the bot looks for input again.
const BURST: usize = 64;

/// How long the bot waits for the client's close frame after its own.
const CLOSE_WAIT: Duration = Duration::from_secs(2);

/// Largest message the bot reads, the limit of the server that Pipecat runs on (uvicorn).
const MAX_MESSAGE_BYTES: usize = 16 << 20;

/// The close code that stands for a close frame without one (RFC 6455 §7.1.5).
const NO_CLOSE_CODE: u16 = 1005;

/// Whether the session goes on.
#[derive(PartialEq, Eq)]
enum Flow {
    Continue,
    End,
}

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
    let log = shared.log.open(uuid::Uuid::new_v4().to_string());
    let conversation = Conversation::new(Arc::clone(&shared.options), ticket.plan, log);
    Session { socket, conversation, opened: Instant::now(), stalled: false }.run().await;
}

struct Session {
    socket: WebSocketStream<TcpStream>,
    conversation: Conversation,
    opened: Instant,
    stalled: bool,
}

impl Session {
    async fn run(mut self) {
        self.conversation.open();
        while self.turn().await == Ok(Flow::Continue) {}
    }

    /// Sends what is due, then waits for input or for the next thing to be due. An error ends the session: the socket
    /// has failed, and there is nobody to tell.
    async fn turn(&mut self) -> Result<Flow, ()> {
        if self.send_due().await? == Flow::End {
            return Ok(Flow::End);
        }
        let due = self.conversation.next_due().map(|due| self.opened + due);
        tokio::select! {
            input = self.socket.next() => self.receive(input).await,
            () = sleep_until(due.unwrap_or(self.opened)), if due.is_some() => Ok(Flow::Continue),
        }
    }

    async fn send_due(&mut self) -> Result<Flow, ()> {
        for _ in 0..BURST {
            let Some(output) = self.conversation.poll(self.opened.elapsed()) else { break };
            if self.output(output).await? == Flow::End {
                return Ok(Flow::End);
            }
        }
        self.flush().await?;
        Ok(Flow::Continue)
    }

    async fn output(&mut self, output: Output) -> Result<Flow, ()> {
        match output {
            Output::Message(message) => self.feed(wire::message(&message)).await,
            Output::Frame(frame) => self.feed(wire::frame(frame)).await,
            Output::Binary(bytes) => self.feed(Message::Binary(bytes)).await,
            Output::Close { code, reason } => self.close(code, reason).await,
            Output::Drop => self.drop().await,
            Output::Reset => self.reset().await,
            Output::Stall => self.stall().await,
            Output::Freeze => self.freeze().await,
        }
    }

    async fn feed(&mut self, message: Message) -> Result<Flow, ()> {
        if !self.stalled {
            self.socket.feed(message).await.map_err(drop)?;
        }
        Ok(Flow::Continue)
    }

    // The faults below come after everything that was sent before them.

    async fn drop(&mut self) -> Result<Flow, ()> {
        self.flush().await?;
        Ok(Flow::End)
    }

    async fn stall(&mut self) -> Result<Flow, ()> {
        self.flush().await?;
        self.stalled = true;
        Ok(Flow::Continue)
    }

    async fn freeze(&mut self) -> Result<Flow, ()> {
        self.flush().await?;
        std::future::pending().await
    }

    /// Makes the end of the session a TCP reset.
    async fn reset(&mut self) -> Result<Flow, ()> {
        self.flush().await?;
        self.socket.get_ref().set_zero_linger().map_err(drop)?;
        Ok(Flow::End)
    }

    async fn flush(&mut self) -> Result<(), ()> {
        self.socket.flush().await.map_err(drop)
    }

    async fn close(&mut self, code: u16, reason: String) -> Result<Flow, ()> {
        if self.stalled {
            return Ok(Flow::Continue);
        }
        let frame = CloseFrame { code: code.into(), reason: reason.into() };
        self.socket.close(Some(frame)).await.map_err(drop)?;
        // Either the client answers the close or it had its time.
        let _ = timeout(CLOSE_WAIT, self.closed_by_client()).await;
        Ok(Flow::End)
    }

    async fn closed_by_client(&mut self) {
        while let Some(Ok(input)) = self.socket.next().await {
            if let Message::Close(frame) = input {
                self.note_close(frame);
            }
        }
    }

    async fn receive(&mut self, input: Option<Result<Message, tungstenite::Error>>) -> Result<Flow, ()> {
        let now = self.opened.elapsed();
        match input {
            Some(Ok(Message::Binary(bytes))) => self.conversation.receive(now, &bytes),
            Some(Ok(Message::Text(text))) => self.conversation.receive_text(now, text.as_str()),
            Some(Ok(Message::Close(frame))) => return self.acknowledge_close(frame).await,
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
            Some(Err(_)) | None => return Err(()),
        }
        Ok(Flow::Continue)
    }

    /// The WebSocket library has queued the answer already; this sends it.
    async fn acknowledge_close(&mut self, frame: Option<CloseFrame>) -> Result<Flow, ()> {
        self.note_close(frame);
        // The client may have gone without waiting for it.
        let _ = self.socket.flush().await;
        Ok(Flow::End)
    }

    fn note_close(&self, frame: Option<CloseFrame>) {
        self.conversation.note_close(frame.map_or(NO_CLOSE_CODE, |frame| frame.code.into()));
    }
}
