//! Events on their way to a client that may be slow.

use std::collections::VecDeque;

use tokio::sync::mpsc::{Permit, Receiver, Sender, error::SendError};
use tokio_util::sync::CancellationToken;

use super::{CloseReason, TransportCommand, TransportEvent};

/// The number of events that may wait here, in addition to those in the client's channel. When
/// there are more, the socket is not read until the client takes one; nothing is dropped. This
/// keeps pings answered and audio flowing while the app is briefly slow.
const MAX_EVENTS: usize = 32;
/// The number of message bytes that may wait here; the same rule applies.
const MAX_BYTES: usize = 1024 * 1024;

/// Sends events in order, and keeps those that the client has no room for.
#[derive(Debug)]
pub(super) struct Backlog {
    client: Sender<TransportEvent>,
    waiting: VecDeque<TransportEvent>,
    bytes: usize,
}

impl Backlog {
    pub(super) const fn new(client: Sender<TransportEvent>) -> Self {
        Self { client, waiting: VecDeque::new(), bytes: 0 }
    }

    /// Sends an event, or queues it behind the waiting ones.
    pub(super) fn push(&mut self, event: TransportEvent) {
        if self.waiting.is_empty() {
            match self.client.try_reserve() {
                Ok(permit) => return permit.send(event),
                Err(_full_or_gone) => {}
            }
        }
        self.bytes += size(&event);
        self.waiting.push_back(event);
    }

    /// Takes the oldest waiting event.
    pub(super) fn pop(&mut self) -> Option<TransportEvent> {
        let event = self.waiting.pop_front()?;
        self.bytes -= size(&event);
        Some(event)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= MAX_EVENTS || self.bytes >= MAX_BYTES
    }
}

/// A permit for one event in the client's channel.
pub(super) type EventPermit<'a> = Result<Permit<'a, TransportEvent>, SendError<()>>;

/// Sends the oldest waiting event to the client. The connection ends when the client no longer
/// listens.
pub(super) fn flush_one(permit: EventPermit<'_>, backlog: &mut Backlog) -> Option<CloseReason> {
    let Ok(permit) = permit else { return Some(CloseReason::Requested) };
    if let Some(event) = backlog.pop() {
        permit.send(event);
    }
    None
}

/// Sends the client what arrived before the connection ended, unless the client stops listening
/// first.
pub(super) async fn deliver(
    mut backlog: Backlog,
    events: &Sender<TransportEvent>,
    commands: &mut Receiver<TransportCommand>,
    cancel: &CancellationToken,
) {
    while !backlog.is_empty() {
        tokio::select! {
            () = cancel.cancelled() => return,
            permit = events.reserve() => if flush_one(permit, &mut backlog).is_some() { return },
            command = commands.recv() => if matches!(command, None | Some(TransportCommand::Close)) { return },
        }
    }
}

fn size(event: &TransportEvent) -> usize {
    match event {
        TransportEvent::Message(text) => text.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    fn message(number: usize) -> TransportEvent {
        TransportEvent::Message(number.to_string().into())
    }

    #[test]
    fn the_order_is_kept() {
        let (client, mut events) = mpsc::channel(2);
        let mut backlog = Backlog::new(client.clone());
        (0..4).for_each(|number| backlog.push(message(number)));
        assert_eq!(events.try_recv(), Ok(message(0)));
        backlog.push(message(4));
        assert_eq!(events.try_recv(), Ok(message(1)));
        let waiting: Vec<_> = std::iter::from_fn(|| backlog.pop()).collect();
        assert_eq!(waiting, [message(2), message(3), message(4)]);
        assert!(backlog.is_empty());
    }

    #[test]
    fn it_is_full_by_count_and_by_bytes() {
        let (client, _events) = mpsc::channel(1);
        let mut backlog = Backlog::new(client);
        backlog.push(message(0));
        (0..MAX_EVENTS - 1).for_each(|number| backlog.push(message(number)));
        assert!(!backlog.is_full());
        backlog.push(TransportEvent::Interrupted);
        assert!(backlog.is_full());
        while backlog.pop().is_some() {}
        backlog.push(TransportEvent::Message(vec![0; MAX_BYTES].into()));
        assert!(backlog.is_full());
        backlog.pop();
        assert!(!backlog.is_full());
    }
}
