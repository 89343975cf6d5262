//! A real bot that looks at video and echoes it: `video_bot.py`.

use std::{collections::BTreeMap, net::SocketAddr};

use serde::Deserialize;

use crate::{PipecatServer, ServerKind, http};

/// The bot in a process of its own.
#[derive(Debug)]
pub struct VideoBot {
    server: PipecatServer,
    address: SocketAddr,
}

/// What the bot has seen of one source.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SeenSource {
    /// Pictures.
    pub frames: u64,
    /// How many there were of each size.
    pub sizes: BTreeMap<String, u64>,
    /// The number in each.
    pub numbers: Vec<u64>,
    /// When each came, in seconds of the bot's clock.
    pub times: Vec<f64>,
}

/// What the bot has seen.
#[derive(Clone, Debug, Deserialize)]
pub struct Seen {
    /// The camera.
    pub camera: SeenSource,
    /// The screen.
    #[serde(rename = "screenVideo")]
    pub screen: SeenSource,
    /// Which track was turned on or off, in order.
    pub status: Vec<(u32, bool)>,
    /// The bot's memory in bytes.
    pub memory: u64,
    /// What the bot's encoders aim at, by section.
    pub bitrates: Vec<Option<u64>>,
}

impl SeenSource {
    /// The longest pause between two pictures, in seconds.
    pub fn longest_pause(&self) -> f64 {
        self.times.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max)
    }
}

impl VideoBot {
    /// Starts the bot.
    ///
    /// # Panics
    /// If it can't be started.
    pub async fn start(flags: &[&str]) -> Self {
        let server = PipecatServer::start(ServerKind::Video, flags).await;
        let url = server.ws_url("");
        let address = url.trim_start_matches("ws://").parse().expect("an address");
        Self { server, address }
    }

    /// Where offers go.
    pub fn offer_url(&self) -> String {
        self.server.webrtc_target().offer_url.expect("the bot takes offers")
    }

    /// What the bot has seen in its last conversation.
    ///
    /// # Panics
    /// If it does not answer.
    pub async fn seen(&self) -> Seen {
        let (status, seen) = http::get(self.address, "/seen").await;
        assert!(status.is_success(), "{status}");
        serde_json::from_value(seen).expect("what the bot says can be read")
    }
}
