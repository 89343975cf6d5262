//! The signalling socket: a task that dials, writes requests and reads messages.
//!
//! Each dial has a task of its own, which ends when its [`Signal`] is dropped. Has no deadlines: the
//! session decides when to dial again.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};

use crate::{
    error::excerpt,
    log,
    transport::{
        Cookies, TlsOptions,
        livekit::{
            join::socket_url,
            session::{Dial, Input},
            wire::{self, RequestKind},
        },
        websocket::{Target, dial},
    },
};

/// How many requests wait for the socket. When there are as many, the server takes none, and the
/// socket counts as lost.
const REQUEST_QUEUE: usize = 256;
/// How many messages wait for the session. When there are as many, the socket is not read.
const MESSAGE_QUEUE: usize = 16;
/// How long closing may take.
const CLOSE_LIMIT: Duration = Duration::from_millis(500);

/// A signalling socket that is open or about to be.
#[derive(Debug)]
pub(super) struct Signal {
    requests: mpsc::Sender<Bytes>,
    inputs: mpsc::Receiver<Input>,
    task: JoinHandle<()>,
}

impl Signal {
    /// Opens a socket in the background.
    pub(super) fn open(dial: &Dial, tls: &TlsOptions) -> Self {
        let (requests, queue) = mpsc::channel(REQUEST_QUEUE);
        let (sender, inputs) = mpsc::channel(MESSAGE_QUEUE);
        let url = socket_url(&dial.url, dial.mode, dial.resumed.as_ref());
        let target = Target { url, headers: dial.token.headers() };
        let task = tokio::spawn(run(target, tls.clone(), queue, sender));
        Self { requests, inputs, task }
    }

    /// What happens next on the socket. After its end, nothing.
    pub(super) async fn next(&mut self) -> Input {
        match self.inputs.recv().await {
            Some(input) => input,
            None => std::future::pending().await,
        }
    }

    /// Sends a request; false if the server takes none.
    pub(super) fn send(&self, request: RequestKind) -> bool {
        self.requests.try_send(wire::encode_request(request)).is_ok()
    }

    /// Closes the socket after what was sent on it.
    pub(super) async fn close(mut self) {
        let (closed, _) = mpsc::channel(1);
        self.requests = closed;
        self.inputs.close();
        let _ = timeout(CLOSE_LIMIT, &mut self.task).await;
    }
}

impl Drop for Signal {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(
    target: Target,
    tls: TlsOptions,
    mut requests: mpsc::Receiver<Bytes>,
    inputs: mpsc::Sender<Input>,
) {
    // LiveKit's servers set no cookies.
    let cookies = Cookies::default();
    let opened = tokio::select! {
        opened = dial::open(&target, &tls, &cookies) => opened,
        // It is closed before it is open.
        () = inputs.closed() => return,
    };
    let mut socket = match opened {
        Ok(socket) => socket.stream,
        Err(error) => return drop(inputs.send(Input::Refused(error)).await),
    };
    let end = loop {
        tokio::select! {
            request = requests.recv() => match request {
                Some(request) => if let Err(cause) = socket.send(Message::Binary(request)).await {
                    break broken(&cause);
                },
                None => return drop(socket.close(None).await),
            },
            message = socket.next() => match read(message) {
                Ok(input) => drop(inputs.send(input).await),
                Err(text) => break text,
            },
        }
    };
    drop(inputs.send(Input::SocketLost(end)).await);
}

/// Reads a message of the server; the error says how the socket ended. A message that makes no sense
/// costs that message only.
fn read(message: Option<Result<Message, SocketError>>) -> Result<Input, String> {
    match message {
        Some(Ok(Message::Binary(bytes))) => Ok(match wire::decode_response(bytes) {
            Ok(Some(response)) => Input::Response(response),
            Ok(None) => Input::Heard,
            Err(text) => {
                log::warn!(%text, "an unreadable signalling message was dropped");
                Input::Heard
            }
        }),
        Some(Ok(Message::Close(frame))) => Err(match frame {
            Some(frame) => {
                let (code, reason) = (u16::from(frame.code), excerpt(frame.reason.as_str()));
                format!("the server closed the signalling connection with code {code}: {reason}")
            }
            None => "the server closed the signalling connection".to_owned(),
        }),
        Some(Ok(_)) => Ok(Input::Heard),
        Some(Err(cause)) => Err(broken(&cause)),
        None => Err("the server ended the signalling connection".to_owned()),
    }
}

fn broken(cause: &SocketError) -> String {
    format!("the signalling connection broke: {cause}")
}
