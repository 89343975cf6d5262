//! The load generator: what a caller costs, and whether the generator keeps up with many.
//!
//! `CALLS` in the environment sets another number of callers.

use std::{env, rc::Rc, time::Duration};

use futures_util::{FutureExt, future::LocalBoxFuture};
use rtvi_core::{
    Error, PipecatClient, PipecatClientOptions,
    media::AudioFormat,
    transport::{SharedCalls, SmallWebRtcTransport, SmallWebRtcTransportOptions},
};
use rtvi_load::{Act, Arrivals, Caller, Manners, Progress, Report, Run, Stop, TONE, Turn, Voice};

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
    start_url: String,
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
        let (client, request) = (client.clone(), self.over.request(&self.start_url));
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

fn run(over: Over, calls: u32, goal: f64, megabytes: f64) {
    let calls = env::var("CALLS").ok().and_then(|calls| calls.parse().ok()).unwrap_or(calls);
    let bot = BotProcess::start(over, &[]);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let before = Memory::read();
    let (mut most, mut cpu) = (0.0_f64, Vec::new());
    let on_progress = |progress: &Progress| {
        most = most.max(Memory::read().map_or(0.0, |memory| memory.present));
        if progress.in_progress == calls as usize {
            cpu.push((progress.elapsed, cpu_seconds()));
        }
    };
    let callers = Callers { over, start_url: bot.target.start_url.clone(), shared: SharedCalls::default() };
    let (report, _) =
        runtime.block_on(planned(over, calls).make(Rc::new(callers), &Stop::default(), on_progress));
    let each = f64::from(calls);
    if let Some((first, last)) = cpu.first().zip(cpu.last()).filter(|(first, last)| last.0 > first.0) {
        let busy = (last.1 - first.1) / (last.0 - first.0).as_secs_f64() * 1_000.0 / each;
        Figure::low(over.named("load-cpu"), busy, "ms/s").goal(TWO_CORES / goal).print();
    }
    if let Some(before) = before {
        Figure::low(over.named("load-memory"), (most - before.present) / each, "MB").goal(megabytes).print();
    }
    print(over, &report);
}

fn planned(over: Over, calls: u32) -> Run {
    let (sent, heard) = if over == Over::WebSocket { (16_000, 24_000) } else { (48_000, 48_000) };
    let (format, heard) = (AudioFormat::mono(sent), AudioFormat::mono(heard));
    let turn = Turn::tone(440.0, TONE, format).expect("the tone is possible");
    Run {
        arrivals: Arrivals { calls, rate: None, ramp: RAMP },
        voice: Voice { format, turns: vec![turn] },
        manners: Manners { pause: Duration::from_secs(1), patience: Duration::from_secs(15), repeat: true },
        heard,
        duration: Some(LASTING),
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
}
