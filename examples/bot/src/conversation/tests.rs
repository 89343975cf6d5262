//! Whole sessions in virtual time, without a socket.

use bytes::Bytes;

use serde_json::json;

use super::*;
use crate::{FunctionDetail, log::Log};

/// A session, its clock, and its outputs.
struct Rig {
    bot: Conversation,
    now: Duration,
    log: Log,
}

impl Rig {
    fn new(options: BotOptions) -> Self {
        let log = Log::default();
        let plan = options.fault.clone();
        let mut bot = Conversation::new(Arc::new(options), plan, log.open("s".into(), Value::Null));
        bot.open();
        Self { bot, now: Duration::ZERO, log }
    }

    fn ready(options: BotOptions, version: &str) -> Self {
        let mut rig = Self::new(options);
        rig.tell("client-ready", json!({ "version": version, "about": { "library": "test" } }));
        rig
    }

    fn tell(&mut self, kind: &str, data: Value) {
        let message = json!({ "label": "rtvi-ai", "type": kind, "id": "7", "data": data });
        self.bot.receive_text(self.now, &message.to_string());
    }

    /// Advances the time by `ms` and returns what happened.
    fn run(&mut self, ms: u64) -> Vec<Output> {
        let end = self.now + Duration::from_millis(ms);
        let mut outputs = Vec::new();
        loop {
            while let Some(output) = self.bot.poll(self.now) {
                outputs.push(output);
            }
            match self.bot.next_due() {
                Some(due) if due <= end => self.now = self.now.max(due),
                _ => break,
            }
        }
        self.now = end;
        outputs
    }

    /// Plays the user's tone, or silence, in real time.
    fn hear(&mut self, ms: u32, amplitude: f32) -> Vec<Output> {
        let sample = |i: u32| (amplitude * (i as f32 * 0.3).sin()) as i16;
        let mut outputs = Vec::new();
        for _ in 0..ms / 20 {
            let pcm: Vec<u8> = (0..320).flat_map(|i| sample(i).to_le_bytes()).collect();
            let audio = Bytes::from(pcm);
            let frame =
                AudioRawFrame { audio, sample_rate: 16_000, num_channels: 1, ..AudioRawFrame::default() };
            self.bot.hear(self.now, &frame);
            outputs.extend(self.run(20));
        }
        outputs
    }
}

/// The outputs by name, without audio.
fn names(outputs: &[Output]) -> Vec<String> {
    let name = |output: &Output| match output {
        Output::Message(message) => Some(message["type"].as_str().unwrap_or_default().to_owned()),
        Output::Audio(_) => None,
        Output::Interruption { .. } => Some("INTERRUPTION".to_owned()),
        other => Some(format!("{other:?}")),
    };
    outputs.iter().filter_map(name).collect()
}

fn messages_of(outputs: &[Output], kind: &str) -> Vec<Value> {
    let of = |output: &Output| match output {
        Output::Message(message) if message["type"] == kind => Some(message.clone()),
        _ => None,
    };
    outputs.iter().filter_map(of).collect()
}

fn quiet() -> BotOptions {
    BotOptions { metrics: false, word_progress: false, ..BotOptions::default() }
}

#[test]
fn a_spoken_turn_goes_in_the_servers_order() {
    let mut rig = Rig::ready(BotOptions { vad_messages: true, ..quiet() }, "2.2.0");
    assert_eq!(names(&rig.run(0)), ["bot-ready"]);
    let mut outputs = rig.hear(1000, 8000.0);
    outputs.extend(rig.hear(700, 0.0));
    outputs.extend(rig.run(10_000));
    let mut reported = names(&outputs);
    reported.dedup();
    let expected = [
        "vad-user-started-speaking",
        "user-started-speaking",
        "INTERRUPTION",
        "bot-interrupted",
        "user-input",
        "user-transcription",
        "vad-user-stopped-speaking",
        "user-input",
        "user-transcription",
        "user-llm-text",
        "user-stopped-speaking",
        "bot-llm-started",
        "bot-llm-text",
        "bot-transcription",
        "bot-tts-started",
        "bot-llm-text",
        "bot-started-speaking",
        "bot-output",
        "bot-llm-text",
        "bot-transcription",
        "bot-llm-stopped",
        "bot-tts-stopped",
        "bot-output",
        "bot-tts-text",
        "bot-output",
        "bot-tts-text",
        "bot-stopped-speaking",
    ];
    assert_eq!(reported, expected);
    let heard = messages_of(&outputs, "user-transcription");
    assert_eq!(heard[1]["data"]["text"], "Hello, can you hear me?");
    assert_eq!((&heard[0]["data"]["final"], &heard[1]["data"]["final"]), (&json!(false), &json!(true)));
    let record = rig.log.records().remove(0);
    assert_eq!((record.turns, record.audio_frames, record.audio_rate), (1, 85, 16_000));
    assert!((record.audio_seconds - 1.7).abs() < 1e-9);
}

