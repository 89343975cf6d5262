//! WebRTC, for any transport that stands on it: sockets, ICE servers, DTLS and SDP around the crate
//! `webrtc`, one peer connection, and audio both ways over it.
//!
//! Depends on the media seam and the crates `webrtc` and `rtc`. Must not know how a transport finds
//! its peer or what the messages mean: offers, answers and candidates reach it as values.

pub(crate) mod audio;
mod certificate;
pub mod filter;
pub(crate) mod ice_server;
pub(crate) mod media;
mod network;
pub(crate) mod peer;
pub(crate) mod sdp;
pub(crate) mod stun;
mod tcp;
pub(crate) mod turn;

pub use ice_server::IceServer;
