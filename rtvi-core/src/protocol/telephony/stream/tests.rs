use proptest::prelude::*;
use serde_json::json;

use super::*;

fn stream(provider: PhoneProvider) -> Box<dyn PhoneStream> {
    let mut stream = phone_stream(PhoneCall::new(provider, [7; 16])).unwrap();
    stream.open(&mut Vec::new());
    stream
}

fn read(stream: &mut dyn PhoneStream, text: &Value) -> Result<BotSignal, Error> {
    stream.read(PhonePayload::Text(text.to_string().into()), &mut Vec::new())
}

fn refusal(stream: &mut dyn PhoneStream, text: &Value) -> String {
    let error = read(stream, text).expect_err(&text.to_string());
    assert_eq!(error.kind(), ErrorKind::Protocol);
    error.message().to_owned()
}

fn genesys(call: &PhoneCall, kind: &str, parameters: Value) -> Value {
    json!({"version": "2", "type": kind, "id": call.stream_id, "seq": 1, "parameters": parameters})
}

#[test]
fn what_a_provider_would_not_accept_is_named() {
    let mut twilio = stream(PhoneProvider::Twilio);
    let twilio = twilio.as_mut();
    let said = refusal(twilio, &json!({"event": "media", "streamSid": "MZ0", "media": {"payload": ""}}));
    assert!(said.starts_with("Twilio does not accept \"media\" of the stream \"MZ0\": this is MZ"), "{said}");
    assert!(refusal(twilio, &json!({"event": "media", "media": {"payload": "*"}})).contains("not base64"));
    assert!(refusal(twilio, &json!({"event": "media"})).ends_with("audio without media"));
    assert!(refusal(twilio, &json!({"event": "playAudio"})).ends_with("the event \"playAudio\""));
    assert!(refusal(twilio, &json!({"event": "mark"})).ends_with("a mark without a name"));
    assert!(refusal(twilio, &json!({})).ends_with("a message without an event"));
    assert!(refusal(twilio, &json!([1])).contains("the message:"));
    let binary = twilio.read(PhonePayload::Binary("x".into()), &mut Vec::new()).unwrap_err();
    assert_eq!(binary.message(), "Twilio does not accept binary data");
    let garbage = twilio.read(PhonePayload::Text("nonsense".into()), &mut Vec::new()).unwrap_err();
    assert!(garbage.message().contains("not JSON"), "{garbage}");

    let mut plivo = stream(PhoneProvider::Plivo);
    let media = json!({"payload": "", "contentType": "audio/x-mulaw", "sampleRate": 16_000});
    let said = refusal(plivo.as_mut(), &json!({"event": "playAudio", "media": media}));
    assert!(said.ends_with("audio of the type \"audio/x-mulaw\" and 16000 Hz"), "{said}");

    let mut exotel = stream(PhoneProvider::Exotel);
    let said = refusal(exotel.as_mut(), &json!({"event": "media", "media": {"payload": "AAAA"}}));
    assert!(said.ends_with("3 bytes of l16-8000: half a sample"), "{said}");

    let mut vonage = stream(PhoneProvider::Vonage);
    let vonage = vonage.as_mut();
    assert!(refusal(vonage, &json!({"action": "dance"})).ends_with("the action \"dance\""));
    assert!(refusal(vonage, &json!({"event": "clear"})).ends_with("a message without an action"));
    assert!(vonage.read(PhonePayload::Binary("abc".into()), &mut Vec::new()).is_err());
}

