//! Property tests of the protocol: no server input panics, and everything written is read back
//! unchanged.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;

use super::*;

/// The wire texts of all conformance vectors.
fn vectors() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance/server");
    let files = fs::read_dir(folder).expect("the folder of vectors");
    let texts = files.map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("a file"));
    let lists = texts.map(|text| serde_json::from_str::<Vec<Value>>(&text).expect("a list of vectors"));
    let wires = lists.flatten().map(|vector| vector["wire"].clone());
    wires
        .map(
            |wire| {
                if let Value::String(text) = wire { text.into_bytes() } else { wire.to_string().into_bytes() }
            },
        )
        .collect()
}

/// Any JSON. Fractions have an exact binary form.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(field_name(), inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Field names of payloads, so that random objects reach their readers, and other names.
fn field_name() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "text",
        "final",
        "error",
        "message",
        "fatal",
        "args",
        "arguments",
        "tool_call_id",
        "function_name",
        "cancelled",
        "version",
        "about",
        "capabilities",
        "ttfb",
        "tokens",
        "t",
        "d",
        "output_type",
        "aggregated_by",
        "segment_id",
        "spoken_progress",
        "spoken_status",
        "value",
        "audio",
        "sample_rate",
        "origins",
        "results",
        "kind",
        "job_id",
        "workers",
        "command",
        "payload",
        "input_type",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => any::<String>()]
}

fn object() -> impl Strategy<Value = JsonObject> {
    btree_map(field_name(), any_json(), 0..4).prop_map(|map| map.into_iter().collect())
}

/// Any JSON that is not null: null data is the same as no data.
fn data() -> impl Strategy<Value = Option<Value>> {
    any_json().prop_map(|value| Some(value).filter(|value| !value.is_null()))
}

fn bot_output() -> impl Strategy<Value = ServerMessage> {
    let progress = option::of((any::<String>(), any::<String>()));
    let parts = (any::<String>(), any::<String>(), any::<Option<u64>>(), any::<[Option<bool>; 2]>());
    (parts, any::<Option<String>>(), progress).prop_map(
        |((text, kind, segment_id, flags), status, progress)| {
            ServerMessage::BotOutput(BotOutputData {
                text,
                output_type: OutputType::from(kind.as_str()),
                segment_id,
                spoken: flags[0],
                will_be_spoken: flags[1],
                spoken_status: status.as_deref().map(SpokenStatus::from),
                spoken_progress: progress.map(|(accumulated_text, remaining_text)| SpokenProgress {
                    accumulated_text,
                    remaining_text,
                }),
            })
        },
    )
}

fn function_call() -> impl Strategy<Value = ServerMessage> {
    let parts = (any::<String>(), any::<Option<String>>(), option::of(object()), data(), any::<bool>());
    (parts, 0..3_u8).prop_map(|((tool_call_id, name, arguments, result, cancelled), which)| match which {
        0 => ServerMessage::LlmFunctionCall(FunctionCallData {
            function_name: name.unwrap_or_default(),
            tool_call_id,
            arguments: arguments.unwrap_or_default(),
        }),
        1 => ServerMessage::LlmFunctionCallInProgress(FunctionCallInProgressData {
            tool_call_id,
            function_name: name,
            arguments,
        }),
        _ => ServerMessage::LlmFunctionCallStopped(FunctionCallStoppedData {
            tool_call_id,
            cancelled,
            function_name: name,
            result,
        }),
    })
}

fn other_message() -> impl Strategy<Value = ServerMessage> {
    let transcript =
        (any::<String>(), any::<[Option<String>; 2]>(), any::<bool>()).prop_map(|(text, who, is_final)| {
            let [user_id, timestamp] = who;
            ServerMessage::UserTranscript(TranscriptData { text, user_id, timestamp, is_final })
        });
    let entries = || vec(object().prop_map(MetricEntry::from), 0..3);
    let metrics = (entries(), entries()).prop_map(|(ttfb, tokens)| {
        ServerMessage::Metrics(Box::new(MetricsData { ttfb, tokens, ..MetricsData::default() }))
    });
    prop_oneof![
        transcript,
        metrics,
        data().prop_map(ServerMessage::ServerMessage),
        (any::<String>(), data())
            .prop_map(|(t, d)| ServerMessage::ServerResponse(ServerResponseData { t, d })),
        (any::<String>(), any::<bool>())
            .prop_map(|(error, fatal)| ServerMessage::Error(BotErrorData { error, fatal })),
        any::<String>().prop_map(|text| ServerMessage::BotLlmText(TextData { text })),
    ]
}

