//! What connects a microphone or speaker of a client with the device thread: commands there, news and rings back.
//!
//! The two mutexes are shared by the device thread and the client's audio task and held for a few moves; a system callback never
//! touches them.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, AtomicU64, Ordering},
        mpsc::SyncSender,
    },
};

use rtvi_core::media::{DEFAULT_DEVICE, DeviceControl, DeviceNews};

use super::{
    backend::{Direction, Plug},
    refused,
    worker::{Command, Selection},
};

/// How much news waits for the client. When full the oldest is dropped: what is newer replaces it.
const NEWS_QUEUE: usize = 64;

/// Numbers the endpoints of this process.
static NEXT_ID: AtomicU64 = AtomicU64::new(0);

/// How an endpoint's device does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It is not open yet.
    Closed,
    /// It runs.
    Open,
    /// It can't be used.
    Failed,
}

/// Where the device thread leaves things for the client.
#[derive(Default)]
pub(super) struct Mailbox {
    news: Mutex<VecDeque<DeviceNews>>,
    plug: Mutex<Option<Plug>>,
    state: AtomicU8,
}

impl Mailbox {
    pub(super) fn tell(&self, news: DeviceNews) {
        let mut queue = lock(&self.news);
        if queue.len() >= NEWS_QUEUE {
            queue.pop_front();
        }
        queue.push_back(news);
    }

    pub(super) fn news(&self) -> Option<DeviceNews> {
        lock(&self.news).pop_front()
    }

    /// Leaves the end of a device that was opened.
    pub(super) fn put_plug(&self, plug: Plug) {
        *lock(&self.plug) = Some(plug);
    }

    pub(super) fn take_plug(&self) -> Option<Plug> {
        lock(&self.plug).take()
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

/// A client's microphone or speaker, as the device thread knows it.
pub(super) struct Endpoint {
    id: u64,
    commands: Arc<SyncSender<Command>>,
    mailbox: Arc<Mailbox>,
}

impl Endpoint {
    /// Makes it known to the device thread.
    pub(super) fn new(commands: Arc<SyncSender<Command>>, direction: Direction, id: &str) -> Self {
        let endpoint = Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            commands,
            mailbox: Arc::new(Mailbox::default()),
        };
        let mailbox = Arc::downgrade(&endpoint.mailbox);
        endpoint.send(Command::Add { id: endpoint.id, direction, selection: selection(id), mailbox });
        endpoint
    }

    /// Opens the device or closes it; what becomes of it is told later.
    pub(super) fn want(&self, wanted: bool) {
        self.mailbox.take_plug();
        self.send(Command::Want { id: self.id, wanted });
    }

    pub(super) fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    pub(super) fn control(&self) -> Box<dyn DeviceControl> {
        let (id, commands, mailbox) = (self.id, Arc::clone(&self.commands), Arc::clone(&self.mailbox));
        Box::new(Control(Self { id, commands, mailbox }))
    }

    fn send(&self, command: Command) {
        if let Err(error) = self.commands.try_send(command) {
            self.mailbox.set_state(State::Failed);
            self.mailbox.tell(DeviceNews::Failed(refused(error)));
        }
    }
}

struct Control(Endpoint);

impl DeviceControl for Control {
    fn watch(&mut self) {
        self.0.send(Command::Watch { id: self.0.id });
    }

    fn select(&mut self, id: &str) {
        self.0.send(Command::Select { id: self.0.id, selection: selection(id) });
    }

    fn news(&mut self) -> Option<DeviceNews> {
        self.0.mailbox.news()
    }
}

fn selection(id: &str) -> Selection {
    if id == DEFAULT_DEVICE { Selection::Default } else { Selection::Id(id.to_owned()) }
}
