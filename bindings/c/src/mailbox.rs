//! The items that a client has for its app, in order: events, ends of calls, and calls of the app's
//! functions.
//!
//! Depends on [`crate::signal`]. It never calls the app itself: the taker of an item does, with no
//! lock held.

use std::{
    pin::Pin,
    sync::{Arc, PoisonError},
    task::{Context, Poll, Waker},
    time::Instant,
};

use futures_util::Stream;
use rtvi_core::{Event, EventStream, client::EVENT_QUEUE};
use tokio::sync::mpsc;

use super::{
    signal::Signal,
    sync::{Mutex, MutexGuard, thread},
};

/// A call of the app's code that is due.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

/// How many calls of one client may be under way at a time. Each has a place for its end in the
/// mailbox. A further call fails as `Busy`.
pub(crate) const MAX_CALLS: usize = 1024;

/// How many function calls of the bot may wait for the app in addition. A further one is answered
/// with an error.
const MAX_FUNCTION_CALLS: usize = 64;

/// Where jobs are queued.
pub(crate) type JobSender = mpsc::Sender<Job>;

/// The next item for the app.
pub(crate) enum Item {
    /// An event.
    Event(Event),
    /// Code of the app to call.
    Job(Job),
    /// Nothing arrived in time.
    Nothing,
    /// No more items follow.
    Ended,
}

/// The queue of one client.
pub(crate) struct Mailbox {
    inner: Mutex<Inner>,
    signal: Arc<Signal>,
    waker: Waker,
}

struct Inner {
    /// Absent once the events have ended.
    events: Option<EventStream>,
    jobs: mpsc::Receiver<Job>,
    /// The job to run after the events that arrived before it.
    next_job: Option<Job>,
    /// How many events were taken since `next_job` was set.
    taken: usize,
}

impl Mailbox {
    /// Creates a mailbox with these events, and the sender for its jobs.
    pub(crate) fn new(events: EventStream) -> (Self, JobSender) {
        let (sender, jobs) = mpsc::channel(MAX_CALLS + MAX_FUNCTION_CALLS);
        let signal = Signal::new();
        let waker = signal.waker();
        let inner = Inner { events: Some(events), jobs, next_job: None, taken: 0 };
        (Self { inner: Mutex::new(inner), signal, waker }, sender)
    }

    /// Wakes the threads that wait for the mailbox.
    pub(crate) fn signal(&self) -> &Signal {
        &self.signal
    }

    /// Takes the next item. Waits for it until `until`, or without a limit. Several threads may
    /// take items at a time.
    pub(crate) fn take(&self, until: Option<Instant>) -> Item {
        loop {
            match self.lock().poll(&self.waker) {
                Poll::Ready(item) => return item,
                // Cleared only now, so that the descriptor stays readable until nothing is found.
                Poll::Pending if self.signal.take() => {
                    // The sender may have more items. If both threads share a core, yielding
                    // collects them together.
                    thread::yield_now();
                }
                Poll::Pending => {
                    if !self.signal.wait(until) {
                        return Item::Nothing;
                    }
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// The events that arrived before a job go first. Events that arrive meanwhile may go first
    /// too, but no more than a full queue. Then it is the job's turn.
    fn poll(&mut self, waker: &Waker) -> Poll<Item> {
        let mut context = Context::from_waker(waker);
        let jobs = match &self.next_job {
            Some(_) => Poll::Ready(()),
            None => self.jobs.poll_recv(&mut context).map(|job| self.next_job = job),
        };
        if self.next_job.is_some() && self.taken >= EVENT_QUEUE {
            return Poll::Ready(self.job());
        }
        match self.poll_event(&mut context) {
            Poll::Ready(Some(event)) => {
                self.taken += usize::from(self.next_job.is_some());
                Poll::Ready(Item::Event(event))
            }
            _ if self.next_job.is_some() => Poll::Ready(self.job()),
            Poll::Ready(None) if jobs.is_ready() => Poll::Ready(Item::Ended),
            _ => Poll::Pending,
        }
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Event>> {
        let Some(events) = &mut self.events else { return Poll::Ready(None) };
        let event = Pin::new(events).poll_next(context);
        if matches!(event, Poll::Ready(None)) {
            self.events = None;
        }
        event
    }

    fn job(&mut self) -> Item {
        self.taken = 0;
        self.next_job.take().map_or(Item::Nothing, Item::Job)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rtvi_core::{PipecatClient, PipecatClientOptions, transport::WebSocketTransport};

    use super::*;
    use crate::runtime::{block_on, runtime};

    fn client() -> PipecatClient {
        let mut options = PipecatClientOptions::new(WebSocketTransport::default());
        options.runtime = Some(runtime().unwrap().handle().clone());
        PipecatClient::new(options).unwrap()
    }

    fn name(item: &Item) -> &'static str {
        match item {
            Item::Event(event) => event.name(),
            Item::Job(_) => "job",
            Item::Nothing => "nothing",
            Item::Ended => "ended",
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a wait that has no time left")]
    fn a_job_comes_after_the_events_before_it_and_ends_come_last() {
        let client = client();
        let (mailbox, jobs) = Mailbox::new(client.events());
        let now = Some(Instant::now());
        assert_eq!(name(&mailbox.take(now)), "nothing");
        block_on(async { client.init_devices().await }).unwrap();
        jobs.try_send(Box::new(|| {})).unwrap_or_else(|_| panic!("there is room"));
        let mut names = Vec::new();
        while names.last() != Some(&"job") {
            names.push(name(&mailbox.take(now)));
        }
        assert_eq!(names.iter().filter(|name| **name == "transportStateChanged").count(), 2, "{names:?}");
        drop(jobs);
        drop(client);
        let soon = Some(Instant::now() + Duration::from_secs(10));
        loop {
            match mailbox.take(soon) {
                Item::Event(_) => {}
                end => break assert_eq!(name(&end), "ended"),
            }
        }
    }
}
