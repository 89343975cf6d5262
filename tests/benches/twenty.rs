//! Twenty calls at once in one process: how soon all are ready, what each costs, and whether
//! everything is heard.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::{
    bot::{self, BotProcess},
    figure::Figure,
    over::Over,
    rig::{Call, runtime},
    usage::cpu_seconds,
};

const CALLS: usize = 20;
/// The length of the calls.
const LASTING: Duration = Duration::from_secs(10);
/// No minimum: audio that is missing on a busy machine shows in a separate figure.
const LEAST: Duration = Duration::ZERO;
/// The length of call for which the CPU time is reported, so that it compares with the figure for a
/// single call.
const UNIT: Duration = Duration::from_secs(30);

/// Measures it over a WebSocket.
pub(crate) fn websocket() {
    run(Over::WebSocket);
}

/// Measures it over WebRTC.
pub(crate) fn webrtc() {
    run(Over::WebRtc);
}

fn run(over: Over) {
    let bot = BotProcess::start(over, &[bot::ECHO]);
    runtime().block_on(measure(over, &bot.target.start_url));
}

async fn measure(over: Over, start_url: &str) {
    let start = Instant::now();
    let calls = join_all((0..CALLS).map(|_| Call::start(over, start_url))).await;
    let ready = start.elapsed();
    let before = cpu_seconds();
    tokio::time::sleep(LASTING).await;
    let cpu = (cpu_seconds() - before) / CALLS as f64 * UNIT.as_secs_f64() / LASTING.as_secs_f64();
    let heard = join_all(calls.into_iter().map(|call| call.end(LEAST))).await;
    let heard = heard.iter().sum::<Duration>().div_duration_f64(LASTING) / CALLS as f64;
    Figure::low(over.named("twenty-connect"), ready.as_secs_f64() * 1000.0, "ms").print();
    Figure::low(over.named("twenty-cpu"), cpu, "s").print();
    Figure::high(over.named("twenty-heard"), heard.min(1.0) * 100.0, "%").goal(95.0).print();
}
