//! A call in a room of a real LiveKit server, with a bot that sends the audio back: its cost, the
//! time to connect and the gap when the network changes. Beside it, the same call by LiveKit's own
//! client in Python, a wrapper of its Rust SDK.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use rtvi_core::{ConnectParams, PipecatClient};
use rtvi_tests::livekit::{Shape, Site, Token};
use serde_json::json;

use crate::{
    figure::{Figure, median, skip},
    over::Over,
    rig::{Call, runtime},
    usage::{Memory, cpu_seconds},
};

/// The length of the call.
const CALL: Duration = Duration::from_secs(30);
/// How much of the call must be heard, even on a busy machine.
const LEAST: Duration = Duration::from_secs(26);
/// The number of connections, and of changes of the network.
const ROUNDS: usize = 10;
/// The client in Python.
const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/interop/bots/livekit_client.py");

/// The variables that name what the benchmarks need.
const NEEDED: [&str; 2] = ["RTVI_LIVEKIT", "RTVI_PYTHON"];

/// Measures the client.
pub(crate) fn run() {
    if NEEDED.iter().any(|name| std::env::var_os(name).is_none()) {
        return skip("call-cpu-livekit", "no livekit-server or no Python with Pipecat");
    }
    runtime().block_on(async {
        let site = Site::start_with(Shape::Full, &["--echo"]).await;
        let before = cpu_seconds();
        let call = Call::start(Over::LiveKit, &site.target().start_url).await;
        tokio::time::sleep(CALL).await;
        let memory = Memory::read();
        let mut gaps = Vec::new();
        let cpu = cpu_seconds() - before;
        for _ in 0..ROUNDS {
            gaps.push(call.silence_after_another_network().await.as_secs_f64() * 1000.0);
        }
        call.end(LEAST).await;
        Figure::low("call-cpu-livekit", cpu, "s").goal(0.8).print();
        if let Some(memory) = memory {
            Figure::low("call-memory-livekit", memory.peak, "MB").goal(14.0).print();
        }
        Figure::low("another-network-gap-livekit", median(gaps), "ms").goal(300.0).print();
        let mut times = Vec::new();
        for round in 0..ROUNDS {
            times.push(connect(&site, &format!("room-{round}")).await);
        }
        Figure::low("connect-livekit", median(times), "ms").goal(150.0).print();
    });
}

/// The time in milliseconds from `connect` to bot-ready, with the bot in the room.
async fn connect(site: &Site, room: &str) -> f64 {
    site.send_bot(json!({"room": room})).await;
    let publishes =
        |bot: &serde_json::Value| bot["tracks"].as_array().is_some_and(|tracks| !tracks.is_empty());
    site.room(room).participant(publishes).await;
    let params = ConnectParams::default()
        .with("url", site.server.url())
        .with("token", Token::user(room, "User").sign());
    let client = PipecatClient::new(Over::LiveKit.options()).expect("there is a runtime");
    let start = Instant::now();
    client.connect(params).await.expect("the bot is ready");
    let time = start.elapsed();
    client.disconnect().await.expect("the client disconnects");
    time.as_secs_f64() * 1000.0
}

/// Measures LiveKit's own client. It prints its figures itself.
pub(crate) fn python() {
    let Some(python) = std::env::var_os("RTVI_PYTHON").filter(|_| std::env::var_os("RTVI_LIVEKIT").is_some())
    else {
        return skip("call-cpu-livekit-python", "no livekit-server or no Python with Pipecat");
    };
    runtime().block_on(async {
        let site = Site::start_with(Shape::Full, &["--echo"]).await;
        site.send_bot(json!({"room": "room"})).await;
        site.room("room").identity(true).await;
        let token = Token::user("room", "User").sign();
        let seconds = CALL.as_secs().to_string();
        let status = Command::new(python)
            .args([CLIENT, &site.server.url(), &token, &seconds])
            .stdin(Stdio::null())
            .status();
        assert!(status.expect("Python runs").success(), "the client in Python works");
    });
}
