//! What the records keep, and what is read back of them.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    MAX_TRACE, Recorder, SessionTrace, Side,
    file::{About, write},
    recorder::{MAX_PASSED_ON, MAX_STEPS},
};
use crate::{
    client::{
        AudioStats, ReconnectPolicy, Timeouts, TransportState,
        machine::{Aliases, Command, Config, Devices, Input, Machine},
    },
    error::ErrorKind,
    protocol::AboutData,
    transport::{ConnectParams, Participant, TransportCapabilities, TransportEvent},
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
            unsupported: vec!["camera"],
            id_seed: 7,
            aliases: Aliases::default(),
        };
        let (machine, now) = (Machine::new(config), Instant::now());
        let mut recorded = Self { recorder: Recorder::new(now, machine.rest()), machine, now };
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
        self.message(&json!({"label": "rtvi-ai", "type": "bot-ready", "data": {"version": "2.2.0", "about": "secret"}}));
    }

    fn call(&mut self, command: Command) {
        self.feed(Input::Call { call: 1, command: Box::new(command) });
    }

    fn event(&mut self, event: TransportEvent) {
        self.feed(Input::Transport { epoch: 1, event });
    }

    fn message(&mut self, message: &Value) {
        self.event(TransportEvent::Message(message.to_string().into()));
    }

    fn feed(&mut self, input: Input) {
        self.now += Duration::from_millis(1);
        let handling = Recorder::begin(self.now, &self.machine, &input);
        self.machine.handle(self.now, input);
        self.recorder.keep(handling, &mut self.machine);
        while self.machine.poll_output().is_some() {}
    }

    fn text(&self) -> String {
        write(&self.recorder, About::new("test", TransportState::Ready, AudioStats::default()))
    }

    fn trace(&self) -> SessionTrace {
        SessionTrace::parse(&self.text()).expect("a client's own trace is read")
    }
}

fn text_message(text: &str) -> Value {
    json!({"label": "rtvi-ai", "type": "bot-llm-text", "data": {"text": text}})
}

#[test]
fn a_trace_shows_what_happened_and_nothing_that_was_said() {
    let mut recorded = Recorded::ready();
    recorded.message(&text_message("secret"));
    recorded.message(&json!({"label": "rtvi-ai", "type": "Secret", "data": "secret"}));
    let arguments =
        json!({"tool_call_id": "secret-1", "function_name": "secret", "args": {"secret": "secret"}});
    recorded.message(&json!({"label": "rtvi-ai", "type": "llm-function-call", "data": arguments}));
    recorded
        .feed(Input::FunctionFinished { tool_call_id: "secret-1".to_owned(), result: Ok(json!("secret")) });
    recorded.call(Command::Request {
        t: "secret".to_owned(),
        d: Some(json!("secret")),
        timeout: Duration::from_secs(1),
    });
    recorded
        .message(&json!({"label": "rtvi-ai", "type": "error", "data": {"error": "secret", "fatal": true}}));
    let text = recorded.text();
    assert!(!text.to_lowercase().contains("secret"), "{text}");
    let rows: Vec<_> = recorded.trace().rows().map(|row| (row.side, row.what)).collect();
    let is_there = |side, what: &str| rows.contains(&(side, what.to_owned()));
    assert!(is_there(Side::App, "call 1: connect with wsUrl, 1 other keys"), "{rows:?}");
    assert!(is_there(Side::Server, "bot-llm-text, 66 bytes"), "{rows:?}");
    assert!(is_there(Side::Client, "message bot-llm-text"), "{rows:?}");
    assert!(is_there(Side::Client, "event error fatal botError in session"), "{rows:?}");
    assert!(is_there(Side::Client, "send llm-function-call-result number 2"), "{rows:?}");
    let times: Vec<_> = recorded.trace().rows().map(|row| row.at).collect();
    assert!(times.is_sorted() && times.last() == Some(&Duration::from_millis(10)), "{times:?}");
    assert_eq!(recorded.trace().replay().unwrap().differences, []);
}

#[test]
fn of_many_messages_the_newest_are_kept_and_a_replay_misses_none() {
    let mut recorded = Recorded::ready();
    for number in 0..MAX_PASSED_ON + 3 {
        recorded.message(&text_message(&"x".repeat(number % 7)));
        recorded.message(&json!({"label": "rtvi-ai", "type": "bot-audio-level", "data": {"value": 0.5}}));
    }
    let text = recorded.text();
    assert!(text.len() < MAX_TRACE / 4, "{} bytes", text.len());
    let header: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(header["lost"], json!({"inputs": 0, "messages": 3}));
    assert_eq!(header["levels"], json!(MAX_PASSED_ON + 3));
    let replay = recorded.trace().replay().unwrap();
    assert_eq!((replay.inputs, replay.differences), (MAX_PASSED_ON + 5, vec![]));
}

