//! The phone transport: calls a bot as a telephone provider does.
//!
//! Depends on the transport seam, the WebSocket pump, the providers' streams in
//! [`crate::protocol::telephony`] and the interpreter, which speaks RTVI for the bot. Knows no
//! client state.

mod caller;
mod marks;
mod options;
mod pacer;

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::json;
use uuid::Uuid;

use crate::{
    error::Error,
    media::AudioFormat,
    protocol::telephony::{PhoneCall, PhoneStream, phone_stream},
};

use super::{
    CaptureFormat, Closed, Connection, Cookies, OpenRequest, TlsOptions, Transport, TransportCapabilities,
    TransportPort,
    interpreter::Interpreter,
    websocket::{Target, connection, dial},
};

#[cfg(any(test, feature = "testing"))]
use crate::protocol::telephony::PhoneProvider;
use caller::Caller;
pub use options::PhoneTransportOptions;

/// The length of a frame, as all providers send them.
const FRAME: Duration = Duration::from_millis(20);
/// The largest RTVI message that a call takes, in bytes of JSON text. All but key presses are
/// refused anyway.
const MAX_MESSAGE: usize = 64 * 1024;

/// Calls bots that are written for phones, as Twilio, Telnyx, Plivo, Exotel, Vonage or Genesys
/// does, without a phone.
///
/// Connect parameters are those of [`WebSocketTransport`](super::WebSocketTransport): `wsUrl`,
/// `token`, `body` and `headers`.
///
/// The call sends frames of 20 ms from its beginning on, silence while there is no microphone, and
/// plays the bot's audio in real time. Such bots do not speak RTVI, so the transport does it for
/// them:
/// * It answers the client's handshake. `about` of `botReady` holds the identifiers of the call
///   (`call_id`, `stream_id`, `account_id`), which bots use to hang up over the provider's API.
/// * It reports who is speaking: the user by the loudness of the microphone, the bot from the
///   arrival of audible audio until it was heard. Audio that the bot clears is an interruption.
/// * It sends key presses to the bot and hangs up for `disconnectBot`. Everything else that a
///   client can send fails with an error that names it.
/// * If the bot sends RTVI messages on the same socket, they reach the app, and reports about
///   speaking are left to the bot.
///
/// A bot hangs up by closing the socket. A call that breaks is dialled again, as a new call, unless
/// the client's reconnect policy has no attempts.
#[derive(Debug, Default)]
pub struct PhoneTransport {
    options: PhoneTransportOptions,
}

impl PhoneTransport {
    /// Creates a transport with these options. Opens nothing.
    pub const fn new(options: PhoneTransportOptions) -> Self {
        Self { options }
    }
}

impl Transport for PhoneTransport {
    fn name(&self) -> &'static str {
        "phone"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        let options = &self.options;
        let call = options.call(Uuid::new_v4().into_bytes());
        let stream = phone_stream(call.clone())?;
        let target = Target::new(request.params, options.url.as_deref(), &options.headers)?;
        let tls = options.tls.as_ref().unwrap_or(request.tls);
        tls.permit(&target.url)?;
        Ok(Box::new(PhoneConnection {
            target,
            call,
            stream,
            tls: tls.clone(),
            stall_timeout: options.stall_timeout,
            cookies: request.cookies.clone(),
        }))
    }
}

/// One call, ready to be made.
struct PhoneConnection {
    target: Target,
    call: PhoneCall,
    stream: Box<dyn PhoneStream>,
    tls: TlsOptions,
    stall_timeout: Duration,
    cookies: Cookies,
}

impl Connection for PhoneConnection {
    fn capabilities(&self) -> TransportCapabilities {
        let format = AudioFormat::mono(self.call.encoding.sample_rate());
        TransportCapabilities {
            max_message_size: MAX_MESSAGE,
            capture: Some(CaptureFormat { format, frame: FRAME }),
        }
    }

    fn run(self: Box<Self>, port: TransportPort) -> BoxFuture<'static, Closed> {
        Box::pin(async move {
            let Self { target, call, stream, tls, stall_timeout, cookies } = *self;
            let caller = Caller::new(&call, stream, interpreter(&call));
            let dialing = dial::open(&target, &tls, &cookies);
            Closed { reason: connection::open_and_run(dialing, caller, stall_timeout, port).await }
        })
    }
}

/// Speaks RTVI for the bot of a call.
fn interpreter(call: &PhoneCall) -> Interpreter {
    let about = json!({
        "library": call.provider.name(),
        "call_id": call.call_id,
        "stream_id": call.stream_id,
        "account_id": call.account_id,
    });
    Interpreter::new(format!("a call over {}", call.provider), about)
}

/// The provider's side of a call with default options.
#[cfg(any(test, feature = "testing"))]
pub(super) fn test_caller(provider: PhoneProvider, random: [u8; 16]) -> Result<Caller, Error> {
    let call = PhoneTransportOptions { provider, ..PhoneTransportOptions::default() }.call(random);
    let stream = phone_stream(call.clone())?;
    Ok(Caller::new(&call, stream, interpreter(&call)))
}

#[cfg(test)]
mod tests;
