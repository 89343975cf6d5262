//! Harness of the cross-crate tests: servers to talk to, a client whose events are recorded, and the exchanges themselves.
//!
//! An exchange is written once and run against the demo bot and against real Pipecat servers, so that the demo bot can't drift
//! from what it stands for. Everything here panics when something is not as it should be: it is only for tests.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking and looks at the real clock"
)]

pub mod acoustics;
mod bot_process;
mod browser;
mod carrier;
pub mod counted;
mod demo;
pub mod exchange;
pub mod front;
mod gate;
pub mod kotlin;
mod melody;
pub mod misbehaving;
pub mod native;
pub mod network;
pub mod pipecat_cloud;
mod program;
mod recorder;
pub mod scenarios;
mod server;
mod sound;
mod speech;
mod spoken;
pub mod swift;
mod terminator;

pub use bot_process::BotProcess;
pub use browser::{Browser, BrowserOptions};
pub use demo::Demo;
pub use gate::{Answer, Gate, Mode};
pub use melody::{melody, melody_length, notes_in};
pub use program::{Program, beside};
pub use recorder::{Heard, Session};
pub use server::{PipecatServer, ServerKind, free_port};
pub use sound::{Recording, SoundServer};
pub use speech::{Microphone, speech};
pub use spoken::{assert_heard, assert_repeated, write_greeting};
pub use terminator::{Identity, Terminator};

use rtvi_core::ConnectParams;
use serde_json::json;

/// Where a bot is, whoever runs it.
#[derive(Clone, Debug)]
pub struct Target {
    /// The WebSocket URL.
    pub ws_url: String,
    /// The start endpoint.
    pub start_url: String,
    /// Where WebRTC offers go. With it the exchanges go over WebRTC, without it over WebSocket.
    pub offer_url: Option<String>,
}

impl Target {
    /// What a client connects with.
    pub fn params(&self) -> ConnectParams {
        match &self.offer_url {
            Some(url) => ConnectParams::default().with("webrtcRequestParams", json!({"endpoint": url})),
            None => ConnectParams::websocket(&self.ws_url),
        }
    }
}
