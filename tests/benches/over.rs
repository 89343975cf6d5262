//! The transport of a benchmark: the same figure for each transport, side by side.
//!
//! Depends on the transports.

use rtvi_core::{
    ConnectParams, PipecatClientOptions,
    transport::{SmallWebRtcTransport, WebSocketTransport},
};
use rtvi_tests::Target;

/// A transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    WebSocket,
    WebRtc,
}

impl Over {
    /// The name of a figure over this transport.
    pub(crate) fn named(self, figure: &str) -> String {
        match self {
            Self::WebSocket => figure.to_owned(),
            Self::WebRtc => format!("{figure}-webrtc"),
        }
    }

    /// The goal for this transport.
    pub(crate) const fn goal(self, websocket: f64, webrtc: f64) -> f64 {
        match self {
            Self::WebSocket => websocket,
            Self::WebRtc => webrtc,
        }
    }

    /// The options of a client that uses it.
    pub(crate) fn options(self) -> PipecatClientOptions {
        match self {
            Self::WebSocket => PipecatClientOptions::new(WebSocketTransport::default()),
            Self::WebRtc => PipecatClientOptions::new(SmallWebRtcTransport::default()),
        }
    }

    /// The connect parameters for the target, without a start request.
    pub(crate) async fn params(self, target: &Target) -> ConnectParams {
        let offer_url = target.offer_url.clone().filter(|_| self == Self::WebRtc);
        Target { offer_url, ..target.clone() }.params().await
    }
}
