//! WebRTC for any transport: one peer connection, its sockets, ICE servers, DTLS and SDP, and audio
//! in both directions.
//!
//! Depends on the media seam and the crates `webrtc` and `rtc`. Takes offers, answers and
//! candidates as values. Must not know how a transport exchanges them or what messages mean.

pub(crate) mod audio;
mod certificate;
pub mod filter;
pub(crate) mod ice_server;
pub(crate) mod media;
mod network;
mod pace;
pub(crate) mod peer;
pub(crate) mod sdp;
mod shared_calls;
pub(crate) mod stun;
mod tcp;
pub(crate) mod turn;
pub mod udp;
#[cfg(feature = "video")]
pub(crate) mod video;

pub use ice_server::IceServer;
pub(crate) use pace::{last_words, turns};
pub use shared_calls::SharedCalls;
