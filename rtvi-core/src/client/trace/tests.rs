//! What the rows show, what they must not show, and their bounds.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{
    Detail, Kind, MAX_TRACE, Recorder, SessionTrace,
    recorder::{MAX_RARE, MAX_TRAFFIC},
};
use crate::{
    client::{
        AudioStats, ReconnectPolicy, Timeouts, TransportState,
        machine::{Command, Config, Devices, Input, Levels, Machine, Output, VideoConfig},
    },
    error::{Error, ErrorKind},
    protocol::AboutData,
    transport::{
        CloseReason, ConnectParams, Participant, TransportCapabilities, TransportEvent, TransportStats,
    },
};

/// A machine whose bot is ready, and what is recorded of it.
struct Recorded {
    machine: Machine,
    recorder: Recorder,
    now: Instant,
}

impl Recorded {
    #[expect(clippy::disallowed_methods, reason = "any instant will do as the beginning of virtual time")]
    fn ready() -> Self {
        let config = Config {
            deadlines: Timeouts::default(),
            reconnect: ReconnectPolicy::default(),
            disconnect_on_bot_disconnect: true,
            about: AboutData { library: "test".to_owned(), ..AboutData::default() },
            mic_enabled: true,
            video: VideoConfig { cam_enabled: true, ..VideoConfig::default() },
            id_seed: 7,
        };
        let now = Instant::now();
        let mut recorded = Self { machine: Machine::new(config), recorder: Recorder::new(now), now };
        recorded.connect();
        recorded
    }

    fn connect(&mut self) {
        let params = ConnectParams::websocket("wss://secret.example").with("secretKey", "secret");
        self.call(Command::Connect(params));
        self.feed(Input::DevicesOpened(Devices::default()));
        let capabilities = TransportCapabilities { max_message_size: usize::MAX, capture: None };
        self.feed(Input::Opening { epoch: 1, capabilities });
        let bot = Participant { id: "secret".to_owned(), name: "secret".to_owned(), local: false };
        self.event(TransportEvent::Opened { bot });
        self.message("bot-ready", &json!({"version": "2.2.0", "about": "secret"}));
    }

    fn call(&mut self, command: Command) {
        self.feed(Input::Call { call: 1, command: Box::new(command) });
    }

    fn event(&mut self, event: TransportEvent) {
        self.feed(Input::Transport { epoch: 1, event });
    }

    fn message(&mut self, wire_type: &str, data: &Value) {
        let message = json!({"label": "rtvi-ai", "type": wire_type, "data": data});
        self.event(TransportEvent::Message(message.to_string().into()));
    }

    /// What the driver does with an input.
    fn feed(&mut self, input: Input) {
        self.now += Duration::from_millis(1);
        self.recorder.input(self.now, &input);
        self.machine.handle(self.now, input);
        while let Some(output) = self.machine.poll_output() {
            self.recorder.output(&output);
            if let Output::Reply { call, result } = output {
                self.recorder.reply(call, &result);
            }
        }
    }

    fn text(&self) -> String {
        self.recorder.records().write("test", TransportState::Ready, AudioStats::default())
    }

    fn trace(&self) -> SessionTrace {
        SessionTrace::parse(&self.text()).expect("a client's own trace is read")
    }
}

#[test]
fn a_trace_shows_what_happened_and_nothing_that_was_said() {
    let mut recorded = Recorded::ready();
    recorded.message("bot-llm-text", &json!({"text": "secret"}));
    recorded.message("Secret", &json!("secret"));
    let arguments =
        json!({"tool_call_id": "secret-1", "function_name": "secret", "args": {"secret": "secret"}});
    recorded.message("llm-function-call", &arguments);
    let result = Ok(json!("secret"));
    recorded.feed(Input::FunctionFinished { tool_call_id: "secret-1".to_owned(), result });
    let (t, d) = ("secret".to_owned(), Some(json!("secret")));
    recorded.call(Command::Request { t, d, timeout: Duration::from_secs(1) });
    recorded.message("error-response", &json!({"error": "secret"}));
    let stats = TransportStats {
        round_trip: Some(Duration::from_micros(12_340)),
        local_candidate: Some("host 192.0.2.1:5000".to_owned()),
        remote_candidate: Some("relay secret".to_owned()),
        ..TransportStats::default()
    };
    recorded.event(TransportEvent::Stats(Box::new(stats)));
    recorded.message("error", &json!({"error": "secret", "fatal": true}));
    recorded.feed(Input::TransportClosed {
        epoch: 1,
        reason: CloseReason::Lost(Error::new(ErrorKind::ConnectionLost, "secret")),
    });
    let text = recorded.text();
    assert!(!text.to_lowercase().contains("secret") && !text.contains("192"), "{text}");
    let trace = recorded.trace();
    let rows: Vec<String> = trace.rows().iter().map(|row| format!("{} {row}", row.kind)).collect();
    for expected in [
        "call call 1: connect",
        "state ready",
        "received bot-llm-text, 66 bytes",
        "received unknown, 51 bytes",
        "function finished",
        "sent llm-function-call-result, 179 bytes",
        "error fatal: botError in session",
        "call call 1: failed: cancelled",
        "state session ended: botError in session",
    ] {
        assert!(rows.iter().any(|row| row == expected), "{expected}: {rows:#?}");
    }
    let report = rows.iter().find(|row| row.starts_with("network report: ")).expect("a report");
    assert!(report.contains("round trip 12.3 ms, ") && report.ends_with("host to relay"), "{report}");
    let times: Vec<_> = trace.rows().iter().map(|row| row.at).collect();
    assert!(times.is_sorted() && times.last() == Some(&Duration::from_millis(13)), "{times:?}");
}

