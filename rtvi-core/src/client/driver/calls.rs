//! The app's calls that wait for their reply.

use std::{
    collections::HashMap,
    future::poll_fn,
    task::{Context, Poll},
};

use tokio::sync::{mpsc, oneshot};

use crate::{
    client::machine::{CallId, Command, Input, Reply},
    error::{Error, ErrorKind},
};

type ReplySender = oneshot::Sender<Result<Reply, Error>>;

/// A call on its way to the driver.
#[derive(Debug)]
pub(in crate::client) struct PendingCall {
    pub(in crate::client) id: CallId,
    pub(in crate::client) command: Box<Command>,
    pub(in crate::client) reply: ReplySender,
}

/// Where calls come from and where replies go.
#[derive(Debug)]
pub(super) struct Calls {
    incoming: mpsc::Receiver<PendingCall>,
    waiting: HashMap<CallId, ReplySender>,
    /// The calls that are undone when their future is dropped; no more than there are pending
    /// requests.
    undoable: Vec<CallId>,
}

impl Calls {
    pub(super) fn new(incoming: mpsc::Receiver<PendingCall>) -> Self {
        Self { incoming, waiting: HashMap::new(), undoable: Vec::new() }
    }

    /// Returns the next call, or a call whose future was dropped; `None` when no handle of the
    /// client is left. Cancel-safe.
    pub(super) async fn next(&mut self) -> Option<Input> {
        tokio::select! {
            call = poll_fn(|context| Self::poll_dropped(&self.undoable, &mut self.waiting, context)) => {
                self.forget(call);
                Some(Input::CallDropped(call))
            }
            pending = self.incoming.recv() => pending.map(|pending| self.accept(pending)),
        }
    }

    fn accept(&mut self, PendingCall { id, command, reply }: PendingCall) -> Input {
        if command.is_undoable() {
            self.undoable.push(id);
        }
        self.waiting.insert(id, reply);
        Input::Call { call: id, command }
    }

    /// Settles a call. Returns an input if the call can be undone and the app has dropped its
    /// future meanwhile.
    pub(super) fn settle(&mut self, call: CallId, result: Result<Reply, Error>) -> Option<Input> {
        let is_undoable = self.undoable.contains(&call);
        let unheard = self.forget(call)?.send(result).is_err();
        (is_undoable && unheard).then_some(Input::CallDropped(call))
    }

    fn forget(&mut self, call: CallId) -> Option<ReplySender> {
        self.undoable.retain(|other| *other != call);
        self.waiting.remove(&call)
    }

    fn poll_dropped(
        undoable: &[CallId],
        waiting: &mut HashMap<CallId, ReplySender>,
        context: &mut Context<'_>,
    ) -> Poll<CallId> {
        for call in undoable {
            if waiting.get_mut(call).is_some_and(|reply| reply.poll_closed(context).is_ready()) {
                return Poll::Ready(*call);
            }
        }
        Poll::Pending
    }
}

/// The error for a message when the transport's queue is full.
pub(super) fn busy() -> Error {
    let limit = super::connection_task::SEND_QUEUE;
    Error::new(ErrorKind::Busy, format!("{limit} messages wait to be sent already; try again later"))
}
