//! The run: rounds of work, in which a bot is frozen or killed, and rounds of rest, in which
//! everything of the visitors must be gone.
//!
//! Only measurements at rest are compared.

use std::{
    fs,
    io::{self, Write},
    sync::Arc,
    time::{Duration, Instant},
};

use rtvi_tests::BotProcess;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};

use crate::{
    Options,
    client::{Life, Phase},
    counters::Counters,
    second::{HEADING, Held, Second, median},
    verdict,
};

/// How many bots there are. One misbehaves at a time.
const BOTS: usize = 2;
/// The longest and the shortest time of a round of work, and the least number of rounds in a run.
const WORK: (Duration, Duration, u32) = (Duration::from_secs(45), Duration::from_secs(7), 3);
/// How long a bot is frozen, or dead until it starts again, and how long both bots are then well.
const FAULT: (u64, u64) = (6, 2);
/// How long work continues at most until each kind of action has happened, and how long all clients
/// may take to rest.
const PATIENCE: Duration = Duration::from_secs(120);
/// How many seconds a rest takes once all clients rest. The first one is longer, because there is
/// nothing to compare it with.
const REST: (usize, usize) = (4, 6);
/// How long idle threads of the runtime stay. The time is short, so that none exists at rest.
const KEEP_ALIVE: Duration = Duration::from_secs(1);
/// How long everything may take to disappear when all clients have left.
const END: Duration = Duration::from_secs(60);

/// The findings besides the seconds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    /// The minimum of each rest.
    pub(crate) rests: Vec<Held>,
    /// How many descriptors and tasks the last client left behind.
    pub(crate) left: Option<(usize, usize)>,
}

/// Runs everything and returns whether the verdict is good.
///
/// # Errors
/// If the run could not be made.
pub(crate) fn run(options: &Options) -> io::Result<bool> {
    fs::create_dir_all(&options.out)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_keep_alive(KEEP_ALIVE)
        .enable_all()
        .build()?;
    let file = options.out.join("soak.csv");
    let csv = fs::File::create(&file)?;
    let findings = runtime.block_on(async { Run::start(options, csv)?.play().await })?;
    println!("soak: every second is in {}", file.display());
    let seconds: Vec<Second> = fs::read_to_string(&file)?.lines().filter_map(Second::read).collect();
    Ok(verdict::show(&verdict::judge(options, &seconds, &findings)))
}

struct Run<'a> {
    options: &'a Options,
    csv: fs::File,
    begun: Instant,
    before: Held,
    bots: Vec<BotProcess>,
    members: JoinSet<()>,
    counters: Arc<Counters>,
    phase: watch::Sender<Phase>,
    fault: &'static str,
    faults: usize,
    /// Connects, answers and function calls.
    seen: [usize; 3],
    findings: Findings,
}

impl<'a> Run<'a> {
    fn start(options: &'a Options, mut csv: fs::File) -> io::Result<Self> {
        writeln!(csv, "{HEADING}")?;
        let bots: Vec<_> = (0..BOTS).map(|_| BotProcess::start(&[], 0)).collect();
        let before = Held::now()?;
        let urls: Arc<[String]> = bots.iter().map(|bot| bot.http_url().to_owned()).collect();
        let (counters, phase) = (Arc::new(Counters::default()), watch::Sender::new(Phase::Work));
        report_panics(&counters);
        let mut members = JoinSet::new();
        for number in 0..options.clients {
            let life = Life {
                number,
                uses_webrtc: options.uses_webrtc(number),
                bots: Arc::clone(&urls),
                counters: Arc::clone(&counters),
                phase: phase.subscribe(),
                chance: fastrand::Rng::with_seed(number.into()),
            };
            members.spawn(life.live());
        }
        Ok(Self {
            options,
            csv,
            begun: Instant::now(),
            before,
            bots,
            members,
            counters,
            phase,
            fault: "",
            faults: 0,
            seen: [0; 3],
            findings: Findings::default(),
        })
    }

    async fn play(mut self) -> io::Result<Findings> {
        while self.begun.elapsed() < self.options.minutes {
            self.phase.send_replace(Phase::Work);
            self.work().await?;
            self.phase.send_replace(Phase::Rest);
            self.rest().await?;
        }
        self.phase.send_replace(Phase::Leave);
        self.end().await?;
        Ok(self.findings)
    }

