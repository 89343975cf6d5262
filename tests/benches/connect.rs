//! The time from `connect` to bot-ready, each with a fresh client.

use std::time::Instant;

use rtvi_core::{
    ApiRequest, ConnectParams, PipecatClient, PipecatClientOptions, transport::WebSocketTransport,
};
use rtvi_tests::{PipecatServer, ServerKind};

use crate::{
    bot::BotProcess,
    figure::{Figure, median, skip},
    rig::runtime,
    usage::cpu_seconds,
};

/// How often the demo bot is connected to.
const DEMO_ROUNDS: usize = 100;
/// How often the real server is connected to.
const REAL_ROUNDS: usize = 15;

/// Where to connect.
#[derive(Clone, Copy, Debug)]
enum Way<'a> {
    /// To a WebSocket.
    WebSocket(&'a str),
    /// To what a start endpoint answers.
    Start(&'a str),
}

/// Measures it against the demo bot.
pub(crate) fn demo() {
    let bot = BotProcess::start(&[]);
    runtime().block_on(async {
        let direct = rounds(DEMO_ROUNDS, Way::WebSocket(&bot.ws_url)).await;
        Figure::low("connect-demo", direct, "ms").goal(12.0).print();
        let started = rounds(DEMO_ROUNDS, Way::Start(&bot.start_url)).await;
        Figure::low("connect-demo-start", started, "ms").print();
    });
}

/// Measures it against a real Pipecat server, most of whose time is the server's own; our part shows as CPU time.
pub(crate) fn real() {
    if std::env::var_os("RTVI_PYTHON").is_none() {
        return skip("connect-real", "RTVI_PYTHON names no Python with Pipecat");
    }
    runtime().block_on(async {
        let server = PipecatServer::start(ServerKind::Voice, &[]).await;
        let url = server.target().ws_url;
        let before = cpu_seconds();
        let time = rounds(REAL_ROUNDS, Way::WebSocket(&url)).await;
        let cpu = (cpu_seconds() - before) * 1000.0 / REAL_ROUNDS as f64;
        Figure::low("connect-real", time, "ms").print();
        Figure::low("connect-real-client-cpu", cpu, "ms").print();
    });
}

/// Connects and disconnects that often; the median time to bot-ready in milliseconds.
async fn rounds(count: usize, way: Way<'_>) -> f64 {
    let mut times = Vec::new();
    for _ in 0..count {
        times.push(round(way).await);
    }
    median(times)
}

async fn round(way: Way<'_>) -> f64 {
    let options = PipecatClientOptions::new(WebSocketTransport::default());
    let client = PipecatClient::new(options).expect("there is a runtime");
    let start = Instant::now();
    let ready = match way {
        Way::WebSocket(url) => client.connect(ConnectParams::websocket(url)).await,
        Way::Start(url) => client.start_bot_and_connect(ApiRequest::new(url)).await,
    };
    let time = start.elapsed();
    ready.expect("the bot is ready");
    client.disconnect().await.expect("the client disconnects");
    time.as_secs_f64() * 1000.0
}
