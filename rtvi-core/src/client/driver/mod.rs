//! The one task of a client: feeds the state machine and carries out what it wants.
//!
//! It decides nothing about a session. It never waits on the app: when an event queue is full it stops to take messages
//! from the transport and goes on with everything else.

mod calls;
mod config;
mod handlers;
mod journal;
mod link;
mod session_requests;
mod start;

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    runtime::Handle,
    sync::{
        mpsc::{self, error::TrySendError},
        watch,
    },
    time::Instant as TokioInstant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    error::Error,
    protocol::ServerMessage,
    transport::{
        CloseReason, HttpClient, OpenRequest, TlsOptions, Transport, TransportCommand, TransportEvent,
    },
};

use super::{
    Event, PipecatClientOptions, TransportState,
    audio::{AudioCommand, AudioControl, AudioEvent, AudioHandle, AudioTask, BotSpeech, Levels},
    function_calls::FunctionRegistry,
    hub::{EventHub, LARGE},
    machine::{CallId, Epoch, Input, Machine, Open, Output, Reply},
    status::Status,
    trace::{Recorder, Records},
};

use calls::Calls;
use config::config;
use handlers::RunningHandlers;
use link::{Link, LinkEvent};
use session_requests::SessionRequests;
use start::Start;

pub(super) use calls::PendingCall;

/// How long an app may leave its event queue full before the session is closed.
pub const STALL_LIMIT: Duration = Duration::from_secs(10);
/// How many further messages are taken at once when they are there already.
const BATCH: usize = 32;

/// The driver of one client.
pub(super) struct Driver {
    machine: Machine,
    /// What the machine is to be told as soon as what it wants was carried out: at most one for each thing it wants.
    next: VecDeque<Input>,
    recorder: Recorder,
    hub: Arc<EventHub>,
    status: watch::Sender<Status>,
    functions: Arc<FunctionRegistry>,
    transport: Arc<dyn Transport>,
    runtime: Handle,
    calls: Calls,
    audio: AudioHandle,
    /// What the audio task is to be told: a few commands for each input, given as soon as it takes them.
    audio_orders: VecDeque<AudioCommand>,
    link: Option<Link>,
    start: Start,
    session_requests: SessionRequests,
    handlers: RunningHandlers,
    levels: Levels,
    /// Whom the client trusts.
    tls: TlsOptions,
    /// Since when an event queue is full.
    stalled_since: Option<TokioInstant>,
}

impl Driver {
    pub(super) fn new(
        mut options: PipecatClientOptions,
        pending: mpsc::Receiver<PendingCall>,
        hub: Arc<EventHub>,
        functions: Arc<FunctionRegistry>,
        status: watch::Sender<Status>,
        runtime: &Handle,
    ) -> Self {
        let config = config(&options.client);
        let (task, audio) = AudioTask::new(&mut options);
        runtime.spawn(task.run());
        Self {
            recorder: Recorder::new(now()),
            machine: Machine::new(config),
            next: VecDeque::new(),
            hub,
            status,
            functions,
            transport: options.transport,
            runtime: runtime.clone(),
            calls: Calls::new(pending),
            audio,
            audio_orders: VecDeque::new(),
            link: None,
            start: Start::new(HttpClient::new(options.client.tls.clone()), options.client.timeouts.start),
            session_requests: SessionRequests::default(),
            handlers: RunningHandlers::default(),
            levels: Levels::default(),
            tls: options.client.tls,
            stalled_since: None,
        }
    }

    pub(super) fn records(&self) -> Records {
        self.recorder.records()
    }

    pub(super) fn audio_control(&self) -> AudioControl {
        self.audio.control()
    }

