//! Runs the vectors of calls in `tests/conformance/phone`, which Pipecat's own serializers made.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, fs, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use rtvi_core::protocol::telephony::{
    BotSignal, PhoneCall, PhoneEncoding, PhonePayload, PhoneProvider, PhoneStream, phone_stream,
};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Vector {
    provider: PhoneProvider,
    encoding: PhoneEncoding,
    stream_id: String,
    call_id: String,
    account_id: String,
    from: String,
    to: String,
    parameters: BTreeMap<String, String>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "camelCase", deny_unknown_fields)]
enum Step {
    Open { sends: Vec<Wire> },
    Audio { samples: Vec<i16>, sends: Vec<Wire> },
    Key { key: char, sends: Vec<Wire> },
    Cleared { sends: Vec<Wire> },
    MarkPlayed { mark: Value, sends: Vec<Wire> },
    Playing { started: bool, sends: Vec<Wire> },
    Ping { sends: Vec<Wire> },
    HangUp { sends: Vec<Wire> },
    Receive { wire: Wire, signal: Value, sends: Vec<Wire> },
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Wire {
    Text(Value),
    Binary(String),
}

impl Wire {
    fn of(payload: &PhonePayload) -> Self {
        match payload {
            PhonePayload::Text(text) => Self::Text(serde_json::from_slice(text).expect("JSON")),
            PhonePayload::Binary(bytes) => Self::Binary(STANDARD.encode(bytes)),
        }
    }

    fn payload(&self) -> PhonePayload {
        match self {
            Self::Text(value) => PhonePayload::Text(value.to_string().into()),
            Self::Binary(base64) => PhonePayload::Binary(STANDARD.decode(base64).expect("base64").into()),
        }
    }
}

/// A signal as vectors write it.
fn shown(signal: BotSignal) -> Value {
    match signal {
        BotSignal::Audio { sample_rate, samples } => json!({"audio": samples.to_vec(), "rate": sample_rate}),
        BotSignal::Clear => "clear".into(),
        BotSignal::Mark(mark) => json!({"mark": mark}),
        BotSignal::Rtvi(text) => {
            json!({"rtvi": serde_json::from_slice::<Value>(&text).expect("JSON")})
        }
        BotSignal::Opened => "opened".into(),
        BotSignal::HangUp { reason, result } => json!({"hangUp": {"reason": reason, "result": result}}),
        BotSignal::Closed => "closed".into(),
        BotSignal::Nothing => "nothing".into(),
    }
}

/// Does a step. Returns what was sent and what should have been.
fn step(stream: &mut dyn PhoneStream, step: Step) -> (Vec<PhonePayload>, Vec<Wire>) {
    let mut sent = Vec::new();
    let sends = match step {
        Step::Open { sends } => {
            stream.open(&mut sent);
            sends
        }
        Step::Audio { samples, sends } => {
            sent.push(stream.audio(&samples));
            sends
        }
        Step::Key { key, sends } => {
            sent.push(stream.key(key));
            sends
        }
        Step::Cleared { sends } => {
            sent.extend(stream.cleared());
            sends
        }
        Step::MarkPlayed { mark, sends } => {
            sent.extend(stream.mark_played(&mark));
            sends
        }
        Step::Playing { started, sends } => {
            sent.extend(stream.playing(started));
            sends
        }
        Step::Ping { sends } => {
            sent.extend(stream.ping());
            sends
        }
        Step::HangUp { sends } => {
            sent.extend(stream.hang_up());
            sends
        }
        Step::Receive { wire, signal, sends } => {
            let read = stream.read(wire.payload(), &mut sent);
            assert_eq!(shown(read.expect("the bot's message is read")), signal);
            sends
        }
    };
    (sent, sends)
}

fn run(name: &str, vector: Vector) {
    let mut call = PhoneCall::new(vector.provider, [0; 16]);
    (call.stream_id, call.call_id, call.account_id) = (vector.stream_id, vector.call_id, vector.account_id);
    (call.from, call.to, call.encoding) = (vector.from, vector.to, vector.encoding);
    call.parameters = vector.parameters.into_iter().collect();
    let mut stream = phone_stream(call).expect("a call that the provider carries");
    for (number, next) in vector.steps.into_iter().enumerate() {
        let (sent, sends) = step(stream.as_mut(), next);
        let sent: Vec<_> = sent.iter().map(Wire::of).collect();
        assert_eq!(sent, sends, "{name}, step {number}");
    }
}

#[test]
fn calls_are_as_pipecat_understands_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance/phone");
    let mut providers = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of vectors") {
        let path = entry.expect("a readable folder").path();
        let text = fs::read_to_string(&path).expect("a readable file");
        let vector: Vector =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        providers.push(vector.provider);
        run(&path.display().to_string(), vector);
    }
    assert!(PhoneProvider::ALL.iter().all(|provider| providers.contains(provider)), "{providers:?}");
}
