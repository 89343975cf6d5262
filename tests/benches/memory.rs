//! The memory of a process with one call, and of each further simultaneous call.

use std::time::Duration;

use crate::{
    bot::{self, BotProcess},
    figure::{Figure, skip},
    over::Over,
    rig::{Call, runtime},
    usage::Memory,
};

/// How many calls are added to the first.
const FURTHER: usize = 20;
/// How long the calls run before memory is measured.
const SETTLE: Duration = Duration::from_secs(5);
/// How much must have been heard by then, even on a busy machine: enough for every buffer to have
/// been used.
const LEAST: Duration = Duration::from_secs(1);

/// Measures it over a WebSocket.
pub(crate) fn websocket() {
    run(Over::WebSocket);
}

/// Measures it over WebRTC.
pub(crate) fn webrtc() {
    run(Over::WebRtc);
}

fn run(over: Over) {
    if Memory::read().is_none() {
        return skip(&over.named("call-memory"), "the system does not report the memory of a process");
    }
    let bot = BotProcess::start(over, &[bot::ECHO]);
    runtime().block_on(measure(over, &bot.target.start_url));
}

async fn measure(over: Over, start_url: &str) {
    let mut calls = vec![Call::start(over, start_url).await];
    let one = settled().await;
    for _ in 0..FURTHER {
        calls.push(Call::start(over, start_url).await);
    }
    let all = settled().await;
    for call in calls {
        call.end(LEAST).await;
    }
    let further = (all.present - one.present) / FURTHER as f64;
    Figure::low(over.named("call-memory"), one.peak, "MB").goal(over.goal(12.0, 14.0)).print();
    Figure::low(over.named("call-memory-further"), further, "MB").goal(over.goal(0.5, 1.0)).print();
}

async fn settled() -> Memory {
    tokio::time::sleep(SETTLE).await;
    Memory::read().expect("it could be read before")
}