#[test]
fn what_changes_the_machine_is_bounded_too() {
    let mut recorded = Recorded::ready();
    for enable in [true, false].into_iter().cycle().take(MAX_STEPS / 3 + 10) {
        recorded.call(Command::EnableMic(enable));
    }
    let trace = recorded.trace();
    assert!(trace.missing() > 0);
    assert!(trace.rows().count() <= MAX_STEPS);
    assert_eq!(trace.replay().unwrap_err().kind(), ErrorKind::InvalidState);
    recorded.call(Command::Disconnect);
    recorded.feed(Input::Tick);
    assert!(recorded.trace().missing() > 0, "kept until the next session");
    recorded.feed(Input::TransportClosed { epoch: 1, reason: crate::transport::CloseReason::Requested });
    recorded.call(Command::EnableMic(true));
    assert!(recorded.trace().missing() > 0, "kept after the session, too");
    recorded.connect();
    assert_eq!(recorded.trace().missing(), 0, "a new session, a new trace");
    assert_eq!(recorded.trace().replay().unwrap().differences, []);
}

#[test]
fn a_difference_is_told() {
    let text = Recorded::ready().text().replace("\"state ready\"", "\"state connected\"");
    let replay = SessionTrace::parse(&text).unwrap().replay().unwrap();
    let [difference] = replay.differences.as_slice() else { panic!("{replay:?}") };
    assert!(difference.input.starts_with("bot-ready, "), "{difference:?}");
    assert_eq!(difference.recorded.first().map(String::as_str), Some("state connected"));
    assert_eq!(difference.replayed.first().map(String::as_str), Some("state ready"));
}

#[test]
fn what_is_no_trace_is_refused() {
    let good = Recorded::ready().text();
    let lines: Vec<&str> = good.lines().collect();
    let header = lines[0];
    let swapped = format!("{header}\n{}\n{}\n", lines[3], lines[1]);
    let cases = [
        (String::new(), "the trace is empty"),
        ("\n\n".to_owned(), "the trace is empty"),
        ("hello".to_owned(), "this is no trace"),
        ("{}".to_owned(), "this is no trace"),
        (header.replace("\"rtviTrace\":1", "\"rtviTrace\":2"), "the trace has version 2"),
        (header.replace("begin", "end"), "line 1 of the trace"),
        (format!("{header}\n\n{{\"at\":1}}"), "line 3 of the trace"),
        (format!("{header}\n{}", "[".repeat(100_000)), "line 2 of the trace"),
        (swapped, "line 3 of the trace can't be read: it is earlier"),
        (good.replace("\"at\":1000000", "\"at\":99999999999999999999"), "of the trace"),
        (good.replace("\"size\":", "\"size\":4000000000"), "of the trace"),
        (" ".repeat(MAX_TRACE + 1), "a trace has at most"),
    ];
    for (text, expected) in cases {
        let error = SessionTrace::parse(&text).expect_err("it is refused");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().starts_with(expected) || error.message().contains(expected), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever a file holds, it is refused or replayed.
    #[test]
    fn a_spoilt_trace_breaks_nothing(
        spoils in prop::collection::vec((any::<prop::sample::Index>(), 0..5_u8), 1..8),
    ) {
        let text = Recorded::ready().text();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (index, how) in spoils {
            let at = index.index(lines.len());
            match how {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[at].clone()),
                2 => lines[at] = lines[at].replace("\"epoch\":1", "\"epoch\":4294967295"),
                3 => lines[at] = lines[at].replace("\"call\":1", "\"call\":18446744073709551615"),
                _ => lines[at] = spoil_number(&lines[at], index.index(400)),
            }
            if lines.is_empty() {
                break;
            }
        }
        if let Ok(trace) = SessionTrace::parse(&lines.join("\n")) {
            let replayed = trace.replay().map(|replay| replay.inputs).unwrap_or_default();
            prop_assert!(replayed <= trace.rows().count());
        }
    }
}

/// The line with another digit at the first place from this one on that has one.
fn spoil_number(line: &str, from: usize) -> String {
    let is_digit = |(at, char): &(usize, char)| *at >= from && char.is_ascii_digit();
    let place = line.char_indices().find(is_digit).map(|(at, _)| at);
    line.char_indices().map(|(at, char)| if Some(at) == place { '9' } else { char }).collect()
}
