//! An offline demo bot: the server side of RTVI over WebSocket, for demos and for the tests of apps.
//!
//! [`DemoBot::start`] opens a port with `POST /start` and a WebSocket that speaks Pipecat's protobuf frames. It behaves
//! as a server of pipecat-ai 1.14.0 with a scripted speech recogniser, language model and voice; no network, key or
//! model is needed. Faults ([`FaultPlan`]) make it misbehave on request.
//!
//! The crate shares only the wire frame ([`rtvi_core::protocol::frame`]) with the client it tests: RTVI messages are
//! built and read here with plain JSON, so that a mistake in the client is not mirrored by its opposite side.
#![forbid(unsafe_code)]

pub mod cli;
mod conversation;
mod faults;
mod functions;
mod handshake;
mod inbound;
mod listening;
mod log;
mod messages;
mod misbehave;
mod options;
mod pacing;
mod reply;
mod requests;
mod server;
mod session;
mod speaking;
mod speech;
mod start;
mod text;
mod upgrade;
mod vad;
mod validate;
mod wire;

pub use faults::{Fault, FaultPlan, Malformed, Moment, StartFault, Unknown};
pub use log::SessionRecord;
pub use options::{BotOptions, FunctionDetail, Protocol};
pub use server::DemoBot;
