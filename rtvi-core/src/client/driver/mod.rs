//! The one task of a client: feeds the state machine and executes its outputs.
//!
//! It decides nothing about a session and never waits for the app. While an event queue is full it
//! takes no messages from the transport, but everything else continues.

mod calls;
mod config;
mod connection;
mod connection_task;
mod handlers;
mod journal;
mod session_requests;
mod start;

use std::{collections::VecDeque, sync::Arc, time::Instant};

use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    time::Instant as TokioInstant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    error::Error,
    transport::{CaptureFormat, HttpClient, TlsOptions, Transport, TransportCommand},
};

use super::{
    Event, PipecatClientOptions,
    audio::{AudioCommand, AudioControl, AudioEvent, AudioHandle, AudioOrders, AudioTask},
    function_calls::FunctionRegistry,
    hub::EventHub,
    machine::{CallId, DeviceKind, Epoch, Input, Machine, Output, Reply, VideoConfig},
    status::Status,
    trace::{Recorder, Records},
    video::VideoHandle,
};

use calls::Calls;
use config::config;
use connection_task::{ConnectionEvent, ConnectionTask};
use handlers::RunningHandlers;
use session_requests::SessionRequests;
use start::Start;

pub(super) use calls::PendingCall;

/// The driver of one client.
pub(super) struct Driver {
    machine: Machine,
    /// Inputs to feed once the current outputs have been executed; at most one per output.
    next: VecDeque<Input>,
    recorder: Recorder,
    hub: Arc<EventHub>,
    status: watch::Sender<Status>,
    functions: Arc<FunctionRegistry>,
    transport: Arc<dyn Transport>,
    runtime: Handle,
    calls: Calls,
    audio: AudioHandle,
    video: VideoHandle,
    /// Commands for the audio task, sent as soon as its queue has room.
    audio_orders: AudioOrders,
    connection: Option<ConnectionTask>,
    start: Start,
    session_requests: SessionRequests,
    handlers: RunningHandlers,
    /// The servers that the client trusts.
    tls: TlsOptions,
    /// Whether every event queue had room when the machine was last informed.
    has_room: bool,
}

