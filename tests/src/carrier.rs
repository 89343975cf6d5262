//! The transport of the tests: WebSocket or WebRTC, as the connect parameters require.

use rtvi_core::{
    Error,
    transport::{Connection, OpenRequest, SmallWebRtcTransport, Transport, WebSocketTransport},
};

/// Creates the transport that fits the parameters, so that one client can use both.
#[derive(Debug, Default)]
pub(crate) struct Carrier {
    websocket: WebSocketTransport,
    webrtc: SmallWebRtcTransport,
}

impl Transport for Carrier {
    fn name(&self) -> &'static str {
        "websocket or webrtc"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        if request.params.get(&["wsUrl"]).is_some() {
            return self.websocket.create(request);
        }
        self.webrtc.create(request)
    }
}
