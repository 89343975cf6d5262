//! The CPU time of a call of half a minute with audio in both directions: everything that the
//! process uses, from start to end.

use std::time::Duration;

use crate::{
    bot::{self, BotProcess},
    figure::Figure,
    over::Over,
    rig::{Call, runtime},
    usage::cpu_seconds,
};

/// The length of the call.
const CALL: Duration = Duration::from_secs(30);
/// How much of the call must be heard, even on a busy machine.
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
    let seconds = measure(over, async |call| {
        tokio::time::sleep(CALL).await;
        call.end(LEAST).await;
    });
    Figure::low(over.named("call-cpu"), seconds, "s").goal(over.goal(0.3, 0.8)).print();
}

/// Measures it over WebRTC while echo and noise are removed from the microphone's audio. The
/// processing treats the tone as noise, so the returned audio is not checked.
pub(crate) fn processed() {
    let seconds = measure(Over::WebRtc, async |call| {
        call.process().await;
        tokio::time::sleep(CALL).await;
        call.leave(LEAST).await;
    });
    Figure::low(Over::WebRtc.named("call-cpu-processed"), seconds, "s").goal(0.8).print();
}

/// The CPU time of this process for a call, from start to end.
fn measure(over: Over, talk: impl AsyncFnOnce(Call)) -> f64 {
    let bot = BotProcess::start(over, &[bot::ECHO]);
    let runtime = runtime();
    runtime.block_on(async {
        talk(Call::start(over, &bot.target.start_url).await).await;
    });
    drop(runtime);
    cpu_seconds()
}