#[test]
fn of_many_messages_the_newest_are_kept_and_all_that_is_rare() {
    let mut recorded = Recorded::ready();
    for _ in 0..MAX_TRAFFIC + 3 {
        recorded.message("bot-llm-text", &json!({"text": "hello"}));
        recorded.message("bot-audio-level", &json!({"value": 0.5}));
    }
    assert!(recorded.text().len() < MAX_TRACE / 4);
    let trace = recorded.trace();
    // The messages of the handshake went first.
    assert_eq!(trace.dropped_rows(), 5);
    assert_eq!(trace.rows().iter().filter(|row| row.what == "bot-llm-text").count(), MAX_TRAFFIC);
    assert!(trace.rows().iter().any(|row| row.kind == Kind::State && row.what == "ready"));
}

#[test]
fn what_is_rare_is_bounded_too_and_a_new_session_begins_a_new_trace() {
    let mut recorded = Recorded::ready();
    for enable in [true, false].into_iter().cycle().take(MAX_RARE) {
        recorded.call(Command::EnableMic(enable));
    }
    recorded.call(Command::Disconnect);
    recorded.feed(Input::TransportClosed { epoch: 1, reason: CloseReason::Requested });
    recorded.call(Command::EnableMic(true));
    let trace = recorded.trace();
    assert!(trace.dropped_rows() > 0, "kept after the session");
    assert_eq!(trace.rows().len(), MAX_RARE + 2, "and the two messages");
    recorded.connect();
    let trace = recorded.trace();
    assert_eq!(trace.dropped_rows(), 0);
    let first = &trace.rows()[0];
    assert_eq!((first.at, first.what.as_ref()), (Duration::ZERO, "call 1: connect"));
}

#[test]
fn of_levels_the_loudest_is_kept_twice_a_second() {
    let mut recorded = Recorded::ready();
    for tenth in 0..=10_u8 {
        recorded.now += Duration::from_millis(99);
        recorded.feed(Input::Levels(Levels { local: f32::from(tenth % 4) / 10.0, remote: 0.004 }));
    }
    let trace = recorded.trace();
    let levels = trace.rows().iter().filter_map(|row| match row.detail {
        Some(Detail::Levels { user, bot }) => Some((user, bot)),
        _ => None,
    });
    assert_eq!(levels.collect::<Vec<_>>(), [(0.0, 0.0), (0.3, 0.0), (0.3, 0.0)]);
}

#[test]
fn what_is_no_trace_is_refused() {
    let good = Recorded::ready().text();
    let header = good.lines().next().expect("a header");
    let cases = [
        (String::new(), "the trace is empty"),
        ("\n\n".to_owned(), "the trace is empty"),
        ("hello".to_owned(), "this is no trace"),
        ("{}".to_owned(), "this is no trace"),
        (header.replace("\"rtviTrace\":1", "\"rtviTrace\":2"), "the trace has version 2"),
        (header.replace("platform", "place"), "line 1 of the trace"),
        (format!("{header}\n\n{{\"at\":1}}"), "line 3 of the trace"),
        (format!("{header}\n{}", "[".repeat(100_000)), "line 2 of the trace"),
        (good.replace("\"at\":1000", "\"at\":99999999999999999999"), "of the trace can't be read"),
        (" ".repeat(MAX_TRACE + 1), "a trace has at most"),
    ];
    for (text, expected) in cases {
        let error = SessionTrace::parse(&text).expect_err("it is refused");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().contains(expected), "{error}");
    }
}
