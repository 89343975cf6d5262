//! The cost of the smallest operations for an app in Rust: a call that returns at once, and 20 ms
//! of samples. For C and C++ see `native`.

use rtvi_core::{
    PipecatClient, PipecatClientOptions,
    media::{PcmPace, PcmSource},
    transport::WebSocketTransport,
};

use crate::{
    figure::Figure,
    rig::{DEVICE, runtime},
    usage::cpu_seconds,
};

/// How often a function is called.
const CALLS: usize = 100_000;
/// The number of queues that are filled.
const ROUNDS: usize = 200;
/// The number of 20 ms pieces that fill a queue.
const PIECES: usize = 100;

/// Measures it.
pub(crate) fn run() {
    runtime().block_on(call());
    push();
}

async fn call() {
    let options = PipecatClientOptions::new(WebSocketTransport::default());
    let client = PipecatClient::new(options).expect("there is a runtime");
    let mut events = client.events();
    let reader = tokio::spawn(async move { while !events.next_batch(64).await.is_empty() {} });
    let start = cpu_seconds();
    for _ in 0..CALLS {
        client.enable_mic(true).await.expect("it can be turned on");
    }
    Figure::low("call", (cpu_seconds() - start) / CALLS as f64 * 1e6, "CPU us").print();
    drop(client);
    reader.await.expect("the events end");
}

fn push() {
    let piece = [0; 960];
    let mut spent = 0.0;
    for _ in 0..ROUNDS {
        let (mut input, _source) = PcmSource::new(DEVICE, PcmPace::Paced).expect("the format is supported");
        let start = cpu_seconds();
        let taken: usize = (0..PIECES).map(|_| input.push(&piece)).sum();
        spent += cpu_seconds() - start;
        assert_eq!(taken, PIECES * piece.len(), "all of it fits");
    }
    Figure::low("pcm-push", spent / (ROUNDS * PIECES) as f64 * 1e9, "CPU ns/20 ms").print();
}
