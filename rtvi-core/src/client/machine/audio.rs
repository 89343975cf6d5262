//! Rules for audio: when it is recorded and played, and when speech and levels are reported.

use crate::{
    client::{Event, TransportState},
    protocol::ServerMessage,
};

use super::{BotSpeech, Levels, Machine, Output};

impl Machine {
    /// While a session begins, the user's speech may be recorded. When the session ends, the
    /// recording is discarded.
    pub(super) fn follow_state(&mut self) {
        use TransportState as S;
        match self.state {
            S::Authenticating | S::Connecting if self.session.bot.is_none() => {
                self.outputs.push_back(Output::StartPreConnect);
            }
            S::Disconnecting | S::Disconnected | S::Error => self.outputs.push_back(Output::StopPreConnect),
            _ => {}
        }
    }

    /// The bot is ready: sends the microphone's audio, if the transport carries audio.
    pub(super) fn start_capture(&mut self) {
        let capture = self.session.connection.as_ref().and_then(|connection| connection.capabilities.capture);
        self.outputs.extend(capture.map(Output::StartCapture));
    }

    /// The server reports that the bot's speech began, ended or was interrupted.
    pub(super) fn on_bot_speech(&mut self, speech: BotSpeech, message: ServerMessage) {
        self.outputs.push_back(Output::BotSpeech(speech));
        self.emit(Event::Server(message));
    }

    /// Reports an event unless the session has ended: nothing follows a session's last event.
    pub(super) fn emit_in_session(&mut self, event: Event) {
        if self.state != TransportState::Disconnected {
            self.emit(event);
        }
    }

    /// Reports levels that have changed, unless the session has ended.
    pub(super) fn on_levels(&mut self, levels: Levels) {
        if self.state != TransportState::Disconnected {
            self.report_levels(levels);
        }
    }

    /// Reports silence at the end of a session.
    pub(super) fn end_levels(&mut self) {
        self.report_levels(Levels::default());
    }

    fn report_levels(&mut self, levels: Levels) {
        let before = std::mem::replace(&mut self.levels, levels);
        if levels.local.to_bits() != before.local.to_bits() {
            self.emit(Event::LocalAudioLevel(levels.local));
        }
        if levels.remote.to_bits() != before.remote.to_bits() {
            self.emit(Event::RemoteAudioLevel(levels.remote));
        }
    }
}
