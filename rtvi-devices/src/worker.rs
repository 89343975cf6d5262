//! The device thread: opens and closes devices for clients, follows the default device and notices
//! devices that are added or removed.
//!
//! Written against [`Backend`], so that its rules can be tested without a sound card. It may block
//! on the system's audio, so nobody must wait for it.

use std::{
    sync::{
        Weak,
        mpsc::{Receiver, RecvTimeoutError, SyncSender},
    },
    time::Duration,
};

use rtvi_core::{
    DeviceErrorKind, Error,
    media::{DeviceEvent, DeviceInfo},
};

use super::{
    backend::{Backend, Direction, OnEnd},
    mailbox::{Mailbox, State},
};

/// How often the thread lists the devices while a client needs them, and retries a failed device.
const RESCAN: Duration = Duration::from_secs(1);

/// A command for the device thread.
pub(super) enum Command {
    /// List the devices.
    List { direction: Direction, reply: SyncSender<Result<Vec<DeviceInfo>, Error>> },
    /// A client has a new microphone or speaker.
    Add { id: u64, direction: Direction, selection: Selection, mailbox: Weak<Mailbox> },
    /// Report to it what happens to the devices.
    Watch { id: u64 },
    /// Use another device for it.
    Select { id: u64, selection: Selection },
    /// Open or close its device.
    Want { id: u64, wanted: bool },
    /// The device that was opened as number `opening` has ended by itself.
    Ended { id: u64, opening: u64 },
}

/// Which device a client selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selection {
    /// The system's default, which may change.
    Default,
    /// The device with this id.
    Id(String),
}

/// The state of the thread.
pub(super) struct Worker<B: Backend> {
    backend: B,
    /// Wakes the thread from a stream's error callback. Weak, or the thread would keep itself
    /// alive.
    wake: Weak<SyncSender<Command>>,
    slots: Vec<Slot<B::Stream>>,
}

/// One microphone or speaker of a client.
struct Slot<S> {
    id: u64,
    direction: Direction,
    selection: Selection,
    mailbox: Weak<Mailbox>,
    watched: bool,
    wanted: bool,
    /// The devices last reported to it.
    listed: Option<Vec<DeviceInfo>>,
    /// The device last reported as used.
    device: Option<DeviceInfo>,
    /// The failure last reported.
    failure: Option<Error>,
    stream: Option<S>,
    /// How many devices were opened for it.
    openings: u64,
}

impl<B: Backend> Worker<B> {
    pub(super) const fn new(backend: B, wake: Weak<SyncSender<Command>>) -> Self {
        Self { backend, wake, slots: Vec::new() }
    }

