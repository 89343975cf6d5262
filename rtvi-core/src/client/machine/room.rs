//! A room that stays open: the bot and others come and go, and the server may mute the user.

use std::time::Instant;

use crate::{
    client::{DisconnectReason, Event, Track, TrackKind},
    error::Phase,
    log,
    protocol::{BotReadyData, ServerMessage},
    transport::Participant,
};

use super::{Action, ConnectionFacts, Machine, Trigger, connection};

/// The most participants of a room that are remembered, besides the bot. Others are not reported.
const MAX_PARTICIPANTS: usize = 256;

impl Machine {
    /// The bot left a room that stays open.
    pub(super) fn on_bot_left_room(&mut self, now: Instant) {
        self.bot_gone();
        let reason = String::new();
        if !self.session.established {
            return self.fail(connection::bot_left_error(None, &reason).in_phase(Phase::BotReady));
        }
        if self.config.disconnect_on_bot_disconnect {
            self.session.end = DisconnectReason::BotLeft { code: None, reason };
            if self.enter(Trigger::BotLeft) == Action::BeginDisconnect {
                self.begin_disconnect(now);
            }
        }
    }

    /// A bot joined a room that the bot had left. The client stays ready; the bot is greeted and
    /// answers that it is ready.
    pub(super) fn on_bot_joined_room(&mut self, bot: Participant) {
        if !self.is_listening() {
            return;
        }
        let Some(connection) = self.session.connection.as_mut().filter(|connection| connection.bot.is_none())
        else {
            return;
        };
        connection.bot = Some(bot.clone());
        connection.greets = self.session.bot.is_some();
        let is_known = connection.forget(&bot.id).is_some();
        self.emit(Event::BotConnected(bot.clone()));
        if !is_known {
            self.emit(Event::ParticipantConnected(bot));
        }
        self.greet();
    }

    /// Whether a bot that joined an open room is expected to say that it is ready.
    pub(super) fn is_greeted(&self) -> bool {
        self.session
            .connection
            .as_ref()
            .is_some_and(|connection| connection.greets && connection.bot.is_some())
    }

    pub(super) fn on_bot_ready_again(&mut self, data: BotReadyData) {
        if let Some(connection) = &mut self.session.connection {
            connection.greets = false;
        }
        self.session.bot = Some(data.clone());
        self.emit(Event::Server(ServerMessage::BotReady(data)));
    }

    pub(super) fn on_participant_connected(&mut self, somebody: Participant) {
        let Some(connection) = self.session.connection.as_mut().filter(|connection| connection.opened) else {
            return;
        };
        if connection.knows(&somebody.id) {
            return;
        }
        if connection.others.len() >= MAX_PARTICIPANTS {
            return log::debug!(
                "the room has more than {MAX_PARTICIPANTS} participants, one is not reported"
            );
        }
        connection.others.push(somebody.clone());
        self.emit(Event::ParticipantConnected(somebody));
    }

    pub(super) fn on_participant_left(&mut self, somebody: &Participant) {
        let known = self.session.connection.as_mut().and_then(|connection| connection.forget(&somebody.id));
        if let Some(known) = known {
            self.emit(Event::ParticipantLeft(known));
        }
    }

    pub(super) fn on_mic_muted(&mut self, muted: bool) {
        if self.session.connection.as_ref().is_some_and(|connection| connection.opened) {
            self.set_mic_muted(muted);
        }
    }

    pub(super) fn set_mic_muted(&mut self, muted: bool) {
        if self.media.mic_muted != muted {
            self.media.mic_muted = muted;
            self.emit(Event::MediaStateUpdated(self.media.clone()));
        }
    }

    /// Reports that everybody on the connection is gone, and with them the server's muting.
    pub(super) fn room_gone(&mut self) {
        self.bot_gone();
        let others =
            self.session.connection.as_mut().map(|connection| std::mem::take(&mut connection.others));
        for somebody in others.unwrap_or_default() {
            self.emit(Event::ParticipantLeft(somebody));
        }
        self.set_mic_muted(false);
    }

    /// Reports that the bot's side of the connection is gone, if it was there.
    fn bot_gone(&mut self) {
        let Some(connection) = &mut self.session.connection else { return };
        let bot_audio = std::mem::take(&mut connection.bot_audio);
        let Some(bot) = connection.bot.take() else { return };
        self.end_bot_video();
        if bot_audio {
            self.emit(Event::TrackStopped(Track { kind: TrackKind::Audio, participant: bot.clone() }));
        }
        self.emit(Event::BotDisconnected(bot.clone()));
        self.emit(Event::ParticipantLeft(bot));
    }
}

impl ConnectionFacts {
    fn knows(&self, id: &str) -> bool {
        self.bot.iter().chain(&self.others).any(|known| known.id == id)
    }

    /// Removes one of the others.
    fn forget(&mut self, id: &str) -> Option<Participant> {
        let at = self.others.iter().position(|known| known.id == id)?;
        Some(self.others.remove(at))
    }
}
