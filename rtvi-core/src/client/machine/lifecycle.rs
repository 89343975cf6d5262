//! Opening devices, starting, connecting and disconnecting: the calls that walk through the states.

use std::time::Instant;

use serde_json::{Map, Value};

use crate::{
    client::{DisconnectReason, Event},
    error::{Error, ErrorKind, Phase},
    transport::{ApiRequest, ConnectParams, pipecat_cloud},
};

use super::{Action, CallId, Command, Epoch, Machine, Output, Reply, Trigger, after};

/// A call that walks through several states; the steps it still has to take.
#[derive(Debug)]
pub(super) struct Lifecycle {
    call: CallId,
    method: &'static str,
    start: Option<ApiRequest>,
    connect: Option<BotPlace>,
    /// The result of `start_bot`.
    started: Option<ConnectParams>,
}

/// Where `connect` finds the bot.
#[derive(Debug)]
enum BotPlace {
    Given(ConnectParams),
    StartAnswer,
}

impl Lifecycle {
    /// The trigger of the first step that the app asked for.
    const fn first_trigger(&self) -> Trigger {
        match (&self.start, &self.connect) {
            (Some(_), _) => Trigger::StartBot,
            (None, Some(_)) => Trigger::Connect,
            (None, None) => Trigger::InitDevices,
        }
    }
}

impl Machine {
    pub(super) fn on_call(&mut self, now: Instant, call: CallId, command: Box<Command>) {
        let method = command.method();
        let walk = |start, connect| Lifecycle { call, method, start, connect, started: None };
        match *command {
            Command::InitDevices => self.begin(now, walk(None, None)),
            Command::StartBot(request) => self.begin(now, walk(Some(request), None)),
            Command::Connect(params) => self.begin(now, walk(None, Some(BotPlace::Given(params)))),
            Command::StartBotAndConnect(request) => {
                self.begin(now, walk(Some(request), Some(BotPlace::StartAnswer)))
            }
            Command::Disconnect => self.on_disconnect(now, call),
            Command::Send { message, .. } => self.on_send(call, method, &message),
            Command::Request { t, d, timeout } => self.on_request(now, call, t, d, timeout),
            Command::SessionRequest(asked) => self.on_session_request(call, method, asked),
            Command::SendDtmf(keys) => self.on_send_dtmf(call, method, &keys),
            Command::AppendToContext(message) => self.on_append_to_context(now, call, method, &message),
            Command::EnableMic(enabled) => self.on_enable_mic(call, enabled),
            Command::EnableVideo { shown, enable } => self.on_enable_video(call, shown, enable),
            Command::SelectDevice { device, id } => self.on_select_device(call, device, id),
            Command::FlushBotAudio => self.on_flush(call),
            Command::NetworkChanged => self.on_network_changed(now, call),
        }
    }

    fn begin(&mut self, now: Instant, lifecycle: Lifecycle) {
        let trigger = lifecycle.first_trigger();
        match self.look_up(trigger) {
            Action::Refuse => self.reply(lifecycle.call, Err(self.refusal(lifecycle.method))),
            Action::Settle => self.reply(lifecycle.call, self.devices_result()),
            _ if self.devices_open && trigger == Trigger::InitDevices => {
                self.reply(lifecycle.call, self.devices_result());
            }
            _ => {
                self.lifecycle = Some(lifecycle);
                self.advance(now);
            }
        }
    }

    /// Takes the next step of the call that is walking through the states, or settles it.
    pub(super) fn advance(&mut self, now: Instant) {
        if !self.devices_open {
            return self.open_devices(now);
        }
        let Some(lifecycle) = &mut self.lifecycle else { return };
        if let Some(request) = lifecycle.start.take() {
            return self.request_start(now, request);
        }
        match lifecycle.connect.take() {
            Some(target) => self.begin_connect(now, target),
            None => self.settle_lifecycle(),
        }
    }

    /// Settles a call that has taken all its steps short of a connection.
    fn settle_lifecycle(&mut self) {
        if let Some(lifecycle) = self.lifecycle.take() {
            let result = match lifecycle.started {
                Some(params) => Ok(Reply::Started(params)),
                None => self.devices_result(),
            };
            self.reply(lifecycle.call, result);
        }
    }

    /// Settles a call that waited for bot-ready.
    pub(super) fn settle_connected(&mut self) {
        if let (Some(lifecycle), Some(bot)) = (self.lifecycle.take(), self.session.bot.clone()) {
            self.session.connected_by = Some(lifecycle.call);
            self.reply(lifecycle.call, Ok(Reply::BotReady(Box::new(bot))));
        }
    }

    fn request_start(&mut self, now: Instant, request: ApiRequest) {
        self.enter(Trigger::StartBot);
        self.session.start = Some(request.clone());
        self.send_start(now, request);
    }

    /// Sends the start request, for the first time or again.
    pub(super) fn send_start(&mut self, now: Instant, request: ApiRequest) {
        self.epoch += 1;
        self.timer = Some((after(now, self.start_timeout()), Phase::StartRequest));
        self.outputs.push_back(Output::RequestStart { epoch: self.epoch, request: Box::new(request) });
    }

    pub(super) fn on_start_answered(
        &mut self,
        now: Instant,
        epoch: Epoch,
        result: Result<Map<String, Value>, Error>,
    ) {
        if epoch != self.epoch {
            return;
        }
        match (self.look_up(Trigger::StartAnswered), result) {
            (Action::Continue, result) => self.on_started(now, result),
            (Action::OpenTransport, result) => self.on_started_again(now, result),
            _ => {}
        }
    }

