//! The transport of the tests: WebSocket, WebRTC or LiveKit, as the connect parameters require.

use rtvi_core::{
    Error,
    transport::{
        Connection, LiveKitTransport, OpenRequest, SmallWebRtcTransport, Transport, WebSocketTransport,
    },
};

/// Creates the transport that fits the parameters, so that one client can use all.
#[derive(Debug, Default)]
pub(crate) struct Carrier {
    websocket: WebSocketTransport,
    webrtc: SmallWebRtcTransport,
    livekit: LiveKitTransport,
}

impl Transport for Carrier {
    fn name(&self) -> &'static str {
        "websocket, webrtc or livekit"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        if request.params.get(&["wsUrl"]).is_some() {
            return self.websocket.create(request);
        }
        if request.params.get(&["url"]).is_some() {
            return self.livekit.create(request);
        }
        self.webrtc.create(request)
    }
}
