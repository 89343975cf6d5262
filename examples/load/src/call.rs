//! One call: a client, its virtual devices, and what is measured on them.
//!
//! Depends on the client. Decides only when the call ends.

use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};

use futures_util::{FutureExt, future::LocalBoxFuture};
use rtvi_core::{Error, EventStream, PipecatClient, PipecatClientOptions};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until, timeout},
};

use crate::{
    devices::{Line, Mouth, Receiver},
    pace::Lateness,
    record::{Meaning, Record},
    report::Audio,
    run::Plan,
    talk::Talk,
    tally::{EndedCall, Tally},
};

/// How long to wait for the end of a session; the client itself needs 2 s at most.
const END_LIMIT: Duration = Duration::from_secs(5);
/// Nobody looks at levels.
const NO_LEVELS: Duration = Duration::from_secs(3_600);

/// How calls reach the bot.
pub trait Caller {
    /// The options of each client, without microphone and speaker.
    fn options(&self) -> PipecatClientOptions;

    /// Connects the client of the call with this number, or does everything that its script says.
    /// The future must settle within a time of its own.
    fn act(&self, call: u32, client: &PipecatClient) -> LocalBoxFuture<'static, Result<Act, Error>>;
}

/// What a caller has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It has connected: the call goes on.
    Connected,
    /// Its script has ended, and with it the call. So many of its waits were in vain.
    Finished {
        /// How many.
        failed_checks: u32,
    },
}

/// What all calls share.
pub(crate) struct Shared {
    pub(crate) plan: Plan,
    pub(crate) caller: Rc<dyn Caller>,
    pub(crate) tally: RefCell<Tally>,
    pub(crate) lateness: Arc<Lateness>,
    pub(crate) zero: Instant,
    /// True once all calls are to end.
    pub(crate) stop: watch::Receiver<bool>,
}

/// The course of a call.
struct Course {
    shared: Rc<Shared>,
    client: PipecatClient,
    line: Arc<Line>,
    planned: Duration,
    record: Record,
    failure: Option<Error>,
    failed_checks: u32,
    unanswered: u32,
    /// What the bot waited for in the last of the unanswered turns.
    waited_for: Option<String>,
    slowest: Option<Duration>,
    /// The audio that was reported while the call lasts.
    heard: Audio,
}

/// Makes the call with this number, from its beginning to its end.
pub(crate) async fn call(shared: Rc<Shared>, number: u32) {
    let planned = shared.plan.arrivals.at(number);
    shared.tally.borrow_mut().started(shared.zero.elapsed());
    let plan = &shared.plan;
    let talk = Talk::new(Arc::clone(&plan.voice), plan.manners, plan.heard);
    let line = Line::new(talk, Arc::clone(&shared.lateness), shared.zero);
    let mut options = shared.caller.options();
    options.microphone = Some(Box::new(Mouth::new(Arc::clone(&line), plan.voice.format)));
    options.speaker = Some(Box::new(Receiver { line: Arc::clone(&line), format: plan.heard }));
    options.client.voice.level_period = NO_LEVELS;
    let Ok(client) = PipecatClient::new(options) else { return };
    let mut events = client.events();
    let mut course = Course {
        shared,
        client,
        line,
        planned,
        record: Record::default(),
        failure: None,
        failed_checks: 0,
        unanswered: 0,
        waited_for: None,
        slowest: None,
        heard: Audio::default(),
    };
    course.run(number, &mut events).await;
    course.hang_up(&mut events).await;
    course.end(number);
}

impl Course {
    /// Runs until the call is over, or is to end.
    async fn run(&mut self, number: u32, events: &mut EventStream) {
        let act = self.shared.caller.act(number, &self.client).fuse();
        tokio::pin!(act);
        let mut stop = self.shared.stop.clone();
        let mut acting = true;
        loop {
            let limit = self
                .shared
                .plan
                .duration
                .zip(self.record.ready)
                .map(|(duration, ready)| self.shared.zero + ready + duration);
            let line = Arc::clone(&self.line);
            tokio::select! {
                event = events.next() => {
                    let Some(event) = event else { return };
                    if self.on_event(event) && !acting {
                        return;
                    }
                }
                acted = &mut act, if acting => {
                    acting = false;
                    if self.has_ended(acted) {
                        return;
                    }
                }
                () = line.news.notified() => if self.on_news() && !acting { return },
                () = sleep_until(limit.unwrap_or(self.shared.zero)), if limit.is_some() && !acting => return,
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Returns whether the session is over.
    fn on_event(&mut self, event: rtvi_core::Event) -> bool {
        let now = self.line.now();
        match self.record.on_event(now, event) {
            Meaning::Nothing => {}
            Meaning::Lost => self.line.talk().interrupt(),
            Meaning::Ready { is_first } => {
                self.line.talk().begin(now);
                if is_first {
                    self.shared.tally.borrow_mut().ready(now, self.planned);
                }
            }
            Meaning::Over => {
                self.line.talk().interrupt();
                return true;
            }
        }
        false
    }

    /// Returns whether the call is over with what its caller has done.
    fn has_ended(&mut self, acted: Result<Act, Error>) -> bool {
        match acted {
            Ok(Act::Connected) => false,
            Ok(Act::Finished { failed_checks }) => {
                self.failed_checks = failed_checks;
                true
            }
            Err(error) => {
                self.failure = Some(error);
                true
            }
        }
    }

    /// Takes the measured turns. Returns whether the conversation is over.
    fn on_news(&mut self) -> bool {
        let mut talk = self.line.talk();
        while let Some(turn) = talk.take() {
            let function = self.record.functions.end_turn();
            self.shared.tally.borrow_mut().turn(turn, function.is_some());
            if turn.answer.is_none() {
                self.unanswered += 1;
                self.waited_for = function;
            }
            self.slowest = self.slowest.max(turn.answer);
        }
        let is_done = talk.is_done();
        drop(talk);
        self.report_audio();
        is_done
    }

    fn report_audio(&mut self) {
        let audio = self.audio();
        self.shared.tally.borrow_mut().hears(&self.heard, &audio);
        self.heard = audio;
    }

    fn audio(&self) -> Audio {
        self.record.audio(&self.client.audio_stats(), &self.client.playout_stats())
    }

    async fn hang_up(&mut self, events: &mut EventStream) {
        let client = self.client.clone();
        // The session may have ended by itself. A client that does not end in time is dropped.
        let _ = timeout(END_LIMIT, client.disconnect()).await;
        while let Some(event) = events.try_next() {
            self.on_event(event);
        }
        self.on_news();
    }

    fn end(mut self, number: u32) {
        let end = self.record.end(self.failure.take());
        let greeting = self.line.talk().greeting().zip(self.record.ready);
        let call = EndedCall {
            call: number,
            record: &self.record,
            end,
            audio: self.audio(),
            first_audio: greeting.map(|(heard, ready)| heard.saturating_sub(ready)),
            unanswered: self.unanswered,
            waited_for: self.waited_for,
            slowest: self.slowest,
            failed_checks: self.failed_checks,
        };
        let client = &self.client;
        self.shared.tally.borrow_mut().ended(self.line.now(), call, || client.session_trace());
    }
}
