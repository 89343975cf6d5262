//! Executes a plan on a client and reports what happens, in order.
//!
//! One task does everything: it takes events, completes calls and writes the output in turn. A line
//! about a call therefore follows the lines of the events that led to it.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt, future::LocalBoxFuture, stream::FuturesUnordered};
use rtvi_core::{Error, ErrorKind, Event, EventStream, PipecatClient, TransportState};
use serde_json::Value;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use crate::{
    keys::{Key, Keys},
    output::{Output, What},
    plan::{Call, Origin, Plan, Step, WaitFor},
    signals::Signals,
};

use super::{
    Stop,
    calls::{CallResult, Targets},
    event_log::EventLog,
    facts::Facts,
    quiet::Quiet,
};

/// How long to wait at the end for calls that still run. All complete with the session, within the
/// client's 2 s.
const END_LIMIT: Duration = Duration::from_secs(5);

/// A far future, for waits without an end.
const FOREVER: Duration = Duration::from_secs(86_400 * 365);

/// Identifies a running call.
type Id = usize;

/// A call that has ended.
type Ended = (Id, Call, CallResult);

/// What happened while the executor waited.
enum Happened {
    /// An event arrived, or a call ended that nobody waits for.
    Something,
    /// These calls ended.
    Ended(Vec<Id>),
    /// The time limit passed.
    TimePassed,
}

/// A session in progress.
pub(super) struct Executor {
    pub(super) client: PipecatClient,
    pub(super) events: EventStream,
    pub(super) targets: Targets,
    pub(super) output: Box<dyn Output>,
    pub(super) signals: Signals,
    pub(super) keys: Option<Keys>,
    /// True once the microphone's audio has been sent; `None` without a microphone that ends.
    pub(super) played: Option<watch::Receiver<bool>>,
    pub(super) origin: Origin,
    /// How long after bot-ready the plan ends.
    pub(super) duration: Option<Duration>,
    pub(super) facts: Facts,
    started: Instant,
    log: EventLog,
    quiet: Quiet,
    running: FuturesUnordered<LocalBoxFuture<'static, Ended>>,
    next_id: Id,
}

/// The parts of an executor.
pub(super) struct Parts {
    pub(super) client: PipecatClient,
    pub(super) targets: Targets,
    pub(super) output: Box<dyn Output>,
    pub(super) signals: Signals,
    pub(super) keys: Option<Keys>,
    pub(super) played: Option<watch::Receiver<bool>>,
    /// The microphone never ends.
    pub(super) endless: bool,
}

impl Executor {
    pub(super) fn new(parts: Parts, plan: &Plan) -> Self {
        let now = Instant::now();
        Self {
            events: parts.client.events(),
            client: parts.client,
            targets: parts.targets,
            output: parts.output,
            signals: parts.signals,
            keys: parts.keys,
            played: parts.played,
            origin: plan.origin,
            duration: plan.duration,
            facts: Facts::default(),
            started: now,
            log: EventLog::default(),
            quiet: Quiet::new(now, parts.endless),
            running: FuturesUnordered::new(),
            next_id: 0,
        }
    }

    /// Executes the steps, then ends the session if there is one. Returns what stopped it early, if
    /// anything.
    pub(super) async fn run(&mut self, steps: Vec<Step>) -> Option<Stop> {
        let stopped = self.steps(steps).await.err();
        let stopped = match stopped {
            Some(Stop::Output(error)) => Some(Stop::Output(error)),
            other => other.or(self.end().await.err()),
        };
        if let Some(Stop::Output(_)) = stopped {
            // Nobody is left to report the result to.
            let _ = self.client.disconnect().await;
        }
        stopped
    }

