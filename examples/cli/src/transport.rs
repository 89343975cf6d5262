//! Which transport a session takes: chosen anew for each connection from what says where the bot is.
//!
//! Depends on the transport seam and the two transports; knows of their parameters no more than the keys that tell them apart.

use clap::ValueEnum;
use rtvi_core::{
    ConnectParams, Error, ErrorKind,
    transport::{
        IceServer, OpenRequest, SmallWebRtcTransport, SmallWebRtcTransportOptions, TlsOptions, Transport,
        TransportFactory, WebSocketTransport, WebSocketTransportOptions, room_refusal,
    },
};

/// Keys that only a WebSocket has. They decide, for an answer that tells a WebSocket can have a `sessionId` too.
const WEBSOCKET_KEYS: &[&str] = &["wsUrl", "ws_url"];
/// Keys that tell where WebRTC offers go.
const WEBRTC_ADDRESS_KEYS: &[&str] = &[
    "webrtcRequestParams",
    "webrtc_request_params",
    "webrtcUrl",
    "webrtc_url",
    "connectionUrl",
    "connection_url",
];
/// Keys of an answer that WebRTC offers can be sent for, to the server that gave it.
const WEBRTC_SESSION_KEYS: &[&str] = &["sessionId", "session_id", "iceConfig", "ice_config"];

/// A transport by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// SmallWebRTC.
    Webrtc,
    /// WebSocket.
    Websocket,
}

impl Kind {
    /// As start requests call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Webrtc => "webrtc",
            Self::Websocket => "websocket",
        }
    }

    /// As people call it.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Webrtc => "WebRTC",
            Self::Websocket => "WebSocket",
        }
    }

    /// The one that the keys of connect parameters are for; none when they are for neither.
    pub(crate) fn of(params: &ConnectParams) -> Option<Self> {
        if params.get(WEBSOCKET_KEYS).is_some() {
            Some(Self::Websocket)
        } else {
            params.get(WEBRTC_ADDRESS_KEYS).or_else(|| params.get(WEBRTC_SESSION_KEYS)).map(|_| Self::Webrtc)
        }
    }
}

/// The refusal of parameters that tell a room of another service and no address: no transport goes there.
pub(crate) fn in_another_room(params: &ConnectParams) -> Option<Error> {
    let address = params.get(WEBSOCKET_KEYS).or_else(|| params.get(WEBRTC_ADDRESS_KEYS));
    if address.is_some() { None } else { room_refusal(params) }
}

/// What the user says about transports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    /// The transport to take whatever the parameters are for.
    pub(crate) only: Option<Kind>,
    /// STUN and TURN servers for WebRTC.
    pub(crate) ice_servers: Vec<IceServer>,
    /// WebRTC through TURN servers only.
    pub(crate) relay_only: bool,
    /// Whom to trust, and where encryption can be done without.
    pub(crate) tls: TlsOptions,
}

/// Both transports; the parameters of each connection pick one.
pub(crate) struct EitherTransport {
    only: Option<Kind>,
    webrtc: SmallWebRtcTransport,
    websocket: WebSocketTransport,
}

impl EitherTransport {
    pub(crate) fn new(choice: Choice) -> Self {
        let options = SmallWebRtcTransportOptions {
            ice_servers: choice.ice_servers,
            relay_only: choice.relay_only,
            tls: Some(choice.tls.clone()),
            ..SmallWebRtcTransportOptions::default()
        };
        Self {
            only: choice.only,
            webrtc: SmallWebRtcTransport::new(options),
            websocket: WebSocketTransport::new(WebSocketTransportOptions {
                tls: Some(choice.tls),
                ..WebSocketTransportOptions::default()
            }),
        }
    }
}

impl TransportFactory for EitherTransport {
    fn name(&self) -> &'static str {
        match self.only {
            Some(Kind::Webrtc) => self.webrtc.name(),
            Some(Kind::Websocket) => self.websocket.name(),
            None => "webrtc-or-websocket",
        }
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Transport>, Error> {
        match self.only.or_else(|| Kind::of(request.params)) {
            Some(Kind::Webrtc) => self.webrtc.create(request),
            Some(Kind::Websocket) => self.websocket.create(request),
            None => Err(room_refusal(request.params).unwrap_or_else(|| for_neither(request.params))),
        }
    }
}

fn for_neither(params: &ConnectParams) -> Error {
    let keys: Vec<String> = params.as_object().keys().map(|key| key.escape_debug().to_string()).collect();
    let held = if keys.is_empty() { "nothing".to_owned() } else { keys.join(", ") };
    let text = format!(
        "there is no 'wsUrl' and no 'sessionId' or 'webrtcRequestParams' to connect with, only {held}"
    );
    Error::new(ErrorKind::InvalidTransportParams, text)
}

#[cfg(test)]
mod tests {
    use rtvi_core::{ApiRequest, transport::Cookies};
    use serde_json::{Value, json};

