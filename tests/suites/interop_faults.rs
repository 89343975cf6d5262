//! The faults of the matrix that can be done to a real Pipecat server, over both transports: clients that are idle and clients to
//! which the bot speaks, all of one server, and what must come of it for each.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking and looks at the clock"
)]

use std::{
    fmt,
    time::{Duration, Instant},
};

use rtvi_core::{ConnectParams, TransportState, client::ReconnectPolicy, protocol::SendTextOptions};
use rtvi_tests::{
    Gate, Mode, PipecatServer, ServerKind, Session, Target,
    exchange::session::delay,
    network::{Conditions, HostileNetwork},
};
use serde_json::{Value, json};

/// Any number: no packet is lost by chance here.
const SEED: u64 = 7;
/// How long opening may take while a connection is being restored.
const OPEN: Duration = Duration::from_secs(10);
/// What the bot is asked to say: longer than any of this takes.
const LONG_TEXT: &str =
    "Please count from one to forty, and then from forty to one, as slowly as you can, and take your time";

/// A line of the table.
struct Row {
    fault: Fault,
    over: Over,
    outcome: Outcome,
    /// How soon it was noticed where the page's figures were measured.
    noticed: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Killed,
    Frozen,
    Reset,
    Dark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    WebSocket,
    WebRtc,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Ends,
    Restored,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Killed => "server killed (SIGKILL)",
            Self::Frozen => "server frozen (SIGSTOP)",
            Self::Reset => "connection reset",
            Self::Dark => "network black-holed",
        })
    }
}

const TABLE: [Row; 7] = [
    Row { fault: Fault::Killed, over: Over::WebSocket, outcome: Outcome::Ends, noticed: "0.1 s to 0.3 s" },
    Row { fault: Fault::Killed, over: Over::WebRtc, outcome: Outcome::Ends, noticed: "1.0 s to 1.2 s" },
    Row { fault: Fault::Frozen, over: Over::WebSocket, outcome: Outcome::Ends, noticed: "2.2 s to 3.7 s" },
    Row { fault: Fault::Frozen, over: Over::WebRtc, outcome: Outcome::Ends, noticed: "4.2 s" },
    Row { fault: Fault::Reset, over: Over::WebSocket, outcome: Outcome::Restored, noticed: "1 ms" },
    Row { fault: Fault::Dark, over: Over::WebSocket, outcome: Outcome::Ends, noticed: "2.4 s to 3.7 s" },
    Row { fault: Fault::Dark, over: Over::WebRtc, outcome: Outcome::Ends, noticed: "4.0 s" },
];

/// A server, with a gate before its WebSocket and a network before its WebRTC.
struct Stage {
    server: PipecatServer,
    gate: Gate,
    network: HostileNetwork,
}

impl Stage {
    async fn build() -> Self {
        let server = PipecatServer::start(ServerKind::Voice, &[]).await;
        let target = server.target();
        let address =
            target.ws_url.split('/').nth(2).expect("a URL has a host").replace("localhost", "127.0.0.1");
        let network = HostileNetwork::start(&format!("http://{address}"), SEED, Conditions::default()).await;
        let gate = Gate::start(address.parse().expect("it is an address")).await;
        Self { server, gate, network }
    }

    /// A killed or frozen server is talked to without anything in between, for that would answer in its place.
    fn params(&self, fault: Fault, over: Over) -> ConnectParams {
        let is_direct = matches!(fault, Fault::Killed | Fault::Frozen);
        let target: Target = match over {
            Over::WebSocket if is_direct => self.server.target(),
            Over::WebSocket => {
                Target { ws_url: format!("ws://{}/ws", self.gate.address()), ..self.server.target() }
            }
            Over::WebRtc if is_direct => self.server.webrtc_target(),
            Over::WebRtc => Target {
                offer_url: Some(format!("{}/api/offer", self.network.url())),
                ..self.server.target()
            },
        };
        target.params()
    }

