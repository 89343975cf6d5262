//! The harness of the cross-crate tests: servers, a client whose events are recorded, and the
//! exchanges.
//!
//! An exchange is written once and runs against the demo bot and against real Pipecat servers. This
//! keeps the demo bot true to Pipecat. Everything here panics on failure: it is for tests only.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking and looks at the real clock"
)]

pub mod acoustics;
pub mod archive;
mod bot_process;
mod browser;
mod carrier;
pub mod counted;
mod demo;
pub mod exchange;
pub mod files;
pub mod front;
mod gate;
pub mod http;
pub mod kotlin;
pub mod livekit;
mod load_run;
mod melody;
pub mod misbehaving;
pub mod native;
pub mod network;
pub mod phone_bot;
pub mod pipecat_cloud;
mod program;
mod recorder;
pub mod room_server;
pub mod scenarios;
mod server;
mod shared;
mod sound;
mod speech;
mod spoken;
pub mod swift;
mod terminator;
pub mod video;

pub use bot_process::BotProcess;
pub use browser::{Browser, BrowserOptions};
pub use demo::Demo;
pub use gate::{Answer, Gate, Mode};
pub use load_run::LoadRun;
pub use melody::{melody, melody_length, notes_in};
pub use program::{Program, beside};
pub use recorder::{Heard, Session};
pub use server::{PipecatServer, ServerKind, free_port};
pub use shared::Shared;
pub use sound::{Recording, SoundServer};
pub use speech::{Microphone, speech};
pub use spoken::{assert_heard, assert_repeated, write_greeting, write_wav};
pub use terminator::{Identity, Terminator};

use rtvi_core::ConnectParams;
use serde_json::json;

/// The address of a bot, whoever runs it.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// The WebSocket URL.
    pub ws_url: String,
    /// The start endpoint.
    pub start_url: String,
    /// The endpoint for WebRTC offers. With it, the exchanges use WebRTC; without it, WebSocket.
    pub offer_url: Option<String>,
    /// The URL of a LiveKit server. With it, the exchanges use LiveKit.
    pub room_url: Option<String>,
    /// The token for that server. Without it, each connection asks at the start endpoint for a bot
    /// in a room of its own.
    pub room_token: Option<String>,
}

impl Target {
    /// The parameters for one connection.
    ///
    /// # Panics
    /// If a bot is needed in a room, and none can be had.
    pub async fn params(&self) -> ConnectParams {
        match (&self.room_url, &self.offer_url) {
            (Some(url), _) => match &self.room_token {
                Some(token) => {
                    ConnectParams::default().with("url", url.as_str()).with("token", token.as_str())
                }
                None => livekit::start_bot(&self.start_url, url, json!({})).await,
            },
            (None, Some(url)) => {
                ConnectParams::default().with("webrtcRequestParams", json!({"endpoint": url}))
            }
            (None, None) => ConnectParams::websocket(&self.ws_url),
        }
    }

    /// Whether the exchanges use a WebSocket.
    pub const fn is_websocket(&self) -> bool {
        self.offer_url.is_none() && self.room_url.is_none()
    }
}
