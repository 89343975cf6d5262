//! A LiveKit server with the bots that join its rooms.

use std::{net::SocketAddr, process::Stdio};

use rtvi_core::ConnectParams;
use serde_json::{Value, json};
use tokio::process::Child;

use super::{
    room::Room,
    server::{LiveKitServer, Shape},
    token::Token,
};
use crate::{
    PipecatServer, ServerKind, Target,
    front::{Front, Verdict, answer},
    http,
    server::python,
};

/// How long a guest stays at most.
const GUEST_SECONDS: &str = "60";

/// Somebody in a room, killed when dropped.
#[derive(Debug)]
pub struct Guest {
    _process: Child,
}

/// A server and its bots.
#[derive(Debug)]
pub struct Site {
    /// The LiveKit server.
    pub server: LiveKitServer,
    bots: PipecatServer,
}

impl Site {
    /// Starts a server of this shape, and the program whose bots join its rooms.
    pub async fn start(shape: Shape) -> Self {
        Self::start_with(shape, &[]).await
    }

    /// Works like `start`, with flags for the bots' program.
    pub async fn start_with(shape: Shape, flags: &[&str]) -> Self {
        let server = LiveKitServer::start(shape).await;
        let bots = PipecatServer::start_with(ServerKind::Voice, flags, &server.environment()).await;
        Self { server, bots }
    }

    /// The target of exchanges: each connection gets a room of its own, with a bot.
    pub fn target(&self) -> Target {
        Target { room_url: Some(self.server.url()), ..self.bots.target() }
    }

    /// Sends a bot into a room. `asked` may name the `room`, the `delay` in seconds until the bot
    /// joins, and, with `agent` false, require a bot whose token does not say that it is one.
    ///
    /// # Panics
    /// If the bots' program refuses.
    pub async fn send_bot(&self, asked: Value) -> ConnectParams {
        start_bot(&self.bots.target().start_url, &self.server.url(), asked).await
    }

    /// Lets somebody into a room who knows no RTVI and speaks, by LiveKit's own client.
    ///
    /// # Panics
    /// If the client can't be started.
    pub fn admit(&self, token: &Token) -> Guest {
        let mut client = python("RTVI_PYTHON", "livekit_client.py");
        client.args([&self.server.url(), &token.sign(), GUEST_SECONDS]).stdout(Stdio::null());
        Guest { _process: client.spawn().expect("python runs") }
    }

    /// The room API for one room.
    pub fn room(&self, name: &str) -> Room {
        self.server.room(name)
    }

    /// The names of what the bots in a room have seen, with the participant: `on_connected`,
    /// `on_participant_disconnected User-1`.
    ///
    /// # Panics
    /// If the bots' program does not answer.
    pub async fn seen_by_bots(&self, room: &str) -> Vec<String> {
        let (_, seen) = http::get(address(&self.bots.target().start_url), &format!("/rooms/{room}")).await;
        let seen = seen.as_array().expect("it is a list").iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        seen.map(|one| format!("{} {}", text(&one["event"]), text(&one["participant"])).trim().to_owned())
            .collect()
    }
}

/// What clients reach instead of a server that knows only signalling with two connections, as those
/// of 2024. It ends with the test.
pub async fn two_connections(server: &LiveKitServer) -> Front {
    Front::before(server.address(), |request| {
        if request.path.starts_with("/rtc/v1") {
            return Verdict::Answer(answer("404 Not Found", &[], "404 page not found\n"));
        }
        Verdict::Pass
    })
    .await
}

/// Asks the program at `start_url` for a bot in a room of the LiveKit server, which clients reach
/// at `room_url`.
pub(crate) async fn start_bot(start_url: &str, room_url: &str, mut asked: Value) -> ConnectParams {
    asked["transport"] = json!("livekit");
    let (status, answer) = http::post(address(start_url), "/start", None, &asked).await;
    assert!(status.is_success(), "{status}: {answer}");
    ConnectParams::default().with("url", room_url).with("token", answer["token"].clone())
}

/// The address in `http://ADDRESS/start`.
fn address(start_url: &str) -> SocketAddr {
    let address = start_url.trim_start_matches("http://").trim_end_matches("/start");
    address.parse().expect("the URL has an address")
}