    async fn steps(&mut self, steps: Vec<Step>) -> Result<(), Stop> {
        for step in steps {
            if self.origin == Origin::Flags && self.facts.session_over {
                return Err(Stop::SessionOver);
            }
            match step {
                Step::Call { call, background: true } => self.begin(call).map(drop)?,
                Step::Call { call, background: false } => self.call(call).await?,
                Step::WaitFor(wait) => self.wait_for(&wait).await?,
                Step::Sleep(time) => self.sleep(time).await?,
                Step::Settle(linger) => self.settle(linger).await?,
                Step::Stay => self.stay().await?,
            }
        }
        Ok(())
    }

    /// Begins a call.
    fn begin(&mut self, call: Call) -> Result<Id, Stop> {
        let now = Instant::now();
        self.facts.call_begins(now, &call);
        if let Call::SendText { options, .. } = &call
            && options.run_immediately != Some(false)
        {
            self.quiet.expect_reply(now);
        }
        self.tell(&What::Call(&call))?;
        self.next_id += 1;
        let id = self.next_id;
        let running = self.targets.make(&self.client, call.clone());
        self.running.push(running.map(move |result| (id, call, result)).boxed_local());
        Ok(id)
    }

    /// Makes a call and waits for its end.
    async fn call(&mut self, call: Call) -> Result<(), Stop> {
        let id = self.begin(call)?;
        loop {
            match self.next(None).await? {
                Happened::Ended(ended) if ended.contains(&id) => return Ok(()),
                _ => {}
            }
        }
    }

    async fn wait_for(&mut self, wait: &WaitFor) -> Result<(), Stop> {
        self.tell(&What::Step("waitFor"))?;
        let until = Instant::now() + wait.timeout;
        self.log.begin_wait();
        let result = loop {
            if let Some(data) = self.log.find(wait) {
                break Ok(data.unwrap_or_default());
            }
            if matches!(self.next(Some(until)).await?, Happened::TimePassed) {
                break Err(in_vain(wait));
            }
        };
        if result.is_err() {
            self.facts.wait_failed();
        }
        self.tell(&What::StepResult("waitFor", &result))
    }

    async fn sleep(&mut self, time: Duration) -> Result<(), Stop> {
        self.tell(&What::Step("sleep"))?;
        let until = Instant::now() + time;
        while !matches!(self.next(Some(until)).await?, Happened::TimePassed) {}
        self.tell(&What::StepResult("sleep", &Ok(Value::Null)))
    }

    /// Waits for the microphone's end and then for the bot's silence; both only in a ready session.
    async fn settle(&mut self, linger: Duration) -> Result<(), Stop> {
        loop {
            if self.facts.session_over {
                return Err(Stop::SessionOver);
            }
            let waiting = self.played.is_some() || self.client.state() != TransportState::Ready;
            let until = if waiting { None } else { self.quiet.due(linger) };
            if matches!(self.next(until).await?, Happened::TimePassed) {
                return Ok(());
            }
        }
    }

    async fn stay(&mut self) -> Result<(), Stop> {
        loop {
            if self.facts.session_over {
                return Err(Stop::SessionOver);
            }
            self.next(None).await?;
        }
    }

    /// Waits until something happens, and reports it.
    async fn next(&mut self, until: Option<Instant>) -> Result<Happened, Stop> {
        let limit = self.duration.and_then(|duration| self.facts.ready.map(|ready| ready + duration));
        let far = Instant::now() + FOREVER;
        tokio::select! {
            biased;
            () = self.signals.next() => Err(Stop::Interrupted),
            key = next_key(&mut self.keys) => self.on_key(key),
            () = sleep_until(limit.unwrap_or(far)), if limit.is_some() => Err(Stop::Duration),
            event = self.events.next() => self.on_event(event),
            Some(ended) = self.running.next() => self.on_ended(ended),
            () = end_of(&mut self.played) => Ok(self.on_played()),
            () = sleep_until(until.unwrap_or(far)), if until.is_some() => Ok(Happened::TimePassed),
        }
    }

