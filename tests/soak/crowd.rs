//! The process of the clients: all of them on one runtime, a line a second on standard output, orders on standard input.
//!
//! Depends on [`crate::member`]. Must never keep anything of what was.

use std::{
    io::{BufRead, Write},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{runtime::Runtime, sync::watch, task::JoinSet};

use crate::{
    HEAP,
    beat::{Beat, Phase},
    ledger::Ledger,
    member::Member,
    over::Transports,
    usage::Usage,
};

/// The argument that makes this program the clients; then their number, their transports, and the addresses of the bots.
pub(crate) const ARGUMENT: &str = "--crowd";
/// How long a beat is.
const BEAT: Duration = Duration::from_secs(1);
/// How long threads without work stay: short, so that none is there at rest.
const KEEP_ALIVE: Duration = Duration::from_secs(1);
/// How long everything may take to be gone when all clients have left.
const END: Duration = Duration::from_secs(60);

/// Is the clients until standard input ends or they are told to leave.
pub(crate) fn run(arguments: &[String]) {
    let [count, transports, sites @ ..] = arguments else { panic!("the clients are told too little") };
    let count: usize = count.parse().expect("a number of clients");
    let transports = Transports::named(transports).expect("transports");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_keep_alive(KEEP_ALIVE)
        .enable_all()
        .build()
        .expect("there is room for threads");
    let (tell, phase) = watch::channel(Phase::Work);
    let (ledger, sites) = (Arc::new(Ledger::default()), Arc::from(sites));
    report_panics(&ledger);
    std::thread::spawn(move || listen(&tell));
    let before = descriptors();
    let mut members = JoinSet::new();
    for number in 0..count {
        let member = Member::new(
            number,
            transports.of(number),
            Arc::clone(&sites),
            Arc::clone(&ledger),
            phase.clone(),
        );
        members.spawn_on(member.live(), runtime.handle());
    }
    while !members.is_empty() {
        std::thread::sleep(BEAT);
        // A panic of one was reported where it happened.
        while members.try_join_next().is_some() {}
        say(&beat(&ledger, &runtime, count));
    }
    let until = Instant::now() + END;
    let left = || (descriptors().saturating_sub(before), runtime.metrics().num_alive_tasks());
    while left() != (0, 0) && Instant::now() < until {
        std::thread::sleep(BEAT);
    }
    say(&Beat { left: Some(left()), ..beat(&ledger, &runtime, count) });
}

fn descriptors() -> usize {
    Usage::of(std::process::id()).expect("there is /proc").descriptors
}

/// Hands orders on. Whoever gave them may be gone.
fn listen(tell: &watch::Sender<Phase>) {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        if let Some(phase) = Phase::named(&line) {
            tell.send_replace(phase);
        }
    }
    tell.send_replace(Phase::Leave);
}

fn beat(ledger: &Ledger, runtime: &Runtime, count: usize) -> Beat {
    let heap = HEAP.stats();
    Beat {
        is_resting: ledger.resting() == count,
        heap: heap.bytes_allocated.saturating_sub(heap.bytes_deallocated),
        tasks: runtime.metrics().num_alive_tasks(),
        ..ledger.turn_page()
    }
}

fn say(beat: &Beat) {
    let line = serde_json::to_string(beat).expect("numbers and texts can be written");
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        // Nobody reads it: whoever began this is gone.
        std::process::exit(1);
    }
}

/// No panic goes unnoticed, wherever it is caught.
fn report_panics(ledger: &Arc<Ledger>) {
    let (ledger, print) = (Arc::clone(ledger), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |info| {
        ledger.problem(format!("{info}"));
        print(info);
    }));
}
