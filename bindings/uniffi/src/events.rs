//! Events as the app takes them, in batches.
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

/// The most events in one batch, whatever the app asks for.
const MAX_BATCH: u32 = 512;

/// The data of an event as JSON, as the other Pipecat SDKs have it; of a server's message in wire form. Absent where it has none.
/// Fails only for an event that the app made from JSON that the core can't read.
#[uniffi::export]
pub fn event_data(event: RtviEvent) -> Result<Option<Value>, FfiError> {
    guard(|| Ok(rtvi_core::Event::from(event).data()))
}

/// The events of a client from the moment this was made, in order and without gaps.
///
/// Holds 512 events. While it is nearly full, the client reads no further messages from the server; an app that leaves it so for ten
/// seconds loses the session (`consumerStalled`). Drop or [`stop`](Self::stop) what is not read any more.
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

    /// Everything that is there, up to `max`; empty when nothing will follow.
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
    /// Waits for at least one event and gives up to `max` that are there (1 to 512). An empty list is the end: the client is closed, or
    /// this was stopped. For one reader at a time: of two that wait, only the later one is woken.
    pub async fn next_events(&self, max: u32) -> Result<Vec<RtviEvent>, FfiError> {
        let max = max.clamp(1, MAX_BATCH) as usize;
        tokio::select! {
            biased;
            () = self.stopped.cancelled() => Ok(Vec::new()),
            events = std::future::poll_fn(|context| self.poll(context, max)) => Ok(events),
        }
    }

    /// Ends it: a reader that waits gets the end at once, and no event is kept any more. Never waits.
    pub fn stop(&self) {
        self.stopped.cancel();
        let ended = self.lock().take();
        drop(ended);
    }
}
