//! The link between a client's microphone or speaker and the device thread: commands go there over
//! a queue, and events come back through the [`Mailbox`].

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
    mpsc::SyncSender,
};

use rtvi_core::media::{DEFAULT_DEVICE, DeviceControl, DeviceEvent};

use super::{
    backend::Direction,
    mailbox::{Mailbox, State},
    refused,
    worker::{Command, Selection},
};

/// Numbers the endpoints of this process.
static NEXT_ID: AtomicU64 = AtomicU64::new(0);

/// A client's microphone or speaker, as the device thread knows it.
pub(super) struct Endpoint {
    id: u64,
    commands: Arc<SyncSender<Command>>,
    mailbox: Arc<Mailbox>,
}

impl Endpoint {
    /// Registers an endpoint with the device thread.
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

    /// Opens or closes the device. The mailbox has the result later.
    pub(super) fn set_wanted(&self, wanted: bool) {
        self.mailbox.take_stream();
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
            self.mailbox.push_event(DeviceEvent::Failed(refused(error)));
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

    fn next_event(&mut self) -> Option<DeviceEvent> {
        self.0.mailbox.next_event()
    }
}

fn selection(id: &str) -> Selection {
    if id == DEFAULT_DEVICE { Selection::Default } else { Selection::Id(id.to_owned()) }
}
