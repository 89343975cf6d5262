//! Runs it: starts the bots and the clients, lets things go wrong, samples, and says what came of it.
//!
//! A round is some work, with incidents, and a rest, in which everything that visitors had must be gone. What is compared in the end
//! is what was found at rest.

use std::{
    fs, io,
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

use crate::{
    beat::{Beat, Phase},
    crowd,
    incident::Incident,
    options::Options,
    plot,
    sample::{self, RestPoint, Sample},
    site::Site,
    usage::Usage,
    verdict::{self, Evidence, Finding},
};

/// How many bots there are: one has an incident at a time.
const SITES: usize = 3;
/// How long the clients may say nothing.
const SILENCE: Duration = Duration::from_secs(60);
/// How long clients may take to have done all they do, on a machine that is very busy.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long all clients may take to rest.
const REST: Duration = Duration::from_secs(120);
/// How many seconds a rest lasts once all rest; the first one longer, since it is not known what there will be.
const BEATS: (usize, usize) = (4, 6);
/// How long an incident and the calm after it take, at most.
const SLOT: f64 = 11.0;
/// How many there are in a round at least.
const SLOTS: f64 = 4.0;
/// How much of its slot an incident takes at most.
const STRUCK: f64 = 0.75;

/// Runs it all; says whether the verdict is good.
///
/// # Errors
/// When the run could not be made.
pub(crate) fn run(options: &Options) -> io::Result<bool> {
    fs::create_dir_all(&options.out)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let mut conductor = Conductor::start(options).await?;
        let mut problems = Vec::new();
        if let Err(problem) = conductor.play().await {
            problems.push(problem.to_string());
        }
        if let Err(problem) = conductor.end().await {
            problems.push(problem.to_string());
        }
        let Conductor { samples, rests, .. } = &conductor;
        sample::write_csv(&options.out.join("soak.csv"), samples)?;
        plot::draw(&options.out.join("soak.svg"), options, samples, rests)?;
        let evidence = Evidence { options, samples, rests, problems: &problems };
        Ok(tell(options, &verdict::judge(&evidence)))
    })
}

fn tell(options: &Options, findings: &[Finding]) -> bool {
    for Finding { what, found, wanted, is_good } in findings {
        let mark = if !is_good {
            "BAD "
        } else if wanted.is_some() {
            "good"
        } else {
            "    "
        };
        let wanted = wanted.as_ref().map(|wanted| format!("; wanted: {wanted}")).unwrap_or_default();
        println!("soak: {mark} {what}: {found}{wanted}");
    }
    let is_good = findings.iter().all(|finding| finding.is_good);
    let verdict = if is_good { "good" } else { "BAD" };
    println!("soak: {verdict}; all samples are in {}", options.out.display());
    is_good
}

struct Conductor<'a> {
    options: &'a Options,
    begun: Instant,
    sites: Vec<Site>,
    crowd: Child,
    orders: ChildStdin,
    beats: Lines<BufReader<ChildStdout>>,
    samples: Vec<Sample>,
    rests: Vec<RestPoint>,
    phase: Phase,
    /// What goes wrong where.
    incident: Option<(usize, Incident)>,
    /// How many there were.
    incidents: usize,
}

impl<'a> Conductor<'a> {
    async fn start(options: &'a Options) -> io::Result<Self> {
        let mut sites = Vec::new();
        for _ in 0..SITES {
            sites.push(Site::open().await);
        }
        let mut crowd = Command::new(std::env::current_exe()?)
            .args([crowd::ARGUMENT, &options.clients.to_string(), options.transports.name()])
            .args(sites.iter().map(Site::address))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (orders, beats) = (crowd.stdin.take(), crowd.stdout.take());
        let (Some(orders), Some(beats)) = (orders, beats) else { return Err(io::Error::other("no pipes")) };
        Ok(Self {
            options,
            begun: Instant::now(),
            sites,
            crowd,
            orders,
            beats: BufReader::new(beats).lines(),
            samples: Vec::new(),
            rests: Vec::new(),
            phase: Phase::Work,
            incident: None,
            incidents: 0,
        })
    }

    async fn play(&mut self) -> io::Result<()> {
        loop {
            self.work().await?;
            self.rest().await?;
            if let Some(rest) = self.rests.last() {
                println!(
                    "soak: {:5.0} s: {:.3} MB resident, {:.3} MB allocated, {} descriptors, {} threads, {} tasks at rest",
                    rest.at,
                    rest.rss as f64 / 1e6,
                    rest.heap as f64 / 1e6,
                    rest.descriptors,
                    rest.threads,
                    rest.tasks
                );
            }
            if self.begun.elapsed() >= self.options.lasts {
                return Ok(());
            }
            self.order(Phase::Work).await?;
        }
    }

