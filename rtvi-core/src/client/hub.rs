//! The event queues: one ordered, lossless stream per subscriber.
//!
//! The driver asks [`EventHub::has_room`] before it takes the next message of a transport, so a slow app slows the socket
//! and nothing else. Knows neither the machine nor a transport.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{
        PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use futures_util::Stream;
use tokio::{sync::mpsc, task::AbortHandle};

use super::{
    Event,
    sync::{Mutex, MutexGuard},
};

/// How many events wait for one subscriber. When fewer than 128 places are left, the driver takes no further
/// message from the transport; levels are skipped when it is half full.
pub const EVENT_QUEUE: usize = 512;

/// How many places must be free in every queue before the driver takes the next messages.
pub(super) const HEADROOM: usize = 128;

/// How many events of the app's own calls are kept for a subscriber whose queue is full. One that does not read beyond that
/// is dropped: its stream ends.
const MAX_BACKLOG: usize = 1024;

/// All subscribers of one client.
#[derive(Debug, Default)]
pub(super) struct EventHub {
    subscribers: Mutex<Vec<Subscriber>>,
    closed: AtomicBool,
}

#[derive(Debug)]
struct Subscriber {
    queue: mpsc::Sender<Event>,
    /// Events that did not fit, oldest first.
    backlog: VecDeque<Event>,
}

impl EventHub {
    pub(super) fn subscribe(&self) -> EventStream {
        let (queue, events) = mpsc::channel(EVENT_QUEUE);
        let mut subscribers = self.lock();
        if !self.closed.load(Ordering::Relaxed) {
            subscribers.push(Subscriber { queue, backlog: VecDeque::new() });
        }
        EventStream { events }
    }

    /// Gives the event to every subscriber.
    pub(super) fn emit(&self, event: Event) {
        let mut subscribers = self.lock();
        if let [only] = subscribers.as_mut_slice() {
            if !only.offer(event) {
                subscribers.clear();
            }
            return;
        }
        subscribers.retain_mut(|subscriber| subscriber.offer(event.clone()));
    }

    /// Whether every subscriber can take [`HEADROOM`] more events.
    pub(super) fn has_room(&self) -> bool {
        let mut subscribers = self.lock();
        subscribers.retain_mut(Subscriber::flush);
        subscribers.iter().all(Subscriber::has_room)
    }

    /// Waits until [`Self::has_room`]. Cancel-safe.
    pub(super) async fn wait_for_room(&self) {
        loop {
            let full = self.lock().iter().find(|subscriber| !subscriber.has_room()).map(|s| s.queue.clone());
            let Some(queue) = full else { return };
            // A subscriber that is gone has no room either; the next check drops it.
            drop(queue.reserve_many(HEADROOM).await);
            if self.has_room() {
                return;
            }
        }
    }

    /// Ends every stream after what it holds; streams made later are empty.
    pub(super) fn close(&self) {
        let mut subscribers = self.lock();
        self.closed.store(true, Ordering::Relaxed);
        subscribers.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Subscriber>> {
        self.subscribers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber {
    fn has_room(&self) -> bool {
        self.backlog.is_empty() && self.queue.capacity() >= HEADROOM
    }

    /// Queues the event; says whether the subscriber is still there.
    fn offer(&mut self, event: Event) -> bool {
        if event.is_lossy() {
            return self.offer_lossy(event);
        }
        if !self.flush() {
            return false;
        }
        if !self.backlog.is_empty() {
            return self.keep(event);
        }
        match self.queue.try_send(event) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Full(event)) => self.keep(event),
            Err(mpsc::error::TrySendError::Closed(_)) => false,
        }
    }

    fn offer_lossy(&self, event: Event) -> bool {
        if self.queue.capacity() > EVENT_QUEUE / 2 {
            return !matches!(self.queue.try_send(event), Err(mpsc::error::TrySendError::Closed(_)));
        }
        !self.queue.is_closed()
    }

    fn keep(&mut self, event: Event) -> bool {
        self.backlog.push_back(event);
        self.backlog.len() <= MAX_BACKLOG
    }

    /// Moves kept events into the queue; says whether the subscriber is still there.
    fn flush(&mut self) -> bool {
        while let Some(event) = self.backlog.pop_front() {
            match self.queue.try_send(event) {
                Ok(()) => {}
                Err(mpsc::error::TrySendError::Full(event)) => {
                    self.backlog.push_front(event);
                    break;
                }
                Err(mpsc::error::TrySendError::Closed(_)) => return false,
            }
        }
        !self.queue.is_closed()
    }
}

/// The events of a client, in order and without gaps, from the moment of subscription.
///
/// Holds up to [`EVENT_QUEUE`] events; while it is nearly full the client reads no further messages from the server, and
/// after ten seconds closes the session as [`ErrorKind::ConsumerStalled`](crate::ErrorKind::ConsumerStalled). Ends when the
/// client is dropped. Use it as a [`Stream`], by [`next`](Self::next), or in batches.
#[derive(Debug)]
pub struct EventStream {
    events: mpsc::Receiver<Event>,
}

impl EventStream {
    /// The next event; `None` when the client is gone. Cancel-safe.
    pub async fn next(&mut self) -> Option<Event> {
        self.events.recv().await
    }

