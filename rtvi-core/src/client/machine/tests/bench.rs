//! A machine with a clock of its own and a record of what it wanted.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{
    client::{
        Event, ReconnectPolicy, Timeouts, TransportState,
        machine::{CallId, Command, Config, Devices, Input, Machine, Output, Reply, VideoConfig},
    },
    error::{Error, ErrorKind},
    media::AudioFormat,
    protocol::AboutData,
    transport::{
        CaptureFormat, CloseReason, ConnectParams, Participant, TransportCapabilities, TransportEvent,
    },
};

/// The unit of most waits.
pub(super) const SECOND: Duration = Duration::from_secs(1);

/// A machine under test.
pub(super) struct Bench {
    pub(super) machine: Machine,
    pub(super) now: Instant,
    /// What it wanted since last asked, without replies.
    outputs: Vec<Output>,
    pub(super) replies: Vec<(CallId, Result<Reply, Error>)>,
    calls: CallId,
    pub(super) epoch: u64,
    /// The calls whose futures were dropped: they need no reply.
    pub(super) dropped: Vec<CallId>,
    /// The id of the message that was sent last.
    pub(super) last_sent: String,
    /// What the transport takes of the microphone.
    pub(super) capture: Option<CaptureFormat>,
    /// Whether devices open as soon as the machine wants it.
    pub(super) opens_devices: bool,
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::with(|_| {})
    }

    #[expect(clippy::disallowed_methods, reason = "any instant will do as the beginning of virtual time")]
    pub(super) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config {
            deadlines: Timeouts::default(),
            reconnect: ReconnectPolicy::default(),
            disconnect_on_bot_disconnect: true,
            about: AboutData { library: "test".to_owned(), ..AboutData::default() },
            mic_enabled: true,
            video: VideoConfig::default(),
            id_seed: 7,
        };
        change(&mut config);
        let (machine, now) = (Machine::new(config), Instant::now());
        Self {
            machine,
            now,
            outputs: Vec::new(),
            replies: Vec::new(),
            calls: 0,
            epoch: 0,
            dropped: Vec::new(),
            last_sent: String::new(),
            capture: Some(CaptureFormat { format: AudioFormat::mono(16_000), frame: SECOND / 50 }),
            opens_devices: true,
        }
    }

    /// A machine whose bot is ready.
    pub(super) fn ready() -> Self {
        let mut bench = Self::new();
        bench.make_ready();
        bench
    }

    pub(super) fn make_ready(&mut self) {
        self.connect();
        self.open();
        self.bot_ready("2.2.0");
        assert_eq!(self.machine.state, TransportState::Ready);
        self.outputs.clear();
        self.replies.clear();
    }

    pub(super) fn feed(&mut self, input: Input) {
        if let Input::CallDropped(call) = input {
            self.dropped.push(call);
        }
        let mut next = Some(input);
        while let Some(input) = next.take() {
            self.machine.handle(self.now, input);
            while let Some(output) = self.machine.poll_output() {
                let follows = self.carry_out(output);
                assert!(follows.is_none() || next.is_none(), "one thing follows at a time");
                next = follows.or(next);
            }
        }
    }

    /// Does what a driver does at once, and says what the machine is to be told of it.
    fn carry_out(&mut self, output: Output) -> Option<Input> {
        match output {
            Output::Reply { call, result } => self.replies.push((call, result)),
            Output::Open(open) => {
                self.epoch = open.epoch;
                self.outputs.push(Output::Open(open));
                let capabilities = TransportCapabilities { max_message_size: 1000, capture: self.capture };
                return Some(Input::Opening { epoch: self.epoch, capabilities });
            }
            Output::RequestStart { epoch, request } => {
                self.epoch = epoch;
                self.outputs.push(Output::RequestStart { epoch, request });
            }
            Output::OpenDevices if self.opens_devices => {
                return Some(Input::DevicesOpened(Devices::default()));
            }
            Output::Send { id, wire_type, text, call } => {
                self.last_sent.clone_from(&id);
                // The driver settles the call of a message that the transport takes.
                self.replies.extend(call.map(|call| (call, Ok(Reply::Done))));
                self.outputs.push(Output::Send { id, wire_type, text, call });
            }
            output => self.outputs.push(output),
        }
        None
    }

    pub(super) fn call(&mut self, command: Command) -> CallId {
        self.calls += 1;
        self.feed(Input::Call { call: self.calls, command: Box::new(command) });
        self.calls
    }

    pub(super) fn connect(&mut self) -> CallId {
        self.call(Command::Connect(ConnectParams::websocket("ws://bot")))
    }

    pub(super) fn event(&mut self, event: TransportEvent) {
        self.feed(Input::Transport { epoch: self.epoch, event });
    }

    pub(super) fn open(&mut self) {
        let bot = Participant { id: "bot".to_owned(), name: "bot".to_owned(), local: false };
        self.event(TransportEvent::Opened { bot });
    }

    pub(super) fn bot_ready(&mut self, version: &str) {
        self.message(json!({"type": "bot-ready", "id": "1", "data": {"version": version}}));
    }

    /// Receives a message of the server; the label is added.
    pub(super) fn message(&mut self, mut message: Value) {
        message["label"] = json!("rtvi-ai");
        self.event(TransportEvent::Message(message.to_string().into()));
    }

    pub(super) fn close(&mut self, reason: CloseReason) {
        self.feed(Input::TransportClosed { epoch: self.epoch, reason });
    }

    pub(super) fn lose(&mut self) {
        self.close(CloseReason::Lost(Error::new(ErrorKind::ConnectionLost, "reset by peer")));
    }

    /// Lets time pass, ticking whenever the machine wants it.
    pub(super) fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(due) = self.machine.poll_timeout().filter(|due| *due <= end) {
            self.now = due.max(self.now);
            self.feed(Input::Tick);
        }
        self.now = end;
    }

    pub(super) const fn state(&self) -> TransportState {
        self.machine.state
    }

    /// Everything wanted since last asked.
    pub(super) fn take(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.outputs)
    }

    /// The events since last asked, by name; states as `=state`.
    pub(super) fn events(&mut self) -> Vec<String> {
        self.take().into_iter().filter_map(event_name).collect()
    }

    /// The reply of a call: its result, once and only once.
    pub(super) fn reply(&mut self, call: CallId) -> Result<Reply, Error> {
        let index = self.replies.iter().position(|(other, _)| *other == call).expect("the call is settled");
        let (_, result) = self.replies.remove(index);
        assert!(self.replies.iter().all(|(other, _)| *other != call), "the call is settled twice");
        result
    }

    /// The messages sent since last asked, decoded, without envelope.
    pub(super) fn sent(&mut self) -> Vec<Value> {
        let sent = self.take().into_iter().filter_map(|output| match output {
            Output::Send { text, .. } => serde_json::from_str(&text).ok(),
            _ => None,
        });
        sent.collect()
    }
}

fn event_name(output: Output) -> Option<String> {
    match output {
        Output::Emit(Event::TransportStateChanged(state)) => Some(format!("={state}")),
        Output::Emit(event) => Some(event.name().to_owned()),
        _ => None,
    }
}

/// What kind of error a call ended with.
pub(super) fn kind(result: Result<Reply, Error>) -> ErrorKind {
    result.expect_err("the call fails").kind()
}

/// A request of the app.
pub(super) fn request(timeout: Duration) -> Command {
    Command::Request { t: "get".to_owned(), d: None, timeout }
}
