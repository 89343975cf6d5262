//! Requests that wait for an answer: each gets exactly one reply.
//!
//! Pure bookkeeping; the machine settles what this module hands back.

use std::time::Instant;

use super::CallId;

/// How many requests may wait at once; one more is refused as busy.
pub(super) const MAX_PENDING: usize = 1024;

/// A request without an answer yet.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) id: String,
    pub(super) call: CallId,
    pub(super) deadline: Instant,
    pub(super) kind: PendingKind,
}

/// What an answer, or its absence, means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PendingKind {
    /// A client request of this type: no answer is a failure.
    Request { t: String },
    /// A message the server only answers when it rejects it: no answer is success.
    Unopposed,
}

/// The requests that wait, oldest first.
#[derive(Debug, Default)]
pub(super) struct Requests {
    pending: Vec<Pending>,
}

impl Requests {
    pub(super) fn is_full(&self) -> bool {
        self.pending.len() >= MAX_PENDING
    }

    pub(super) fn add(&mut self, pending: Pending) {
        self.pending.push(pending);
    }

    /// Takes the request that the message `id` answers.
    pub(super) fn take(&mut self, id: &str) -> Option<Pending> {
        let index = self.pending.iter().position(|pending| pending.id == id)?;
        Some(self.pending.remove(index))
    }

    /// Takes the request of a call whose future was dropped.
    pub(super) fn take_call(&mut self, call: CallId) -> Option<Pending> {
        let index = self.pending.iter().position(|pending| pending.call == call)?;
        Some(self.pending.remove(index))
    }

    /// Takes one request whose deadline has come.
    pub(super) fn take_expired(&mut self, now: Instant) -> Option<Pending> {
        let index = self.pending.iter().position(|pending| pending.deadline <= now)?;
        Some(self.pending.remove(index))
    }

    /// Takes all of them.
    pub(super) fn take_all(&mut self) -> Vec<Pending> {
        std::mem::take(&mut self.pending)
    }

    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.pending.iter().map(|pending| pending.deadline).min()
    }
}
