//! The transports that start answers lead to, and the start answers that are refused.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::transport::{ApiRequest, Cookies, TlsOptions};

fn params(value: &Value) -> ConnectParams {
    ConnectParams::new(value.as_object().unwrap().clone())
}

/// The audio rate of the chosen transport, which distinguishes the transports.
fn rate(options: AutoTransportOptions, value: &Value) -> Result<u32, Error> {
    let (params, start) = (params(value), ApiRequest::new("http://h/start"));
    let request = OpenRequest {
        params: &params,
        start: Some(&start),
        attempt: 0,
        mic_enabled: true,
        cookies: &Cookies::default(),
        tls: &TlsOptions::default(),
        open_timeout: Duration::from_secs(15),
    };
    let transport = AutoTransport::new(options).create(request)?;
    Ok(transport.capabilities().capture.unwrap().format.sample_rate)
}

const WEBRTC: u32 = 48_000;
const WEBSOCKET: u32 = 16_000;

#[test]
fn keys_select_the_transport() {
    for (value, kind) in [
        (json!({"wsUrl": "ws://h", "sessionId": "1", "token": null}), Some(TransportKind::WebSocket)),
        (json!({"ws_url": "ws://h"}), Some(TransportKind::WebSocket)),
        (json!({"wsUrl": null, "sessionId": "1"}), Some(TransportKind::SmallWebRtc)),
        (json!({"webrtcUrl": "http://h/api/offer"}), Some(TransportKind::SmallWebRtc)),
        (
            json!({"webrtcRequestParams": {"endpoint": "http://h"}, "iceConfig": {}}),
            Some(TransportKind::SmallWebRtc),
        ),
        (json!({"url": "ws://h:7880", "token": "t", "sessionId": "1"}), Some(TransportKind::LiveKit)),
        (json!({"livekitUrl": "wss://h", "sessionId": "1"}), Some(TransportKind::LiveKit)),
        (json!({"wsUrl": "ws://h", "url": "wss://h", "token": "t"}), Some(TransportKind::WebSocket)),
        (json!({"url": "wss://h"}), None),
        (json!({}), None),
    ] {
        assert_eq!(TransportKind::of(&params(&value)), Ok(kind), "{value}");
    }
}

#[test]
fn the_selected_transport_is_created() {
    assert_eq!(rate(AutoTransportOptions::default(), &json!({"sessionId": "1"})), Ok(WEBRTC));
    let both = json!({"wsUrl": "ws://h", "sessionId": "1"});
    assert_eq!(rate(AutoTransportOptions::default(), &both), Ok(WEBSOCKET));
}

#[test]
fn options_decide_where_the_parameters_say_nothing() {
    let mut options = AutoTransportOptions::default();
    options.small_webrtc.offer = Some(ApiRequest::new("http://h/api/offer"));
    assert_eq!(rate(options.clone(), &json!({})), Ok(WEBRTC));
    options.websocket.url = Some("ws://h".to_owned());
    assert_eq!(rate(options.clone(), &json!({})), Ok(WEBSOCKET));
    let mut room = AutoTransportOptions::default();
    (room.livekit.url, room.livekit.token) = (Some("ws://h".to_owned()), Some("t".to_owned()));
    assert_eq!(rate(room, &json!({})), Ok(WEBRTC));
    assert_eq!(rate(options.clone(), &json!({"sessionId": "1"})), Ok(WEBRTC));
    assert!(rate(options, &json!({"room_url": "https://h"})).is_err());
}

#[test]
fn a_room_of_another_service_is_named() {
    for answer in [json!({"dailyRoom": "https://h", "dailyToken": "t"}), json!({"room_url": "https://h"})] {
        let error = rate(AutoTransportOptions::default(), &answer).unwrap_err();
        assert!(error.message().contains("in a Daily room"), "{error}");
    }
}

#[test]
fn a_room_does_not_matter_where_there_is_an_address() {
    for room in [
        json!({"sessionId": "1", "dailyRoom": "https://x.daily.co/secret", "dailyToken": "secret"}),
        json!({"sessionId": "1", "dailyRoom": "https://x", "iceConfig": {}}),
        json!({"wsUrl": null, "room_url": "https://x.daily.co/secret", "token": "secret"}),
    ] {
        let error = TransportKind::of(&params(&room)).unwrap_err();
        assert!(error.message().contains("Daily") && !error.message().contains("secret"), "{error}");
    }
    for other in [
        json!({"sessionId": "1"}),
        json!({"sessionId": "1", "dailyRoom": null}),
        json!({"dailyRoom": "https://x", "wsUrl": "wss://h"}),
        json!({"dailyRoom": "https://x", "webrtcRequestParams": {"endpoint": "https://h"}}),
    ] {
        assert!(TransportKind::of(&params(&other)).is_ok(), "{other}");
    }
}

#[test]
fn distant_servers_without_encryption_are_a_choice() {
    let distant = json!({"wsUrl": "ws://bot.example/ws"});
    let refused = rate(AutoTransportOptions::default(), &distant).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Tls);
    let mut options = AutoTransportOptions::default();
    options.websocket.tls = Some(TlsOptions::default().allow_plaintext());
    rate(options, &distant).unwrap();
}

#[test]
fn unknown_parameters_are_named_by_key_only() {
    let refused = rate(AutoTransportOptions::default(), &json!({"place": "https://secret"})).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidTransportParams);
    assert!(refused.message().contains("place") && !refused.message().contains("secret"));
}
