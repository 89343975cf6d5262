//! The transport of a benchmark: the same figure for each transport, side by side.
//!
//! Depends on the transports.

use rtvi_core::{
    ApiRequest, ConnectParams, PipecatClientOptions,
    transport::{LiveKitTransport, PhoneTransport, SmallWebRtcTransport, WebSocketTransport},
};
use rtvi_tests::Target;
use serde_json::json;

/// A transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    WebSocket,
    WebRtc,
    LiveKit,
    Phone,
}

impl Over {
    /// The name of a figure over this transport.
    pub(crate) fn named(self, figure: &str) -> String {
        match self {
            Self::WebSocket => figure.to_owned(),
            Self::WebRtc => format!("{figure}-webrtc"),
            Self::LiveKit => format!("{figure}-livekit"),
            Self::Phone => format!("{figure}-phone"),
        }
    }

    /// The goal for this transport.
    pub(crate) const fn goal(self, websocket: f64, webrtc: f64) -> f64 {
        match self {
            Self::WebSocket | Self::Phone => websocket,
            Self::WebRtc | Self::LiveKit => webrtc,
        }
    }

    /// The options of a client that uses it.
    pub(crate) fn options(self) -> PipecatClientOptions {
        match self {
            Self::WebSocket => PipecatClientOptions::new(WebSocketTransport::default()),
            Self::WebRtc => PipecatClientOptions::new(SmallWebRtcTransport::default()),
            Self::LiveKit => PipecatClientOptions::new(LiveKitTransport::default()),
            Self::Phone => PipecatClientOptions::new(PhoneTransport::default()),
        }
    }

    /// The request that starts a bot for it.
    pub(crate) fn request(self, start_url: &str) -> ApiRequest {
        let request = ApiRequest::new(start_url);
        match self {
            Self::WebSocket | Self::WebRtc | Self::Phone => request,
            Self::LiveKit => request.with_data(json!({"transport": "livekit"})),
        }
    }

    /// The connect parameters for the target, without a start request.
    pub(crate) async fn params(self, target: &Target) -> ConnectParams {
        let offer_url = target.offer_url.clone().filter(|_| self == Self::WebRtc);
        Target { offer_url, ..target.clone() }.params().await
    }
}
