//! Connections: they open, break, are restored, and end.

use std::time::Instant;

use serde_json::{Map, Value};

use crate::{
    client::{DisconnectReason, Event, ReconnectPolicy, Track, TrackKind, TransportState},
    error::{Error, ErrorKind, Phase, excerpt},
    protocol::{self, ClientMessage, PROTOCOL_VERSION, ServerMessage, Version},
    transport::{CloseReason, ConnectParams, Participant, TransportCapabilities, TransportEvent},
};

use super::{
    Action, BotSpeech, CallId, ConnectionFacts, Epoch, Machine, Open, Output, Reply, Trigger, after,
};

impl Machine {
    /// Opens the transport for the first time or again.
    pub(super) fn open_transport(&mut self, now: Instant, trigger: Trigger) {
        if self.enter(trigger) != Action::OpenTransport {
            return;
        }
        self.epoch += 1;
        self.timer = Some((after(now, self.open_timeout()), Phase::TransportOpen));
        self.outputs.push_back(Output::Open(Box::new(Open {
            epoch: self.epoch,
            params: self.session.params.clone(),
            start: self.session.start.clone(),
            attempt: self.session.attempt,
            mic_enabled: self.mic_enabled,
            timeout: self.open_timeout(),
        })));
    }

    /// Opens the transport again. When the server no longer knows the session, or its token was
    /// good for one connection only, the bot is started again first.
    pub(super) fn retry(&mut self, now: Instant) {
        match self.session.start.clone() {
            Some(request) if self.session.is_stale || has_token(&self.session.params) => {
                self.send_start(now, request);
            }
            _ => self.open_transport(now, Trigger::RetryDue),
        }
    }

    /// The app reports a network change. A waiting or opening attempt is retried at once, within
    /// the same deadline. An established connection is left to its transport, with all attempts
    /// available again.
    pub(super) fn on_network_changed(&mut self, now: Instant, call: CallId) {
        let opened = self.session.connection.as_ref().map(|connection| connection.opened);
        match (self.timer, opened) {
            (Some((_, Phase::Reconnect)), _) => self.retry(now),
            (deadline, Some(false)) => {
                self.discard_connection();
                self.retry(now);
                self.timer = deadline;
            }
            (_, Some(true)) if self.session.established && self.config.reconnect.max_attempts > 0 => {
                self.session.attempt = 0;
                self.outputs.push_back(Output::NetworkChanged { epoch: self.epoch });
            }
            _ => {}
        }
        self.reply(call, Ok(Reply::Done));
    }

    /// The start endpoint answered while a session is being restored.
    pub(super) fn on_started_again(&mut self, now: Instant, result: Result<Map<String, Value>, Error>) {
        match result {
            Ok(answer) => {
                self.session.is_stale = false;
                self.session.is_cold = self.starts_cold();
                self.session.params = ConnectParams::new(answer.clone());
                self.emit(Event::BotStarted(Value::Object(answer)));
                self.open_transport(now, Trigger::StartAnswered);
            }
            Err(error) => self.on_broken(now, error.in_phase(Phase::StartRequest)),
        }
    }

    pub(super) fn on_opening(&mut self, now: Instant, epoch: Epoch, capabilities: TransportCapabilities) {
        if epoch == self.epoch {
            self.outputs.push_back(Output::StartPlayback);
            self.restart_stall(now);
            self.session.connection = Some(ConnectionFacts {
                epoch,
                capabilities,
                opened: false,
                bot: None,
                greets: false,
                others: Vec::new(),
                bot_audio: false,
                carries_video: false,
                interrupts: false,
            });
        }
    }

