//! The state machine: every rule of a session, without I/O, clock or threads.
//!
//! The contract with the driver: call [`Machine::handle`], then [`Machine::poll_output`] until it
//! gives `None`, then read [`Machine::poll_timeout`] and come back with [`Input::Tick`] at that
//! time. May use the pure parts of `protocol` and the values of `transport` and `client`; must
//! never do I/O, read a clock, spawn, or call the app.
//!
//! It is the only writer of [`TransportState`]. Events of a connection other than the current one
//! (by [`Epoch`]) are dropped.

mod audio;
mod calling;
mod connection;
mod devices;
mod drops;
mod functions;
mod ids;
mod incoming;
mod input;
mod lifecycle;
mod output;
mod requests;
mod room;
mod sending;
mod session_requests;
mod stall;
mod transition;
mod video;

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use crate::{
    client::{DisconnectReason, Event, MediaState, ReconnectPolicy, Timeouts, Track, TransportState},
    error::{Error, ErrorKind, Phase},
    protocol::{AboutData, BotReadyData, Version},
    transport::{ApiRequest, ConnectParams, Participant, TransportCapabilities},
};

use devices::DeviceFacts;
use drops::Drops;
use functions::Functions;
use ids::Ids;
use lifecycle::Lifecycle;
use requests::Requests;
use transition::{Action, Trigger, transition};

pub(crate) use input::{Asked, CallId, Command, DeviceKind, Devices, Epoch, Input, Levels};
pub(crate) use output::{BotSpeech, Open, Output, Reply};
pub(crate) use video::{Shown, VideoConfig, VideoSourceKind, VideoStream};

/// The longest wait. Apps may pass any duration, even `Duration::MAX`; adding this one never
/// overflows.
const LONGEST_WAIT: Duration = Duration::from_secs(400 * 86_400);

/// The machine's configuration.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) deadlines: Timeouts,
    pub(crate) reconnect: ReconnectPolicy,
    pub(crate) disconnect_on_bot_disconnect: bool,
    pub(crate) about: AboutData,
    pub(crate) mic_enabled: bool,
    pub(crate) video: VideoConfig,
    /// Where message ids start, so that ids of different clients differ.
    pub(crate) id_seed: u32,
}

/// The state machine of one client.
#[derive(Debug)]
pub(crate) struct Machine {
    config: Config,
    state: TransportState,
    /// The call that is opening devices, starting or connecting.
    lifecycle: Option<Lifecycle>,
    /// The calls that wait for the disconnect.
    disconnects: Vec<CallId>,
    session: Session,
    requests: Requests,
    functions: Functions,
    drops: Drops,
    /// The requests of the app to the session's own endpoints that are under way.
    session_requests: Vec<CallId>,
    /// The one deadline of the present state, and what it is for.
    timer: Option<(Instant, Phase)>,
    media: MediaState,
    mic: DeviceFacts,
    speaker: DeviceFacts,
    cam: DeviceFacts,
    devices_open: bool,
    mic_enabled: bool,
    levels: Levels,
    /// When an event queue of the app became full.
    stalled_since: Option<Instant>,
    epoch: Epoch,
    ids: Ids,
    outputs: VecDeque<Output>,
}

/// What is known of the present session; forgotten at its end.
#[derive(Debug)]
struct Session {
    start: Option<ApiRequest>,
    params: ConnectParams,
    connection: Option<ConnectionFacts>,
    bot: Option<BotReadyData>,
    /// The call that connected. If its reply was not received, the session is undone.
    connected_by: Option<CallId>,
    /// Whether bot-ready was reached, so that a lost connection is restored.
    established: bool,
    ready_since: Option<Instant>,
    /// Whether the server no longer knows the session, so that the bot must be started again before
    /// the next attempt.
    is_stale: bool,
    /// Whether the bot may have to be started by Pipecat Cloud before it answers.
    is_cold: bool,
    /// How many attempts were made to restore the connection.
    attempt: u32,
    /// The microphone's audio, while it flows.
    mic_track: Option<Track>,
    /// The video that flows, the user's and the bot's.
    video_tracks: Vec<Track>,
    end: DisconnectReason,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            start: None,
            params: ConnectParams::default(),
            connection: None,
            bot: None,
            connected_by: None,
            established: false,
            ready_since: None,
            is_stale: false,
            is_cold: false,
            attempt: 0,
            mic_track: None,
            video_tracks: Vec::new(),
            end: DisconnectReason::Requested,
        }
    }
}

/// The present connection.
#[derive(Debug)]
struct ConnectionFacts {
    epoch: Epoch,
    capabilities: TransportCapabilities,
    opened: bool,
    /// The bot's side, while it is there.
    bot: Option<Participant>,
    /// Whether a bot that joined an open room has not answered that it is ready.
    greets: bool,
    /// The other participants of the room.
    others: Vec<Participant>,
    bot_audio: bool,
    carries_video: bool,
    /// Whether the transport says itself when the bot is interrupted, and has then dropped the
    /// bot's audio. A message that says the same may come late, when newer audio is there already.
    interrupts: bool,
}

