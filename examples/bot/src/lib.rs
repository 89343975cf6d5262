//! An offline demo bot: the server side of RTVI over WebSocket and SmallWebRTC, for demos and for
//! tests of apps.
//!
//! [`DemoBot::start`] opens a port with `POST /start`, a WebSocket with Pipecat's protobuf frames,
//! and (cargo feature `webrtc`) endpoints for the offers of WebRTC clients. It behaves like a
//! server of pipecat-ai 1.14.0 with a scripted speech recognizer, language model and voice. It
//! needs no network, key or model. Faults ([`FaultPlan`]) make it misbehave on request.
//!
//! The crate shares only the wire frame ([`rtvi_core::protocol::frame`]), the audio codec and the
//! filter for packets that the WebRTC library can't handle with the client that it tests. It builds
//! and reads RTVI messages as plain JSON, so that it does not mirror a mistake of the client.
#![forbid(unsafe_code)]

pub mod cli;
mod conversation;
mod cors;
mod faults;
mod functions;
mod handshake;
mod inbound;
mod link;
mod listening;
mod log;
mod messages;
mod misbehave;
mod options;
mod pacing;
mod payload;
mod phone_api;
mod reply;
mod requests;
mod server;
mod session;
#[cfg(feature = "webrtc")]
mod small_webrtc;
mod speaking;
mod speech;
mod start;
mod text;
mod upgrade;
mod vad;
mod websocket;
mod wire;

pub use faults::{Fault, FaultPlan, Malformed, Moment, OfferFault, StartFault, Unknown};
pub use log::SessionRecord;
pub use options::{BotOptions, FunctionDetail, IceServer, Protocol, StartTransport};
pub use phone_api::PhoneApi;
pub use server::DemoBot;
