//! The event queues: one ordered, lossless stream per subscriber.
//!
//! The driver checks [`EventHub::has_room`] before it takes the next message from a transport. A
//! slow app therefore slows down the socket and nothing else. Knows neither the machine nor a
//! transport.

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
use tokio::{
    sync::mpsc::{self, error::TrySendError},
    task::AbortHandle,
};

use super::{
    Event,
    sync::{Mutex, MutexGuard},
};

/// The capacity of one subscriber's queue, in events. When fewer than 128 places are free, the
/// driver takes no further messages from the transport. When the queue is half full, levels are
/// skipped.
pub const EVENT_QUEUE: usize = 512;

/// The number of places that must be free in every queue before the driver takes the next messages.
pub(super) const HEADROOM: usize = 128;

/// The number of events from the app's own calls that are kept for a subscriber whose queue is
/// full. A subscriber that reads too slowly even for this is dropped: its stream ends.
const MAX_BACKLOG: usize = 1024;

/// The number of bytes of large messages that may wait for one subscriber before the driver takes
/// no further messages from the transport. The last message may exceed the limit.
const MAX_WAITING: usize = 8 * 1024 * 1024;

/// The size from which a message counts as large. The number of events bounds smaller ones.
pub(super) const LARGE: usize = 16 * 1024;

/// All subscribers of one client.
#[derive(Debug, Default)]
pub(super) struct EventHub {
    subscribers: Mutex<Vec<Subscriber>>,
    closed: AtomicBool,
}

#[derive(Debug)]
struct Subscriber {
    queue: mpsc::Sender<Event>,
    /// The number of events queued so far.
    queued: u64,
    /// Events that did not fit into the queue, oldest first.
    backlog: VecDeque<Event>,
    /// The large messages that are waiting, oldest first.
    large: VecDeque<LargeMessage>,
}

/// A large message that is waiting for a subscriber.
#[derive(Debug)]
struct LargeMessage {
    /// The message has been consumed once this many events have been.
    end: u64,
    bytes: usize,
}

impl EventHub {
    pub(super) fn subscribe(&self) -> EventStream {
        let (queue, events) = mpsc::channel(EVENT_QUEUE);
        let mut subscribers = self.lock();
        if !self.closed.load(Ordering::Relaxed) {
            subscribers.push(Subscriber::new(queue));
        }
        EventStream { events }
    }

    /// Sends the event to every subscriber.
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

    /// Attributes the most recent events to a [`LARGE`] message of `bytes` bytes.
    pub(super) fn weigh(&self, bytes: usize) {
        self.lock().iter_mut().for_each(|subscriber| subscriber.weigh(bytes));
    }

    /// Whether every subscriber can take [`HEADROOM`] more events, and at most [`MAX_WAITING`]
    /// bytes are waiting for it.
    pub(super) fn has_room(&self) -> bool {
        let mut subscribers = self.lock();
        subscribers.retain_mut(Subscriber::flush);
        subscribers.iter_mut().all(|subscriber| subscriber.lacks() == 0)
    }

    /// Waits until [`Self::has_room`]. Cancel-safe.
    pub(super) async fn wait_for_room(&self) {
        loop {
            let Some((queue, places)) = self.lock().iter_mut().find_map(Subscriber::full) else { return };
            // A dropped subscriber has no room either; the next check removes it.
            drop(queue.reserve_many(places).await);
            if self.has_room() {
                return;
            }
        }
    }

    /// Ends every stream after the events that it holds. Streams created later are empty.
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
    const fn new(queue: mpsc::Sender<Event>) -> Self {
        Self { queue, queued: 0, backlog: VecDeque::new(), large: VecDeque::new() }
    }

    fn weigh(&mut self, bytes: usize) {
        let end = self.queued + self.backlog.len() as u64;
        self.large.push_back(LargeMessage { end, bytes });
    }

    /// The number of places that must become free before there is room; 0 if there is room.
    fn lacks(&mut self) -> usize {
        let taken = self.queued.saturating_sub((EVENT_QUEUE - self.queue.capacity()) as u64);
        while self.large.front().is_some_and(|message| message.end <= taken) {
            self.large.pop_front();
        }
        let is_heavy = self.large.iter().map(|message| message.bytes).sum::<usize>() > MAX_WAITING;
        match self.large.front() {
            Some(oldest) if is_heavy => self.places_without(oldest).max(HEADROOM),
            _ if self.backlog.is_empty() && self.queue.capacity() >= HEADROOM => 0,
            _ => HEADROOM,
        }
    }

