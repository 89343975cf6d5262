//! The CPU time of a call of half a minute with audio both ways: everything the process used, from its start to its end.

use std::time::Duration;

use crate::{
    bot::{self, BotProcess},
    figure::Figure,
    rig::{Call, runtime},
    usage::cpu_seconds,
};

/// How long the call lasts.
const CALL: Duration = Duration::from_secs(30);
/// How much of it must have been heard, on a busy machine too.
const LEAST: Duration = Duration::from_secs(28);

/// Measures it.
pub(crate) fn run() {
    let bot = BotProcess::start(&[bot::ECHO]);
    let runtime = runtime();
    runtime.block_on(async {
        let call = Call::start(&bot.start_url).await;
        tokio::time::sleep(CALL).await;
        call.end(LEAST).await;
    });
    drop(runtime);
    Figure::low("call-cpu", cpu_seconds(), "s").goal(0.3).print();
}