    pub(super) fn on_transport_event(&mut self, now: Instant, epoch: Epoch, event: TransportEvent) {
        if !self.is_present(epoch) {
            return;
        }
        match event {
            TransportEvent::Opened { bot } => self.on_opened(now, bot),
            TransportEvent::Message(bytes) if self.is_listening() => {
                self.on_message(now, protocol::decode(&bytes));
            }
            TransportEvent::Message(_) => {}
            TransportEvent::Interrupted => self.on_interruption_frame(),
            TransportEvent::BotAudioStarted => self.on_bot_audio(),
            TransportEvent::BotLeft => self.on_bot_left_room(now),
            TransportEvent::BotJoined { bot } => self.on_bot_joined_room(bot),
            TransportEvent::ParticipantConnected(somebody) => self.on_participant_connected(somebody),
            TransportEvent::ParticipantLeft(somebody) => self.on_participant_left(&somebody),
            TransportEvent::MicMuted(muted) => self.on_mic_muted(muted),
            TransportEvent::Unreadable(reason) => self.emit(Event::ProtocolError { wire_type: None, reason }),
            TransportEvent::AudioDropped(dropped) => self.on_audio_dropped(now, dropped),
            TransportEvent::MaxMessageSize(limit) => self.on_message_limit(limit),
            TransportEvent::UnsupportedFeature(feature) => self.emit(Event::UnsupportedFeature(feature)),
            TransportEvent::Stats(stats) => self.emit(Event::TransportStats(stats)),
        }
    }

    /// Whether the present connection is the one of this epoch.
    pub(super) fn is_present(&self, epoch: Epoch) -> bool {
        self.session.connection.as_ref().is_some_and(|connection| connection.epoch == epoch)
    }

    fn on_opened(&mut self, now: Instant, bot: Participant) {
        if self.enter(Trigger::Opened) != Action::Handshake {
            return;
        }
        if let Some(connection) = &mut self.session.connection {
            connection.opened = true;
            connection.bot = Some(bot.clone());
        }
        self.emit(Event::Connected);
        self.emit(Event::BotConnected(bot.clone()));
        self.emit(Event::ParticipantConnected(bot));
        self.timer = Some((after(now, self.bot_ready_timeout()), Phase::BotReady));
        self.greet();
    }

    pub(super) fn greet(&mut self) {
        let about = self.config.about.clone();
        self.transmit(&ClientMessage::ClientReady { version: PROTOCOL_VERSION, about }, None);
    }

    fn on_message_limit(&mut self, limit: usize) {
        if let Some(connection) = &mut self.session.connection {
            connection.capabilities.max_message_size = connection.capabilities.max_message_size.min(limit);
        }
    }

    /// Whether messages count: not before the handshake, and not while the session is being closed.
    pub(super) const fn is_listening(&self) -> bool {
        matches!(self.state, TransportState::Connected | TransportState::Ready)
    }

    /// Bots before RTVI 2 send no bot-interrupted message.
    fn on_interruption_frame(&mut self) {
        if let Some(connection) = &mut self.session.connection {
            connection.interrupts = true;
        }
        self.outputs.push_back(Output::FlushSpeaker);
        if self.bot_version().is_some_and(Version::is_legacy) {
            self.on_bot_speech(BotSpeech::Interrupted, ServerMessage::BotInterrupted);
        }
    }

    fn on_bot_audio(&mut self) {
        let Some(connection) = &mut self.session.connection else { return };
        if let (Some(bot), false) = (&connection.bot, connection.bot_audio) {
            connection.bot_audio = true;
            let track = Track { kind: TrackKind::Audio, participant: bot.clone() };
            self.emit(Event::TrackStarted(track));
        }
    }

    pub(super) fn on_closed(&mut self, now: Instant, epoch: Epoch, reason: CloseReason) {
        if epoch != self.epoch {
            return;
        }
        if self.look_up(Trigger::Closed) == Action::FinishDisconnect {
            return self.finish_disconnect_after_close();
        }
        match reason {
            CloseReason::BotLeft { code, reason } => self.on_bot_left(now, code, reason),
            CloseReason::OpenFailed(error) | CloseReason::Lost(error) => self.on_broken(now, error),
            CloseReason::Requested => {
                self.on_broken(
                    now,
                    Error::new(ErrorKind::Internal, "the transport closed without being asked"),
                );
            }
        }
    }

    fn finish_disconnect_after_close(&mut self) {
        self.room_gone();
        self.session.connection = None;
        self.finish_disconnect();
    }

