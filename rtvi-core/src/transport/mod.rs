//! Transports: they carry messages and audio between client and bot.
//!
//! A connection is an actor. It is opened once per connection attempt, reports *events* and never a
//! state, calls no code of the app, and ends when its future does. May depend on [`crate::Error`],
//! [`crate::media`] and [`crate::protocol`]; must not know [`crate::client`].

mod address;
mod auto;
mod backlog;
mod cookies;
#[cfg(feature = "testing")]
pub mod fuzzing;
mod headers;
mod http;
pub(crate) mod interpreter;
#[cfg(feature = "webrtc")]
mod livekit;
mod named;
mod params;
mod phone;
mod pinning;
pub(crate) mod pipecat_cloud;
mod plaintext;
mod rooms;
/// What stands below every WebRTC transport. Public only for the demo bot, which uses its sockets
/// and packet filter.
#[cfg(feature = "webrtc")]
#[doc(hidden)]
pub mod rtc;
#[cfg(any(test, feature = "testing"))]
pub mod scripted;
mod seam;
mod session_url;
#[cfg(feature = "webrtc")]
mod small_webrtc;
mod stream;
#[cfg(test)]
mod test_servers;
mod tls;
mod tls_json;
#[cfg(feature = "video")]
mod video;
mod websocket;

#[cfg(feature = "webrtc")]
pub use self::rtc::{IceServer, SharedCalls};
pub use auto::{AutoTransport, AutoTransportOptions, TransportKind};
pub use cookies::Cookies;
pub use http::{HttpClient, SessionAnswer, start_bot};
pub(crate) use http::{SessionRequest, session_request, start_session};
#[cfg(feature = "webrtc")]
pub use livekit::{LiveKitTransport, LiveKitTransportOptions};
pub use named::{TRANSPORTS, named};
pub use params::{ApiRequest, ConnectParams};
pub use phone::{PhoneTransport, PhoneTransportOptions};
pub use plaintext::is_nearby;
pub use rooms::room_refusal;
pub use seam::{
    CaptureFormat, CloseReason, Closed, Connection, OpenRequest, Participant, Transport,
    TransportCapabilities, TransportCommand, TransportEvent, TransportPort, TransportStats,
};
#[cfg(feature = "webrtc")]
pub use small_webrtc::{SmallWebRtcTransport, SmallWebRtcTransportOptions};
pub use tls::TlsOptions;
#[cfg(feature = "video")]
pub use video::{
    DownlinkEnds, FRAME_QUEUE, UplinkEnds, VideoDemand, VideoDownlink, VideoEnds, VideoPlan, VideoPort,
    VideoUplink,
};
#[cfg(feature = "testing")]
pub use websocket::WebSocketOver;
pub use websocket::{WebSocketTransport, WebSocketTransportOptions};
