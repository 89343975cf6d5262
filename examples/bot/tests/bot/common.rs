//! A bare client for the tests of the bot: raw WebSocket and raw HTTP, none of the SDK's client
//! code.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use rtvi_bot::{BotOptions, DemoBot};
use rtvi_core::protocol::frame::{AudioRawFrame, Frame, FrameKind as Kind, MessageFrame};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, protocol::CloseFrame},
};

/// Longest wait for anything; reached only when a test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A bot that speaks twenty times as fast as a person.
pub(crate) async fn bot(options: BotOptions) -> DemoBot {
    DemoBot::start(BotOptions { pace: 0.05, metrics: false, ..options }).await.expect("a free port")
}

/// What a client got.
#[derive(Debug, PartialEq)]
pub(crate) enum Got {
    Message(Value),
    Audio(AudioRawFrame),
    Interruption,
    Unreadable,
    Pong,
    Closed(Option<(u16, String)>),
    Broken,
}

pub(crate) struct Client {
    pub(crate) socket: WebSocketStream<TcpStream>,
}

impl Client {
    pub(crate) async fn open(bot: &DemoBot, query: &str) -> Result<Self, Error> {
        let stream = TcpStream::connect(bot.address()).await.expect("the bot listens");
        let url = format!("{}{query}", bot.ws_url());
        client_async(url, stream).await.map(|(socket, _)| Self { socket })
    }

    /// A client whose handshake is done.
    pub(crate) async fn ready(bot: &DemoBot, query: &str) -> Self {
        let mut client = Self::open(bot, query).await.expect("the bot upgrades");
        client.tell("client-ready", json!({ "version": "2.2.0", "about": { "library": "test" } })).await;
        client.message("bot-ready").await;
        client
    }

    pub(crate) async fn tell(&mut self, kind: &str, data: Value) {
        let message = json!({ "label": "rtvi-ai", "type": kind, "id": "id-1", "data": data });
        self.send(Kind::Message(MessageFrame { data: message.to_string() })).await;
    }

    pub(crate) async fn request(&mut self, t: &str, d: Value) {
        self.tell("client-message", json!({ "t": t, "d": d })).await;
    }

    pub(crate) async fn send(&mut self, kind: Kind) {
        let bytes = Frame { kind: Some(kind) }.encode_to_vec();
        self.socket.send(Message::Binary(bytes.into())).await.expect("the connection is open");
    }

    /// Sends a tone (or silence) of `ms` at once.
    pub(crate) async fn speak(&mut self, ms: u32, amplitude: f32) {
        for _ in 0..ms / 20 {
            let sample = |i: u32| (amplitude * (i as f32 * 0.3).sin()) as i16;
            let audio: Bytes = (0..320).flat_map(|i| sample(i).to_le_bytes()).collect::<Vec<u8>>().into();
            let frame =
                AudioRawFrame { audio, sample_rate: 16_000, num_channels: 1, ..AudioRawFrame::default() };
            self.send(Kind::Audio(frame)).await;
        }
    }

    pub(crate) async fn next(&mut self) -> Got {
        match timeout(PATIENCE, self.socket.next()).await.expect("the bot says something") {
            Some(Ok(Message::Binary(bytes))) => read(&bytes),
            Some(Ok(Message::Close(frame))) => Got::Closed(frame.map(close)),
            Some(Ok(_)) => Got::Pong,
            Some(Err(_)) | None => Got::Broken,
        }
    }

    /// Waits for a message of `kind`, skipping everything else.
    pub(crate) async fn message(&mut self, kind: &str) -> Value {
        loop {
            match self.next().await {
                Got::Message(message) if message["type"] == kind => return message,
                end @ (Got::Closed(_) | Got::Broken) => panic!("{end:?} instead of {kind}"),
                _ => {}
            }
        }
    }

    /// Everything up to a message of `kind`.
    pub(crate) async fn until(&mut self, kind: &str) -> Vec<Got> {
        let mut all = Vec::new();
        loop {
            let got = self.next().await;
            assert!(!matches!(got, Got::Closed(_) | Got::Broken), "{got:?} instead of {kind} after {all:?}");
            let last = matches!(&got, Got::Message(message) if message["type"] == kind);
            all.push(got);
            if last {
                return all;
            }
        }
    }

    /// True when nothing comes for a while.
    pub(crate) async fn is_silent(&mut self) -> bool {
        timeout(Duration::from_millis(150), self.socket.next()).await.is_err()
    }
}

fn read(bytes: &[u8]) -> Got {
    match Frame::decode(bytes).map(|frame| frame.kind) {
        Ok(Some(Kind::Message(message))) => {
            serde_json::from_str(&message.data).map_or(Got::Unreadable, Got::Message)
        }
        Ok(Some(Kind::Audio(audio))) => Got::Audio(audio),
        Ok(Some(Kind::Interruption(_))) => Got::Interruption,
        _ => Got::Unreadable,
    }
}

fn close(frame: CloseFrame) -> (u16, String) {
    (frame.code.into(), frame.reason.to_string())
}

/// The types of the messages among `all`.
pub(crate) fn types(all: &[Got]) -> Vec<&str> {
    all.iter().filter_map(kind).collect()
}

fn kind(got: &Got) -> Option<&str> {
    match got {
        Got::Message(message) => message["type"].as_str(),
        Got::Interruption => Some("INTERRUPTION"),
        _ => None,
    }
}

/// Sends an HTTP request; returns status line and headers, and the body as far as it came before
/// the end or `limit`.
pub(crate) async fn http(
    bot: &DemoBot,
    method: &str,
    path: &str,
    body: &str,
    limit: Duration,
) -> (String, String) {
    let mut stream = TcpStream::connect(bot.address()).await.expect("the bot listens");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: bot\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("the bot reads");
    let mut answer = Vec::new();
    // Running into the limit is a result, too: the answer so far.
    let _ = timeout(limit, stream.read_to_end(&mut answer)).await;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    (head.to_owned(), body.to_owned())
}

/// Waits until `done` says so of the newest session.
pub(crate) async fn session(
    bot: &DemoBot,
    done: impl Fn(&rtvi_bot::SessionRecord) -> bool,
) -> rtvi_bot::SessionRecord {
    let wait = async {
        loop {
            if let Some(record) = bot.sessions().pop().filter(|record| done(record)) {
                return record;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, wait).await.expect("the session gets there")
}
