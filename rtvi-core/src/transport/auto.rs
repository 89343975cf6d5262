//! Chooses the transport for each connection by its connect parameters.
//!
//! Pure; depends on the transport seam, the transports and the rooms of other services. It knows
//! only the keys that distinguish the transports. Another transport needs one kind, its keys and
//! one arm.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

use super::{
    ConnectParams, Connection, OpenRequest, Transport, WebSocketTransport, WebSocketTransportOptions, rooms,
};
#[cfg(feature = "webrtc")]
use super::{SmallWebRtcTransport, SmallWebRtcTransportOptions};

/// Keys that only a WebSocket has. They decide first, because an answer with a WebSocket's URL can
/// also contain a `sessionId`.
const WEBSOCKET_KEYS: &[&str] = &["wsUrl", "ws_url"];
/// Keys with the address for WebRTC offers.
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

/// The SDK's transport for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportKind {
    /// [`WebSocketTransport`].
    WebSocket,
    /// `SmallWebRtcTransport`.
    SmallWebRtc,
}

impl TransportKind {
    /// Determines the transport by the keys of the connect parameters; `None` if they indicate
    /// none.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidTransportParams`], as [`room_refusal`](super::room_refusal) returns it,
    /// if the bot is in a Daily or LiveKit room and the parameters contain no address that a
    /// transport can use.
    pub fn of(params: &ConnectParams) -> Result<Option<Self>, Error> {
        let has = |keys| params.get(keys).is_some();
        if has(WEBSOCKET_KEYS) {
            return Ok(Some(Self::WebSocket));
        }
        if has(WEBRTC_ADDRESS_KEYS) {
            return Ok(Some(Self::SmallWebRtc));
        }
        // The answers of bots in rooms also contain a session.
        if let Some(refusal) = rooms::room_refusal(params) {
            return Err(refusal);
        }
        Ok(has(WEBRTC_SESSION_KEYS).then_some(Self::SmallWebRtc))
    }
}

/// Chooses the transport by the connect parameters, so that an app can pass on any start answer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct AutoTransportOptions {
    /// The options of WebSocket connections.
    pub websocket: WebSocketTransportOptions,
    /// The options of SmallWebRTC connections.
    #[cfg(feature = "webrtc")]
    #[serde(rename = "smallWebRtc")]
    pub small_webrtc: SmallWebRtcTransportOptions,
}

/// Chooses the transport for each connection by the connect parameters, so that an app can pass on
/// any start answer.
///
/// * `wsUrl`: WebSocket.
/// * `webrtcRequestParams`, `webrtcUrl` or `connectionUrl`: SmallWebRTC.
/// * A Daily or LiveKit room: the connection fails with an error that names the service.
/// * `sessionId` or `iceConfig`: SmallWebRTC.
/// * None of these: WebSocket if its options contain a `url`, else SmallWebRTC if its options
///   contain an `offer`.
///
/// The keys may also be in snake_case. Each transport documents its other keys. Without the feature
/// `webrtc`, connections that need SmallWebRTC fail with [`ErrorKind::UnsupportedFeature`].
#[derive(Debug, Default)]
pub struct AutoTransport {
    websocket: WebSocketTransport,
    #[cfg(feature = "webrtc")]
    small_webrtc: SmallWebRtcTransport,
    /// The transport for parameters that indicate none.
    default: Option<TransportKind>,
}

impl AutoTransport {
    /// Creates a transport with these options. Opens nothing.
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
    /// The transport whose options contain the bot's address.
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
        "there is no 'wsUrl' and no 'sessionId' or 'webrtcRequestParams' to connect with, but only {found}"
    );
    Error::new(ErrorKind::InvalidTransportParams, text)
}

#[cfg(feature = "webrtc")]
#[cfg(test)]
mod tests;
