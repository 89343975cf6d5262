//! Events, which the app takes in batches.
//!
//! Depends on the core's event stream. Never calls the app.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use futures_util::Stream;
use rtvi_core::{EventStream, ffi::RtviEvent};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::error::{FfiError, guard};

/// The largest number of events in one batch, even if the app requests more.
const MAX_BATCH: u32 = 512;

/// Returns the data of an event as JSON, like the other Pipecat SDKs. The data of a server message
/// have their wire form. Absent if the event has no data. Fails only for an event that the app
/// built from JSON that the core can't read.
#[uniffi::export]
pub fn event_data(event: RtviEvent) -> Result<Option<Value>, FfiError> {
    guard(|| Ok(rtvi_core::Event::from(event).data()))
}

/// The events of a client since the creation of this stream, in order and without gaps.
///
/// Holds 512 events. While the stream is nearly full, the client reads no more messages from the
/// server. If that lasts ten seconds, the app loses the session (`consumerStalled`). Drop or
/// [`stop`](Self::stop) a stream that you no longer read.
#[derive(Debug, uniffi::Object)]
pub struct FfiEventStream {
    /// Absent once stopped.
    events: Mutex<Option<EventStream>>,
    stopped: CancellationToken,
}

impl FfiEventStream {
    pub(crate) fn new(events: EventStream) -> Arc<Self> {
        Arc::new(Self { events: Mutex::new(Some(events)), stopped: CancellationToken::new() })
    }

    fn lock(&self) -> MutexGuard<'_, Option<EventStream>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes all available events, up to `max`. Empty when no more events follow.
    fn poll(&self, context: &mut Context<'_>, max: usize) -> Poll<Vec<RtviEvent>> {
        let mut slot = self.lock();
        let Some(events) = slot.as_mut() else { return Poll::Ready(Vec::new()) };
        match Pin::new(&mut *events).poll_next(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(None) => Poll::Ready(Vec::new()),
            Poll::Ready(Some(first)) => {
                let rest = std::iter::from_fn(|| events.try_next()).take(max - 1);
                Poll::Ready(std::iter::once(first).chain(rest).map(RtviEvent::from).collect())
            }
        }
    }
}

#[uniffi::export]
impl FfiEventStream {
    /// Waits for at least one event and returns all that are available, up to `max` (1 to 512). An
    /// empty list marks the end: the client is closed, or the stream was stopped. Only one reader
    /// at a time: if two wait, only the later one wakes up.
    pub async fn next_events(&self, max: u32) -> Result<Vec<RtviEvent>, FfiError> {
        let max = max.clamp(1, MAX_BATCH) as usize;
        tokio::select! {
            biased;
            () = self.stopped.cancelled() => Ok(Vec::new()),
            events = std::future::poll_fn(|context| self.poll(context, max)) => Ok(events),
        }
    }

    /// Ends the stream. A waiting reader receives the end at once, and no more events are kept.
    /// Never waits.
    pub fn stop(&self) {
        self.stopped.cancel();
        let ended = self.lock().take();
        drop(ended);
    }
}
