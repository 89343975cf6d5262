//! Everything that a client has for its app, in order: events, ends of calls, and calls of the app's functions.
//!
//! Depends on [`crate::signal`]. Never calls the app itself: whoever takes an item does, with no lock held.

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

/// How many calls of one client may be under way at a time; each has a place for its end in the mailbox. A further one fails as
/// `Busy`.
pub(crate) const MAX_CALLS: usize = 1024;

/// How many function calls of the bot wait for the app, besides. A further one is answered with an error.
const MAX_FUNCTION_CALLS: usize = 64;

/// Where jobs are put.
pub(crate) type JobSender = mpsc::Sender<Job>;

/// What the app gets next.
#[expect(clippy::large_enum_variant, reason = "one at a time, never stored")]
pub(crate) enum Item {
    /// Something happened.
    Event(Event),
    /// Code of the app is to be called.
    Job(Job),
    /// Nothing came in time.
    Nothing,
    /// Nothing will come any more.
    Ended,
}

/// The queue of one client.
pub(crate) struct Mailbox {
    inner: Mutex<Inner>,
    signal: Arc<Signal>,
    waker: Waker,
}

struct Inner {
    /// Absent once ended.
    events: Option<EventStream>,
    jobs: mpsc::Receiver<Job>,
    /// The job to be done after the events that came before it.
    next_job: Option<Job>,
    /// How many events were taken since `next_job` is there.
    taken: usize,
}

impl Mailbox {
    /// A mailbox with these events, and where its jobs go in.
    pub(crate) fn new(events: EventStream) -> (Self, JobSender) {
        let (sender, jobs) = mpsc::channel(MAX_CALLS + MAX_FUNCTION_CALLS);
        let signal = Signal::new();
        let waker = signal.waker();
        let inner = Inner { events: Some(events), jobs, next_job: None, taken: 0 };
        (Self { inner: Mutex::new(inner), signal, waker }, sender)
    }

    /// What wakes those who wait for it.
    pub(crate) fn signal(&self) -> &Signal {
        &self.signal
    }

    /// Takes the next item; waits for it up to `until`, or for ever. Several threads may do so at a time.
    pub(crate) fn take(&self, until: Option<Instant>) -> Item {
        loop {
            match self.lock().poll(&self.waker) {
                Poll::Ready(item) => return item,
                // Cleared only now, so that the descriptor stays readable until nothing was found.
                Poll::Pending if self.signal.take() => {
                    // Who has set it may have more to come: when both share a core, it comes now, and not one by one.
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
    /// The events that came before a job go first. Those that come while they are taken may go first too, but no more than a queue
    /// full: then the job's turn has come.
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
