//! The load generator: what a caller costs, and whether the generator keeps up with many.
//!
//! `CALLS` in the environment sets another number of callers, and `SECONDS` how long each talks.

use std::{env, rc::Rc, time::Duration};

use futures_util::{FutureExt, future::LocalBoxFuture};
use rtvi_core::{
    ConnectParams, Error, PipecatClient, PipecatClientOptions,
    media::AudioFormat,
    transport::{SharedCalls, SmallWebRtcTransport, SmallWebRtcTransportOptions},
};
use rtvi_load::{Act, Arrivals, Caller, Manners, Progress, Report, Run, Stop, TONE, Turn, Voice};
use rtvi_tests::Target;
use serde_json::json;

use crate::{
    bot::BotProcess,
    figure::Figure,
    over::Over,
    usage::{Memory, cpu_seconds},
};

/// How long the calls take to begin, and then last.
const RAMP: Duration = Duration::from_secs(5);
const LASTING: Duration = Duration::from_secs(20);
/// The CPU time of two cores that the goals leave to the callers, in milliseconds a second.
const TWO_CORES: f64 = 1_800.0;

/// Callers over this transport.
struct Callers {
    over: Over,
    target: Target,
    shared: SharedCalls,
}

impl Caller for Callers {
    fn options(&self) -> PipecatClientOptions {
        if self.over != Over::WebRtc {
            return self.over.options();
        }
        let shared = Some(self.shared.clone());
        let options = SmallWebRtcTransportOptions { shared, ..SmallWebRtcTransportOptions::default() };
        PipecatClientOptions::new(SmallWebRtcTransport::new(options))
    }

    fn act(&self, _: u32, client: &PipecatClient) -> LocalBoxFuture<'static, Result<Act, Error>> {
        // The demo bot asks for it in every third turn.
        client.register_function_call_handler("get_weather", |_| async { Ok::<_, Error>(json!("sunny")) });
        let client = client.clone();
        if self.over == Over::Phone {
            let params = ConnectParams::websocket(self.target.ws_url.as_str());
            return async move { client.connect(params).await.map(|_| Act::Connected) }.boxed_local();
        }
        let request = self.over.request(&self.target.start_url);
        async move { client.start_bot_and_connect(request).await.map(|_| Act::Connected) }.boxed_local()
    }
}

/// Measures it over a WebSocket: the goal is 500 callers on two cores.
pub(crate) fn websocket() {
    run(Over::WebSocket, 100, 500.0, 0.3);
}

/// Measures it over WebRTC: the goal is 150 callers on two cores.
pub(crate) fn webrtc() {
    run(Over::WebRtc, 40, 150.0, 1.0);
}

/// Measures it over a phone: the goal is 500 callers on two cores.
pub(crate) fn phone() {
    run(Over::Phone, 100, 500.0, 0.3);
}

fn run(over: Over, calls: u32, goal: f64, megabytes: f64) {
    let calls = env::var("CALLS").ok().and_then(|calls| calls.parse().ok()).unwrap_or(calls);
    let bot = BotProcess::start(over, &[]);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let before = Memory::read();
    let (mut most, mut cpu, mut memory) = (0.0_f64, Vec::new(), Vec::new());
    let on_progress = |progress: &Progress| {
        let present = Memory::read().map_or(0.0, |memory| memory.present);
        most = most.max(present);
        if progress.in_progress == calls as usize {
            cpu.push((progress.elapsed, cpu_seconds()));
            memory.push(present);
        }
    };
    let callers = Callers { over, target: bot.target.clone(), shared: SharedCalls::default() };
    let (report, _) =
        runtime.block_on(planned(over, calls).make(Rc::new(callers), &Stop::default(), on_progress));
    assert_eq!(report.calls.ready, u64::from(calls), "not every call was ready: {:?}", report.errors);
    let each = f64::from(calls);
    if let Some((first, last)) = cpu.first().zip(cpu.last()).filter(|(first, last)| last.0 > first.0) {
        let busy = (last.1 - first.1) / (last.0 - first.0).as_secs_f64() * 1_000.0 / each;
        Figure::low(over.named("load-cpu"), busy, "ms/s").goal(TWO_CORES / goal).print();
    }
    if let Some(before) = before {
        Figure::low(over.named("load-memory"), (most - before.present) / each, "MB").goal(megabytes).print();
    }
    // From the middle on: until then, buffers are still filling for the first time.
    if let Some((middle, last)) = memory.get(memory.len() / 2).zip(memory.last()) {
        Figure::low(over.named("load-memory-grown"), (last - middle) / each, "MB").print();
    }
    print(over, &report);
}

fn lasting() -> Duration {
    let seconds = env::var("SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    seconds.map_or(LASTING, Duration::from_secs)
}

fn planned(over: Over, calls: u32) -> Run {
    let (sent, heard) = match over {
        Over::WebSocket => (16_000, 24_000),
        Over::Phone => (8_000, 8_000),
        Over::WebRtc | Over::LiveKit => (48_000, 48_000),
    };
    let (format, heard) = (AudioFormat::mono(sent), AudioFormat::mono(heard));
    let turn = Turn::tone(440.0, TONE, format).expect("the tone is possible");
    Run {
        arrivals: Arrivals { calls, rate: None, ramp: RAMP },
        voice: Voice { format, turns: vec![turn] },
        manners: Manners { pause: Duration::from_secs(1), patience: Duration::from_secs(15), repeat: true },
        heard,
        duration: Some(lasting()),
        target: String::new(),
        scenario: String::new(),
        cpu: || Some(cpu_seconds()),
    }
}

fn print(over: Over, report: &Report) {
    let heard = report.heard_percent_worst.unwrap_or(0.0);
    Figure::high(over.named("load-heard"), heard, "%").goal(99.5).print();
    Figure::low(over.named("load-late"), report.generator.tick_lateness_p99_ms, "ms").goal(5.0).print();
    Figure::high(over.named("load-answered"), report.turns.answered as f64, "turns").print();
    Figure::low(over.named("load-unanswered"), report.turns.unanswered as f64, "turns").goal(0.0).print();
}
