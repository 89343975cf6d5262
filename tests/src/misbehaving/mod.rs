//! Servers that each break one rule, and bots that break none.
//!
//! For tests only. All listen on free loopback ports for the lifetime of the test's runtime.

mod bomb;
mod odd;
mod phone;
mod secure;

use std::net::SocketAddr;

use rtvi_bot::{BotOptions, DemoBot, Protocol, StartTransport};
use rtvi_core::ConnectParams;
use tokio::net::TcpSocket;

use crate::{
    room_server::{Oddity, RoomServer},
    terminator::Identity,
};
use secure::Authority;

/// All servers of one test.
#[derive(Debug)]
pub struct Servers {
    bot: DemoBot,
    legacy: DemoBot,
    ours: Authority,
    theirs: Authority,
    /// Reserves its port, so that no other server gets it; does not listen.
    _refusing: TcpSocket,
    /// The placeholder of a server's address in a URL, and the address.
    addresses: Vec<(&'static str, String)>,
}

impl Servers {
    /// Starts them all.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn start() -> Self {
        let transport = Some(StartTransport::Websocket);
        let options = BotOptions { transport, ..BotOptions::default() };
        let bot = DemoBot::start(options).await.expect("the bot starts");
        let old = BotOptions { protocol: Protocol::V1, transport, ..BotOptions::default() };
        let legacy = DemoBot::start(old).await.expect("the bot starts");
        let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
        let (refusing, refused) = closed_port();
        let local = |address: SocketAddr| format!("localhost:{}", address.port());
        let addresses = vec![
            ("{bot}", host(&bot.ws_url())),
            ("{legacy}", host(&legacy.ws_url())),
            ("{odd}", odd::start().await.to_string()),
            ("{phone}", phone::start().await.to_string()),
            ("{refused}", refused.to_string()),
            ("{theirs}", local(secure::start(theirs.server("localhost")).await)),
            ("{other-name}", local(secure::start(ours.server("other.example")).await)),
            ("{expired}", local(secure::start(ours.expired_server("localhost")).await)),
            ("{half-secure}", local(secure::start_half(ours.identity(&["localhost"])).await)),
            ("{secure}", local(secure::start(ours.server("localhost")).await)),
            ("{room}", room(&bot, &[]).await),
            ("{empty-room}", room(&bot, &[Oddity::NoBot]).await),
            ("{locked-room}", room(&bot, &[Oddity::Refuses(401)]).await),
            ("{nameless-room}", room(&bot, &[Oddity::NoParticipant]).await),
        ];
        Self { bot, legacy, ours, theirs, _refusing: refusing, addresses }
    }

    /// Replaces the placeholders in the text with the servers' addresses: `ws://{bot}/ws`.
    ///
    /// `{bot}` and `{legacy}` are demo bots. `{odd}` answers as the path says. Nobody listens at
    /// `{refused}`. The others use TLS: `{theirs}` has a certificate of an unknown authority,
    /// `{other-name}` one for another name, and `{expired}` an expired one. `{half-secure}` ends
    /// the connection after its first message. `{secure}` has a valid certificate.
    ///
    /// `{phone}` is a bot on a phone that answers as the path says.
    ///
    /// `{room}` is a LiveKit server with the demo bot in each room. `{empty-room}` has no bot,
    /// `{locked-room}` refuses every token, and `{nameless-room}` does not say who has joined.
    pub fn fill(&self, text: &str) -> String {
        self.addresses.iter().fold(text.to_owned(), |text, (name, address)| text.replace(name, address))
    }

    /// The WebSocket of a bot that breaks no rule.
    pub fn good_url(&self) -> String {
        self.bot.ws_url()
    }

    /// The parameters for the same bot over WebRTC.
    pub fn good_offer(&self) -> ConnectParams {
        let request = serde_json::json!({"endpoint": self.bot.offer_url()});
        ConnectParams::default().with("webrtcRequestParams", request)
    }

    /// The parameters for the same bot in a room.
    pub fn good_room(&self) -> ConnectParams {
        ConnectParams::default().with("url", self.fill("ws://{room}")).with("token", "a-token-for-the-room")
    }

    /// The parameters for a bot on a phone.
    pub fn good_phone(&self) -> ConnectParams {
        ConnectParams::websocket(self.fill("ws://{phone}/good"))
    }

    /// The WebSocket of a bot of the 1.x protocol.
    pub fn legacy_url(&self) -> String {
        self.legacy.ws_url()
    }

    /// The certificate of the authority that clients should trust.
    pub fn authority(&self) -> Vec<u8> {
        self.ours.der()
    }

    /// A certificate of this authority, for these names.
    pub fn identity(&self, names: &[&str]) -> Identity {
        self.ours.identity(names)
    }

    /// A certificate for these names, from an authority that no client trusts.
    pub fn foreign_identity(&self, names: &[&str]) -> Identity {
        self.theirs.identity(names)
    }
}

/// A room server with this bot. It ends with its runtime.
async fn room(bot: &DemoBot, oddities: &[Oddity]) -> String {
    RoomServer::start(bot.ws_url(), oddities).await.address().to_string()
}

/// Host and port of a URL.
fn host(url: &str) -> String {
    url.split('/').nth(2).unwrap_or_default().to_owned()
}

/// A port that is in use, but on which nobody listens.
fn closed_port() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().expect("there is a network");
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("there is a free port");
    let address = socket.local_addr().expect("it has an address");
    (socket, address)
}