    fn on_bot_left(&mut self, now: Instant, code: Option<u16>, reason: String) {
        let opened = self.session.connection.as_ref().is_some_and(|connection| connection.opened);
        if !self.session.established || !opened {
            return self.on_broken(now, bot_left_error(code, &reason));
        }
        self.room_gone();
        self.session.connection = None;
        self.session.end = DisconnectReason::BotLeft { code, reason };
        if self.enter(Trigger::BotLeft) == Action::BeginDisconnect {
            self.begin_disconnect(now);
        }
    }

    /// The connection broke or could not be opened: restores it if the session was established and
    /// attempts are left.
    pub(super) fn on_broken(&mut self, now: Instant, error: Error) {
        if !self.session.established {
            let phase = if self.timer_phase() == Some(Phase::BotReady) {
                Phase::BotReady
            } else {
                Phase::TransportOpen
            };
            return self.fail(error.in_phase(phase));
        }
        let held =
            self.session.ready_since.take().is_some_and(|since| now >= since + ReconnectPolicy::STABLE_AFTER);
        if held {
            self.session.attempt = 0;
        }
        self.session.is_stale |= self.session.start.is_some() && is_unknown_session(&error);
        if self.session.attempt < self.config.reconnect.max_attempts {
            self.wait_to_retry(now, error);
        } else {
            self.give_up(now, &error);
        }
    }

    fn timer_phase(&self) -> Option<Phase> {
        self.timer.map(|(_, phase)| phase)
    }

    fn wait_to_retry(&mut self, now: Instant, error: Error) {
        self.room_gone();
        self.discard_connection();
        self.session.attempt += 1;
        self.session.is_cold = false;
        if self.enter(Trigger::Lost) != Action::WaitToRetry {
            return;
        }
        let attempt = self.session.attempt;
        let lost = Error::new(ErrorKind::ConnectionLost, format!("the connection was lost: {error}"));
        self.end_work(&lost.caused_by(&error).in_phase(Phase::Session));
        let max_attempts = self.config.reconnect.max_attempts;
        self.emit(Event::Reconnecting { attempt, max_attempts, reason: error });
        self.timer = Some((after(now, self.config.reconnect.delay(attempt)), Phase::Reconnect));
    }

    fn give_up(&mut self, now: Instant, error: &Error) {
        let tried = match self.session.attempt {
            0 => String::new(),
            attempts => format!(" and not restored in {attempts} attempts"),
        };
        let lost = Error::new(ErrorKind::ConnectionLost, format!("the connection was lost{tried}: {error}"));
        let lost = lost.caused_by(error);
        let phase = if self.session.attempt > 0 { Phase::Reconnect } else { Phase::Session };
        self.discard_connection();
        self.end_session(now, lost.in_phase(phase));
    }

    /// Leaves the current connection, if any, to be closed in the background.
    pub(super) fn discard_connection(&mut self) {
        self.room_gone();
        self.session.connection = None;
        self.outputs.push_back(Output::Discard { epoch: self.epoch });
        self.epoch += 1;
    }
}

/// Whether the parameters are for a WebSocket with a token of the start endpoint, which servers
/// take once: a second connection with it is refused for certain.
fn has_token(params: &ConnectParams) -> bool {
    let is_text =
        |keys: &[&str]| params.get(keys).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    is_text(&["wsUrl", "ws_url"]) && is_text(&["token"])
}

/// Whether the server refused the connection because it does not (or no longer) know the session or
/// its token.
fn is_unknown_session(error: &Error) -> bool {
    error.phase() == Some(Phase::TransportOpen) && matches!(error.status(), Some(401 | 403 | 404 | 410))
}

/// The error of a session that the bot ended before it was ready.
pub(super) fn bot_left_error(code: Option<u16>, reason: &str) -> Error {
    let mut text = String::from("the bot left");
    if let Some(code) = code {
        text.push_str(&format!(" with close code {code}"));
    }
    if !reason.is_empty() {
        text.push_str(": ");
        text.push_str(&excerpt(reason));
    }
    let error = Error::new(ErrorKind::ConnectionFailed, text);
    match code {
        Some(code) => error.with_status(code),
        None => error,
    }
}
