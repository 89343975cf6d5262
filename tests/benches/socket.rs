//! The same messages through a real WebSocket over loopback, with the server on its own thread.
//!
//! The kernel's work for the socket is included, so there is no goal.

use std::{
    net::SocketAddr,
    sync::mpsc,
    thread::{self, JoinHandle},
    time::Instant,
};

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use rtvi_core::{
    ConnectParams, PipecatClient, PipecatClientOptions,
    protocol::frame::{Frame, FrameKind, MessageFrame},
    transport::WebSocketTransport,
};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    sync::oneshot,
};
use tokio_tungstenite::{WebSocketStream, accept_async, tungstenite::Message};

use crate::{dispatch, figure::Figure, messages::Conversation, usage::thread_cpu_seconds};

/// The number of messages.
const COUNT: usize = 1_000_000;
/// The number of messages that the server writes at once.
const BURST: usize = 32;

/// Measures it.
pub(crate) fn run() {
    let (begin, begun) = oneshot::channel();
    let (address, server) = start(begun);
    runtime().block_on(measure(address, begin));
    server.join().expect("the server ends well");
}

/// A server for one client in another process. It sends everything as soon as the client is ready.
#[derive(Debug)]
pub(crate) struct Flood(SocketAddr);

impl Flood {
    /// The number of messages after `bot-ready`.
    pub(crate) const COUNT: usize = COUNT;

    /// Listens. The thread ends with the client.
    pub(crate) fn start() -> Self {
        let (begin, begun) = oneshot::channel();
        begin.send(()).expect("it is there");
        Self(start(begun).0)
    }

    /// The URL for the client.
    pub(crate) fn url(&self) -> String {
        format!("ws://{}", self.0)
    }
}

/// Starts a server that sends everything once it may begin.
fn start(begun: oneshot::Receiver<()>) -> (SocketAddr, JoinHandle<()>) {
    let (listening, address) = mpsc::sync_channel(1);
    let server = thread::spawn(move || runtime().block_on(serve(&listening, begun)));
    (address.recv().expect("the server listens"), server)
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime can be made")
}

async fn measure(address: SocketAddr, begin: oneshot::Sender<()>) {
    let options = PipecatClientOptions::new(WebSocketTransport::default());
    let client = PipecatClient::new(options).expect("there is a runtime");
    let mut events = client.events();
    client.connect(ConnectParams::websocket(format!("ws://{address}"))).await.expect("the bot is ready");
    begin.send(()).expect("the server waits");
    let (start, cpu) = (Instant::now(), thread_cpu_seconds());
    dispatch::read(&mut events, COUNT).await;
    let rate = COUNT as f64 / (thread_cpu_seconds() - cpu);
    let elapsed_rate = COUNT as f64 / start.elapsed().as_secs_f64();
    Figure::high("dispatch-websocket", rate, "messages/CPU s").print();
    Figure::high("dispatch-websocket-elapsed", elapsed_rate, "messages/s").print();
    client.disconnect().await.expect("the client disconnects");
}

async fn serve(listening: &mpsc::SyncSender<SocketAddr>, begun: oneshot::Receiver<()>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
    listening.send(listener.local_addr().expect("it is bound")).expect("the client waits");
    let (stream, _) = listener.accept().await.expect("the client comes");
    let mut socket = accept_async(stream).await.expect("the client speaks WebSocket");
    let Conversation { ready, messages } = Conversation::recorded();
    socket.next().await.expect("client-ready").expect("the socket works");
    socket.send(frame(&ready)).await.expect("the client listens");
    begun.await.expect("the client is ready");
    feed(&mut socket, &messages.iter().map(frame).collect::<Vec<_>>()).await;
    while socket.next().await.is_some_and(|message| message.is_ok()) {}
}

async fn feed(socket: &mut WebSocketStream<TcpStream>, frames: &[Message]) {
    for (index, frame) in frames.iter().cycle().take(COUNT).enumerate() {
        socket.feed(frame.clone()).await.expect("the client listens");
        if index % BURST == BURST - 1 {
            socket.flush().await.expect("the client listens");
        }
    }
    socket.flush().await.expect("the client listens");
}

fn frame(message: &Bytes) -> Message {
    let data = String::from_utf8(message.to_vec()).expect("JSON is text");
    let frame = Frame { kind: Some(FrameKind::Message(MessageFrame { data })) };
    Message::Binary(frame.encode_to_vec().into())
}
