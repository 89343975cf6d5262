//! The demo bot, in the test's own process.

use rtvi_bot::{BotOptions, DemoBot};

use crate::Target;

/// A running demo bot and the transport to use.
#[derive(Debug)]
pub struct Demo {
    /// The bot.
    pub bot: DemoBot,
    over_webrtc: bool,
}

impl Demo {
    /// Starts a bot with default options, for WebSocket.
    pub async fn over_websocket() -> Self {
        Self::start(false).await
    }

    /// Starts a bot with default options, for WebRTC.
    pub async fn over_webrtc() -> Self {
        Self::start(true).await
    }

    async fn start(over_webrtc: bool) -> Self {
        let bot = DemoBot::start(BotOptions::default()).await.expect("the bot starts");
        Self { bot, over_webrtc }
    }

    /// The bot's target.
    pub fn target(&self) -> Target {
        let offer_url = self.over_webrtc.then(|| self.bot.offer_url());
        Target { ws_url: self.bot.ws_url(), start_url: self.bot.start_url(), offer_url, ..Target::default() }
    }
}