    fn on_key(&mut self, key: Key) -> Result<Happened, Stop> {
        let call = match key {
            Key::Quit => return Err(Stop::Interrupted),
            Key::Mute => Call::EnableMic { enable: !self.client.is_mic_enabled() },
            Key::Talk => Call::PressToTalk,
            Key::LetGo => Call::ReleaseToTalk,
        };
        self.begin(call)?;
        Ok(Happened::Something)
    }

    fn on_event(&mut self, event: Option<Event>) -> Result<Happened, Stop> {
        let Some(event) = event else { return Err(Stop::ClientGone) };
        let now = Instant::now();
        self.facts.update(now, &event);
        self.quiet.update(now, &event);
        self.log.push(event.name(), event.data());
        self.tell(&What::Event(&event))?;
        Ok(Happened::Something)
    }

    /// Takes the call that ended, and all others that have ended by now, in the order in which they
    /// began: which of them is detected first is chance.
    fn on_ended(&mut self, first: Ended) -> Result<Happened, Stop> {
        let mut ended = vec![first];
        while let Some(Some(another)) = self.running.next().now_or_never() {
            ended.push(another);
        }
        ended.sort_by_key(|(id, ..)| *id);
        let ids = ended.iter().map(|(id, ..)| *id).collect();
        for (_, call, result) in ended {
            self.on_result(&call, &result)?;
        }
        Ok(Happened::Ended(ids))
    }

    fn on_result(&mut self, call: &Call, result: &CallResult) -> Result<(), Stop> {
        while let Some(event) = self.events.try_next() {
            self.on_event(Some(event))?;
        }
        match result {
            Ok(Value::Object(answer)) if *call == Call::StartBot => self.targets.started(answer.clone()),
            Ok(_) => {}
            Err(error) => self.facts.call_failed(call, self.origin, error),
        }
        self.tell(&What::Result(call, result))
    }

    fn on_played(&mut self) -> Happened {
        self.played = None;
        self.quiet.touch(Instant::now());
        Happened::Something
    }

    /// Disconnects if necessary and waits for calls that still run.
    async fn end(&mut self) -> Result<(), Stop> {
        self.duration = None;
        self.played = None;
        let limit = Instant::now() + END_LIMIT;
        let disconnecting = match self.client.state() {
            TransportState::Disconnected | TransportState::Initialized => None,
            _ => Some(self.begin(Call::Disconnect)?),
        };
        while disconnecting.is_some() && !self.running.is_empty() {
            match self.next(Some(limit)).await {
                Ok(Happened::TimePassed) => break,
                // A second Ctrl-C does not shorten the disconnect, which is already short.
                Ok(_) | Err(Stop::Interrupted) => {}
                Err(stop) => return Err(stop),
            }
        }
        while let Some(event) = self.events.try_next() {
            self.on_event(Some(event))?;
        }
        Ok(())
    }

    fn tell(&mut self, what: &What<'_>) -> Result<(), Stop> {
        self.output.tell(self.started.elapsed(), what).map_err(Stop::Output)
    }
}

fn in_vain(wait: &WaitFor) -> Error {
    let wanted = wait.matching.as_ref().map(|wanted| format!(" with {wanted}")).unwrap_or_default();
    let text = format!("no event {}{wanted} within {} ms", wait.event, wait.timeout.as_millis());
    Error::new(ErrorKind::Timeout, text)
}

/// Waits for a key; forever if there are none. Cancel-safe.
async fn next_key(keys: &mut Option<Keys>) -> Key {
    match keys {
        Some(keys) => keys.next().await,
        None => std::future::pending().await,
    }
}

/// Waits for the microphone's end; forever if it has none. Cancel-safe.
async fn end_of(played: &mut Option<watch::Receiver<bool>>) {
    let ended = match played {
        Some(played) => played.wait_for(|ended| *ended).await.is_ok(),
        None => false,
    };
    if !ended {
        std::future::pending::<()>().await;
    }
}
