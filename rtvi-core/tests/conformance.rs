//! Runs the conformance vectors of `tests/conformance` (see its README) against the protocol layer.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rtvi_core::ffi::RtviEvent;
use rtvi_core::protocol::{
    AboutData, ClientMessage, Decoded, JsonObject, MESSAGE_LABEL, PROTOCOL_VERSION, ServerMessage, Version,
    decode, encode,
};
use rtvi_core::{Error, Event};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServerVector {
    name: String,
    wire: Value,
    event: Option<ExpectedEvent>,
    error: Option<ExpectedViolation>,
    foreign: Option<ExpectedForeign>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedEvent {
    name: String,
    #[serde(default, deserialize_with = "some")]
    data: Option<Value>,
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedViolation {
    #[serde(rename = "type")]
    wire_type: Option<String>,
    id: Option<String>,
    #[serde(rename = "reasonContains")]
    reason_contains: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedForeign {
    label: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClientVector {
    name: String,
    call: Call,
    wire: Option<Vec<Value>>,
    error: Option<ExpectedError>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Call {
    method: String,
    #[serde(default)]
    args: JsonObject,
    bot_version: Option<Version>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ExpectedError {
    kind: String,
    message_contains: Option<String>,
}

/// Distinguishes an explicit null from an absent field.
fn some<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance").join(name)
}

/// Every file of a folder: its stem and its vectors.
fn vectors<T: DeserializeOwned>(name: &str) -> Vec<(String, Vec<T>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder(name)).expect("the folder of vectors") {
        let path = entry.expect("a readable folder").path();
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert_eq!(path.extension().and_then(|ending| ending.to_str()), Some("json"), "{}", path.display());
        let text = fs::read_to_string(&path).expect("a readable file");
        let list: Vec<T> =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(!list.is_empty(), "{} is empty", path.display());
        files.push((stem, list));
    }
    assert!(!files.is_empty(), "no vectors in {name}");
    files
}

fn assert_unique<'a>(file: &str, names: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for name in names {
        assert!(seen.insert(name), "{file}: two vectors are called {name:?}");
    }
}

#[test]
fn server_messages_become_the_expected_events() {
    for (file, list) in vectors::<ServerVector>("server") {
        assert_unique(&file, list.iter().map(|vector| vector.name.as_str()));
        for vector in list {
            check_server(&format!("server/{file}.json, {:?}", vector.name), vector);
        }
    }
}

/// What other languages get of each message is one flat event, which holds all of it.
#[test]
fn a_flat_event_keeps_everything_both_ways() {
    let mut count = 0;
    for (file, list) in vectors::<ServerVector>("server") {
        for vector in list.into_iter().filter(|vector| vector.event.is_some()) {
            let text = if let Value::String(text) = vector.wire { text } else { vector.wire.to_string() };
            let Decoded::Message(incoming) = decode(text.as_bytes()) else { panic!("server/{file}.json") };
            let flat = RtviEvent::from(incoming.message.clone());
            assert_eq!(flat.name(), incoming.message.event_name(), "server/{file}.json, {:?}", vector.name);
            let whole = match incoming.message {
                // The client makes its own event of it, with the id of what it answers.
                ServerMessage::ErrorResponse(data) => Event::MessageError { id: None, error: data.error },
                message => Event::Server(message),
            };
            assert_eq!(Event::from(flat), whole, "server/{file}.json, {:?}", vector.name);
            count += 1;
        }
    }
    assert!(count > 0, "no vector has an event");
}

fn check_server(place: &str, vector: ServerVector) {
    let text = if let Value::String(text) = &vector.wire { text.clone() } else { vector.wire.to_string() };
    match (decode(text.as_bytes()), vector.event, vector.error, vector.foreign) {
        (Decoded::Message(incoming), Some(event), None, None) => {
            assert_eq!(incoming.message.event_name(), event.name, "{place}");
            assert_eq!(incoming.id, event.id, "{place}");
            assert_eq!(incoming.message.data(), event.data, "{place}");
        }
        (Decoded::Invalid(violation), None, Some(error), None) => {
            assert_eq!(violation.wire_type, error.wire_type, "{place}");
            assert_eq!(violation.id, error.id, "{place}");
            assert!(violation.reason.contains(&error.reason_contains), "{place}: {}", violation.reason);
            assert!(!violation.reason.contains("secret"), "{place}: {}", violation.reason);
        }
        (Decoded::Foreign { label }, None, None, Some(foreign)) => {
            assert_eq!(label, foreign.label, "{place}")
        }
        (decoded, ..) => panic!("{place}: {decoded:?}"),
    }
}

#[test]
fn every_server_message_has_a_good_vector() {
    let files = vectors::<ServerVector>("server");
    for wire_type in ServerMessage::WIRE_TYPES {
        let good =
            files.iter().filter(|(file, _)| file == wire_type).flat_map(|(_, list)| list).any(|vector| {
                vector.event.is_some() && vector.wire.get("type").and_then(Value::as_str) == Some(wire_type)
            });
        assert!(good, "no good vector for {wire_type}");
    }
    for (file, _) in files {
        assert!(
            file == "envelope" || ServerMessage::WIRE_TYPES.contains(&file.as_str()),
            "{file} is no message"
        );
    }
}

#[test]
fn client_calls_send_the_expected_messages() {
    for (file, list) in vectors::<ClientVector>("client") {
        assert_unique(&file, list.iter().map(|vector| vector.name.as_str()));
        for vector in list {
            check_client(&format!("client/{file}.json, {:?}", vector.name), vector);
        }
    }
}

fn check_client(place: &str, vector: ClientVector) {
    match (messages(&vector.call), vector.wire, vector.error) {
        (Ok(messages), Some(wire), None) => {
            assert_eq!(messages.iter().map(on_the_wire).collect::<Vec<_>>(), wire, "{place}");
        }
        (Err(error), None, Some(expected)) => {
            assert_eq!(json!(error.kind()), json!(expected.kind), "{place}");
            let text = expected.message_contains.unwrap_or_default();
            assert!(error.message().contains(&text), "{place}: {}", error.message());
        }
        (result, ..) => panic!("{place}: {result:?}"),
    }
}

/// The type and data of an encoded message, after its envelope was checked.
fn on_the_wire(message: &ClientMessage) -> Value {
    let text = encode("id-1", message);
    let Value::Object(mut envelope) = serde_json::from_str(&text).expect("JSON") else { panic!("{text}") };
    assert_eq!(envelope.remove("label"), Some(json!(MESSAGE_LABEL)));
    assert_eq!(envelope.remove("id"), Some(json!("id-1")));
    Value::Object(envelope)
}

/// The messages of a call; an error if the bot's version lacks them.
fn messages(call: &Call) -> Result<Vec<ClientMessage>, Error> {
    let bot = call.bot_version.unwrap_or(PROTOCOL_VERSION);
    if call.method == "sendDtmf" {
        return ClientMessage::dtmf(&args::<Keys>(call).keys, bot);
    }
    let message = message(call);
    message.check_supported(bot).map(|()| vec![message])
}

fn message(call: &Call) -> ClientMessage {
    match call.method.as_str() {
        "clientReady" => {
            ClientMessage::ClientReady { version: PROTOCOL_VERSION, about: args::<ClientReady>(call).about }
        }
        "disconnectBot" => ClientMessage::DisconnectBot,
        "sendClientMessage" | "sendClientRequest" => {
            let AppMessage { t, d } = args(call);
            ClientMessage::ClientMessage { t, d }
        }
        "sendText" => ClientMessage::SendText(args(call)),
        "sendFile" => ClientMessage::SendFile(args(call)),
        "functionCallResult" => ClientMessage::FunctionCallResult(args(call)),
        "sendRawAudio" => ClientMessage::RawAudio(args(call)),
        "sendRawAudioBatch" => ClientMessage::RawAudioBatch(args(call)),
        "sendUiEvent" => ClientMessage::UiEvent(args(call)),
        "sendUiSnapshot" => ClientMessage::UiSnapshot(args(call)),
        "cancelUiJobGroup" => ClientMessage::UiCancelJobGroup(args(call)),
        "appendToContext" => ClientMessage::AppendToContext(args(call)),
        other => panic!("no method {other}"),
    }
}

#[derive(Deserialize)]
struct Keys {
    keys: String,
}

#[derive(Deserialize)]
struct ClientReady {
    about: AboutData,
}

#[derive(Deserialize)]
struct AppMessage {
    #[serde(rename = "type")]
    t: String,
    #[serde(rename = "data")]
    d: Option<Value>,
}

fn args<T: DeserializeOwned>(call: &Call) -> T {
    serde_json::from_value(Value::Object(call.args.clone())).expect("arguments of the method")
}

#[test]
fn every_client_message_has_a_good_vector() {
    let files = vectors::<ClientVector>("client");
    for wire_type in ClientMessage::WIRE_TYPES {
        let good = files
            .iter()
            .filter(|(file, _)| file == wire_type)
            .flat_map(|(_, list)| list.iter().filter_map(|vector| vector.wire.as_ref()))
            .any(|wire| wire.iter().all(|message| message["type"] == json!(wire_type)));
        assert!(good, "no good vector for {wire_type}");
    }
    for (file, _) in files {
        assert!(ClientMessage::WIRE_TYPES.contains(&file.as_str()), "{file} is no message");
    }
}
