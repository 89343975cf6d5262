//! The CPU time of a call of half a minute with audio both ways: everything the process used, from its start to its end.

use std::time::Duration;

use crate::{
    bot::{self, BotProcess},
    figure::Figure,
    over::Over,
    rig::{Call, runtime},
    usage::cpu_seconds,
};

/// How long the call lasts.
const CALL: Duration = Duration::from_secs(30);
/// How much of it must have been heard, on a busy machine too.
const LEAST: Duration = Duration::from_secs(28);

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
    let runtime = runtime();
    runtime.block_on(async {
        let call = Call::start(over, &bot.target.start_url).await;
        tokio::time::sleep(CALL).await;
        call.end(LEAST).await;
    });
    drop(runtime);
    Figure::low(over.named("call-cpu"), cpu_seconds(), "s").goal(over.goal(0.3, 0.8)).print();
}
