//! The transport that the connect parameters are for, chosen for each connection.
//!
//! Pure; depends on the transport seam, the transports and the rooms of other services. Knows no more of the parameters
//! than the keys that tell the transports apart. A further transport is one kind, its keys and one arm.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

use super::{
    ConnectParams, Connection, OpenRequest, Transport, WebSocketTransport, WebSocketTransportOptions, rooms,
};
#[cfg(feature = "webrtc")]
use super::{SmallWebRtcTransport, SmallWebRtcTransportOptions};

/// Keys that only a WebSocket has. They decide, because an answer with a WebSocket's URL can hold a `sessionId` too.
const WEBSOCKET_KEYS: &[&str] = &["wsUrl", "ws_url"];
/// Keys that say where WebRTC offers go.
const WEBRTC_ADDRESS_KEYS: &[&str] = &[
    "webrtcRequestParams",
    "webrtc_request_params",
    "webrtcUrl",
    "webrtc_url",
    "connectionUrl",
    "connection_url",
];
/// Keys of a start answer that lets the client send WebRTC offers to the same server.
const WEBRTC_SESSION_KEYS: &[&str] = &["sessionId", "session_id", "iceConfig", "ice_config"];

/// Which of the SDK's transports a connection uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportKind {
    /// [`WebSocketTransport`].
    WebSocket,
    /// `SmallWebRtcTransport`.
    SmallWebRtc,
}

impl TransportKind {
    /// The transport that the keys of connect parameters are for; `None` when they are for none.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidTransportParams`], as [`room_refusal`](super::room_refusal) returns it, when the bot is in a room of Daily
    /// or LiveKit and the parameters hold no address that a transport can use.
    pub fn of(params: &ConnectParams) -> Result<Option<Self>, Error> {
        let has = |keys| params.get(keys).is_some();
        if has(WEBSOCKET_KEYS) {
            return Ok(Some(Self::WebSocket));
        }
        if has(WEBRTC_ADDRESS_KEYS) {
            return Ok(Some(Self::SmallWebRtc));
        }
        // Answers of bots in rooms hold a session, too.
        if let Some(refusal) = rooms::room_refusal(params) {
            return Err(refusal);
        }
        Ok(has(WEBRTC_SESSION_KEYS).then_some(Self::SmallWebRtc))
    }
}

/// The transport that the connect parameters are for, so that any start answer can be passed on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct AutoTransportOptions {
    /// Options of WebSocket connections.
    pub websocket: WebSocketTransportOptions,
    /// Options of SmallWebRTC connections.
    #[cfg(feature = "webrtc")]
    #[serde(rename = "smallWebRtc")]
    pub small_webrtc: SmallWebRtcTransportOptions,
}

/// Chooses the transport for each connection by the connect parameters, so that an app can pass any start answer on.
///
/// * `wsUrl`: WebSocket.
/// * `webrtcRequestParams`, `webrtcUrl` or `connectionUrl`: SmallWebRTC.
/// * A room of Daily or LiveKit: refused with the service's name.
/// * `sessionId` or `iceConfig`: SmallWebRTC.
/// * None of these: WebSocket if its options hold a `url`, else SmallWebRTC if its options hold an `offer`.
///
/// The keys may also be in snake_case. Each transport documents the other keys that it reads. Without the feature `webrtc`, connections
/// that need SmallWebRTC fail as [`ErrorKind::UnsupportedFeature`].
#[derive(Debug, Default)]
pub struct AutoTransport {
    websocket: WebSocketTransport,
    #[cfg(feature = "webrtc")]
    small_webrtc: SmallWebRtcTransport,
    /// For parameters that are for no transport.
    default: Option<TransportKind>,
}

impl AutoTransport {
    /// A transport with these options. Opens nothing.
    pub fn new(options: AutoTransportOptions) -> Self {
        Self {
            default: options.default_kind(),
            websocket: WebSocketTransport::new(options.websocket),
            #[cfg(feature = "webrtc")]
            small_webrtc: SmallWebRtcTransport::new(options.small_webrtc),
        }
    }

    #[cfg(feature = "webrtc")]
    fn create_webrtc(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        self.small_webrtc.create(request)
    }

    #[cfg(not(feature = "webrtc"))]
    #[expect(clippy::unused_self, reason = "the form with WebRTC uses it")]
    fn create_webrtc(&self, _: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        let text = "the connect parameters are for SmallWebRTC, which this library was built without";
        Err(Error::new(ErrorKind::UnsupportedFeature, text))
    }
}

impl AutoTransportOptions {
    /// The transport whose options say where the bot is.
    fn default_kind(&self) -> Option<TransportKind> {
        if self.websocket.url.is_some() {
            return Some(TransportKind::WebSocket);
        }
        #[cfg(feature = "webrtc")]
        if self.small_webrtc.offer.is_some() {
            return Some(TransportKind::SmallWebRtc);
        }
        None
    }
}

impl Transport for AutoTransport {
    fn name(&self) -> &'static str {
        "auto"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        match TransportKind::of(request.params)?.or(self.default) {
            Some(TransportKind::WebSocket) => self.websocket.create(request),
            Some(TransportKind::SmallWebRtc) => self.create_webrtc(request),
            None => Err(no_transport(request.params)),
        }
    }
}

fn no_transport(params: &ConnectParams) -> Error {
    let keys: Vec<String> = params.as_object().keys().map(|key| key.escape_debug().to_string()).collect();
    let found = if keys.is_empty() { "nothing".to_owned() } else { keys.join(", ") };
    let text = format!(
        "there is no 'wsUrl' and no 'sessionId' or 'webrtcRequestParams' to connect with, only {found}"
    );
    Error::new(ErrorKind::InvalidTransportParams, text)
}

#[cfg(feature = "webrtc")]
#[cfg(test)]
mod tests;
