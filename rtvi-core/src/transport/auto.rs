//! Chooses the transport for each connection by its connect parameters.
//!
//! Pure; depends on the transport seam, the transports and the rooms of other services. It knows
//! only the keys that distinguish the transports. Another transport needs one kind, its keys and
//! one arm.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

use super::{
    ConnectParams, Connection, OpenRequest, Transport, WebSocketTransport, WebSocketTransportOptions,
    rooms::{self, Service},
};
#[cfg(feature = "webrtc")]
use super::{LiveKitTransport, LiveKitTransportOptions, SmallWebRtcTransport, SmallWebRtcTransportOptions};

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
    /// `LiveKitTransport`.
    LiveKit,
}

impl TransportKind {
    /// Determines the transport by the keys of the connect parameters; `None` if they indicate
    /// none.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidTransportParams`], as [`room_refusal`](super::room_refusal) returns it,
    /// if the bot is in a Daily room and the parameters contain no address that a transport can use.
    pub fn of(params: &ConnectParams) -> Result<Option<Self>, Error> {
        let has = |keys| params.get(keys).is_some();
        if has(WEBSOCKET_KEYS) {
            return Ok(Some(Self::WebSocket));
        }
        if has(WEBRTC_ADDRESS_KEYS) {
            return Ok(Some(Self::SmallWebRtc));
        }
        // The answers of bots in rooms also contain a session.
        match rooms::service(params) {
            Some((Service::LiveKit, _)) => Ok(Some(Self::LiveKit)),
            Some((service, key)) => Err(rooms::error(service, key)),
            None => Ok(has(WEBRTC_SESSION_KEYS).then_some(Self::SmallWebRtc)),
        }
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
    /// The options of LiveKit connections.
    #[cfg(feature = "webrtc")]
    #[serde(rename = "liveKit")]
    pub livekit: LiveKitTransportOptions,
}

/// Chooses the transport for each connection by the connect parameters, so that an app can pass on
/// any start answer.
///
/// * `wsUrl`: WebSocket.
/// * `webrtcRequestParams`, `webrtcUrl` or `connectionUrl`: SmallWebRTC.
/// * A Daily room: the connection fails with an error that names the service.
/// * `url` and `token`, or a key of LiveKit's own such as `livekitUrl`: LiveKit.
/// * `sessionId` or `iceConfig`: SmallWebRTC.
/// * None of these: WebSocket if its options contain a `url`, else SmallWebRTC if its options
///   contain an `offer`, else LiveKit if its options contain a `url`.
///
/// The keys may also be in snake_case. Each transport documents its other keys. Without the feature
/// `webrtc`, connections that need SmallWebRTC or LiveKit fail with
/// [`ErrorKind::UnsupportedFeature`].
#[derive(Debug, Default)]
pub struct AutoTransport {
    websocket: WebSocketTransport,
    #[cfg(feature = "webrtc")]
    small_webrtc: SmallWebRtcTransport,
    #[cfg(feature = "webrtc")]
    livekit: LiveKitTransport,
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
            #[cfg(feature = "webrtc")]
            livekit: LiveKitTransport::new(options.livekit),
        }
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
        #[cfg(feature = "webrtc")]
        if self.livekit.url.is_some() {
            return Some(TransportKind::LiveKit);
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
            #[cfg(feature = "webrtc")]
            Some(TransportKind::SmallWebRtc) => self.small_webrtc.create(request),
            #[cfg(feature = "webrtc")]
            Some(TransportKind::LiveKit) => self.livekit.create(request),
            #[cfg(not(feature = "webrtc"))]
            Some(kind) => Err(not_built(kind)),
            None => Err(no_transport(request.params)),
        }
    }
}

#[cfg(not(feature = "webrtc"))]
fn not_built(kind: TransportKind) -> Error {
    let text = format!("the connect parameters are for {kind:?}, which this library was built without");
    Error::new(ErrorKind::UnsupportedFeature, text)
}

fn no_transport(params: &ConnectParams) -> Error {
    let keys: Vec<String> = params.as_object().keys().map(|key| key.escape_debug().to_string()).collect();
    let found = if keys.is_empty() { "nothing".to_owned() } else { keys.join(", ") };
    let text = format!(
        "there is no 'wsUrl', no 'sessionId' or 'webrtcRequestParams', and no 'url' with a 'token' to connect with, but only {found}"
    );
    Error::new(ErrorKind::InvalidTransportParams, text)
}

#[cfg(feature = "webrtc")]
#[cfg(test)]
mod tests;