#[test]
fn a_session_of_genesys_keeps_its_order() {
    let call = PhoneCall::new(PhoneProvider::Genesys, [7; 16]);
    let mut genesys_stream = phone_stream(call.clone()).unwrap();
    let stream = genesys_stream.as_mut();
    stream.open(&mut Vec::new());
    assert!(!stream.takes_audio() && stream.ping().is_none() && stream.hang_up().is_none());
    let early = stream.read(PhonePayload::Binary("x".into()), &mut Vec::new()).unwrap_err();
    assert!(early.message().ends_with("audio before opened"), "{early}");
    assert!(refusal(stream, &genesys(&call, "closed", json!({}))).ends_with("closed without close"));
    let other = json!({"version": "2", "type": "opened", "id": "x", "seq": 1});
    assert!(refusal(stream, &other).contains("of the session \"x\""));
    let old = json!({"version": "1", "type": "opened", "id": call.stream_id, "seq": 1});
    assert!(refusal(stream, &old).ends_with("the version \"1\""));
    let l16 = json!({"media": [{"type": "audio", "format": "L16", "rate": 8_000}]});
    assert!(refusal(stream, &genesys(&call, "opened", l16)).contains("PCMU was offered"));
    assert!(refusal(stream, &genesys(&call, "opened", json!({}))).contains("the media"));

    let media = json!({"startPaused": true, "media": [{"type": "audio", "format": "PCMU", "rate": 8_000}]});
    assert_eq!(read(stream, &genesys(&call, "opened", media.clone())), Ok(BotSignal::Opened));
    assert!(refusal(stream, &genesys(&call, "opened", media)).ends_with("a second opened"));
    assert!(!stream.takes_audio(), "it starts paused");
    let mut answers = Vec::new();
    let mut say = |kind: &str, stream: &mut dyn PhoneStream| {
        let text = genesys(&call, kind, json!({})).to_string();
        let signal = stream.read(PhonePayload::Text(text.into()), &mut answers);
        assert_eq!(signal, Ok(BotSignal::Nothing), "{kind}");
    };
    say("resume", stream);
    assert!(stream.takes_audio());
    say("pause", stream);
    say("pause", stream);
    assert!(!stream.takes_audio());
    let texts: Vec<_> = answers.iter().map(|answer| format!("{answer:?}")).collect();
    assert!(texts.len() == 2 && texts[0].contains("resumed") && texts[1].contains("paused"), "{texts:?}");
    assert!(stream.hang_up().is_some() && stream.hang_up().is_none() && stream.ping().is_none());
    assert_eq!(read(stream, &genesys(&call, "closed", json!({}))), Ok(BotSignal::Closed));
    assert!(stream.read(PhonePayload::Binary("x".into()), &mut Vec::new()).is_err(), "audio after closed");
}

#[test]
fn rtvi_passes_even_with_half_a_character() {
    for provider in PhoneProvider::ALL {
        let text = r#"{"label":"rtvi-ai","type":"bot-llm-text","data":{"text":"\ud83d"}}"#;
        let signal = stream(provider).read(PhonePayload::Text(text.into()), &mut Vec::new());
        if provider == PhoneProvider::Genesys {
            assert!(signal.is_err(), "Genesys has messages of its own only");
        } else {
            assert_eq!(signal, Ok(BotSignal::Rtvi(text.into())), "{provider}");
        }
    }
}

#[test]
fn the_buffers_are_used_again() {
    for provider in PhoneProvider::ALL {
        let mut stream = stream(provider);
        let place = |payload: PhonePayload| match payload {
            PhonePayload::Text(bytes) | PhonePayload::Binary(bytes) => bytes.as_ptr(),
        };
        let places: std::collections::HashSet<_> = (0..100).map(|_| place(stream.audio(&[0; 160]))).collect();
        assert!(places.len() <= 20, "{provider}: {}", places.len());
    }
}

proptest! {
    #[test]
    fn no_payload_makes_it_panic(
        provider in prop::sample::select(&PhoneProvider::ALL[..]),
        payloads in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..200)), 1..5),
    ) {
        let mut stream = stream(provider);
        for (is_text, bytes) in payloads {
            let payload = if is_text {
                PhonePayload::Text(String::from_utf8_lossy(&bytes).into_owned().into())
            } else {
                PhonePayload::Binary(bytes.into())
            };
            let _read = stream.read(payload, &mut Vec::new());
        }
    }

    #[test]
    fn what_is_sent_is_json_or_audio(
        provider in prop::sample::select(&PhoneProvider::ALL[..]),
        samples in prop::collection::vec(any::<i16>(), 0..400),
        value in ".{0,40}",
    ) {
        let mut call = PhoneCall::new(provider, [7; 16]);
        call.from.clone_from(&value);
        call.parameters = vec![("name".into(), value.clone())];
        let mut stream = phone_stream(call).unwrap();
        let mut sent = Vec::new();
        stream.open(&mut sent);
        sent.extend([stream.audio(&samples), stream.key('#')]);
        sent.extend(stream.mark_played(&value.into()));
        sent.extend(stream.hang_up());
        for payload in sent {
            match payload {
                PhonePayload::Text(text) => assert!(serde_json::from_slice::<Value>(&text).is_ok()),
                PhonePayload::Binary(bytes) => assert!(bytes.len() >= samples.len()),
            }
        }
    }
}