impl Driver {
    pub(super) fn new(
        mut options: PipecatClientOptions,
        pending: mpsc::Receiver<PendingCall>,
        (hub, functions, status): (Arc<EventHub>, Arc<FunctionRegistry>, watch::Sender<Status>),
        (video, video_config): (VideoHandle, VideoConfig),
        runtime: &Handle,
    ) -> Self {
        let config = config(&options.client, video_config);
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
            video,
            audio_orders: AudioOrders::default(),
            connection: None,
            start: Start::new(HttpClient::new(options.client.tls.clone()), options.client.timeouts.start),
            session_requests: SessionRequests::default(),
            handlers: RunningHandlers::default(),
            tls: options.client.tls,
            has_room: true,
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
            let room = self.look_for_room();
            self.audio_orders.send(&self.audio.commands);
            let wake = self.machine.poll_timeout().map(TokioInstant::from_std);
            tokio::select! {
                () = end.cancelled() => break,
                event = next_connection_event(&mut self.connection), if room => self.on_connection_event(event),
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
                input = self.video.next() => self.feed(input),
                Some(event) = self.audio.events.recv() => self.on_audio_event(event),
                Ok(()) = self.audio.levels.changed() => {
                    let levels = *self.audio.levels.borrow_and_update();
                    self.feed(Input::Levels(levels));
                }
                () = wait_for_room(&self.audio.commands), if !self.audio_orders.is_empty() => {}
                () = self.hub.wait_for_room(), if !room => {}
                () = sleep_until(wake) => self.feed(Input::Tick),
            }
        }
    }

    /// Checks whether every event queue has room, and informs the machine of a change.
    fn look_for_room(&mut self) -> bool {
        let room = self.hub.has_room();
        if std::mem::replace(&mut self.has_room, room) != room {
            self.feed(Input::EventQueue { full: !room });
        }
        room
    }

    /// Feeds an input to the machine and executes its outputs, then feeds the inputs that result.
    fn feed(&mut self, input: Input) {
        self.feed_at(now(), input);
    }

    fn feed_at(&mut self, now: Instant, input: Input) {
        let mut next = Some(input);
        while let Some(input) = next {
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
            Output::OpenDevices => self.open_devices(),
            Output::RequestStart { epoch, request } => self.start.begin(epoch, *request),
            Output::CancelStart => self.start.cancel(),
            Output::RequestSession { call, request } => {
                self.session_requests.run(call, &self.start.http, *request, self.start.cookies.clone());
            }
            Output::CancelSessionRequest { call } => self.session_requests.cancel(call),
            Output::Open(open) => self.open_connection(&open),
            Output::Send { id, text, call, .. } => self.send(id, text, call),
            Output::Close { epoch } => self.close_connection(epoch),
            Output::Discard { epoch } => self.discard_connection(epoch),
            Output::NetworkChanged { epoch } => self.tell_network_changed(epoch),
            Output::StartPlayback => self.tell_audio(AudioCommand::StartPlayback),
            Output::StopPlayback => self.tell_audio(AudioCommand::StopPlayback),
            Output::StartCapture(capture) => self.start_capture(capture),
            Output::StopCapture => self.tell_audio(AudioCommand::StopCapture),
            Output::StartPreConnect => self.tell_audio(AudioCommand::BeginEarly),
            Output::StopPreConnect => self.tell_audio(AudioCommand::EndEarly),
            Output::BotSpeech(speech) => self.tell_audio(AudioCommand::BotSpeech(speech)),
            Output::SetMic(enabled) => self.set_mic(enabled),
            Output::FlushAudio => self.flush_audio(),
            Output::FlushSpeaker => self.tell_audio(AudioCommand::FlushSpeaker(None)),
            Output::SelectDevice { device, id } => self.select_device(device, id),
            Output::ShowVideo { shown, on } => self.video.show(shown, on),
            Output::RunFunction(call) => self.run_function(call),
            Output::CancelFunction { tool_call_id } => self.handlers.cancel(&tool_call_id),
        }
    }

    fn settle(&mut self, call: CallId, result: Result<Reply, Error>) {
        self.recorder.reply(call, &result);
        let undone = self.calls.settle(call, result);
        self.next.extend(undone);
    }

    fn emit(&self, event: Event) {
        journal::note(&event);
        if Status::depends_on(&event) {
            self.status.send_if_modified(|status| status.apply(&event));
        }
        self.hub.emit(event);
    }

    fn open_devices(&mut self) {
        self.video.watch();
        self.tell_audio(AudioCommand::Open);
    }

    fn select_device(&mut self, device: DeviceKind, id: String) {
        match device {
            DeviceKind::Mic | DeviceKind::Speaker => self.tell_audio(AudioCommand::Select { device, id }),
            DeviceKind::Cam | DeviceKind::Screen => self.video.select(device, id),
        }
    }

    fn start_capture(&mut self, capture: CaptureFormat) {
        if let Some(connection) = &self.connection {
            let mic = connection.mic.clone();
            self.tell_audio(AudioCommand::StartCapture { mic, capture });
        }
    }

    fn set_mic(&mut self, enabled: bool) {
        if let Some(connection) = &self.connection {
            connection.tell(TransportCommand::MicEnabled(enabled));
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
        self.audio_orders.push(command);
    }

    fn on_audio_event(&mut self, event: AudioEvent) {
        self.feed(match event {
            AudioEvent::Opened(devices) => Input::DevicesOpened(devices),
            AudioEvent::Device { device, event } => Input::DeviceEvent { device, event },
            AudioEvent::Track { started, track } => Input::Track { started, track },
            AudioEvent::Failed { device, error } => Input::DeviceFailed { device, error },
            AudioEvent::Recovered { device } => Input::DeviceRecovered { device },
            AudioEvent::Dropped(dropped) => Input::AudioDropped(dropped),
            AudioEvent::Speech(speaking) => Input::LocalSpeech { speaking },
            AudioEvent::Heard(heard) => Input::BotAudioHeard(heard),
        });
    }
}

/// Also runs when the runtime shuts down or the driver panics, so that no one waits for events in
/// vain.
impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.abort();
        }
        self.hub.close();
    }
}

fn now() -> Instant {
    TokioInstant::now().into_std()
}

async fn next_connection_event(connection: &mut Option<ConnectionTask>) -> (Epoch, ConnectionEvent) {
    match connection {
        Some(connection) => (connection.epoch, connection.next().await),
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
