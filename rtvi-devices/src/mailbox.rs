//! The mailbox in which the device thread leaves events and stream handles for a client's
//! microphone or speaker.
//!
//! The device thread and the client's audio task share its two mutexes and hold them for a few
//! moves only. A system callback must never touch them.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
};

use rtvi_core::media::DeviceEvent;

use super::backend::StreamHandle;

/// How many events wait for the client. When full, the oldest is dropped: newer ones supersede it.
const EVENT_QUEUE: usize = 64;

/// The state of an endpoint's device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It is not open yet.
    Closed,
    /// It is running.
    Open,
    /// It can't be used.
    Failed,
}

/// Events and a stream handle for the client, and the state of its device.
#[derive(Default)]
pub(super) struct Mailbox {
    events: Mutex<VecDeque<DeviceEvent>>,
    stream: Mutex<Option<StreamHandle>>,
    state: AtomicU8,
}

impl Mailbox {
    pub(super) fn push_event(&self, event: DeviceEvent) {
        let mut queue = lock(&self.events);
        if queue.len() >= EVENT_QUEUE {
            queue.pop_front();
        }
        queue.push_back(event);
    }

    pub(super) fn next_event(&self) -> Option<DeviceEvent> {
        lock(&self.events).pop_front()
    }

    /// Leaves the handle of a device that was opened.
    pub(super) fn put_stream(&self, stream: StreamHandle) {
        *lock(&self.stream) = Some(stream);
    }

    pub(super) fn take_stream(&self) -> Option<StreamHandle> {
        lock(&self.stream).take()
    }

    pub(super) fn set_state(&self, state: State) {
        self.state.store(state as u8, Ordering::Release);
    }

    pub(super) fn state(&self) -> State {
        match self.state.load(Ordering::Acquire) {
            1 => State::Open,
            2 => State::Failed,
            _ => State::Closed,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
