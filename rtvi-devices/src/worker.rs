//! The device thread: opens and closes devices on the clients' request, follows the default, and
//! detects devices that appear or disappear.
//!
//! Uses only [`Backend`], so that tests can check its rules without a sound card. It may block on
//! the system's audio; nobody may wait for it.

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

/// How often the thread looks for devices while a client needs them, and retries a failed device.
const RESCAN: Duration = Duration::from_secs(1);

/// A command for the device thread.
pub(super) enum Command {
    /// List the devices.
    List { direction: Direction, reply: SyncSender<Result<Vec<DeviceInfo>, Error>> },
    /// A client has created a microphone or speaker.
    Add { id: u64, direction: Direction, selection: Selection, mailbox: Weak<Mailbox> },
    /// Report device changes to it.
    Watch { id: u64 },
    /// It selects another device.
    Select { id: u64, selection: Selection },
    /// It needs the audio, or no longer does.
    Want { id: u64, wanted: bool },
    /// The device of its opening number `opening` has ended on its own.
    Ended { id: u64, opening: u64 },
}

/// The device that a client has selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selection {
    /// The system's default, whatever that currently is.
    Default,
    /// The one with this id.
    Id(String),
}

/// The state of the thread.
pub(super) struct Worker<B: Backend> {
    backend: B,
    /// Wakes the thread from a stream's error callback; weak, or the thread would keep itself
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
    /// The device list last reported to it.
    listed: Option<Vec<DeviceInfo>>,
    /// The device last reported as used.
    device: Option<DeviceInfo>,
    /// The failure last reported to it.
    failure: Option<Error>,
    stream: Option<S>,
    /// Counts the streams opened for it.
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
            Command::Want { id, wanted } => self.change(id, |slot| slot.want(wanted)),
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
                slot.tend(&mut self.backend, &found, &self.wake);
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

    fn want(&mut self, wanted: bool) {
        self.wanted = wanted;
        if !wanted {
            self.close();
        }
    }

    /// The end of a replaced stream does not matter.
    fn ended(&mut self, opening: u64) {
        if opening == self.openings {
            self.close();
        }
    }

    fn close(&mut self) {
        self.stream = None;
        self.set_state(State::Closed);
    }

    /// Finds the device to use, reports changes, and opens it if it is needed and not open.
    fn tend<B>(
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
            self.tell(DeviceEvent::Listed(list.to_vec()));
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
            self.tell(DeviceEvent::Using(device.clone()));
        }
        if self.wanted && self.stream.is_none() {
            self.open(backend, &device, wake);
        }
        self.device = Some(device);
    }

    /// The selected device; if it is gone, the default from now on.
    fn choose(&mut self, list: &[DeviceInfo]) -> Option<DeviceInfo> {
        if let Selection::Id(id) = &self.selection {
            if let Some(device) = list.iter().find(|device| device.id == *id) {
                return Some(device.clone());
            }
            let last = self.device.as_ref().filter(|device| device.id == *id);
            let text = match last {
                Some(device) => {
                    format!("the {} {:?} is gone; the default is used", self.direction, device.label)
                }
                None => format!("there is no {} {id:?}; the default is used", self.direction),
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
            Ok((stream, stream_end)) => {
                self.stream = Some(stream);
                if let Some(mailbox) = self.mailbox.upgrade() {
                    mailbox.put_stream_end(stream_end);
                }
                self.set_state(State::Open);
                if self.failure.take().is_some() {
                    self.tell(DeviceEvent::Using(device.clone()));
                }
            }
            Err(error) => self.fail(error),
        }
    }

    /// Reports a failure once.
    fn fail(&mut self, error: Error) {
        self.set_state(State::Failed);
        if self.failure.as_ref() != Some(&error) {
            self.failure = Some(error.clone());
            self.tell(DeviceEvent::Failed(error));
        }
    }

    fn tell(&self, news: DeviceEvent) {
        if let Some(mailbox) = self.mailbox.upgrade() {
            mailbox.tell(news);
        }
    }

    fn set_state(&self, state: State) {
        if let Some(mailbox) = self.mailbox.upgrade() {
            mailbox.set_state(state);
        }
    }
}

/// Wakes the thread when the stream has ended. If its queue is full, the thread detects the end at
/// its next scan.
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