impl Machine {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            state: TransportState::Disconnected,
            lifecycle: None,
            disconnects: Vec::new(),
            session: Session::default(),
            requests: Requests::default(),
            functions: Functions::default(),
            drops: Drops::default(),
            session_requests: Vec::new(),
            timer: None,
            media: MediaState::default(),
            mic: DeviceFacts::default(),
            speaker: DeviceFacts::default(),
            cam: DeviceFacts::default(),
            devices_open: false,
            mic_enabled: config.mic_enabled,
            levels: Levels::default(),
            stalled_since: None,
            epoch: 0,
            ids: Ids::new(config.id_seed),
            outputs: VecDeque::new(),
            config,
        }
    }

    /// Handles an input.
    pub(crate) fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Call { call, command } => self.on_call(now, call, command),
            Input::CallDropped(call) => self.on_call_dropped(now, call),
            Input::DevicesOpened(devices) => self.on_devices_opened(now, devices),
            Input::DeviceEvent { device, event } => self.on_device_event(device, event),
            Input::StartAnswered { epoch, result } => self.on_start_answered(now, epoch, result),
            Input::SessionAnswered { call, result } => self.on_session_answered(call, result),
            Input::Opening { epoch, capabilities } => self.on_opening(now, epoch, capabilities),
            Input::Transport { epoch, event } => self.on_transport_event(now, epoch, event),
            Input::TransportClosed { epoch, reason } => self.on_closed(now, epoch, reason),
            Input::SendRefused { id } => self.on_send_refused(&id),
            Input::FunctionFinished { tool_call_id, result } => {
                self.on_function_finished(&tool_call_id, result)
            }
            Input::FunctionUnhandled { tool_call_id } => self.on_function_unhandled(&tool_call_id),
            Input::AudioDropped(dropped) => self.on_audio_dropped(now, dropped),
            Input::Track { started, track } => self.on_track(started, track),
            Input::VideoCarried { epoch } => self.on_video_carried(epoch),
            Input::VideoFlow { stream, flows } => self.on_video_flow(stream, flows),
            Input::DisplayFailed(error) => self.emit_in_session(Event::DeviceError(error)),
            Input::DeviceFailed { device, error } => self.on_device_failed(device, error),
            Input::DeviceRecovered { device } => self.on_device_recovered(device),
            Input::LocalSpeech { speaking: true } => self.emit_in_session(Event::LocalSpeechStarted),
            Input::LocalSpeech { speaking: false } => self.emit_in_session(Event::LocalSpeechStopped),
            Input::BotAudioHeard(heard) => self.emit_in_session(Event::BotAudioHeard(heard)),
            Input::Levels(levels) => self.on_levels(levels),
            Input::EventQueue { full } => self.on_event_queue(now, full),
            Input::Tick => self.on_tick(now),
        }
    }

    /// The next output; `None` when there is no more until the next input.
    #[must_use]
    pub(crate) fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Input::Tick`] is due.
    #[must_use]
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        let timer = self.timer.map(|(at, _)| at);
        let work =
            [self.requests.next_deadline(), self.functions.next_deadline(), self.drops.next_deadline()];
        work.into_iter().chain([timer, self.stall_deadline()]).flatten().min()
    }

    fn on_tick(&mut self, now: Instant) {
        self.expire_stall(now);
        self.expire_requests(now);
        self.expire_functions(now);
        self.tell_drops(now);
        match self.timer {
            Some((at, phase)) if at <= now => self.on_deadline(now, phase),
            _ => {}
        }
    }

    fn on_deadline(&mut self, now: Instant, phase: Phase) {
        self.timer = None;
        match phase {
            Phase::Reconnect => self.retry(now),
            Phase::Disconnect => self.abandon_connection(),
            Phase::StartRequest if self.session.established => self.on_broken(now, self.timeout_error(phase)),
            Phase::TransportOpen | Phase::BotReady => self.on_broken(now, self.timeout_error(phase)),
            _ => self.fail(self.timeout_error(phase)),
        }
    }

    fn timeout_error(&self, phase: Phase) -> Error {
        let (what, limit) = match phase {
            Phase::Devices => ("the microphone and speaker did not open", self.config.deadlines.devices),
            Phase::StartRequest => ("the start endpoint did not answer", self.start_timeout()),
            Phase::TransportOpen => ("the transport did not open", self.open_timeout()),
            _ => ("the bot did not become ready", self.bot_ready_timeout()),
        };
        Error::new(ErrorKind::Timeout, format!("{what} within {limit:?}")).in_phase(phase)
    }

    fn start_timeout(&self) -> Duration {
        let own = self.session.start.as_ref().and_then(|request| request.timeout);
        own.unwrap_or(self.config.deadlines.start)
    }

    fn open_timeout(&self) -> Duration {
        self.config.deadlines.open_timeout(self.session.is_cold)
    }

    fn bot_ready_timeout(&self) -> Duration {
        self.config.deadlines.bot_ready_timeout(self.session.is_cold)
    }

    /// Follows the state chart: changes the state, reports it, and returns the action.
    fn enter(&mut self, trigger: Trigger) -> Action {
        let (next, action) = transition(self.state, trigger);
        if next != self.state {
            self.state = next;
            self.follow_state();
            self.emit(Event::TransportStateChanged(next));
        }
        action
    }

    /// The action that the state chart has for the trigger, without following it.
    const fn look_up(&self, trigger: Trigger) -> Action {
        transition(self.state, trigger).1
    }

    fn emit(&mut self, event: Event) {
        self.outputs.push_back(Output::Emit(event));
    }

    fn reply(&mut self, call: CallId, result: Result<Reply, Error>) {
        self.outputs.push_back(Output::Reply { call, result });
    }

    fn bot_version(&self) -> Option<Version> {
        self.session.bot.as_ref().map(BotReadyData::protocol_version)
    }
}

/// The moment when `time` has passed.
fn after(now: Instant, time: Duration) -> Instant {
    now + time.min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests;
