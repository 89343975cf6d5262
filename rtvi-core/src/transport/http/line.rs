//! One connection to an HTTP server, and those that an attempt keeps for its next requests.
//!
//! Speaks HTTP/1.1. A connection is one task, which ends with its [`Line`]. Has no deadline of its own: whoever waits drops the future.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::{
    body::{Body, Incoming},
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio_util::{io::InspectReader, task::AbortOnDropHandle};
use url::{Origin, Url};

use crate::{
    error::{Error, ErrorKind},
    transport::{
        address,
        stream::{self, Wire},
        tls::TlsOptions,
    },
};

/// How many connections are kept for the next requests of an attempt; a further one is closed.
const MAX_IDLE: usize = 4;

/// A connection that can take one request after another.
#[derive(Debug)]
pub(super) struct Line {
    origin: Origin,
    sender: SendRequest<Full<Bytes>>,
    /// Whether a byte has come in since the last request was begun.
    heard: Arc<AtomicBool>,
    /// Closes the connection when it is dropped.
    _task: AbortOnDropHandle<()>,
}

impl Line {
    /// Opens a connection to the server of `url`.
    pub(super) async fn open(url: &Url, tls: &TlsOptions) -> Result<Self, Error> {
        let wire = connect(url, tls).await.map_err(|error| out_of_reach(url, error))?;
        let heard = Arc::new(AtomicBool::new(false));
        let hearing = Arc::clone(&heard);
        let wire = InspectReader::new(wire, move |bytes: &[u8]| {
            hearing.fetch_or(!bytes.is_empty(), Ordering::Relaxed);
        });
        let shaken = http1::handshake(TokioIo::new(wire)).await;
        let (sender, connection) = shaken.map_err(|cause| {
            Error::new(ErrorKind::ConnectionFailed, format!("{} broke off: {cause}", address::shown(url)))
        })?;
        let task = tokio::spawn(async move {
            // What goes wrong is told to the request that waits.
            let _ = connection.await;
        });
        Ok(Self { origin: url.origin(), sender, heard, _task: AbortOnDropHandle::new(task) })
    }

    /// Sends a request and waits for the head of its answer.
    pub(super) async fn send(&mut self, request: Request<Full<Bytes>>) -> hyper::Result<Response<Incoming>> {
        self.heard.store(false, Ordering::Relaxed);
        self.sender.ready().await?;
        self.sender.send_request(request).await
    }

    /// Whether a byte of an answer to the last request has come.
    pub(super) fn has_heard(&self) -> bool {
        self.heard.load(Ordering::Relaxed)
    }
}

async fn connect(url: &Url, tls: &TlsOptions) -> Result<Box<dyn Wire>, Error> {
    let failed = |what: &dyn std::fmt::Display| Error::new(ErrorKind::ConnectionFailed, what.to_string());
    let host = url.host().ok_or_else(|| failed(&"it has no host name"))?;
    let addresses = stream::look_up(&host, url.port_or_known_default().unwrap_or_default()).await?;
    let tcp = stream::connect(addresses).await.map_err(|cause| failed(&cause))?;
    match url.scheme() {
        "https" => stream::secure(&host, &address::authority(url), tls, tcp).await,
        _ => Ok(Box::new(tcp)),
    }
}

fn out_of_reach(url: &Url, error: Error) -> Error {
    if error.kind() != ErrorKind::ConnectionFailed {
        return error;
    }
    let text = format!("{} can't be reached: {}", address::shown(url), error.message());
    Error::new(ErrorKind::ConnectionFailed, text)
}

/// The connections that wait for the next request of an attempt.
#[derive(Debug, Default)]
pub(super) struct Idle(Mutex<Vec<Line>>);

impl Idle {
    /// A connection to this server that nobody uses, if there is one that its server has not closed.
    pub(super) fn take(&self, url: &Url) -> Option<Line> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.retain(|line| !line.sender.is_closed());
        let index = lines.iter().position(|line| line.origin == url.origin())?;
        Some(lines.swap_remove(index))
    }

    /// Closes all.
    #[cfg(feature = "webrtc")]
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Keeps a connection whose last answer was read to its end.
    pub(super) fn put(&self, line: Line, body: &Incoming) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if body.is_end_stream() && !line.sender.is_closed() && lines.len() < MAX_IDLE {
            lines.push(line);
        }
    }
}