    /// Runs until the last handle of the client is dropped.
    pub(super) async fn run(mut self, end: CancellationToken) {
        loop {
            self.order_audio();
            let room = self.hub.has_room();
            self.watch_for_stall(room);
            let wake = self.wake_time();
            tokio::select! {
                () = end.cancelled() => break,
                event = next_link_event(&mut self.link), if room => self.on_link_event(event),
                call = self.calls.next() => match call {
                    Some(input) => self.feed(input),
                    None => break,
                },
                (epoch, result) = self.start.next() => self.feed(Input::StartAnswered { epoch, result }),
                (call, result) = self.session_requests.next() => self.feed(Input::SessionAnswered { call, result }),
                finished = self.handlers.next() => {
                    let (tool_call_id, result) = (finished.tool_call_id, finished.result);
                    self.feed(Input::FunctionFinished { tool_call_id, result });
                }
                Some(note) = self.audio.notes.recv() => self.on_audio_note(note),
                Ok(()) = self.audio.levels.changed() => self.emit_levels(),
                () = wait_for_room(&self.audio.commands), if !self.audio_orders.is_empty() => {}
                () = self.hub.wait_for_room(), if !room => {}
                () = sleep_until(wake) => self.on_wake(),
            }
        }
    }

    fn on_wake(&mut self) {
        if self.stalled_since.is_some_and(|since| since.elapsed() >= STALL_LIMIT) {
            self.stalled_since = None;
            self.feed(Input::ConsumerStalled);
        }
        self.feed(Input::Tick);
    }

