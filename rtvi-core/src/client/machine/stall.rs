//! An app that does not read its events loses the session.

use std::time::Instant;

use crate::{
    client::STALL_LIMIT,
    error::{Error, ErrorKind, Phase},
};

use super::Machine;

impl Machine {
    /// An event queue of the app is full, or all have room again.
    pub(super) fn on_event_queue(&mut self, now: Instant, full: bool) {
        self.stalled_since = full.then_some(now);
    }

    /// The time limit restarts, as with every new connection.
    pub(super) fn restart_stall(&mut self, now: Instant) {
        self.stalled_since = self.stalled_since.map(|_| now);
    }

    /// When the session ends if the app still does not read its events.
    pub(super) fn stall_deadline(&self) -> Option<Instant> {
        let since = self.stalled_since.filter(|_| self.session.connection.is_some())?;
        Some(since + STALL_LIMIT)
    }

    pub(super) fn expire_stall(&mut self, now: Instant) {
        if self.stall_deadline().is_some_and(|at| at <= now) {
            self.restart_stall(now);
            let text = "the app did not read its events; the session was closed";
            self.end_session(now, Error::new(ErrorKind::ConsumerStalled, text).in_phase(Phase::Session));
        }
    }
}
