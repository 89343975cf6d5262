//! Messages, requests and keys of the app.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{
    client::{Event, TransportState},
    error::{Error, ErrorKind, Phase},
    protocol::{self, ClientMessage},
};

use super::{
    Action, CallId, Machine, Output, Reply, Trigger, after,
    requests::{Pending, PendingKind},
};

/// How long the server has to reject a message that it does not confirm.
const OBJECTION_TIME: Duration = Duration::from_secs(1);

impl Machine {
    pub(super) fn on_send(&mut self, call: CallId, method: &'static str, message: &ClientMessage) {
        match self.sendable(method).and_then(|()| self.supported(message)) {
            Ok(()) => self.transmit(message, Some(call)),
            Err(error) => self.reply(call, Err(error)),
        }
    }

    pub(super) fn on_request(
        &mut self,
        now: Instant,
        call: CallId,
        t: String,
        d: Option<Value>,
        timeout: Duration,
    ) {
        let message = ClientMessage::ClientMessage { t: t.clone(), d };
        self.await_answer(
            call,
            "send_client_request",
            &message,
            after(now, timeout),
            PendingKind::Request { t },
        );
    }

    pub(super) fn on_append_to_context(
        &mut self,
        now: Instant,
        call: CallId,
        method: &'static str,
        message: &ClientMessage,
    ) {
        self.await_answer(call, method, message, now + OBJECTION_TIME, PendingKind::Unopposed);
    }

    pub(super) fn on_send_dtmf(&mut self, call: CallId, method: &'static str, keys: &str) {
        let version = self.bot_version().unwrap_or(protocol::PROTOCOL_VERSION);
        let messages = self.sendable(method).and_then(|()| ClientMessage::dtmf(keys, version));
        match messages {
            Ok(messages) => self.transmit_all(call, &messages),
            Err(error) => self.reply(call, Err(error)),
        }
    }

    /// Sends several messages for one call, which is settled with the last.
    fn transmit_all(&mut self, call: CallId, messages: &[ClientMessage]) {
        let Some((last, first)) = messages.split_last() else {
            return self.reply(call, Ok(Reply::Done));
        };
        for message in first {
            self.transmit(message, None);
        }
        self.transmit(last, Some(call));
    }

    fn await_answer(
        &mut self,
        call: CallId,
        method: &'static str,
        message: &ClientMessage,
        deadline: Instant,
        kind: PendingKind,
    ) {
        if let Err(error) = self.sendable(method) {
            return self.reply(call, Err(error));
        }
        if self.requests.is_full() {
            return self.reply(call, Err(busy("requests wait for an answer")));
        }
        let (id, text) = self.encode(message);
        if let Err(error) = self.fits(&text) {
            return self.reply(call, Err(error));
        }
        self.requests.add(Pending { id: id.clone(), call, deadline, kind });
        self.outputs.push_back(Output::Send { id, wire_type: message.wire_type(), text, call: None });
    }

    /// The transport's queue was full. A message without a call, such as a function's result, is
    /// lost.
    pub(super) fn on_send_refused(&mut self, id: &str) {
        let error = busy("messages wait to be sent");
        match self.requests.take(id) {
            Some(pending) => self.reply(pending.call, Err(error)),
            None => self.emit(Event::Error { error: error.in_phase(Phase::Session), fatal: false }),
        }
    }

    /// Sends a message if it is not too large; settles `call` when there is one.
    pub(super) fn transmit(&mut self, message: &ClientMessage, call: Option<CallId>) {
        match (self.try_transmit(message, call), call) {
            (Ok(()), _) => {}
            (Err(error), Some(call)) => self.reply(call, Err(error)),
            (Err(error), None) => self.emit(Event::Error { error, fatal: false }),
        }
    }

    /// Sends a message if it is not too large.
    pub(super) fn try_transmit(
        &mut self,
        message: &ClientMessage,
        call: Option<CallId>,
    ) -> Result<(), Error> {
        let (id, text) = self.encode(message);
        let wire_type = message.wire_type();
        self.fits(&text)?;
        self.outputs.push_back(Output::Send { id, wire_type, text, call });
        Ok(())
    }

    fn encode(&mut self, message: &ClientMessage) -> (String, String) {
        let id = self.ids.next();
        let text = protocol::encode(&id, message);
        (id, text)
    }

    fn fits(&self, text: &str) -> Result<(), Error> {
        let limit = self
            .session
            .connection
            .as_ref()
            .map_or(usize::MAX, |connection| connection.capabilities.max_message_size);
        if text.len() <= limit {
            return Ok(());
        }
        let text = format!("the message has {} bytes; this transport carries at most {limit}", text.len());
        Err(Error::new(ErrorKind::MessageTooLarge, text).in_phase(Phase::Session))
    }

    fn sendable(&self, method: &str) -> Result<(), Error> {
        if self.look_up(Trigger::Send) == Action::Deliver {
            return Ok(());
        }
        let text = match self.state {
            TransportState::Connecting if self.session.established => {
                format!("{method} is not possible while the connection is being restored")
            }
            state => format!("{method} is only possible when the bot is ready; the client is {state}"),
        };
        Err(Error::new(ErrorKind::NotReady, text))
    }

    fn supported(&self, message: &ClientMessage) -> Result<(), Error> {
        self.bot_version().map_or(Ok(()), |version| message.check_supported(version))
    }

    pub(super) fn on_enable_mic(&mut self, call: CallId, enabled: bool) {
        self.mic_enabled = enabled;
        self.outputs.push_back(Output::SetMic(enabled));
        if enabled {
            self.set_mic_muted(false);
        }
        self.reply(call, Ok(Reply::Done));
    }

    pub(super) fn on_flush(&mut self, call: CallId) {
        self.outputs.push_back(Output::FlushAudio);
        self.reply(call, Ok(Reply::Done));
    }
}

fn busy(what: &str) -> Error {
    Error::new(ErrorKind::Busy, format!("too many {what}; try again later"))
}