#[test]
fn audio_lasts_as_long_as_the_speech() {
    let mut rig = Rig::ready(BotOptions { greeting: Some("Hello, I am ready.".into()), ..quiet() }, "2.2.0");
    let outputs = rig.run(5000);
    let audio: usize = outputs
        .iter()
        .map(|output| match output {
            Output::Audio(frame) => frame.audio.len(),
            _ => 0,
        })
        .sum();
    assert_eq!(audio, 29 * 1920, "1150 ms in chunks of 40 ms at 24 kHz");
}

#[test]
fn text_interrupts_the_bots_speech() {
    let mut rig = Rig::ready(quiet(), "2.2.0");
    rig.tell("send-text", json!({ "content": "Please count" }));
    rig.run(1000);
    rig.tell("send-text", json!({ "content": "Stop", "options": { "audio_response": false } }));
    let outputs = rig.run(5000);
    let reported = names(&outputs);
    let start = ["INTERRUPTION", "bot-interrupted", "bot-stopped-speaking", "user-input", "user-llm-text"];
    assert_eq!(reported[..5], start);
    assert!(
        !reported.contains(&"bot-tts-started".to_owned())
            && !reported.contains(&"bot-started-speaking".to_owned())
    );
    assert!(!outputs.iter().any(|output| matches!(output, Output::Audio(_))), "no audio is left");
    assert_eq!(messages_of(&outputs, "bot-output")[0]["data"]["will_be_spoken"], false);
}

#[test]
fn text_for_later_is_not_answered() {
    let mut rig = Rig::ready(quiet(), "2.2.0");
    rig.run(0);
    rig.tell("send-text", json!({ "content": "Keep this", "options": { "run_immediately": false } }));
    let outputs = rig.run(5000);
    assert_eq!(names(&outputs), ["user-input"]);
    assert_eq!(messages_of(&outputs, "user-input")[0]["data"]["msg_id"], "7");
}

#[test]
fn a_function_call_waits_for_the_client() {
    let mut rig = Rig::ready(quiet(), "2.2.0");
    rig.run(0);
    rig.tell("send-text", json!({ "content": "How is the weather in Oslo" }));
    let outputs = rig.run(60_000);
    let expected =
        ["bot-llm-started", "llm-function-call-started", "bot-llm-stopped", "llm-function-call-in-progress"];
    assert_eq!(names(&outputs)[4..], expected);
    let call = &messages_of(&outputs, "llm-function-call-in-progress")[0]["data"];
    assert_eq!(
        (&call["function_name"], &call["arguments"]),
        (&json!("get_weather"), &json!({ "city": "Oslo" }))
    );
    let result = json!({ "function_name": "get_weather", "tool_call_id": call["tool_call_id"],
        "arguments": {}, "result": { "celsius": 4 } });
    rig.tell("llm-function-call-result", result.clone());
    let outputs = rig.run(60_000);
    assert_eq!(
        messages_of(&outputs, "llm-function-call-stopped")[0]["data"]["result"],
        json!({ "celsius": 4 })
    );
    let said = messages_of(&outputs, "bot-tts-text");
    assert_eq!(said[0]["data"]["text"], "Here is the answer.");
    rig.tell("llm-function-call-result", result);
    assert_eq!(names(&rig.run(60_000)), ["llm-function-call-stopped"], "a second result is not spoken");
}

