//! Start answers of bots that are in a room of another service: no transport here can go there.
//!
//! Pure. Shows keys and never a value.

use url::Url;

use crate::error::{Error, ErrorKind};

use super::ConnectParams;

/// A service, and the keys of a start answer that tell it.
type Service = (&'static str, &'static [&'static str]);

const SERVICES: [Service; 2] = [
    (
        "Daily",
        &[
            "dailyRoom",
            "daily_room",
            "dailyRoomUrl",
            "daily_room_url",
            "room_url",
            "roomUrl",
            "dailyToken",
            "daily_token",
        ],
    ),
    (
        LIVEKIT,
        &[
            "livekitUrl",
            "livekit_url",
            "liveKitUrl",
            "livekitToken",
            "livekit_token",
            "participantToken",
            "participant_token",
        ],
    ),
];
/// Keys whose URL may be one of a service's own servers.
const URLS: [&str; 4] = ["url", "serverUrl", "server_url", "room"];
/// The domains of these servers.
const DOMAINS: [(&str, &str); 2] = [("Daily", ".daily.co"), (LIVEKIT, LIVEKIT_DOMAIN)];
/// Pipecat Cloud's servers are below Daily's domain, and their bots in no room.
const PIPECAT_CLOUD: &str = ".pipecat.daily.co";
const LIVEKIT: &str = "LiveKit";
const LIVEKIT_DOMAIN: &str = ".livekit.cloud";

/// The error for parameters without an address that [`WebSocketTransport`](super::WebSocketTransport) or `SmallWebRtcTransport` can use, if they
/// tell that the bot is in a room of Daily or LiveKit. Both transports return it; for factories of an app's own. It shows keys and no values.
pub fn room_refusal(params: &ConnectParams) -> Option<Error> {
    let (service, key) = by_key(params).or_else(|| by_domain(params))?;
    Some(error(service, key))
}

/// The error for a WebSocket URL that leads to LiveKit's servers, which speak something else.
pub(super) fn refusal_of(url: &Url) -> Option<Error> {
    url.host_str()?.ends_with(LIVEKIT_DOMAIN).then(|| error(LIVEKIT, "wsUrl"))
}

fn error(service: &str, key: &str) -> Error {
    let text = format!(
        "the parameter '{key}' says that the bot is in a {service} room: ask the start endpoint for the transport 'webrtc' or \
         'websocket', or use a transport for {service} of your own"
    );
    Error::new(ErrorKind::InvalidTransportParams, text)
}

fn by_key(params: &ConnectParams) -> Option<(&'static str, &'static str)> {
    let is_there = |key: &str| params.get(&[key]).is_some_and(|value| value.as_str() != Some(""));
    SERVICES.iter().find_map(|(service, keys)| Some((*service, *keys.iter().find(|key| is_there(key))?)))
}

fn by_domain(params: &ConnectParams) -> Option<(&'static str, &'static str)> {
    URLS.iter().find_map(|key| {
        let url = Url::parse(params.get(&[key])?.as_str()?).ok()?;
        let host = url.host_str()?;
        let is_of = |domain: &str| host.ends_with(domain) && !host.ends_with(PIPECAT_CLOUD);
        let (service, _) = DOMAINS.iter().find(|(_, domain)| is_of(domain))?;
        Some((*service, *key))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn refused(params: &Value) -> Option<String> {
        let params = ConnectParams::new(params.as_object().unwrap().clone());
        room_refusal(&params).map(|error| {
            assert_eq!(error.kind(), ErrorKind::InvalidTransportParams);
            error.message().to_owned()
        })
    }

    #[test]
    fn rooms_are_known_by_their_keys() {
        for params in [
            json!({"sessionId": "1", "dailyRoom": "https://x.daily.co/secret", "dailyToken": "secret"}),
            json!({"session_id": "1", "daily_room": "https://x.daily.co/secret"}),
            json!({"room_url": "https://x.daily.co/secret", "token": "secret"}),
            json!({"roomUrl": "https://rooms.example/secret"}),
            json!({"dailyToken": "secret"}),
            json!({"url": "https://x.daily.co/secret"}),
        ] {
            let text = refused(&params).unwrap();
            assert!(text.contains("in a Daily room") && text.contains("'webrtc' or 'websocket'"), "{text}");
            assert!(!text.contains("secret"), "{text}");
        }
        for params in [
            json!({"livekit_url": "wss://secret.example", "token": "secret", "room_name": "secret"}),
            json!({"serverUrl": "wss://x.livekit.cloud", "participantToken": "secret", "roomName": "r"}),
            json!({"server_url": "wss://own.example", "participant_token": "secret"}),
            json!({"url": "wss://x.livekit.cloud", "token": "secret"}),
        ] {
            let text = refused(&params).unwrap();
            assert!(text.contains("in a LiveKit room"), "{text}");
            assert!(!text.contains("secret"), "{text}");
        }
    }

    #[test]
    fn other_answers_are_none() {
        for params in [
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