    async fn work(&mut self) -> io::Result<()> {
        let begun = Instant::now();
        let (longest, shortest, rounds) = WORK;
        let length = (self.options.minutes / rounds).clamp(shortest, longest);
        while begun.elapsed() < length || (!self.has_seen_all() && begun.elapsed() < PATIENCE) {
            // Each kind of fault affects each bot.
            let bot = self.faults / 2 % BOTS;
            let is_killed = self.faults.is_multiple_of(2);
            self.faults += 1;
            if is_killed {
                self.bots[bot].kill();
            } else {
                self.bots[bot].stop();
            }
            self.fault = if is_killed { "killed" } else { "frozen" };
            self.measure(FAULT.0).await?;
            if is_killed {
                self.bots[bot] = BotProcess::start(&[], self.bots[bot].port());
            } else {
                self.bots[bot].go_on();
            }
            self.fault = "";
            self.measure(FAULT.1).await?;
        }
        Ok(())
    }

    fn has_seen_all(&self) -> bool {
        self.seen.iter().all(|count| *count > 0)
    }

    /// Waits until all clients rest and everything temporary is gone. When the time limit ends, the
    /// current state counts.
    async fn rest(&mut self) -> io::Result<()> {
        let begun = Instant::now();
        let first = self.findings.rests.first().copied();
        let (mut least, mut count): (Option<Held>, usize) = (None, 0);
        while begun.elapsed() < PATIENCE {
            let held = self.measure(1).await?;
            if self.counters.resting() < self.options.clients {
                continue;
            }
            let now = least.map_or(held, |least| least.least(held));
            (least, count) = (Some(now), count + 1);
            let is_over = match first {
                None => count >= REST.1,
                Some(first) => count >= REST.0 && now.is_within(&first, self.options.allowance()),
            };
            if is_over {
                break;
            }
        }
        let Some(least) = least else {
            return Err(io::Error::other(format!("the clients did not rest within {PATIENCE:?}")));
        };
        println!("soak: {:4.0} s: at rest {least:?}", self.begun.elapsed().as_secs_f64());
        self.findings.rests.push(least);
        Ok(())
    }

    /// Waits for all clients to leave, and then until nothing of them is left.
    async fn end(&mut self) -> io::Result<()> {
        let left = async { while self.members.join_next().await.is_some() {} };
        timeout(PATIENCE, left).await.map_err(|_| io::Error::other("the clients do not leave"))?;
        let begun = Instant::now();
        loop {
            let held = self.measure(1).await?;
            let left = (held.descriptors.saturating_sub(self.before.descriptors), held.tasks);
            self.findings.left = Some(left);
            if left == (0, 0) || begun.elapsed() > END {
                return Ok(());
            }
        }
    }

    /// Measures once a second, this many times, and returns the last measurement.
    async fn measure(&mut self, seconds: u64) -> io::Result<Held> {
        let mut held = Held::default();
        let mut clock = interval(Duration::from_secs(1));
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        clock.tick().await;
        for _ in 0..seconds {
            clock.tick().await;
            // A client that panicked was reported when it happened.
            while self.members.try_join_next().is_some() {}
            held = Held::now()?;
            let counts = std::mem::take(&mut *self.counters.count());
            let second = Second {
                at: self.begun.elapsed().as_secs(),
                fault: self.fault.to_owned(),
                held,
                calls: counts.calls,
                failed: counts.failed,
                functions: counts.functions,
                connects: counts.connects.len(),
                connect_ms: median(counts.connects),
                requests: counts.requests.len(),
                request_ms: median(counts.requests),
                problems: counts.problems,
            };
            for (seen, count) in
                self.seen.iter_mut().zip([second.connects, second.requests, second.functions])
            {
                *seen += count;
            }
            writeln!(self.csv, "{second}")?;
        }
        Ok(held)
    }
}

/// Reports every panic, even if it is caught.
fn report_panics(counters: &Arc<Counters>) {
    let (counters, print) = (Arc::clone(counters), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |info| {
        counters.problem(&info.to_string());
        print(info);
    }));
}
