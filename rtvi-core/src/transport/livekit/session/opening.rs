//! When a connection counts as open, and what it lacks if it does not open in time. Pure.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    error::{Error, ErrorKind},
    transport::TransportEvent,
};

use super::Session;

/// How long the client waits for the audio of a bot that is in the room. A bot that publishes audio
/// does so before it hears messages.
const AUDIO_WAIT: Duration = Duration::from_secs(1);
/// How long before the client's own deadline the session ends with an error that names what it
/// lacks. It is at most a tenth of the time for opening.
const EARLY: Duration = Duration::from_millis(250);

/// A connection on its way.
#[derive(Debug)]
pub(super) struct Opening {
    deadline: Instant,
    /// Since when the bot has been in the room.
    bot_since: Option<Instant>,
}

impl Opening {
    pub(super) fn new(now: Instant, limit: Duration) -> Self {
        Self { deadline: now + limit.saturating_sub(EARLY.min(limit / 10)), bot_since: None }
    }
}

impl Session {
    /// Opens the connection once everything is there: data channels, a network path, the bot, and its
    /// audio if it comes soon.
    pub(super) fn open(&mut self, now: Instant) {
        if self.is_open || self.has_ended {
            return;
        }
        if !self.is_complete(now) {
            if now >= self.opening.deadline {
                self.fail(self.lack());
            }
            return;
        }
        let Some(bot) = self.room.open() else { return };
        self.is_open = true;
        self.report(TransportEvent::Opened { bot });
        if self.microphone.is_muted_by_server() {
            self.report(TransportEvent::MicMuted(true));
        }
        self.take_room_changes();
    }

    fn is_complete(&mut self, now: Instant) -> bool {
        if !self.is_connected() {
            return false;
        }
        if self.room.bot().is_none() {
            self.opening.bot_since = None;
            return false;
        }
        let since = *self.opening.bot_since.get_or_insert(now);
        self.room.bot_has_audio() || now >= since + AUDIO_WAIT
    }

    fn is_connected(&self) -> bool {
        self.channels.is_some() && self.media.is_connected()
    }

    /// The error of a connection that did not open in time.
    fn lack(&self) -> Error {
        let text = if !self.link.has_joined() {
            "the LiveKit server does not answer".to_owned()
        } else if !self.is_connected() {
            "no network path to the server was found in time".to_owned()
        } else {
            self.room.lack_of_bot()
        };
        Error::new(ErrorKind::Timeout, text)
    }
}
