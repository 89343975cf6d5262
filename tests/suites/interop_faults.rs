//! The faults of the matrix that are possible with a real Pipecat server, over both transports. One
//! server has idle clients and clients to which the bot speaks; each must have the expected
//! outcome.
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
use tokio::sync::RwLock;

/// Any number: no packet is lost by chance here.
const SEED: u64 = 7;
/// How long opening may take while a connection is being restored.
const OPEN: Duration = Duration::from_secs(10);
/// The text that the bot speaks: longer than any test takes.
const LONG_TEXT: &str =
    "Please count from one to forty, and then from forty to one, as slowly as you can, and take your time";

/// How often a fault that was noticed late is retried alone. One success is enough, because the
/// machine may be busy.
const TRIES_ALONE: usize = 3;
/// Held while a fault is tested; held exclusively while a late fault is retried.
static ALONE: RwLock<()> = RwLock::const_new(());

/// A line of the table.
struct Row {
    fault: Fault,
    over: Over,
    outcome: Outcome,
    /// How soon it was noticed on the machine of the page's figures.
    noticed: &'static str,
    /// How soon it must be noticed when it runs alone.
    limit: Duration,
}

const fn row(fault: Fault, over: Over, outcome: Outcome, noticed: &'static str, limit: u64) -> Row {
    Row { fault, over, outcome, noticed, limit: Duration::from_millis(limit) }
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
    row(Fault::Killed, Over::WebSocket, Outcome::Ends, "1 ms", 500),
    row(Fault::Killed, Over::WebRtc, Outcome::Ends, "1.0 s to 1.4 s", 2_500),
    row(Fault::Frozen, Over::WebSocket, Outcome::Ends, "5.2 s to 5.8 s", 6_000),
    row(Fault::Frozen, Over::WebRtc, Outcome::Ends, "5.6 s to 5.9 s", 6_000),
    row(Fault::Reset, Over::WebSocket, Outcome::Restored, "1 ms", 500),
    row(Fault::Dark, Over::WebSocket, Outcome::Ends, "5.2 s to 5.8 s", 6_000),
    row(Fault::Dark, Over::WebRtc, Outcome::Ends, "5.6 s to 5.9 s", 6_000),
];

/// A server, with a gate in front of its WebSocket and a network in front of its WebRTC.
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

    /// Clients connect directly to a server that is killed or frozen, because a proxy would answer
    /// in its place.
    async fn params(&self, fault: Fault, over: Over) -> ConnectParams {
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
        target.params().await
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
        options.client.reconnect = ReconnectPolicy { max_attempts: 1, ..ReconnectPolicy::default() };
        options.client.timeouts.open = Some(OPEN);
    });
    session.client.connect(params).await.expect("the client connects");
    session
}

/// Tests the fault; if it was noticed late, tests it again alone.
///
/// # Panics
/// If it is noticed too late even then.
async fn matrix(fault: Fault) {
    let first = {
        let _beside_others = ALONE.read().await;
        late(fault).await
    };
    if first.is_empty() {
        return;
    }
    let _alone = ALONE.write().await;
    let mut last = first;
    for _ in 0..TRIES_ALONE {
        println!("late, once more alone: {last:?}");
        last = late(fault).await;
        if last.is_empty() {
            return;
        }
    }
    panic!("{fault}: noticed too late, {last:?}");
}

/// Applies the fault to a server with two clients of each transport, one idle and one to which the
/// bot speaks. Returns what was noticed late.
async fn late(fault: Fault) -> Vec<String> {
    let mut stage = Stage::build().await;
    let mut clients = Vec::new();
    for row in TABLE.iter().filter(|row| row.fault == fault) {
        for bot_speaks in [false, true] {
            clients.push((row, bot_speaks, client(stage.params(fault, row.over).await).await));
        }
    }
    for (_, _, session) in clients.iter().filter(|(_, bot_speaks, _)| *bot_speaks) {
        session.client.send_text(LONG_TEXT, SendTextOptions::default()).await.expect("the text is sent");
    }
    for (_, _, session) in clients.iter_mut().filter(|(_, bot_speaks, _)| *bot_speaks) {
        session.wait_for("botStartedSpeaking").await;
    }
    // A killed process keeps its sockets until it is gone, which is when this returns.
    let before = Instant::now();
    stage.strike(fault).await;
    let struck_at = Instant::now();
    let mut late = Vec::new();
    for (row, bot_speaks, mut session) in clients {
        comes_of_it(row.outcome, &mut session).await;
        let noticed = delay(&session, before, "reconnecting").saturating_sub(struck_at - before);
        let what =
            format!("{fault} over {:?}, bot speaks: {bot_speaks}: noticed after {noticed:?}", row.over);
        println!("{what}");
        if noticed > row.limit {
            late.push(what);
        }
        session.client.disconnect().await.expect("the client disconnects");
    }
    late
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
        "| fault | transport | phases | outcome | error | noticed after | at most |\n|---|---|---|---|---|---|---|\n"
            .to_owned();
    for row in &TABLE {
        let over = if row.over == Over::WebRtc { "WebRTC" } else { "WebSocket" };
        let (outcome, error) = match row.outcome {
            Outcome::Ends => ("`disconnected`, failed", "`ConnectionLost` in Reconnect"),
            Outcome::Restored => ("`reconnecting`, then `ready`", ""),
        };
        table += &format!(
            "| {} | {over} | idle, bot speaking | {outcome} | {error} | {} | {:.1} s |\n",
            row.fault,
            row.noticed,
            row.limit.as_secs_f64()
        );
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/faults.md");
    let page = std::fs::read_to_string(path).expect("the page is there").replace("\r\n", "\n");
    assert!(page.contains(&table), "docs/faults.md is not up to date; the table is now:\n{table}");
}
