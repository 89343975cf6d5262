//! The time from `connect` to bot-ready, each time with a new client.

use std::time::Instant;

use rtvi_core::{ApiRequest, PipecatClient};
use rtvi_tests::{PipecatServer, ServerKind, Target};

use crate::{
    bot::BotProcess,
    figure::{Figure, median, skip},
    over::Over,
    rig::runtime,
    usage::cpu_seconds,
};

/// The number of connections to the demo bot.
const DEMO_ROUNDS: usize = 100;
/// The number of connections to the real server.
const REAL_ROUNDS: usize = 15;

/// The target of the connection.
#[derive(Clone, Copy, Debug)]
enum Way<'a> {
    /// To the bot itself.
    Direct(&'a Target),
    /// To the address in a start endpoint's answer.
    Start(&'a str),
}

/// Measures it against the demo bot, over a WebSocket.
pub(crate) fn demo() {
    run_demo(Over::WebSocket);
}

/// Measures it against the demo bot, over WebRTC.
pub(crate) fn demo_webrtc() {
    run_demo(Over::WebRtc);
}

/// Measures it against a real Pipecat server, over a WebSocket.
pub(crate) fn real() {
    run_real(Over::WebSocket);
}

/// Measures it against a real Pipecat server, over WebRTC.
pub(crate) fn real_webrtc() {
    run_real(Over::WebRtc);
}

fn run_demo(over: Over) {
    let bot = BotProcess::start(over, &[]);
    runtime().block_on(async {
        let direct = rounds(over, DEMO_ROUNDS, Way::Direct(&bot.target)).await;
        Figure::low(over.named("connect-demo"), direct, "ms").goal(over.goal(12.0, 50.0)).print();
        let started = rounds(over, DEMO_ROUNDS, Way::Start(&bot.target.start_url)).await;
        Figure::low(over.named("connect-demo-start"), started, "ms").print();
    });
}

/// Most of the time is the server's own; the client's share shows as CPU time.
fn run_real(over: Over) {
    if std::env::var_os("RTVI_PYTHON").is_none() {
        return skip(&over.named("connect-real"), "RTVI_PYTHON names no Python with Pipecat");
    }
    runtime().block_on(async {
        let server = PipecatServer::start(ServerKind::Voice, &[]).await;
        let target = server.webrtc_target();
        let before = cpu_seconds();
        let time = rounds(over, REAL_ROUNDS, Way::Direct(&target)).await;
        let cpu = (cpu_seconds() - before) * 1000.0 / REAL_ROUNDS as f64;
        Figure::low(over.named("connect-real"), time, "ms").print();
        Figure::low(over.named("connect-real-client-cpu"), cpu, "ms").print();
    });
}

/// Connects and disconnects `count` times. Returns the median time to bot-ready, in milliseconds.
async fn rounds(over: Over, count: usize, way: Way<'_>) -> f64 {
    let mut times = Vec::new();
    for _ in 0..count {
        times.push(round(over, way).await);
    }
    median(times)
}

async fn round(over: Over, way: Way<'_>) -> f64 {
    let client = PipecatClient::new(over.options()).expect("there is a runtime");
    let start = Instant::now();
    let ready = match way {
        Way::Direct(target) => client.connect(over.params(target).await).await,
        Way::Start(url) => client.start_bot_and_connect(ApiRequest::new(url)).await,
    };
    let time = start.elapsed();
    ready.expect("the bot is ready");
    client.disconnect().await.expect("the client disconnects");
    time.as_secs_f64() * 1000.0
}
