//! Where the device thread leaves events and rings for a client's microphone or speaker.
//!
//! The device thread and the client's audio task share the two mutexes and hold them only briefly.
//! A system callback never touches them.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
};

use rtvi_core::media::DeviceEvent;

use super::backend::StreamEnd;

/// How many events wait for the client. When full, the oldest is dropped: a newer one replaces it.
const NEWS_QUEUE: usize = 64;

/// The state of an endpoint's device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It is not open yet.
    Closed,
    /// It is running.
    Open,
    /// It is unusable.
    Failed,
}

/// Where the device thread leaves things for the client.
#[derive(Default)]
pub(super) struct Mailbox {
    news: Mutex<VecDeque<DeviceEvent>>,
    stream_end: Mutex<Option<StreamEnd>>,
    state: AtomicU8,
}

impl Mailbox {
    pub(super) fn tell(&self, news: DeviceEvent) {
        let mut queue = lock(&self.news);
        if queue.len() >= NEWS_QUEUE {
            queue.pop_front();
        }
        queue.push_back(news);
    }

    pub(super) fn news(&self) -> Option<DeviceEvent> {
        lock(&self.news).pop_front()
    }

    /// Leaves the end of an opened device.
    pub(super) fn put_stream_end(&self, stream_end: StreamEnd) {
        *lock(&self.stream_end) = Some(stream_end);
    }

    pub(super) fn take_stream_end(&self) -> Option<StreamEnd> {
        lock(&self.stream_end).take()
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