    async fn strike(&mut self, fault: Fault) {
        match fault {
            Fault::Killed => self.server.kill().await,
            Fault::Frozen => self.server.freeze(),
            Fault::Reset => self.gate.set(Mode::Reset),
            Fault::Dark => {
                self.gate.set(Mode::Dark);
                self.network.set(Conditions { is_dark: true, ..Conditions::default() });
            }
        }
    }
}

/// A client with a session.
async fn client(params: ConnectParams) -> Session {
    let session = Session::with(|options| {
        options.reconnect = ReconnectPolicy { max_attempts: 1, ..ReconnectPolicy::default() };
        options.deadlines.open = OPEN;
    });
    session.client.connect(params).await.expect("the client connects");
    session
}

/// Does it to a server with two clients of each transport, one idle and one to which the bot speaks.
async fn matrix(fault: Fault) {
    let mut stage = Stage::build().await;
    let mut clients = Vec::new();
    for row in TABLE.iter().filter(|row| row.fault == fault) {
        for bot_speaks in [false, true] {
            clients.push((row, bot_speaks, client(stage.params(fault, row.over)).await));
        }
    }
    for (_, _, session) in clients.iter().filter(|(_, bot_speaks, _)| *bot_speaks) {
        session.client.send_text(LONG_TEXT, SendTextOptions::default()).await.expect("the text is sent");
    }
    for (_, _, session) in clients.iter_mut().filter(|(_, bot_speaks, _)| *bot_speaks) {
        session.wait_for("botStartedSpeaking").await;
    }
    let struck_at = Instant::now();
    stage.strike(fault).await;
    for (row, bot_speaks, mut session) in clients {
        comes_of_it(row.outcome, &mut session).await;
        let noticed = delay(&session, struck_at, "reconnecting");
        println!("{fault} over {:?}, bot speaks: {bot_speaks}: noticed after {noticed:?}", row.over);
        session.client.disconnect().await.expect("the client disconnects");
    }
}

async fn comes_of_it(outcome: Outcome, session: &mut Session) {
    session.wait_for("reconnecting").await;
    match outcome {
        Outcome::Ends => {
            let ended = session.wait_for("disconnected").await;
            let error = (&ended["error"]["kind"], &ended["error"]["phase"]);
            assert_eq!(error, (&json!("connectionLost"), &json!("reconnect")), "{ended}");
            assert_eq!(session.client.state(), TransportState::Disconnected);
        }
        Outcome::Restored => {
            session.wait_for("botReady").await;
            let answer = session.client.send_client_request("get-language", None, None).await;
            assert_eq!(answer, Ok(Some::<Value>(json!({"language": "en-US"}))));
        }
    }
}

#[tokio::test]
async fn a_killed_server() {
    matrix(Fault::Killed).await;
}

#[tokio::test]
async fn a_frozen_server() {
    matrix(Fault::Frozen).await;
}

#[tokio::test]
async fn a_connection_that_is_reset() {
    matrix(Fault::Reset).await;
}

#[tokio::test]
async fn a_network_that_is_black_holed() {
    matrix(Fault::Dark).await;
}

#[test]
fn the_page_shows_the_table() {
    let mut table =
        "| fault | transport | phases | outcome | error | noticed after |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for row in &TABLE {
        let over = if row.over == Over::WebRtc { "WebRTC" } else { "WebSocket" };
        let (outcome, error) = match row.outcome {
            Outcome::Ends => ("`disconnected`, failed", "`ConnectionLost` in Reconnect"),
            Outcome::Restored => ("`reconnecting`, then `ready`", ""),
        };
        table += &format!(
            "| {} | {over} | idle, bot speaking | {outcome} | {error} | {} |\n",
            row.fault, row.noticed
        );
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/faults.md");
    let page = std::fs::read_to_string(path).expect("the page is there").replace("\r\n", "\n");
    assert!(page.contains(&table), "docs/faults.md is not up to date; the table is now:\n{table}");
}
