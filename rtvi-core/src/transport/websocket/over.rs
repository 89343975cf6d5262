//! The WebSocket transport over streams from a test, instead of name look-up, TCP and TLS.
//!
//! For tests only (feature `testing`), so that whole sessions can run over a simulated network.
//! Everything above the stream is what apps use.

use std::{fmt, io, time::Duration};

use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::{
    error::Error,
    transport::{
        CaptureFormat, Closed, Connection, Cookies, OpenRequest, Transport, TransportCapabilities,
        TransportPort, stream::Wire,
    },
};

use super::{MAX_OUTGOING, WebSocketTransportOptions, connection, dial, protobuf::Protobuf, target::Target};

type Connect = dyn Fn() -> BoxFuture<'static, io::Result<Box<dyn Wire>>> + Send + Sync;

/// A [`WebSocketTransport`](super::WebSocketTransport) with default options and a network from the
/// test.
pub struct WebSocketOver {
    connect: Box<Connect>,
}

impl WebSocketOver {
    /// Creates a transport over the streams that `connect` returns, one for each connection,
    /// whatever its URL.
    pub fn new<F, S>(connect: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = io::Result<S>> + Send + 'static,
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let boxed = move || -> BoxFuture<'static, io::Result<Box<dyn Wire>>> {
            let connecting = connect();
            Box::pin(async move { connecting.await.map(|stream| Box::new(stream) as Box<dyn Wire>) })
        };
        Self { connect: Box::new(boxed) }
    }
}

impl fmt::Debug for WebSocketOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketOver").finish_non_exhaustive()
    }
}

impl Transport for WebSocketOver {
    fn name(&self) -> &'static str {
        "websocket"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        let options = WebSocketTransportOptions::default();
        Ok(Box::new(WebSocketConnection {
            target: Target::new(request.params, None, &options.headers)?,
            capture: options.capture(),
            stall_timeout: options.stall_timeout,
            connecting: (self.connect)(),
            cookies: request.cookies.clone(),
        }))
    }
}

struct WebSocketConnection {
    target: Target,
    capture: CaptureFormat,
    stall_timeout: Duration,
    connecting: BoxFuture<'static, io::Result<Box<dyn Wire>>>,
    cookies: Cookies,
}

impl Connection for WebSocketConnection {
    fn capabilities(&self) -> TransportCapabilities {
        TransportCapabilities { max_message_size: MAX_OUTGOING, capture: Some(self.capture) }
    }

    fn run(self: Box<Self>, port: TransportPort) -> BoxFuture<'static, Closed> {
        Box::pin(async move {
            let Self { target, stall_timeout, connecting, cookies, .. } = *self;
            let dialing = dial::open_over(&target, &cookies, connecting);
            Closed {
                reason: connection::open_and_run(dialing, Protobuf::default(), stall_timeout, port).await,
            }
        })
    }
}
