//! The LiveKit transport: audio and messages in a room of a LiveKit server, where the bot is a
//! participant.
//!
//! Depends on the transport seam, the media seam, [`rtc`](super::rtc) and the dialling of
//! [`websocket`](super::websocket). Does not look into RTVI messages and knows no client state.

mod call;
mod connection;
#[cfg(feature = "testing")]
pub mod fuzzing;
mod join;
mod options;
mod params;
mod peers;
mod room;
mod session;
mod setup;
mod signal;
mod wire;

use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::{
    error::Error,
    media::OPUS_FORMAT,
    transport::{
        CaptureFormat, Closed, Connection, OpenRequest, Transport, TransportCapabilities, TransportPort,
        rtc::audio,
    },
};

pub use options::LiveKitTransportOptions;
use params::Target;
use setup::{Memory, Setup};

/// The largest RTVI message that may be sent, in bytes of JSON text. The bot's SDK takes packets of
/// 64,000 bytes and drops larger ones; the rest is for the packet around the message.
const MAX_OUTGOING: usize = 64_000 - 256;
/// The largest packet that the server may send, in bytes.
const MAX_INCOMING: u32 = 64 * 1024;
/// Length of a microphone frame: one Opus packet.
const CAPTURE_FRAME: Duration = Duration::from_millis(20);

/// Talks to Pipecat bots in the rooms of a LiveKit server.
///
/// Connect parameters:
/// * `url` (or `livekitUrl`, `serverUrl`): the server, as `ws`, `wss`, `http` or `https` URL; else
///   the option `url`.
/// * `token` (or `roomToken`, `participantToken`): the token for the room; else the option `token`.
///
/// A start endpoint's answer can be used unchanged; other keys are ignored.
///
/// The bot is the participant whose token says that it is an agent; the option `bot_identity` can
/// name another. The connection is open once the bot is in the room. Other participants are neither
/// heard nor do their messages count.
///
/// A lost signalling connection or network path is resumed in place for 15 s (option
/// `resume_timeout`): the bot does not notice, and messages wait. After that the connection counts
/// as lost, and the client joins once more, with which common bots end.
///
/// Messages may have 63,744 bytes. Up to 256 messages or 384 KiB wait for the server's confirmation;
/// beyond that, the client's queue fills up and calls fail as busy. Audio goes both ways as Opus.
#[derive(Debug, Default)]
pub struct LiveKitTransport {
    options: LiveKitTransportOptions,
    memory: Memory,
}

impl LiveKitTransport {
    /// A transport with these options. Opens nothing.
    pub fn new(options: LiveKitTransportOptions) -> Self {
        Self { options, memory: Memory::default() }
    }
}

impl Transport for LiveKitTransport {
    fn name(&self) -> &'static str {
        "livekit"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        audio::check(self.options.opus)?;
        let target = Target::new(request.params, &self.options)?;
        let tls = self.options.tls.as_ref().unwrap_or(request.tls);
        tls.permit(&target.url)?;
        Ok(Box::new(LiveKitConnection(Setup {
            target,
            options: self.options.clone(),
            tls: tls.clone(),
            memory: self.memory.clone(),
            mic_enabled: request.mic_enabled,
            open_timeout: request.open_timeout,
        })))
    }
}

/// One connection, ready to be opened.
struct LiveKitConnection(Setup);

impl Connection for LiveKitConnection {
    fn capabilities(&self) -> TransportCapabilities {
        let capture = CaptureFormat { format: OPUS_FORMAT, frame: CAPTURE_FRAME };
        TransportCapabilities { max_message_size: MAX_OUTGOING, capture: Some(capture) }
    }

    fn run(self: Box<Self>, port: TransportPort) -> BoxFuture<'static, Closed> {
        Box::pin(async move { Closed { reason: connection::open_and_run(self.0, port).await } })
    }
}