    /// Gives the machine an input and carries out what it wants, and so on with what comes of that.
    fn feed(&mut self, input: Input) {
        let mut next = Some(input);
        while let Some(input) = next {
            let now = now();
            self.recorder.input(now, &input);
            self.machine.handle(now, input);
            while let Some(output) = self.machine.poll_output() {
                self.recorder.output(&output);
                self.carry_out(output);
            }
            next = self.next.pop_front();
        }
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Emit(event) => self.emit(event),
            Output::Reply { call, result } => self.settle(call, result),
            Output::OpenDevices => self.tell_audio(AudioCommand::Open),
            Output::RequestStart { epoch, request } => self.start.begin(epoch, request),
            Output::CancelStart => self.start.cancel(),
            Output::RequestSession { call, request } => {
                self.session_requests.run(call, &self.start.http, *request, self.start.cookies.clone());
            }
            Output::CancelSessionRequest { call } => self.session_requests.cancel(call),
            Output::Open(open) => self.open_link(&open),
            Output::Send { id, text, call, .. } => self.send(id, text, call),
            Output::Close { epoch } => self.close_link(epoch),
            Output::Discard { epoch } => self.discard_link(epoch),
            Output::NetworkChanged { epoch } => self.tell_network_changed(epoch),
            Output::StartAudio => self.start_audio(),
            Output::StopAudio => self.tell_audio(AudioCommand::StopCapture),
            Output::SetMic(enabled) => self.set_mic(enabled),
            Output::FlushAudio => self.flush_audio(),
            Output::FlushSpeaker => self.tell_audio(AudioCommand::FlushSpeaker(None)),
            Output::SelectDevice { device, id } => self.tell_audio(AudioCommand::Select { device, id }),
            Output::RunFunction(call) => self.run_function(call),
            Output::CancelFunction { tool_call_id } => self.handlers.cancel(&tool_call_id),
        }
    }

    fn settle(&mut self, call: CallId, result: Result<Reply, Error>) {
        self.recorder.reply(call, &result);
        let undone = self.calls.settle(call, result);
        self.next.extend(undone);
    }

    fn emit(&mut self, event: Event) {
        journal::note(&event);
        let over = matches!(event, Event::Disconnected(_));
        if over {
            self.report_levels(Levels::default());
        }
        match event {
            Event::TransportStateChanged(state) => self.follow_state(state),
            Event::Server(ref message) => self.follow_bot(message),
            _ => {}
        }
        self.status.send_if_modified(|status| status.apply(&event));
        self.hub.emit(event);
        if over {
            self.tell_audio(AudioCommand::StopPlayback);
        }
    }

    /// What the user says while a session begins may be recorded.
    fn follow_state(&mut self, state: TransportState) {
        match state {
            TransportState::Authenticating | TransportState::Connecting
                if self.status.borrow().bot.is_none() =>
            {
                self.tell_audio(AudioCommand::BeginEarly);
            }
            TransportState::Disconnecting | TransportState::Disconnected | TransportState::Error => {
                self.tell_audio(AudioCommand::EndEarly);
            }
            _ => {}
        }
    }

    /// How much of an utterance is heard is reckoned from the server's word on it.
    fn follow_bot(&mut self, message: &ServerMessage) {
        let speech = match message {
            ServerMessage::BotStartedSpeaking => BotSpeech::Began,
            ServerMessage::BotStoppedSpeaking => BotSpeech::Ended,
            ServerMessage::BotInterrupted => BotSpeech::Interrupted,
            _ => return,
        };
        self.tell_audio(AudioCommand::BotSpeech(speech));
    }

    fn open_link(&mut self, open: &Open) {
        self.start.on_open(open);
        let Open { epoch, params, start, attempt, mic_enabled, timeout } = open;
        let request = OpenRequest {
            params,
            start: start.as_ref(),
            cookies: &self.start.cookies,
            tls: &self.tls,
            attempt: *attempt,
            mic_enabled: *mic_enabled,
            open_timeout: *timeout,
        };
        match link::make(self.transport.as_ref(), request) {
            Ok(made) => {
                let playout = Arc::clone(&self.audio.playout);
                let link = Link::open(made, *epoch, playout, &self.runtime);
                self.next
                    .push_back(Input::Opening { epoch: *epoch, capabilities: link.capabilities.clone() });
                self.link = Some(link);
                self.tell_audio(AudioCommand::StartPlayback);
            }
            Err(error) => {
                let reason = CloseReason::OpenFailed(error);
                self.next.push_back(Input::TransportClosed { epoch: *epoch, reason });
            }
        }
    }

    fn close_link(&self, epoch: Epoch) {
        if let Some(link) = self.link.as_ref().filter(|link| link.epoch == epoch) {
            // A queue so full that it takes no command is not emptied in time either: the deadline then ends the link.
            link.tell(TransportCommand::Close);
        }
    }

    fn tell_network_changed(&self, epoch: Epoch) {
        if let Some(link) = self.link.as_ref().filter(|link| link.epoch == epoch) {
            // A transport with a full queue is stuck, and will notice it by itself.
            link.tell(TransportCommand::NetworkChanged);
        }
    }

    fn discard_link(&mut self, epoch: Epoch) {
        if let Some(link) = self.link.take_if(|link| link.epoch == epoch) {
            link.discard(&self.runtime);
        }
    }

    fn send(&mut self, id: String, text: String, call: Option<CallId>) {
        let sent = self.link.as_ref().is_some_and(|link| link.tell(TransportCommand::Send(text)));
        match (sent, call) {
            (true, Some(call)) => self.settle(call, Ok(Reply::Done)),
            (false, Some(call)) => self.settle(call, Err(calls::busy())),
            (false, None) => self.next.push_back(Input::SendRefused { id }),
            (true, None) => {}
        }
    }

    fn start_audio(&mut self) {
        let Some(link) = &self.link else { return };
        if let Some(capture) = link.capabilities.capture {
            let mic = link.mic.clone();
            self.tell_audio(AudioCommand::StartCapture { mic, capture });
        }
    }

    fn set_mic(&mut self, enabled: bool) {
        if let Some(link) = &self.link {
            link.tell(TransportCommand::MicEnabled(enabled));
        }
        self.tell_audio(AudioCommand::SetMic(enabled));
    }

    fn flush_audio(&mut self) {
        self.audio.playout.flush();
        self.tell_audio(AudioCommand::FlushSpeaker(None));
    }

    fn run_function(&mut self, call: super::FunctionCall) {
        match self.functions.find(&call.function_name) {
            Some(handler) => self.handlers.run(call, &handler, &self.runtime),
            None => self.next.push_back(Input::FunctionUnhandled { tool_call_id: call.tool_call_id }),
        }
    }

    fn tell_audio(&mut self, command: AudioCommand) {
        self.audio_orders.push_back(command);
    }

    /// Gives the audio task its commands, as many as it takes now.
    fn order_audio(&mut self) {
        while let Some(order) = self.audio_orders.pop_front() {
            match self.audio.commands.try_send(order) {
                Ok(()) => {}
                Err(TrySendError::Full(order)) => return self.audio_orders.push_front(order),
                Err(TrySendError::Closed(_)) => return self.audio_orders.clear(),
            }
        }
    }

    fn on_link_event(&mut self, (epoch, event): (Epoch, LinkEvent)) {
        match event {
            LinkEvent::Fact(event) => {
                if self.take(epoch, event) {
                    self.take_more(epoch);
                }
            }
            LinkEvent::Closed(reason) => {
                self.link = None;
                self.feed(Input::TransportClosed { epoch, reason });
            }
        }
    }

    /// Takes the capabilities that are there already, without going round the loop for each.
    fn take_more(&mut self, epoch: Epoch) {
        for _ in 0..BATCH {
            let Some(link) = self.link.as_mut().filter(|link| link.epoch == epoch) else { return };
            let Some(event) = link.try_next() else { return };
            if !self.take(epoch, event) {
                return;
            }
        }
    }

    /// Takes an event, and says whether another one may follow without a look at how much room there is.
    fn take(&mut self, epoch: Epoch, event: TransportEvent) -> bool {
        let bytes = if let TransportEvent::Message(text) = &event { text.len() } else { 0 };
        if let TransportEvent::AudioDropped(dropped) = &event {
            self.audio.counters.lose(dropped);
        }
        self.feed(Input::Transport { epoch, event });
        if bytes >= LARGE {
            self.hub.weigh(bytes);
        }
        bytes < LARGE
    }

    fn on_audio_note(&mut self, note: AudioEvent) {
        let input = match note {
            AudioEvent::Opened(devices) => Input::DevicesOpened(devices),
            AudioEvent::Device { device, news } => Input::DeviceEvent { device, news },
            AudioEvent::Track { started, track } => Input::Track { started, track },
            AudioEvent::Failed { device, error } => Input::DeviceFailed { device, error },
            AudioEvent::Dropped(dropped) => Input::AudioDropped(dropped),
            AudioEvent::Speech(true) => return self.emit_in_session(Event::LocalSpeechStarted),
            AudioEvent::Speech(false) => return self.emit_in_session(Event::LocalSpeechStopped),
            AudioEvent::Heard(heard) => return self.emit_in_session(Event::BotAudioHeard(heard)),
        };
        self.feed(input);
    }

    /// Tells what the machine does not care for, unless the session has ended: nothing follows its last event.
    fn emit_in_session(&mut self, event: Event) {
        if self.status.borrow().state != TransportState::Disconnected {
            self.recorder.event(&event);
            self.hub.emit(event);
        }
    }

    /// Reports new levels, unless the session has ended: nothing follows its last event.
    fn emit_levels(&mut self) {
        let levels = *self.audio.levels.borrow_and_update();
        if self.status.borrow().state != TransportState::Disconnected {
            self.recorder.levels(now(), levels.local, levels.remote);
            self.report_levels(levels);
        }
    }

    fn report_levels(&mut self, levels: Levels) {
        if levels.local.to_bits() != self.levels.local.to_bits() {
            self.hub.emit(Event::LocalAudioLevel(levels.local));
        }
        if levels.remote.to_bits() != self.levels.remote.to_bits() {
            self.hub.emit(Event::RemoteAudioLevel(levels.remote));
        }
        self.levels = levels;
    }

    fn watch_for_stall(&mut self, room: bool) {
        if room || self.link.is_none() {
            self.stalled_since = None;
        } else if self.stalled_since.is_none() {
            self.stalled_since = Some(TokioInstant::now());
        }
    }

    /// When the loop must wake: for the machine, or for a stall that lasts too long.
    fn wake_time(&self) -> Option<TokioInstant> {
        let timer = self.machine.poll_timeout().map(TokioInstant::from_std);
        let stall = self.stalled_since.map(|since| since + STALL_LIMIT);
        [timer, stall].into_iter().flatten().min()
    }
}

/// Also when the runtime shuts down, or the driver fails: nobody must wait for events that can't come.
impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(link) = self.link.take() {
            link.abort();
        }
        self.hub.close();
    }
}

fn now() -> Instant {
    TokioInstant::now().into_std()
}

async fn next_link_event(link: &mut Option<Link>) -> (Epoch, LinkEvent) {
    match link {
        Some(link) => (link.epoch, link.next().await),
        None => std::future::pending().await,
    }
}

async fn wait_for_room(queue: &mpsc::Sender<AudioCommand>) {
    drop(queue.reserve().await);
}

async fn sleep_until(at: Option<TokioInstant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
