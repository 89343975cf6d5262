//! The course of a session so far, and the resulting outcome.
//!
//! Pure.

use rtvi_core::{Error, ErrorKind, Event, client::DisconnectReason, protocol::ServerMessage};
use tokio::time::Instant;

use crate::{
    outcome::Outcome,
    plan::{Call, Origin},
};

use super::{Stop, frames::FrameCount};

/// The facts that the summary and the exit code need.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// When the first call for connecting began.
    pub(super) began: Option<Instant>,
    /// When the bot was ready for the first time.
    pub(super) ready: Option<Instant>,
    /// How often a lost connection was restored.
    pub(super) reconnects: u32,
    /// The video that was sent and received.
    pub(super) frames: FrameCount,
    /// A lost connection is being restored.
    reconnecting: bool,
    /// A call for connecting failed.
    connect_failed: bool,
    /// A call failed, or in a script an awaited event did not arrive.
    step_failed: bool,
    /// The session failed.
    session_failed: bool,
    /// A session ended and no other began.
    pub(super) session_over: bool,
}

impl Facts {
    /// Applies an event.
    pub(super) fn update(&mut self, now: Instant, event: &Event) {
        match event {
            Event::Reconnecting { .. } => self.reconnecting = true,
            Event::TransportStats(stats) => stats.video.iter().for_each(|video| self.frames.update(video)),
            Event::Server(ServerMessage::BotReady(_)) => self.bot_ready(now),
            Event::Disconnected(reason) => {
                self.session_failed = matches!(reason, DisconnectReason::Failed(_));
                self.session_over = true;
                self.reconnecting = false;
            }
            _ => {}
        }
    }

    fn bot_ready(&mut self, now: Instant) {
        self.ready.get_or_insert(now);
        self.session_over = false;
        self.reconnects += u32::from(std::mem::take(&mut self.reconnecting));
    }

    /// Applies the beginning of a call.
    pub(super) fn call_begins(&mut self, now: Instant, call: &Call) {
        if call.is_connecting() {
            self.began.get_or_insert(now);
        }
    }

    /// Applies a failed call.
    pub(super) fn call_failed(&mut self, call: &Call, origin: Origin, error: &Error) {
        let on_purpose = error.kind() == ErrorKind::Cancelled;
        if call.is_connecting() {
            self.connect_failed |= !on_purpose;
        } else if origin == Origin::Flags {
            self.step_failed = true;
        }
    }

    /// An awaited event did not arrive.
    pub(super) const fn wait_failed(&mut self) {
        self.step_failed = true;
    }

    /// The outcome.
    pub(super) fn outcome(&self, origin: Origin, stop: Option<&Stop>) -> Outcome {
        let session_failed = self.session_failed && origin == Origin::Flags;
        match stop {
            Some(Stop::Output(_)) => Outcome::Failed,
            Some(Stop::Interrupted) if self.ready.is_some() => Outcome::Interrupted,
            Some(Stop::Interrupted) => Outcome::NotConnected,
            _ if self.ready.is_none() && self.connect_failed => Outcome::NotConnected,
            _ if self.step_failed || session_failed => Outcome::Failed,
            _ => Outcome::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: ErrorKind) -> Error {
        Error::new(kind, "test")
    }

    fn ready() -> Event {
        Event::Server(ServerMessage::BotReady(Default::default()))
    }

    fn reconnecting() -> Event {
        Event::Reconnecting { attempt: 1, max_attempts: 2, reason: error(ErrorKind::ConnectionLost) }
    }

    fn facts(events: &[Event]) -> Facts {
        let mut facts = Facts::default();
        for event in events {
            facts.update(Instant::now(), event);
        }
        facts
    }

    #[test]
    fn a_restored_connection_is_counted_and_a_lost_one_fails() {
        let mut session = facts(&[ready(), reconnecting(), ready(), reconnecting(), reconnecting()]);
        assert_eq!(session.reconnects, 1);
        assert_eq!(session.outcome(Origin::Flags, None), Outcome::Done);
        session.update(
            Instant::now(),
            &Event::Disconnected(DisconnectReason::Failed(error(ErrorKind::ConnectionLost))),
        );
        assert!(session.session_over);
        assert_eq!(session.outcome(Origin::Flags, None), Outcome::Failed);
        assert_eq!(
            session.outcome(Origin::Script, None),
            Outcome::Done,
            "a script says itself what it expects"
        );
    }

    #[test]
    fn a_failed_call_counts_where_it_matters() {
        let text = Call::SendDtmf { keys: "x".into() };
        for (call, origin, kind, expected) in [
            (Call::Connect, Origin::Flags, ErrorKind::ConnectionFailed, Outcome::NotConnected),
            (Call::Connect, Origin::Script, ErrorKind::ConnectionFailed, Outcome::NotConnected),
            (Call::Connect, Origin::Script, ErrorKind::Cancelled, Outcome::Done),
            (text.clone(), Origin::Flags, ErrorKind::InvalidArgument, Outcome::Failed),
            (text, Origin::Script, ErrorKind::InvalidArgument, Outcome::Done),
        ] {
            let mut session = Facts::default();
            session.call_failed(&call, origin, &error(kind));
            assert_eq!(session.outcome(origin, None), expected, "{call:?} {origin:?} {kind:?}");
        }
        let mut refused = facts(&[ready()]);
        refused.call_failed(&Call::Connect, Origin::Script, &error(ErrorKind::AlreadyStarted));
        assert_eq!(refused.outcome(Origin::Script, None), Outcome::Done, "there was a session");
        refused.wait_failed();
        assert_eq!(refused.outcome(Origin::Script, None), Outcome::Failed);
    }

    #[test]
    fn ctrl_c_is_an_end_like_any_other_once_connected() {
        assert_eq!(facts(&[]).outcome(Origin::Flags, Some(&Stop::Interrupted)), Outcome::NotConnected);
        assert_eq!(facts(&[ready()]).outcome(Origin::Flags, Some(&Stop::Interrupted)), Outcome::Interrupted);
    }
}
