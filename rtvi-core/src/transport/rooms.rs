//! Recognizes start answers of bots in a room of another service: LiveKit, which a transport here can
//! join, and Daily, which none can.
//!
//! Pure. Shows keys and never a value.

use serde_json::Value;
use url::Url;

use crate::error::{Error, ErrorKind};

use super::ConnectParams;

/// A service with rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    Daily,
    LiveKit,
}

/// Keys of a start answer with Daily's rooms and tokens.
const DAILY: &[&str] = &[
    "dailyRoom",
    "daily_room",
    "dailyRoomUrl",
    "daily_room_url",
    "room_url",
    "roomUrl",
    "dailyToken",
    "daily_token",
];
/// Keys with the URL of a LiveKit server. Others use the last three, too.
pub(super) const LIVEKIT_URLS: &[&str] =
    &["livekitUrl", "livekit_url", "liveKitUrl", "url", "serverUrl", "server_url"];
/// Keys with a token for a LiveKit room. Others use the last one, too.
pub(super) const LIVEKIT_TOKENS: &[&str] = &[
    "livekitToken",
    "livekit_token",
    "roomToken",
    "room_token",
    "participantToken",
    "participant_token",
    "token",
];
/// Keys that only LiveKit has.
const LIVEKIT: &[&str] = &[
    "livekitUrl",
    "livekit_url",
    "liveKitUrl",
    "livekitToken",
    "livekit_token",
    "participantToken",
    "participant_token",
];
/// Keys whose URL may belong to a service's own servers.
const URLS: [&str; 4] = ["url", "serverUrl", "server_url", "room"];
/// The domains of these servers.
const DOMAINS: [(Service, &str); 2] = [(Service::Daily, ".daily.co"), (Service::LiveKit, LIVEKIT_DOMAIN)];
/// The servers of Pipecat Cloud are in Daily's domain, but their bots are not in a room.
const PIPECAT_CLOUD: &str = ".pipecat.daily.co";
const LIVEKIT_DOMAIN: &str = ".livekit.cloud";

/// Returns the error for parameters that say that the bot is in a Daily or LiveKit room and contain
/// no address that [`WebSocketTransport`](super::WebSocketTransport) or `SmallWebRtcTransport` can
/// use. Both transports return it, and transports of an app may. It shows keys and no values.
pub fn room_refusal(params: &ConnectParams) -> Option<Error> {
    let (service, key) = service(params)?;
    Some(error(service, key))
}

/// The service in whose room the bot is, and the key that says so.
pub(super) fn service(params: &ConnectParams) -> Option<(Service, &'static str)> {
    let first = |keys: &[&'static str]| keys.iter().copied().find(|key| is_there(params, key));
    let named = |service, keys| Some((service, first(keys)?));
    named(Service::Daily, DAILY)
        .or_else(|| named(Service::LiveKit, LIVEKIT))
        .or_else(|| by_domain(params))
        .or_else(|| first(LIVEKIT_URLS).and_then(|_| named(Service::LiveKit, LIVEKIT_TOKENS)))
}

/// The error for a WebSocket URL of LiveKit's servers, which speak another protocol.
pub(super) fn refusal_of(url: &Url) -> Option<Error> {
    url.host_str()?.ends_with(LIVEKIT_DOMAIN).then(|| error(Service::LiveKit, "wsUrl"))
}

pub(super) fn error(service: Service, key: &str) -> Error {
    let (name, advice) = match service {
        Service::Daily => (
            "Daily",
            "ask the start endpoint for the transport 'webrtc', 'websocket' or 'livekit', or provide your own transport for Daily",
        ),
        Service::LiveKit => ("LiveKit", "use the transport 'livekit' or 'auto'"),
    };
    let text = format!("the parameter '{key}' says that the bot is in a {name} room: {advice}");
    Error::new(ErrorKind::InvalidTransportParams, text)
}

fn is_there(params: &ConnectParams, key: &str) -> bool {
    params.get(&[key]).is_some_and(|value| value.as_str() != Some(""))
}

fn by_domain(params: &ConnectParams) -> Option<(Service, &'static str)> {
    URLS.iter().find_map(|key| {
        let url = Url::parse(params.get(&[key]).and_then(Value::as_str)?).ok()?;
        let host = url.host_str()?;
        let is_of = |domain: &str| host.ends_with(domain) && !host.ends_with(PIPECAT_CLOUD);
        let (service, _) = DOMAINS.iter().find(|(_, domain)| is_of(domain))?;
        Some((*service, *key))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(params: &Value) -> Option<String> {
        let params = ConnectParams::new(params.as_object().unwrap().clone());
        room_refusal(&params).map(|error| {
            assert_eq!(error.kind(), ErrorKind::InvalidTransportParams);
            error.message().to_owned()
        })
    }

    #[test]
    fn daily_rooms_are_known_by_their_keys() {
        for params in [
            json!({"sessionId": "1", "dailyRoom": "https://x.daily.co/secret", "dailyToken": "secret"}),
            json!({"session_id": "1", "daily_room": "https://x.daily.co/secret"}),
            json!({"room_url": "https://x.daily.co/secret", "token": "secret"}),
            json!({"roomUrl": "https://rooms.example/secret"}),
            json!({"dailyToken": "secret"}),
            json!({"url": "https://x.daily.co/secret", "token": "secret"}),
        ] {
            let text = refused(&params).unwrap();
            assert!(text.contains("in a Daily room") && text.contains("'webrtc', 'websocket'"), "{text}");
            assert!(!text.contains("secret"), "{text}");
        }
    }

    #[test]
    fn livekit_rooms_are_known_by_their_keys() {
        for params in [
            json!({"livekit_url": "wss://secret.example", "token": "secret", "room_name": "secret"}),
            json!({"serverUrl": "wss://x.livekit.cloud", "participantToken": "secret", "roomName": "r"}),
            json!({"server_url": "wss://own.example", "participant_token": "secret"}),
            json!({"serverUrl": "wss://own.example", "roomToken": "secret"}),
            json!({"url": "wss://x.livekit.cloud"}),
            json!({"url": "ws://127.0.0.1:7880", "token": "secret", "sessionId": "1"}),
        ] {
            let text = refused(&params).unwrap();
            assert!(text.contains("in a LiveKit room") && text.contains("'livekit' or 'auto'"), "{text}");
            assert!(!text.contains("secret"), "{text}");
        }
    }

    #[test]
    fn other_answers_are_none() {
        for params in [
            json!({"url": "wss://h", "token": null}),
            json!({"url": "wss://h", "token": ""}),
            json!({"token": "t", "sessionId": "1"}),
            json!({"roomToken": "t"}),
            json!({"sessionId": "1", "dailyRoom": null, "dailyToken": null}),
            json!({"sessionId": "1", "dailyRoom": "", "iceConfig": {}}),
            json!({"room": "7"}),
            json!({"url": 7, "room": "not a URL"}),
            json!({}),
        ] {
            assert_eq!(refused(&params), None, "{params}");
        }
    }

    #[test]
    fn livekits_servers_are_no_bots() {
        let refusal = |url: &str| refusal_of(&Url::parse(url).unwrap());
        assert!(refusal("wss://x.livekit.cloud").unwrap().message().contains("'wsUrl'"));
        assert!(refusal("wss://us-west.api.pipecat.daily.co/ws/generic/my-agent.my-org").is_none());
    }
}
