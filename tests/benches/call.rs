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
    let seconds = measure(over, async |call| {
        tokio::time::sleep(CALL).await;
        call.end(LEAST).await;
    });
    Figure::low(over.named("call-cpu"), seconds, "s").goal(over.goal(0.3, 0.8)).print();
}

/// Measures it over WebRTC while the microphone's audio is cleaned of echo and noise. The tone of it is noise to that, so what
/// comes back is not looked at.
pub(crate) fn processed() {
    let seconds = measure(Over::WebRtc, async |call| {
        call.process().await;
        tokio::time::sleep(CALL).await;
        call.leave(LEAST).await;
    });
    Figure::low(Over::WebRtc.named("call-cpu-processed"), seconds, "s").goal(0.8).print();
}

/// The CPU time of this process once a call was made and has ended.
fn measure(over: Over, talk: impl AsyncFnOnce(Call)) -> f64 {
    let bot = BotProcess::start(over, &[bot::ECHO]);
    let runtime = runtime();
    runtime.block_on(async {
        talk(Call::start(over, &bot.target.start_url).await).await;
    });
    drop(runtime);
    cpu_seconds()
}