    /// Waits for at least one event and gives up to `max` that are there; empty when the client is gone. Cancel-safe.
    pub async fn next_batch(&mut self, max: usize) -> Vec<Event> {
        let mut batch = Vec::with_capacity(self.events.len().min(max));
        self.events.recv_many(&mut batch, max.max(1)).await;
        batch
    }

    /// The next event if there is one already.
    pub fn try_next(&mut self) -> Option<Event> {
        self.events.try_recv().ok()
    }
}

impl Stream for EventStream {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        self.events.poll_recv(context)
    }
}

/// A registered event callback; dropping it ends the registration.
#[derive(Debug)]
#[must_use = "dropping the subscription ends it"]
pub struct Subscription {
    pub(super) task: AbortHandle,
    pub(super) detached: bool,
}

impl Subscription {
    /// Keeps the callback registered for as long as the client lives.
    pub fn detach(mut self) {
        self.detached = true;
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if !self.detached {
            self.task.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::TransportState;

    fn event() -> Event {
        Event::TransportStateChanged(TransportState::Ready)
    }

    #[tokio::test]
    async fn every_subscriber_gets_every_event_in_order() {
        let hub = EventHub::default();
        let (mut first, mut second) = (hub.subscribe(), hub.subscribe());
        for state in TransportState::ALL {
            hub.emit(Event::TransportStateChanged(state));
        }
        hub.close();
        for stream in [&mut first, &mut second] {
            let batch = stream.next_batch(100).await;
            let states: Vec<_> = TransportState::ALL.map(Event::TransportStateChanged).into();
            assert_eq!(batch, states);
            assert_eq!(stream.next().await, None);
        }
        assert_eq!(hub.subscribe().next().await, None, "nothing will follow");
    }

    #[tokio::test]
    async fn a_full_queue_keeps_everything_and_says_it_is_full() {
        let hub = EventHub::default();
        let mut stream = hub.subscribe();
        let total = EVENT_QUEUE + 100;
        for _ in 0..total {
            hub.emit(event());
        }
        assert!(!hub.has_room());
        let mut read = 0;
        while read < total {
            read += stream.next_batch(64).await.len();
            hub.has_room();
        }
        assert!(hub.has_room());
        assert_eq!(stream.try_next(), None);
    }

    #[tokio::test]
    async fn levels_are_skipped_when_the_queue_is_half_full() {
        let hub = EventHub::default();
        let mut stream = hub.subscribe();
        for _ in 0..EVENT_QUEUE {
            hub.emit(Event::LocalAudioLevel(0.5));
        }
        assert_eq!(stream.next_batch(EVENT_QUEUE).await.len(), EVENT_QUEUE / 2);
    }

    #[tokio::test]
    async fn a_subscriber_that_never_reads_is_dropped_in_the_end() {
        let hub = EventHub::default();
        let mut stream = hub.subscribe();
        for _ in 0..=EVENT_QUEUE + MAX_BACKLOG {
            hub.emit(event());
        }
        assert!(hub.has_room(), "the subscriber is gone");
        assert_eq!(stream.next_batch(usize::MAX).await.len(), EVENT_QUEUE);
        assert_eq!(stream.next().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_for_room_ends_when_the_app_reads_or_leaves() {
        let hub = EventHub::default();
        let mut stream = hub.subscribe();
        for _ in 0..EVENT_QUEUE {
            hub.emit(event());
        }
        tokio::select! {
            () = hub.wait_for_room() => panic!("there is no room yet"),
            () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {}
        }
        stream.next_batch(HEADROOM).await;
        hub.wait_for_room().await;
        hub.emit(event());
        drop(stream);
        hub.wait_for_room().await;
    }
}
