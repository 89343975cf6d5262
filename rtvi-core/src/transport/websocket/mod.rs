//! The WebSocket transport: Pipecat's protobuf frames over `ws` and `wss`.
//!
//! Depends on the transport seam, the wire format in [`crate::protocol`] and the media seam. Does
//! not inspect RTVI messages and knows no client state.

mod close;
pub(super) mod codec;
pub(super) mod connection;
pub(super) mod dial;
pub(super) mod framing;
mod liveness;
mod metered;
mod options;
mod outbox;
#[cfg(feature = "testing")]
mod over;
mod protobuf;
mod pump;
mod target;

use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::error::{Error, ErrorKind};

use super::{
    CaptureFormat, Closed, Connection, Cookies, OpenRequest, TlsOptions, Transport, TransportCapabilities,
    TransportPort,
};

pub use options::WebSocketTransportOptions;
#[cfg(feature = "testing")]
pub use over::WebSocketOver;
use protobuf::Protobuf;
pub(super) use target::Target;

/// The largest RTVI message that may be sent, in bytes of JSON text: the default limit of the
/// server's WebSocket.
const MAX_OUTGOING: usize = 1024 * 1024;
/// The sample rates that an app may choose for its audio, in Hz.
const SAMPLE_RATES: std::ops::RangeInclusive<u32> = 8_000..=96_000;

/// Connects to Pipecat bots over WebSocket.
///
/// Connect parameters:
/// * `wsUrl` or `ws_url`: the `ws` or `wss` URL (`http` and `https` are converted); else the option
///   `url`.
/// * `token`: appended to the URL as query parameter `token`, unless it has one. Null and "" mean
///   no token.
/// * `body`: appended as query parameter `body`, unless it has one. Pipecat Cloud returns it in
///   answers to start requests and passes it to the bot.
/// * `headers`: an object of strings for the upgrade request.
///
/// `user:password@` in the URL becomes basic authentication, unless there is a header
/// `Authorization`. Cookies of the start request's answer are sent according to the rules of their
/// server. Up to 5 redirects are followed, never from `wss` to `ws`; headers are sent only to the
/// server that they are for.
///
/// The URL may have up to 16 KiB. Other keys, such as `sessionId`, are ignored, so a start
/// endpoint's answer can be used unchanged. A text frame is read as a plain RTVI message, so
/// servers that send plain JSON also work. A close frame with code 1000 or without a code means
/// that the bot left. Every other code, and an end without a close frame, is a loss.
///
/// Outgoing messages may have up to 1 MiB, incoming ones up to 4 MiB. When the server is slow,
/// messages wait, and microphone audio beyond half a second is dropped, oldest first. When the app
/// is slow, the socket is not read.
#[derive(Debug, Default)]
pub struct WebSocketTransport {
    options: WebSocketTransportOptions,
}

impl WebSocketTransport {
    /// Creates a transport with these options. Opens nothing.
    pub const fn new(options: WebSocketTransportOptions) -> Self {
        Self { options }
    }
}

impl Transport for WebSocketTransport {
    fn name(&self) -> &'static str {
        "websocket"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        let options = &self.options;
        if !SAMPLE_RATES.contains(&options.sample_rate) {
            let text = format!("the sample rate {} Hz is not within {SAMPLE_RATES:?}", options.sample_rate);
            return Err(Error::new(ErrorKind::InvalidTransportParams, text));
        }
        let target = Target::new(request.params, options.url.as_deref(), &options.headers)?;
        let tls = options.tls.as_ref().unwrap_or(request.tls);
        tls.permit(&target.url)?;
        Ok(Box::new(WebSocketConnection {
            target,
            capture: options.capture(),
            tls: tls.clone(),
            stall_timeout: options.stall_timeout,
            cookies: request.cookies.clone(),
        }))
    }
}

/// One connection, ready to be opened.
struct WebSocketConnection {
    target: Target,
    capture: CaptureFormat,
    tls: TlsOptions,
    stall_timeout: Duration,
    cookies: Cookies,
}

impl Connection for WebSocketConnection {
    fn capabilities(&self) -> TransportCapabilities {
        TransportCapabilities { max_message_size: MAX_OUTGOING, capture: Some(self.capture) }
    }

    fn run(self: Box<Self>, port: TransportPort) -> BoxFuture<'static, Closed> {
        Box::pin(async move {
            let Self { target, tls, stall_timeout, cookies, .. } = *self;
            let dialing = dial::open(&target, &tls, &cookies);
            Closed {
                reason: connection::open_and_run(dialing, Protobuf::default(), stall_timeout, port).await,
            }
        })
    }
}

#[cfg(test)]
mod tests;