#[test]
fn an_interruption_cancels_the_function_call() {
    let mut rig = Rig::ready(quiet(), "2.2.0");
    rig.tell("send-text", json!({ "content": "weather" }));
    rig.run(1000);
    rig.tell("send-text", json!({ "content": "Never mind" }));
    let stopped = messages_of(&rig.run(0), "llm-function-call-stopped");
    assert_eq!(stopped[0]["data"]["cancelled"], true);
}

#[test]
fn keys_are_announced_at_the_hash() {
    let mut rig = Rig::ready(quiet(), "2.2.0");
    rig.run(0);
    rig.tell("dtmf", json!({ "buttons": ["1", "2"] }));
    assert_eq!(names(&rig.run(5000)), Vec::<String>::new());
    rig.tell("dtmf", json!({ "buttons": ["#"] }));
    let outputs = rig.run(5000);
    assert_eq!(messages_of(&outputs, "bot-tts-text")[0]["data"]["text"], "You typed 1 2.");
    assert_eq!(rig.log.records()[0].dtmf, "12#");
}

#[test]
fn wrong_messages_are_refused() {
    let mut rig = Rig::ready(quiet(), "2.2.0");
    rig.run(0);
    for (kind, data, expected) in [
        ("append-to-context", json!({}), "Unsupported type append-to-context"),
        ("nonsense", json!({}), "Unsupported type nonsense"),
        ("dtmf", json!({ "button": "1" }), "Invalid message: missing field `buttons`"),
        ("dtmf", json!({ "buttons": ["A"] }), "Invalid message: there is no key `A`"),
        ("send-text", Value::Null, "Invalid message: invalid type: null, expected struct SendText"),
        ("client-message", json!({ "t": "no-such-thing" }), "unknown request 'no-such-thing'"),
        (
            "client-message",
            json!({ "t": "misbehave", "d": { "kind": "start", "answer": "html" } }),
            "the fault Start(Html) only happens before the session",
        ),
    ] {
        rig.tell(kind, data);
        let answers = messages_of(&rig.run(0), "error-response");
        assert_eq!(answers.len(), 1, "{kind}");
        assert_eq!((&answers[0]["id"], &answers[0]["data"]["error"]), (&json!("7"), &json!(expected)));
    }
    rig.bot.receive_text(rig.now, r#"{"label":"rtvi-ai","type":"x"}"#);
    let outputs = rig.run(0);
    let error = messages_of(&outputs, "error");
    assert!(
        error[0]["data"]["error"]
            .as_str()
            .is_some_and(|text| text.starts_with("Invalid RTVI transport message: "))
    );
    rig.bot.receive_text(rig.now, r#"{"label":"other","type":"x","id":"1"}"#);
    rig.bot.receive_text(rig.now, "{");
    assert_eq!(rig.run(0), [], "ignored in silence");
}

#[test]
fn requests_are_answered_each_in_its_way() {
    let mut rig = Rig::ready(quiet(), "2.2.0");
    rig.run(0);
    let ask = |t: &str, d: Value| json!({ "t": t, "d": d });
    rig.tell("client-message", ask("echo", json!([1, null])));
    rig.tell("client-message", ask("null", Value::Null));
    rig.tell("client-message", ask("never", Value::Null));
    rig.tell("client-message", ask("slow", json!({ "seconds": 1.5 })));
    let at_once = messages_of(&rig.run(1499), "server-response");
    assert_eq!(
        at_once.iter().map(|m| m["data"].clone()).collect::<Vec<_>>(),
        [ask("echo", json!([1, null])), json!({ "t": "null" })]
    );
    assert_eq!(
        messages_of(&rig.run(1), "server-response")[0]["data"],
        ask("slow", json!({ "seconds": 1.5 }))
    );
    rig.tell("client-message", ask("server-message", json!("just a string")));
    rig.tell("client-message", ask("emit", json!({ "type": "user-mute-started" })));
    assert_eq!(names(&rig.run(0)), ["server-message", "user-mute-started"]);
    for _ in 0..=MAX_DELAYED {
        rig.tell("client-message", ask("slow", json!({ "seconds": 5 })));
    }
    assert_eq!(messages_of(&rig.run(0), "error-response")[0]["data"]["error"], "too many slow requests");
}

#[test]
fn a_test_can_direct_the_bot() {
    let mut rig = Rig::ready(quiet(), "2.2.0");
    rig.run(0);
    let mut ask = |t: &str, d: Value| {
        rig.tell("client-message", json!({ "t": t, "d": d }));
        rig.run(5000)
    };
    assert_eq!(messages_of(&ask("say", json!({ "text": "Hi." })), "bot-tts-text")[0]["data"]["text"], "Hi.");
    assert_eq!(names(&ask("mute", json!({ "muted": false }))), ["user-mute-stopped", "server-response"]);
    assert_eq!(names(&ask("ui-command", json!({ "command": "toast" }))), ["ui-command"]);
    assert_eq!(messages_of(&ask("error", json!({ "message": "oh" })), "error")[0]["data"]["error"], "oh");
    assert_eq!(names(&ask("function-detail", json!({ "level": "name" }))), ["server-response"]);
    for (t, expected) in [
        ("say", "bad data for 'say': no 'text'"),
        ("mute", "bad data for 'mute': no 'muted'"),
        ("slow", "bad data for 'slow': no 'seconds' from 0 to 3600"),
        ("emit", "bad data for 'emit': no 'type'"),
        ("function-detail", "bad data for 'function-detail': '' is not a level"),
    ] {
        assert_eq!(messages_of(&ask(t, Value::Null), "error-response")[0]["data"]["error"], expected);
    }
    rig.tell("send-text", json!({ "content": "weather" }));
    let call = &messages_of(&rig.run(100), "llm-function-call-in-progress")[0]["data"];
    assert!(call.get("function_name").is_some() && call.get("arguments").is_none(), "{call}");
}

#[test]
fn ui_messages_are_acknowledged() {
    let mut rig = Rig::ready(quiet(), "2.2.0");
    rig.run(0);
    let tree = json!({ "root": { "ref": "e1", "role": "main" }, "captured_at": 1 });
    for (kind, data, expected) in [
        ("ui-event", json!({ "event": "tap", "payload": 1 }), json!({ "event": "tap", "payload": 1 })),
        ("ui-snapshot", json!({ "tree": tree }), tree),
        ("ui-cancel-job-group", json!({ "job_id": "j" }), json!({ "job_id": "j" })),
    ] {
        rig.tell(kind, data);
        let received = messages_of(&rig.run(0), "server-message");
        assert_eq!(received[0]["data"], json!({ "received": kind, "data": expected }));
        rig.tell(kind, json!({}));
        assert_eq!(names(&rig.run(0)), ["error-response"], "{kind}");
    }
}

#[test]
fn files_are_described() {
    let mut rig = Rig::ready(quiet(), "2.2.0");
    rig.run(0);
    let file = json!({ "format": "text/plain", "name": "a.txt", "source": { "type": "bytes", "bytes": "data:text/plain;base64,aGk=" } });
    rig.tell("send-file", json!({ "content": "See", "file": file, "options": { "run_immediately": false } }));
    let outputs = rig.run(0);
    let expected = json!({ "received": "file",
        "data": { "kind": "file", "format": "text/plain", "name": "a.txt", "bytes": 2, "text": "See" } });
    assert_eq!(messages_of(&outputs, "server-message")[0]["data"], expected);
}

#[test]
fn the_bot_leaves_when_asked_or_after_a_fatal_error() {
    for (kind, data) in [("disconnect-bot", json!({})), ("client-message", json!({ "t": "fatal" }))] {
        let mut rig = Rig::ready(quiet(), "2.2.0");
        rig.run(0);
        rig.tell(kind, data);
        let outputs = rig.run(100);
        assert_eq!(outputs.last(), Some(&Output::Close { code: 1000, reason: String::new() }));
    }
}

#[test]
fn a_user_whose_audio_ceases_has_stopped() {
    let mut rig = Rig::ready(quiet(), "2.2.0");
    rig.hear(400, 8000.0);
    let reported = names(&rig.run(500));
    assert!(reported.contains(&"user-stopped-speaking".to_owned()), "{reported:?}");
}

#[test]
fn faults_of_the_plan_come_at_their_moment() {
    let plan = |text: &str| text.parse::<FaultPlan>().expect("a fault");
    let with = |text: &str| BotOptions { fault: Some(plan(text)), ..quiet() };
    let mut rig = Rig::new(with(r#"{"kind":"freeze","at":"open","after_ms":50}"#));
    assert_eq!(rig.run(49), []);
    assert_eq!(rig.run(1), [Output::Freeze]);
    let mut rig = Rig::ready(with(r#"{"kind":"drop","after_ms":50}"#), "2.2.0");
    assert_eq!(names(&rig.run(49)), ["bot-ready"]);
    assert_eq!(rig.run(1), [Output::Drop]);
    let mut rig = Rig::ready(with(r#"{"kind":"drop","at":"client-ready","after_ms":50}"#), "2.2.0");
    assert_eq!(rig.run(49), [], "instead of bot-ready");
    assert_eq!(rig.run(1), [Output::Drop]);
    for (fault, at_once, later) in
        [("no-bot-ready", 0, 0), ("late-bot-ready", 0, 1), ("twice-bot-ready", 2, 2)]
    {
        let mut rig = Rig::ready(with(fault), "2.2.0");
        assert_eq!(rig.run(1999).len(), at_once, "{fault}");
        assert_eq!(rig.run(1).len() + at_once, later, "{fault}");
    }
}

#[test]
fn floods_and_nonsense_come_on_request() {
    let mut rig = Rig::ready(quiet(), "2.2.0");
    rig.run(0);
    let mut ask = |d: Value| {
        rig.tell("client-message", json!({ "t": "misbehave", "d": d }));
        rig.run(0)
    };
    let flood = ask(json!({ "kind": "flood", "n": 3 }));
    assert_eq!(messages_of(&flood, "server-message")[2]["data"], json!({ "i": 2 }));
    assert_eq!(ask(json!("malformed")).len(), 3);
    assert_eq!(ask(json!({ "kind": "unknown", "what": "type" })).len(), 1);
    let oversized = ask(json!({ "kind": "oversized", "n": 10 }));
    assert_eq!(messages_of(&oversized, "server-message")[0]["data"], "xxxxxxxxxx");
    assert_eq!(ask(json!({ "kind": "reset" })), [Output::Reset]);
}

#[test]
fn an_old_server_knows_only_old_messages() {
    let mut rig = Rig::ready(BotOptions { protocol: Protocol::V1, ..quiet() }, "1.0.0");
    rig.run(0);
    rig.tell("send-text", json!({ "content": "weather" }));
    let expected =
        ["INTERRUPTION", "user-llm-text", "bot-llm-started", "bot-llm-stopped", "llm-function-call"];
    assert_eq!(names(&rig.run(100)), expected);
    rig.tell("dtmf", json!({ "buttons": ["1"] }));
    assert_eq!(messages_of(&rig.run(0), "error-response")[0]["data"]["error"], "Unsupported type dtmf");
}

#[test]
fn without_detail_a_call_has_only_its_id() {
    let options = BotOptions { function_detail: FunctionDetail::None, ..quiet() };
    let mut rig = Rig::ready(options, "2.2.0");
    rig.tell("send-text", json!({ "content": "weather" }));
    let outputs = rig.run(100);
    assert_eq!(messages_of(&outputs, "llm-function-call-started")[0]["data"], json!({}));
    let call = &messages_of(&outputs, "llm-function-call-in-progress")[0]["data"];
    assert_eq!(call.as_object().map(|data| data.len()), Some(1));
}

#[test]
fn echo_returns_the_audio_unheard() {
    let mut rig = Rig::ready(BotOptions { echo: true, ..quiet() }, "2.2.0");
    rig.run(0);
    let outputs = rig.hear(400, 8000.0);
    assert_eq!(outputs.len(), 20);
    assert!(
        outputs.iter().all(|output| matches!(output, Output::Audio(frame) if frame.sample_rate == 16_000))
    );
}

#[test]
fn raw_texts_go_to_clients_that_know_them() {
    for (version, expected) in [("2.2.0", 1), ("2.1.0", 0)] {
        let mut rig = Rig::ready(BotOptions { raw_text: true, ..quiet() }, version);
        rig.tell("dtmf", json!({ "buttons": ["#"] }));
        assert_eq!(messages_of(&rig.run(5000), "tts-raw-text").len(), expected, "{version}");
    }
}