    /// The number of places that are free once the message has been consumed.
    fn places_without(&self, message: &LargeMessage) -> usize {
        let behind = self.queued.saturating_sub(message.end);
        EVENT_QUEUE.saturating_sub(usize::try_from(behind).unwrap_or(EVENT_QUEUE))
    }

    /// If there is no room, returns the queue and the number of places that must be free.
    fn full(&mut self) -> Option<(mpsc::Sender<Event>, usize)> {
        let places = self.lacks();
        (places > 0).then(|| (self.queue.clone(), places))
    }

    /// Queues the event. Returns whether the subscriber still exists.
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
        let sent = self.queue.try_send(event);
        self.queued += u64::from(sent.is_ok());
        match sent {
            Ok(()) => true,
            Err(TrySendError::Full(event)) => self.keep(event),
            Err(TrySendError::Closed(_)) => false,
        }
    }

    fn offer_lossy(&mut self, event: Event) -> bool {
        if self.queue.capacity() > EVENT_QUEUE / 2 {
            let sent = self.queue.try_send(event);
            self.queued += u64::from(sent.is_ok());
            return !matches!(sent, Err(TrySendError::Closed(_)));
        }
        !self.queue.is_closed()
    }

    fn keep(&mut self, event: Event) -> bool {
        self.backlog.push_back(event);
        self.backlog.len() <= MAX_BACKLOG
    }

    /// Moves events from the backlog into the queue. Returns whether the subscriber still exists.
    fn flush(&mut self) -> bool {
        while let Some(event) = self.backlog.pop_front() {
            match self.queue.try_send(event) {
                Ok(()) => self.queued += 1,
                Err(TrySendError::Full(event)) => {
                    self.backlog.push_front(event);
                    break;
                }
                Err(TrySendError::Closed(_)) => return false,
            }
        }
        !self.queue.is_closed()
    }
}

/// The events of a client, in order and without gaps, from the moment of subscription.
///
/// Holds up to [`EVENT_QUEUE`] events. While it is nearly full, the client reads no further
/// messages from the server. After ten seconds it closes the session as
/// [`ErrorKind::ConsumerStalled`](crate::ErrorKind::ConsumerStalled). The stream ends when the
/// client is dropped. Use it as a [`Stream`], with [`next`](Self::next), or in batches.
#[derive(Debug)]
pub struct EventStream {
    events: mpsc::Receiver<Event>,
}

impl EventStream {
    /// Returns the next event; `None` once the client has ended. Cancel-safe.
    pub async fn next(&mut self) -> Option<Event> {
        self.events.recv().await
    }

    /// Waits for at least one event and returns up to `max` events; empty once the client has
    /// ended. Cancel-safe.
    pub async fn next_batch(&mut self, max: usize) -> Vec<Event> {
        let mut batch = Vec::with_capacity(self.events.len().min(max));
        self.events.recv_many(&mut batch, max.max(1)).await;
        batch
    }

    /// Returns the next event if one is available.
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

/// A registered event callback. Dropping it ends the registration.
#[derive(Debug)]
#[must_use = "dropping the subscription ends it"]
pub struct Subscription {
    pub(super) task: AbortHandle,
    pub(super) detached: bool,
}

impl Subscription {
    /// Keeps the callback registered for the lifetime of the client.
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
    async fn large_messages_are_weighed_until_they_are_taken() {
        let hub = EventHub::default();
        let mut stream = hub.subscribe();
        for _ in 0..3 {
            hub.emit(event());
            hub.emit(event());
            hub.weigh(MAX_WAITING / 2);
        }
        assert!(!hub.has_room());
        let mut waiting = Box::pin(hub.wait_for_room());
        for _ in 0..2 {
            assert_eq!(futures_util::poll!(&mut waiting), Poll::Pending);
            assert!(stream.next().await.is_some());
        }
        waiting.await;
        assert!(hub.has_room(), "the oldest was taken");
        hub.weigh(MAX_WAITING);
        assert!(!hub.has_room());
        drop(stream);
        hub.wait_for_room().await;
        assert!(hub.has_room(), "nobody is there who could take it");
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