    /// A round's work.
    async fn work(&mut self) -> io::Result<()> {
        let (begun, work) = (Instant::now(), self.options.work());
        let slot = (work.as_secs_f64() / SLOTS).min(SLOT);
        while begun.elapsed() < work || (!self.has_seen_all() && begun.elapsed() < PATIENCE) {
            let (site, incident) =
                (self.incidents % SITES, Incident::ALL[self.incidents % Incident::ALL.len()]);
            self.incidents += 1;
            let slot_begun = Instant::now();
            self.strike(Some((site, incident)));
            let lasts = incident.lasts().min(Duration::from_secs_f64(slot * STRUCK));
            self.listen_until(slot_begun + lasts).await?;
            self.strike(None);
            self.listen_until(slot_begun + Duration::from_secs_f64(slot)).await?;
        }
        Ok(())
    }

    /// Whether something of all that clients do has happened.
    fn has_seen_all(&self) -> bool {
        let seen = |is_there: fn(&Beat) -> bool| self.samples.iter().any(|sample| is_there(&sample.beat));
        seen(|beat| !beat.connects.is_empty())
            && seen(|beat| !beat.requests.is_empty())
            && seen(|beat| beat.functions > 0)
    }

    fn strike(&mut self, incident: Option<(usize, Incident)>) {
        if let Some((site, incident)) = self.incident.take() {
            self.sites[site].end(incident);
        }
        if let Some((site, incident)) = incident {
            self.sites[site].begin(incident);
        }
        self.incident = incident;
    }

    async fn listen_until(&mut self, until: Instant) -> io::Result<()> {
        while Instant::now() < until {
            self.listen().await?;
        }
        Ok(())
    }

    /// Waits for the next beat and takes a sample.
    async fn listen(&mut self) -> io::Result<RestPoint> {
        let line = timeout(SILENCE, self.beats.next_line()).await;
        let line =
            line.map_err(|_| io::Error::other(format!("the clients said nothing for {SILENCE:?}")))??;
        let line = line.ok_or_else(|| io::Error::other("the process of the clients has ended"))?;
        let beat: Beat = serde_json::from_str(&line)?;
        beat.problems.iter().for_each(|problem| println!("soak: problem: {problem}"));
        // With its last beat the process may be gone.
        let last = self.samples.last().map(|sample| sample.usage);
        let usage = self.crowd.id().and_then(|id| Usage::of(id).ok()).filter(|usage| usage.rss > 0);
        let usage = usage.or(last).unwrap_or_default();
        let sample = Sample {
            at: self.begun.elapsed().as_secs_f64(),
            phase: self.phase,
            incident: self.incident.map(|(_, incident)| incident),
            usage,
            beat,
        };
        let point = RestPoint::of(&sample);
        self.samples.push(sample);
        Ok(point)
    }

    fn is_resting(&self) -> bool {
        self.samples.last().is_some_and(|sample| sample.beat.is_resting)
    }

    /// Waits until all rest and what can go is gone; after all patience what is there is taken as it is.
    async fn rest(&mut self) -> io::Result<()> {
        self.order(Phase::Rest).await?;
        let begun = Instant::now();
        let mut rested: Vec<RestPoint> = Vec::new();
        let first = self.rests.first().copied();
        while begun.elapsed() < REST {
            let point = self.listen().await?;
            if self.is_resting() {
                rested.push(rested.last().map_or(point, |last| last.least(point)));
            }
            let is_over = match (first, rested.last()) {
                (None, Some(_)) => rested.len() >= BEATS.1,
                (Some(first), Some(least)) => {
                    rested.len() >= BEATS.0 && least.is_flat(&first, self.options.allowance())
                }
                (_, None) => false,
            };
            if is_over {
                break;
            }
        }
        let least = rested
            .last()
            .ok_or_else(|| io::Error::other(format!("the clients did not rest within {REST:?}")))?;
        self.rests.push(*least);
        Ok(())
    }

    async fn order(&mut self, phase: Phase) -> io::Result<()> {
        self.phase = phase;
        self.orders.write_all(format!("{}\n", phase.name()).as_bytes()).await
    }

    /// Lets all leave; the last beat says what is left then.
    async fn end(&mut self) -> io::Result<()> {
        self.strike(None);
        self.order(Phase::Leave).await?;
        while self.crowd.try_wait()?.is_none() {
            if self.listen().await.is_err() {
                break;
            }
        }
        let ended = timeout(SILENCE, self.crowd.wait()).await;
        let status = ended.map_err(|_| io::Error::other("the process of the clients does not end"))??;
        if !status.success() {
            return Err(io::Error::other(format!("the process of the clients ended: {status}")));
        }
        Ok(())
    }
}
