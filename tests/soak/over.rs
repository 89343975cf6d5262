//! The transports that the clients use.
//!
//! Depends on the transports of the core.

use rtvi_core::{
    ConnectParams, PipecatClientOptions,
    transport::{SmallWebRtcTransport, WebSocketTransport},
};
use serde_json::json;

/// Of so many clients one uses WebRTC when both are wanted: its calls cost several times as much.
const ONE_WEBRTC_IN: usize = 5;

/// The transport of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    WebSocket,
    WebRtc,
}

/// The transports of all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transports {
    WebSocket,
    WebRtc,
    Both,
}

impl Over {
    /// The options of a client that uses it.
    pub(crate) fn options(self) -> PipecatClientOptions {
        match self {
            Self::WebSocket => PipecatClientOptions::new(WebSocketTransport::default()),
            Self::WebRtc => PipecatClientOptions::new(SmallWebRtcTransport::default()),
        }
    }

    /// How the bot at `HOST:PORT` is connected to.
    pub(crate) fn params(self, site: &str) -> ConnectParams {
        match self {
            Self::WebSocket => ConnectParams::websocket(format!("ws://{site}/ws")),
            Self::WebRtc => {
                let request = json!({"endpoint": format!("http://{site}/api/offer")});
                ConnectParams::default().with("webrtcRequestParams", request)
            }
        }
    }

    /// What the start endpoint calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "websocket",
            Self::WebRtc => "webrtc",
        }
    }
}

impl Transports {
    /// As the command line calls them.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::WebSocket, Self::WebRtc, Self::Both].into_iter().find(|transports| transports.name() == name)
    }

    /// As the command line calls them.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "websocket",
            Self::WebRtc => "webrtc",
            Self::Both => "both",
        }
    }

    /// What the client of this number uses.
    pub(crate) const fn of(self, number: usize) -> Over {
        match self {
            Self::WebSocket => Over::WebSocket,
            Self::WebRtc => Over::WebRtc,
            Self::Both if number.is_multiple_of(ONE_WEBRTC_IN) => Over::WebRtc,
            Self::Both => Over::WebSocket,
        }
    }
}