/// A message with its members in the order in which servers write them.
fn wire_text(wire_type: &str, id: Option<&str>, data: Option<Value>) -> String {
    let mut text = format!(r#"{{"label":"{MESSAGE_LABEL}","type":{}"#, Value::from(wire_type));
    for (name, value) in [("id", id.map(Value::from)), ("data", data)] {
        text.extend(value.map(|value| format!(r#","{name}":{value}"#)));
    }
    text + "}"
}

/// Decodes, and checks what holds for every result.
fn decode_checked(bytes: &[u8]) -> Decoded {
    let decoded = decode(bytes);
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(incoming) = usual::decode(text)
    {
        assert_eq!(envelope::decode_in_two_steps(text), Decoded::Message(incoming), "both ways agree");
    }
    if let Decoded::Invalid(violation) = &decoded {
        assert!(!violation.reason.is_empty() && violation.reason.chars().count() <= 200, "{violation}");
    }
    decoded
}

#[test]
fn messages_of_the_usual_form_are_read_in_one_pass() {
    let mut read = HashSet::new();
    for wire in vectors() {
        let Ok(Value::Object(members)) = serde_json::from_slice::<Value>(&wire) else { continue };
        let (Some(wire_type), id) = (members.get("type").and_then(Value::as_str), members.get("id")) else {
            continue;
        };
        let data = members.get("data").cloned();
        let text = wire_text(wire_type, id.and_then(Value::as_str), data);
        decode_checked(text.as_bytes());
        read.extend(usual::decode(&text).map(|incoming| incoming.message.wire_type().to_owned()));
    }
    let missed: Vec<_> = ServerMessage::WIRE_TYPES.iter().filter(|name| !read.contains(**name)).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..200)) {
        prop_assert!(!matches!(decode_checked(&bytes), Decoded::Message(_)));
    }

    #[test]
    fn arbitrary_json_never_panics(value in any_json()) {
        decode_checked(value.to_string().as_bytes());
    }

    #[test]
    fn arbitrary_data_of_every_type_never_panics(
        wire_type in prop::sample::select(ServerMessage::WIRE_TYPES),
        data in any_json(),
    ) {
        let decoded = decode_checked(wire_text(wire_type, None, Some(data)).as_bytes());
        prop_assert!(!matches!(decoded, Decoded::Foreign { .. }), "it is RTVI");
    }

    #[test]
    fn damaged_messages_never_panic(
        wire in prop::sample::select(vectors()),
        damage in vec((any::<prop::sample::Index>(), any::<Option<u8>>()), 1..6),
    ) {
        let mut bytes = wire;
        for (place, byte) in damage {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            match byte {
                Some(byte) => bytes[at] = byte,
                None => drop(bytes.remove(at)),
            }
        }
        decode_checked(&bytes);
    }

    #[test]
    fn cut_messages_never_panic(wire in prop::sample::select(vectors()), place in any::<prop::sample::Index>()) {
        if !wire.is_empty() {
            decode_checked(&wire[..place.index(wire.len())]);
        }
    }

    #[test]
    fn written_messages_are_read_back_the_same(
        message in prop_oneof![bot_output(), function_call(), other_message()],
        id in any::<Option<String>>(),
    ) {
        let text = wire_text(message.wire_type(), id.as_deref(), message.data());
        prop_assert_eq!(decode(text.as_bytes()), Decoded::Message(Incoming { id, message }));
    }

    #[test]
    fn normalised_data_stays_as_it_is(wire in prop::sample::select(vectors())) {
        let decoded = decode(&wire);
        // An unknown message has no normal form.
        let is_known = !matches!(decoded, Decoded::Message(Incoming { message: ServerMessage::Unknown { .. }, .. }));
        if let (Decoded::Message(Incoming { id, message }), true) = (decoded, is_known) {
            let text = wire_text(message.wire_type(), id.as_deref(), message.data());
            prop_assert_eq!(decode(text.as_bytes()), Decoded::Message(Incoming { id, message }));
        }
    }

    #[test]
    fn client_payloads_survive_the_wire(
        texts in any::<[String; 3]>(),
        bytes in vec(any::<u8>(), 0..40),
        size in any::<Option<u32>>(),
        options in any::<[Option<bool>; 2]>(),
    ) {
        let [content, format, name] = texts;
        let source = FileSource::Bytes { bytes: bytes.clone(), width: size, height: None };
        let file = SendFileData {
            content,
            file: File { format, name: Some(name), source },
            options: Some(SendFileOptions {
                run_immediately: options[0],
                audio_response: options[1],
                custom_options: None,
            }),
        };
        let text = encode("a", &ClientMessage::SendFile(file.clone()));
        prop_assert_eq!(client_data::<SendFileData>(&text), file);
        let audio = RawAudioBatchData { audio: vec![bytes.clone(), bytes], sample_rate: 16_000, num_channels: 1 };
        let text = encode("a", &ClientMessage::RawAudioBatch(audio.clone()));
        prop_assert_eq!(client_data::<RawAudioBatchData>(&text), audio);
    }

    #[test]
    fn keys_arrive_in_order_on_every_version(keys in "[0-9*#]{1,20}", minor in 0..3_u32) {
        let messages = ClientMessage::dtmf(&keys, Version::new(2, minor, 0)).expect("good keys");
        let sent: String = messages.iter().flat_map(keys_of).collect();
        prop_assert_eq!(sent, keys);
    }
}

fn client_data<T: serde::de::DeserializeOwned>(text: &str) -> T {
    let mut envelope: Value = serde_json::from_str(text).expect("JSON");
    serde_json::from_value(envelope["data"].take()).expect("the payload")
}

fn keys_of(message: &ClientMessage) -> Vec<char> {
    match message {
        ClientMessage::Dtmf(DtmfData::Buttons { buttons }) => buttons.clone(),
        ClientMessage::Dtmf(DtmfData::Button { button }) => vec![*button],
        other => panic!("{other:?}"),
    }
}
