//! The WebSocket transport: Pipecat's protobuf frames over `ws` and `wss`.
//!
//! Depends on the transport seam, the wire format in [`crate::protocol`] and the media seam. Does not look into RTVI
//! messages and knows no client state.

mod close;
pub(super) mod codec;
mod connection;
mod dial;
mod link;
mod liveness;
mod metered;
mod options;
mod outbox;
#[cfg(feature = "testing")]
mod over;
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
use target::Target;

/// The largest RTVI message that may be sent, in bytes of JSON text: what the server's WebSocket accepts by default.
const MAX_OUTGOING: usize = 1024 * 1024;
/// The sample rates an app may choose for its audio, in Hz.
const SAMPLE_RATES: std::ops::RangeInclusive<u32> = 8_000..=96_000;

/// Talks to Pipecat bots over WebSocket.
///
/// Connect parameters:
/// * `wsUrl` or `ws_url`: the `ws` or `wss` URL (`http` and `https` are taken for these); else the option `url`.
/// * `token`: appended to the URL as query parameter `token`, unless it has one. Null and "" are no token.
/// * `body`: appended as query parameter `body`, unless it has one. Pipecat Cloud answers start requests with it, and gives it to the bot.
/// * `headers`: an object of strings for the upgrade request.
///
/// `user:password@` in the URL goes as basic authentication, unless there is a header `Authorization`. Cookies of the start request's
/// answer go along as their server says. Up to 5 redirects are followed, never from `wss` to `ws`; the headers stay with their server.
///
/// The URL may have 16 KiB. Others, such as `sessionId`, are ignored; a start endpoint's answer can be used as it is. A text
/// frame is
/// taken for an RTVI message as it is, so servers that send plain JSON work too. A close with code 1000 or none is the bot
/// leaving; every other code, and a close without a goodbye, is a loss.
///
/// Messages may have 1 MiB outgoing and 4 MiB incoming. When the server is slow, messages wait and microphone audio over
/// half a second is dropped, oldest first. When the app is slow, the socket is read no further.
#[derive(Debug, Default)]
pub struct WebSocketTransport {
    options: WebSocketTransportOptions,
}

impl WebSocketTransport {
    /// A transport with these options. Opens nothing.
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
            Closed { reason: connection::open_and_run(dialing, stall_timeout, port).await }
        })
    }
}

#[cfg(test)]
mod tests;
