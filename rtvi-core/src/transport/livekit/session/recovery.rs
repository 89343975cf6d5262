//! What happens when a session loses its socket or its network path.
//!
//! First a new socket takes up the session, then ICE looks for a new path if the old one is gone.
//! The peer connections stay, and with them all messages that are on their way.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    error::{Error, ErrorKind},
    log,
    transport::livekit::wire::{ReconnectResponse, RequestKind, SyncState, UpdateSubscription},
};

use super::{Action, Session, rate::Rate};

/// How long the server may take to say why it closed a peer connection.
const CLOSE_WAIT: Duration = Duration::from_millis(500);
/// How many times a session is resumed in a [`PERIOD`]. A server that needs it more often is of no
/// use.
const MAX_RESUMES: u32 = 20;
const PERIOD: Duration = Duration::from_secs(60);

/// What a session knows about its troubles.
#[derive(Debug)]
pub(super) struct Recovery {
    timeout: Duration,
    /// Since when the socket or the path is lost.
    since: Option<Instant>,
    /// What went wrong last.
    why: String,
    /// Whether ICE must look for a new path, though the old one may seem to work.
    restarts: bool,
    closed_at: Option<Instant>,
    resumes: Rate,
}

impl Recovery {
    pub(super) const fn new(timeout: Duration, now: Instant) -> Self {
        Self {
            timeout,
            since: None,
            why: String::new(),
            restarts: false,
            closed_at: None,
            resumes: Rate::new(MAX_RESUMES, PERIOD, now),
        }
    }
}

impl Session {
    /// Gives up after the time for a resume, and forgets a trouble that is over.
    pub(super) fn look_for_trouble(&mut self, now: Instant) {
        let is_lost = self.link.has_joined() && (!self.link.is_up() || self.media.is_broken());
        if !is_lost || self.has_ended {
            self.recovery.since = None;
            return;
        }
        let since = *self.recovery.since.get_or_insert(now);
        if now.saturating_duration_since(since) >= self.recovery.timeout {
            let (seconds, why) = (self.recovery.timeout.as_secs_f64(), &self.recovery.why);
            let text = format!("the session could not be resumed within {seconds} s: {why}");
            self.fail(Error::new(ErrorKind::ConnectionLost, text));
        }
    }

    /// Takes up the session on a new socket.
    pub(super) fn resume(&mut self, now: Instant, why: &str) {
        why.clone_into(&mut self.recovery.why);
        if !self.recovery.resumes.take(now) {
            let seconds = PERIOD.as_secs();
            let text =
                format!("the session was lost more than {MAX_RESUMES} times within {seconds} s: {why}");
            return self.fail(Error::new(ErrorKind::ConnectionLost, text));
        }
        log::info!(why, "the session in the room is resumed");
        self.media.negotiation.interrupt();
        let dial = self.link.dial(now);
        self.act(Action::Dial(dial));
    }

    /// Without a room, the socket alone is renewed.
    pub(super) fn on_network_changed(&mut self, now: Instant) {
        if self.link.has_joined() {
            self.recovery.restarts = true;
            self.resume(now, "the network changed");
        } else {
            let dial = self.link.dial(now);
            self.act(Action::Dial(dial));
        }
    }

    /// A socket that is up may be lost as well, so it is renewed.
    pub(super) fn on_path_lost(&mut self, now: Instant) {
        self.recovery.restarts = true;
        if self.link.is_up() {
            self.resume(now, "the network path to the server is gone");
        }
    }

    /// A connection that the server closed can't be resumed. The server says why on the socket.
    pub(super) fn on_connection_closed(&mut self, now: Instant) {
        self.recovery.closed_at.get_or_insert(now);
    }

    pub(super) fn on_socket_lost(&mut self, now: Instant, text: String) {
        if !self.link.has_joined() {
            self.fail(Error::new(ErrorKind::ConnectionFailed, text));
        } else if self.link.is_up() {
            self.resume(now, &text);
        } else {
            self.recovery.why = text;
            self.link.pause(now);
        }
    }

    /// The server refused a socket. While it can't be reached, the client tries on; a server that
    /// does not want the session has lost it.
    pub(super) fn on_refused(&mut self, now: Instant, error: Error) {
        if error.status() == Some(404) && self.link.fall_back() {
            log::debug!("the server is an older one, with two peer connections");
            let dial = self.link.dial(now);
            return self.act(Action::Dial(dial));
        }
        let is_final = matches!(error.status(), Some(400..=407 | 409..=424 | 426..=428 | 431..=499));
        if is_final || !self.link.has_joined() {
            return self.fail(error);
        }
        self.recovery.why = error.to_string();
        self.link.pause(now);
    }

    /// The server goes on with the session: tells it what the client has, and repeats the messages
    /// that it lacks.
    pub(super) fn on_reconnect(&mut self, now: Instant, reconnect: &ReconnectResponse) {
        if self.link.is_up() || !self.link.has_joined() {
            log::debug!("a 'reconnect' that nobody asked for, ignored");
            return;
        }
        self.link.up(now);
        self.room.resumed();
        let state = self.sync_state();
        self.request(RequestKind::SyncState(Box::new(state)));
        std::mem::take(&mut self.held).into_iter().for_each(|request| self.request(request));
        if let Some(mute) = self.microphone.mute() {
            self.request(mute);
        }
        for packet in self.outgoing.after(reconnect.last_message_seq) {
            self.act(Action::Packet(packet));
        }
        if std::mem::take(&mut self.recovery.restarts) || self.media.is_broken() {
            self.media.negotiation.want_restart();
        }
    }

    fn sync_state(&self) -> SyncState {
        let (offer, answer) = self.media.descriptions();
        SyncState {
            offer,
            answer,
            // Nothing is added to what the server knows.
            subscription: Some(UpdateSubscription { track_sids: Vec::new(), subscribe: false }),
            publish_tracks: self.microphone.state(),
            data_channels: self.channels.clone().unwrap_or_default(),
            receive_states: self.incoming.states(),
        }
    }

    /// Pings, notices a server that is silent, and dials again when it is time.
    pub(super) fn keep_alive(&mut self, now: Instant) {
        if self.recovery.closed_at.is_some_and(|at| now >= at + CLOSE_WAIT) {
            let text = "the server closed the peer connection";
            return self.fail(Error::new(ErrorKind::ConnectionLost, text));
        }
        if self.link.is_dial_due(now) {
            let dial = self.link.dial(now);
            self.act(Action::Dial(dial));
        } else if let Some(silent_for) = self.link.silence(now) {
            let seconds = silent_for.as_secs_f64();
            self.resume(now, &format!("the server has not been heard for {seconds:.1} s"));
        } else if self.link.is_up() && self.media.negotiation.is_overdue(now) {
            self.resume(now, "the server did not answer an offer");
        } else if let Some(ping) = self.link.ping(now) {
            self.request(RequestKind::Ping(ping));
        }
    }
}