    fn on_started(&mut self, now: Instant, result: Result<Map<String, Value>, Error>) {
        self.timer = None;
        match result {
            Ok(answer) => {
                self.enter(Trigger::StartAnswered);
                self.session.is_cold = self.starts_cold();
                self.session.params = ConnectParams::new(answer.clone());
                self.emit(Event::BotStarted(Value::Object(answer)));
                if let Some(lifecycle) = &mut self.lifecycle {
                    lifecycle.started = Some(self.session.params.clone());
                }
                self.advance(now);
            }
            Err(error) => self.fail(error.in_phase(Phase::StartRequest)),
        }
    }

    /// Whether the bot of this session may still have to be started when the start endpoint has
    /// answered.
    pub(super) fn starts_cold(&self) -> bool {
        self.session.start.as_ref().is_some_and(|start| pipecat_cloud::agent(&start.endpoint).is_some())
    }

    fn begin_connect(&mut self, now: Instant, place: BotPlace) {
        if let BotPlace::Given(params) = place {
            self.session.params = params;
        }
        self.open_transport(now, Trigger::Connect);
    }

    fn on_disconnect(&mut self, now: Instant, call: CallId) {
        self.disconnects.push(call);
        match self.enter(Trigger::Disconnect) {
            Action::Settle => self.settle_disconnects(),
            Action::BeginDisconnect => self.begin_disconnect(now),
            _ => {}
        }
    }

    /// The app dropped the future of a call. A connect is undone, also if its reply came too late
    /// to be received. A request is forgotten.
    pub(super) fn on_call_dropped(&mut self, now: Instant, call: CallId) {
        self.requests.take_call(call);
        self.drop_session_request(call);
        self.disconnects.retain(|waiting| *waiting != call);
        let was_connecting = self.lifecycle.take_if(|lifecycle| lifecycle.call == call).is_some();
        if !was_connecting && self.session.connected_by != Some(call) {
            return;
        }
        if self.enter(Trigger::Disconnect) == Action::BeginDisconnect {
            self.begin_disconnect(now);
        }
    }

    /// Starting or connecting failed: cleans up, reports, and settles the call with the error.
    pub(super) fn fail(&mut self, error: Error) {
        if self.look_up(Trigger::Failed) != Action::Fail {
            return;
        }
        self.emit(Event::Error { error: error.clone(), fatal: true });
        self.enter(Trigger::Failed);
        self.session.end = DisconnectReason::Failed(error);
        self.settle_work();
        self.discard_connection();
        self.finish_disconnect();
    }

    /// The established session can't go on.
    pub(super) fn end_session(&mut self, now: Instant, error: Error) {
        if !self.session.established {
            return self.fail(error);
        }
        if self.look_up(Trigger::Ended) != Action::BeginDisconnect {
            return;
        }
        self.emit(Event::Error { error: error.clone(), fatal: true });
        self.enter(Trigger::Ended);
        self.session.end = DisconnectReason::Failed(error);
        self.begin_disconnect(now);
    }

    /// Settles everything and closes the transport; ends at once when there is none, or none that
    /// opened.
    pub(super) fn begin_disconnect(&mut self, now: Instant) {
        self.settle_work();
        match &self.session.connection {
            Some(connection) if connection.opened => {
                self.outputs.push_back(Output::Close { epoch: connection.epoch });
                self.timer = Some((now + crate::client::DISCONNECT_TIMEOUT, Phase::Disconnect));
            }
            _ => {
                self.discard_connection();
                self.finish_disconnect();
            }
        }
    }

    /// The transport did not close in time.
    pub(super) fn abandon_connection(&mut self) {
        self.discard_connection();
        self.finish_disconnect();
    }

    /// Stops what runs in a session: the start request, requests, handlers, audio.
    fn settle_work(&mut self) {
        self.timer = None;
        self.outputs.push_back(Output::CancelStart);
        self.end_session_requests();
        self.end_work(&Error::new(ErrorKind::Cancelled, "the session was closed"));
    }

    /// The session is over: reports it and settles every call that waits for its end.
    pub(super) fn finish_disconnect(&mut self) {
        self.timer = None;
        self.room_gone();
        self.tell_last_drops();
        self.enter(Trigger::Closed);
        let end = std::mem::take(&mut self.session).end;
        self.end_levels();
        self.emit(Event::Disconnected(end.clone()));
        self.outputs.push_back(Output::StopPlayback);
        if let Some(lifecycle) = self.lifecycle.take() {
            self.reply(lifecycle.call, Err(end_error(end, lifecycle.method)));
        }
        self.settle_disconnects();
    }

    fn settle_disconnects(&mut self) {
        for call in std::mem::take(&mut self.disconnects) {
            self.reply(call, Ok(Reply::Done));
        }
    }

    /// The error of a call that is not possible in the present state.
    fn refusal(&self, method: &str) -> Error {
        use crate::client::TransportState as S;
        let state = self.state;
        let kind = match state {
            S::Authenticating | S::Connecting | S::Connected | S::Ready => ErrorKind::AlreadyStarted,
            _ => ErrorKind::InvalidState,
        };
        Error::new(kind, format!("{method} is not possible while {state}; disconnect first"))
    }
}

/// The error for a call whose session ended before the call was done.
fn end_error(end: DisconnectReason, method: &str) -> Error {
    match end {
        DisconnectReason::Failed(error) => error,
        DisconnectReason::Requested => {
            Error::new(ErrorKind::Cancelled, format!("{method} was given up: the session was closed"))
        }
        DisconnectReason::BotLeft { code, reason } => super::connection::bot_left_error(code, &reason),
    }
}
