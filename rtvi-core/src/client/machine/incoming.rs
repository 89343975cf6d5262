//! Messages of the server: answers, function calls, and what is passed on to the app.

use std::time::Instant;

use crate::{
    client::{Event, Track, TransportState},
    error::{Error, ErrorKind, Phase, excerpt},
    log,
    protocol::{
        self, BotErrorData, BotReadyData, Decoded, Incoming, ServerMessage, ServerResponseData, Version,
        Violation,
    },
};

use super::{
    Action, BotSpeech, Machine, Output, Reply, Trigger,
    requests::{Pending, PendingKind},
};

impl Machine {
    pub(super) fn on_message(&mut self, now: Instant, message: Decoded) {
        match message {
            Decoded::Message(incoming) => self.on_incoming(now, incoming),
            Decoded::Foreign { label } => self.on_foreign(label),
            Decoded::Invalid(violation) => self.on_violation(violation),
        }
    }

    fn on_incoming(&mut self, now: Instant, Incoming { id, message }: Incoming) {
        match message {
            ServerMessage::BotReady(data) => self.on_bot_ready(now, data),
            ServerMessage::Error(data) => self.on_bot_error(now, data),
            ServerMessage::ErrorResponse(data) => self.on_error_response(id, data.error),
            ServerMessage::ServerResponse(data) => self.on_server_response(id.as_deref(), data),
            ServerMessage::BotStartedSpeaking => self.on_bot_speech(BotSpeech::Began, message),
            ServerMessage::BotStoppedSpeaking => self.on_bot_speech(BotSpeech::Ended, message),
            ServerMessage::BotInterrupted => self.on_bot_interrupted(),
            ServerMessage::UserStartedSpeaking => self.on_user_started_speaking(),
            ServerMessage::LlmFunctionCall(_) | ServerMessage::LlmFunctionCallInProgress(_) => {
                self.on_function_call(now, message);
            }
            ServerMessage::LlmFunctionCallStopped(ref data) => {
                let tool_call_id = data.tool_call_id.clone();
                self.emit(Event::Server(message));
                self.cancel_function(&tool_call_id);
            }
            other => self.emit(Event::Server(other)),
        }
    }

    fn on_bot_ready(&mut self, now: Instant, data: BotReadyData) {
        match self.enter(Trigger::BotReady) {
            Action::BeginSession => self.begin_session(now, data),
            _ if self.is_greeted() => self.on_bot_ready_again(data),
            _ => log::debug!("ignored a bot-ready that nobody waits for"),
        }
    }

    fn begin_session(&mut self, now: Instant, data: BotReadyData) {
        self.timer = None;
        self.session.bot = Some(data.clone());
        self.session.established = true;
        self.session.ready_since = Some(now);
        self.emit(Event::Server(ServerMessage::BotReady(data)));
        self.start_capture();
        self.settle_connected();
        self.start_video();
    }

    fn on_bot_error(&mut self, now: Instant, data: BotErrorData) {
        let (text, fatal) = (excerpt(&data.error), data.fatal);
        self.emit(Event::Server(ServerMessage::Error(data)));
        if fatal {
            let error = Error::new(ErrorKind::BotError, format!("the bot reported a fatal error: {text}"));
            let phase = if self.session.established { Phase::Session } else { Phase::BotReady };
            self.end_session(now, error.in_phase(phase));
        }
    }

    fn on_error_response(&mut self, id: Option<String>, text: String) {
        if let Some(pending) = id.as_deref().and_then(|id| self.requests.take(id)) {
            let result = Err(rejection(&pending, &text));
            self.reply(pending.call, result);
        }
        self.emit(Event::MessageError { id, error: text });
    }

    fn on_server_response(&mut self, id: Option<&str>, data: ServerResponseData) {
        match id.and_then(|id| self.requests.take(id)) {
            Some(pending) => self.reply(pending.call, Ok(Reply::Answer(data.d))),
            None => self.emit(Event::Server(ServerMessage::ServerResponse(data))),
        }
    }

    /// A message that is not RTVI is reported and dropped.
    fn on_foreign(&mut self, label: Option<String>) {
        let found = label.map_or_else(|| "none".to_owned(), |label| format!("{label:?}"));
        let reason = format!("label: expected {:?}, found {found}", protocol::MESSAGE_LABEL);
        self.emit(Event::ProtocolError { wire_type: None, reason });
    }

    /// A message whose payload is wrong; if it answers a request, the request fails with it.
    fn on_violation(&mut self, Violation { wire_type, id, reason }: Violation) {
        if let Some(pending) = id.as_deref().and_then(|id| self.requests.take(id)) {
            let error =
                Error::new(ErrorKind::Protocol, format!("the server's answer can't be read: {reason}"));
            self.reply(pending.call, Err(error.in_phase(Phase::Request)));
        }
        self.emit(Event::ProtocolError { wire_type, reason });
    }

    fn on_bot_interrupted(&mut self) {
        if self.session.connection.as_ref().is_some_and(|connection| !connection.interrupts) {
            self.outputs.push_back(Output::FlushAudio);
        }
        self.on_bot_speech(BotSpeech::Interrupted, ServerMessage::BotInterrupted);
    }

    /// Bots before RTVI 2 report an interruption in no other way.
    fn on_user_started_speaking(&mut self) {
        if self.bot_version().is_some_and(Version::is_legacy) {
            self.outputs.push_back(Output::FlushAudio);
        }
        self.emit(Event::Server(ServerMessage::UserStartedSpeaking));
    }

    /// Ends the session's work: requests fail with `error`, handlers are aborted, the microphone
    /// stops.
    pub(super) fn end_work(&mut self, error: &Error) {
        for pending in self.requests.take_all() {
            self.reply(pending.call, Err(error.clone()));
        }
        for tool_call_id in self.functions.end_session() {
            self.outputs.push_back(Output::CancelFunction { tool_call_id });
        }
        self.end_mic_track();
        self.outputs.push_back(Output::StopCapture);
        self.end_video();
    }

    pub(super) fn expire_requests(&mut self, now: Instant) {
        while let Some(pending) = self.requests.take_expired(now) {
            let result = match &pending.kind {
                PendingKind::Unopposed => Ok(Reply::Done),
                PendingKind::Request { t } => {
                    let text = format!("no answer to the request {t:?} in time");
                    Err(Error::new(ErrorKind::Timeout, text).in_phase(Phase::Request))
                }
            };
            self.reply(pending.call, result);
        }
    }

    /// The microphone's audio began or ended. Late reports after the session's end change nothing.
    pub(super) fn on_track(&mut self, started: bool, track: Track) {
        if !started {
            return self.end_mic_track();
        }
        if self.state != TransportState::Ready {
            return;
        }
        self.on_mic_flows();
        self.session.mic_track = Some(track.clone());
        self.emit(Event::TrackStarted(track));
    }

    fn end_mic_track(&mut self) {
        if let Some(track) = self.session.mic_track.take() {
            self.emit(Event::TrackStopped(track));
        }
    }
}

/// The error of a request that the server rejected.
fn rejection(pending: &Pending, text: &str) -> Error {
    let text = excerpt(text);
    match &pending.kind {
        PendingKind::Request { .. } => Error::new(ErrorKind::RequestFailed, text).in_phase(Phase::Request),
        PendingKind::Unopposed => {
            let text = format!(
                "append_to_context was removed from Pipecat servers (this one says: {text}); \
                 use send_text with run_immediately false"
            );
            Error::new(ErrorKind::UnsupportedFeature, text).in_phase(Phase::Request)
        }
    }
}
