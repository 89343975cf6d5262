//! The SmallWebRTC transport: real-time audio and messages over one WebRTC peer connection.
//!
//! Depends on the transport seam, the media seam and [`rtc`](super::rtc). Does not look into RTVI
//! messages and knows no client state.

mod call;
mod call_event;
mod connection;
mod exchange;
mod health;
mod last_messages;
mod opening;
mod options;
mod params;
pub(super) mod signalling;
#[cfg_attr(not(feature = "video"), path = "no_video.rs")]
mod video;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::future::BoxFuture;
use url::Url;

use crate::{
    error::{Error, ErrorKind},
    media::OPUS_FORMAT,
};

use super::{
    CaptureFormat, Closed, Connection, HttpClient, OpenRequest, Transport, TransportCapabilities,
    TransportPort,
    rtc::{IceServer, audio},
};

use exchange::Endpoint;
use opening::Setup;
pub use options::SmallWebRtcTransportOptions;
use params::Target;

/// The largest RTVI message that may be sent, in bytes of JSON text, unless the server takes less:
/// what Pipecat's server takes.
const MAX_OUTGOING: usize = 64 * 1024;
/// The largest message that our offer allows the server to send, in bytes: what browsers take.
/// Pipecat's server drops a larger one and mentions it only in its own log.
const MAX_INCOMING: u32 = 256 * 1024;
/// Length of a microphone frame: one Opus packet.
const CAPTURE_FRAME: Duration = Duration::from_millis(20);

/// Talks to Pipecat bots over WebRTC.
///
/// Connect parameters (camelCase or snake_case):
/// * `webrtcRequestParams`: where offers go: `endpoint`, `headers`, `requestData`, `timeout` in
///   milliseconds (10 s).
/// * `sessionId` of a start endpoint's answer: then offers go to `/sessions/{id}/api/offer` beside
///   the start URL's `/start`, with the start request's headers. The cookies of its answer go
///   along, as their server says.
/// * `iceConfig`: `{"iceServers": [{"urls": …, "username": …, "credential": …}]}`, or `iceServers`
///   alone, in place of those of the options. What can't be used of it is passed over with a line
///   in the log.
/// * `webrtcUrl`, `connectionUrl`: deprecated names for the endpoint.
///
/// Others are logged and ignored. Messages may have 64 KiB, or less if the server says so. Audio
/// goes both ways as Opus. With the feature `video` and a camera, a screen or a display, so does
/// video, as VP8 or H.264; without, video is received and dropped. When the server is slow, messages
/// wait. When the app is slow, messages are read no further and audio goes on.
///
/// The factory remembers the server's name for the connection: a reconnect takes the place of the
/// lost one.
#[derive(Debug, Default)]
pub struct SmallWebRtcTransport {
    options: SmallWebRtcTransportOptions,
    memory: Memory,
}

/// The connection that a reconnect replaces: the endpoint, and the server's name for the
/// connection.
type Memory = Arc<Mutex<Option<(Url, String)>>>;

impl SmallWebRtcTransport {
    /// A transport with these options. Opens nothing.
    pub fn new(options: SmallWebRtcTransportOptions) -> Self {
        Self { options, memory: Memory::default() }
    }

    /// The name of the connection that this attempt replaces, if any.
    fn recall(&self, attempt: u32, endpoint: &Url) -> Option<String> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if attempt == 0 {
            *memory = None;
        }
        memory.as_ref().filter(|(known, _)| known == endpoint).map(|(_, pc_id)| pc_id.clone())
    }
}

impl Transport for SmallWebRtcTransport {
    fn name(&self) -> &'static str {
        "small-webrtc"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        audio::check(self.options.opus)?;
        let target = Target::new(request, &self.options)?;
        let tls = self.options.tls.as_ref().unwrap_or(request.tls);
        tls.permit(&target.endpoint)?;
        if self.options.relay_only && !target.ice_servers.iter().any(IceServer::is_relay) {
            let text =
                "relay_only needs a TURN server ('turn:host:port' or 'turns:host:port'), but there is none";
            return Err(Error::new(ErrorKind::InvalidTransportParams, text));
        }
        let replaces = self.recall(request.attempt, &target.endpoint);
        // A client of this attempt's own: connections of an earlier one may lead to nowhere.
        let http = HttpClient::new(tls.clone());
        let endpoint = Arc::new(Endpoint { http, target });
        Ok(Box::new(SmallWebRtcConnection(Setup {
            endpoint,
            options: self.options.clone(),
            tls: tls.clone(),
            replaces,
            memory: Arc::clone(&self.memory),
            mic_enabled: request.mic_enabled,
            video: video::Wanted::default(),
        })))
    }
}

/// One connection, ready to be opened.
struct SmallWebRtcConnection(Setup);

impl Connection for SmallWebRtcConnection {
    fn capabilities(&self) -> TransportCapabilities {
        let capture = CaptureFormat { format: OPUS_FORMAT, frame: CAPTURE_FRAME };
        TransportCapabilities { max_message_size: MAX_OUTGOING, capture: Some(capture) }
    }

    #[cfg(feature = "video")]
    fn take_video(&mut self, video: super::VideoPort) -> bool {
        self.0.video = video::Wanted(Some(video));
        true
    }

    fn run(self: Box<Self>, port: TransportPort) -> BoxFuture<'static, Closed> {
        Box::pin(async move { Closed { reason: connection::open_and_run(self.0, port).await } })
    }
}

#[cfg(test)]
mod tests;