    use super::*;

    fn params(value: &Value) -> ConnectParams {
        ConnectParams::new(value.as_object().expect("an object").clone())
    }

    fn create(only: Option<Kind>, value: &Value) -> Result<usize, Error> {
        let (params, start) = (params(value), ApiRequest::new("http://h/start"));
        let request = OpenRequest {
            params: &params,
            start: Some(&start),
            attempt: 0,
            mic_enabled: true,
            cookies: &Cookies::default(),
            tls: &TlsOptions::default(),
            open_timeout: std::time::Duration::from_secs(15),
        };
        let made = EitherTransport::new(Choice { only, ..Choice::default() }).create(request)?;
        let capture = made.facts().capture.expect("audio");
        Ok(capture.format.samples_in(std::time::Duration::from_secs(1)))
    }

    #[test]
    fn keys_tell_the_transport() {
        for (value, kind) in [
            (json!({"wsUrl": "ws://h", "sessionId": "1", "token": null}), Some(Kind::Websocket)),
            (json!({"ws_url": "ws://h"}), Some(Kind::Websocket)),
            (json!({"wsUrl": null, "sessionId": "1"}), Some(Kind::Webrtc)),
            (json!({"webrtcUrl": "http://h/api/offer"}), Some(Kind::Webrtc)),
            (json!({"webrtcRequestParams": {"endpoint": "http://h"}, "iceConfig": {}}), Some(Kind::Webrtc)),
            (json!({"dailyRoom": "https://h", "dailyToken": "t"}), None),
        ] {
            assert_eq!(Kind::of(&params(&value)), kind, "{value}");
        }
    }

    #[test]
    fn the_transport_that_the_keys_tell_is_made() {
        assert_eq!(create(None, &json!({"sessionId": "1"})), Ok(48_000));
        assert_eq!(create(None, &json!({"wsUrl": "ws://h", "sessionId": "1"})), Ok(16_000));
    }

    #[test]
    fn a_room_of_another_service_is_named() {
        for answer in [json!({"dailyRoom": "https://h", "dailyToken": "t"}), json!({"room_url": "https://h"})]
        {
            let error = create(None, &answer).expect_err("no transport goes there");
            assert!(error.message().contains("in a Daily room"), "{error}");
        }
    }

    #[test]
    fn a_room_does_not_matter_where_there_is_an_address() {
        let of = |value: Value| in_another_room(&params(&value)).map(|error| error.message().to_owned());
        for room in [
            json!({"sessionId": "1", "dailyRoom": "https://x.daily.co/secret", "dailyToken": "secret"}),
            json!({"sessionId": "1", "dailyRoom": "https://x", "iceConfig": {}}),
            json!({"wsUrl": null, "room_url": "https://x.daily.co/secret", "token": "secret"}),
        ] {
            assert!(of(room).is_some_and(|text| text.contains("Daily") && !text.contains("secret")));
        }
        for other in [
            json!({"sessionId": "1"}),
            json!({"sessionId": "1", "dailyRoom": null}),
            json!({"dailyRoom": "https://x", "wsUrl": "wss://h"}),
            json!({"dailyRoom": "https://x", "webrtcRequestParams": {"endpoint": "https://h"}}),
        ] {
            assert_eq!(of(other.clone()), None, "{other}");
        }
    }

    #[test]
    fn distant_servers_without_encryption_are_a_choice() {
        let params = params(&json!({"wsUrl": "ws://bot.example/ws"}));
        let create = |choice| {
            let request = OpenRequest {
                params: &params,
                start: None,
                attempt: 0,
                mic_enabled: true,
                cookies: &Cookies::default(),
                tls: &TlsOptions::default(),
                open_timeout: std::time::Duration::from_secs(15),
            };
            EitherTransport::new(choice).create(request).map(drop)
        };
        let refused = create(Choice::default()).expect_err("it is distant");
        assert_eq!(refused.kind(), ErrorKind::Tls);
        let tls = TlsOptions::default().allow_plaintext();
        create(Choice { tls, ..Choice::default() }).expect("it is allowed");
    }

    #[test]
    fn a_choice_goes_before_the_keys() {
        let both = json!({"wsUrl": "ws://h", "sessionId": "1"});
        assert_eq!(create(Some(Kind::Webrtc), &both), Ok(48_000));
        let refused = create(Some(Kind::Websocket), &json!({"sessionId": "1"})).expect_err("no URL");
        assert!(refused.message().contains("wsUrl"), "{refused}");
    }

    #[test]
    fn parameters_for_neither_are_told_by_key_only() {
        let refused = create(None, &json!({"dailyRoom": "https://secret"})).expect_err("neither");
        assert_eq!(refused.kind(), ErrorKind::InvalidTransportParams);
        assert!(refused.message().contains("dailyRoom") && !refused.message().contains("secret"));
    }
}