    /// Runs until nobody can send commands any more.
    pub(super) fn run(mut self, commands: &Receiver<Command>) {
        loop {
            let next = if self.slots.iter().any(Slot::is_active) {
                commands.recv_timeout(RESCAN)
            } else {
                commands.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            match next {
                Ok(command) => self.handle(command),
                Err(RecvTimeoutError::Timeout) => self.scan(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    pub(super) fn handle(&mut self, command: Command) {
        match command {
            Command::List { direction, reply } => drop(reply.try_send(self.backend.list(direction))),
            Command::Add { id, direction, selection, mailbox } => {
                self.slots.push(Slot::new(id, direction, selection, mailbox));
            }
            Command::Watch { id } => self.change(id, |slot| slot.watched = true),
            Command::Select { id, selection } => self.change(id, |slot| slot.selection = selection),
            Command::Want { id, wanted } => self.change(id, |slot| slot.set_wanted(wanted)),
            Command::Ended { id, opening } => self.change(id, |slot| slot.ended(opening)),
        }
    }

    fn change(&mut self, id: u64, change: impl FnOnce(&mut Slot<B::Stream>)) {
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.id == id) {
            change(slot);
            self.scan();
        }
    }

    /// Lists the devices and updates every client.
    pub(super) fn scan(&mut self) {
        self.slots.retain(|slot| slot.mailbox.strong_count() > 0);
        for direction in [Direction::Capture, Direction::Playback] {
            if !self.slots.iter().any(|slot| slot.direction == direction && slot.is_active()) {
                continue;
            }
            let found = self.backend.list(direction);
            let slots = self.slots.iter_mut().filter(|slot| slot.direction == direction && slot.is_active());
            for slot in slots {
                slot.update(&mut self.backend, &found, &self.wake);
            }
        }
    }
}

impl<S> Slot<S> {
    const fn new(id: u64, direction: Direction, selection: Selection, mailbox: Weak<Mailbox>) -> Self {
        Self {
            id,
            direction,
            selection,
            mailbox,
            watched: false,
            wanted: false,
            listed: None,
            device: None,
            failure: None,
            stream: None,
            openings: 0,
        }
    }

    const fn is_active(&self) -> bool {
        self.watched || self.wanted
    }

    fn set_wanted(&mut self, wanted: bool) {
        self.wanted = wanted;
        if !wanted {
            self.close();
        }
    }

    /// Closes the stream, unless another one has replaced it.
    fn ended(&mut self, opening: u64) {
        if opening == self.openings {
            self.close();
        }
    }

    fn close(&mut self) {
        self.stream = None;
        self.set_state(State::Closed);
    }

    /// Chooses the device, reports changes and opens the device if it is needed.
    fn update<B>(
        &mut self,
        backend: &mut B,
        found: &Result<Vec<DeviceInfo>, Error>,
        wake: &Weak<SyncSender<Command>>,
    ) where
        B: Backend<Stream = S>,
    {
        let list = found.as_deref().unwrap_or_default();
        if self.listed.as_deref() != Some(list) {
            self.listed = Some(list.to_vec());
            self.report(DeviceEvent::Listed(list.to_vec()));
        }
        let Some(device) = self.choose(list) else {
            self.device = None;
            self.close();
            let none = || Error::device(DeviceErrorKind::NotFound, format!("there is no {}", self.direction));
            let error = found.as_ref().err().cloned().unwrap_or_else(none);
            return self.fail(error);
        };
        if self.device.as_ref().is_none_or(|present| present.id != device.id) {
            self.close();
            self.failure = None;
            self.report(DeviceEvent::Using(device.clone()));
        }
        if self.wanted && self.stream.is_none() {
            self.open(backend, &device, wake);
        }
        self.device = Some(device);
    }

    /// The selected device. If it is gone, the default is selected from now on.
    fn choose(&mut self, list: &[DeviceInfo]) -> Option<DeviceInfo> {
        if let Selection::Id(id) = &self.selection {
            if let Some(device) = list.iter().find(|device| device.id == *id) {
                return Some(device.clone());
            }
            let last = self.device.as_ref().filter(|device| device.id == *id);
            let text = match last {
                Some(device) => {
                    format!("the {} {:?} is gone; using the default", self.direction, device.label)
                }
                None => format!("there is no {} {id:?}; using the default", self.direction),
            };
            self.selection = Selection::Default;
            self.fail(Error::device(DeviceErrorKind::NotFound, text));
        }
        list.iter().find(|device| device.is_default).cloned()
    }

    fn open<B>(&mut self, backend: &mut B, device: &DeviceInfo, wake: &Weak<SyncSender<Command>>)
    where
        B: Backend<Stream = S>,
    {
        self.openings += 1;
        match backend.open(self.direction, device, on_end(self.id, self.openings, wake)) {
            Ok((stream, handle)) => {
                self.stream = Some(stream);
                if let Some(mailbox) = self.mailbox.upgrade() {
                    mailbox.put_stream(handle);
                }
                self.set_state(State::Open);
                if self.failure.take().is_some() {
                    self.report(DeviceEvent::Using(device.clone()));
                }
            }
            Err(error) => self.fail(error),
        }
    }

    /// Reports a failure, once.
    fn fail(&mut self, error: Error) {
        self.set_state(State::Failed);
        if self.failure.as_ref() != Some(&error) {
            self.failure = Some(error.clone());
            self.report(DeviceEvent::Failed(error));
        }
    }

    fn report(&self, event: DeviceEvent) {
        if let Some(mailbox) = self.mailbox.upgrade() {
            mailbox.push_event(event);
        }
    }

    fn set_state(&self, state: State) {
        if let Some(mailbox) = self.mailbox.upgrade() {
            mailbox.set_state(state);
        }
    }
}

/// Wakes the thread when the stream has ended. When the queue is full, a waiting command will make
/// the thread list the devices anyway.
fn on_end(id: u64, opening: u64, wake: &Weak<SyncSender<Command>>) -> OnEnd {
    let wake = Weak::clone(wake);
    Box::new(move || {
        if let Some(commands) = wake.upgrade() {
            drop(commands.try_send(Command::Ended { id, opening }));
        }
    })
}

#[cfg(test)]
mod tests;
