//! Detects start answers of bots in a room of another service, which no transport here can reach.
//!
//! Pure. Shows keys and never a value.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::error::{Error, ErrorKind};

use super::ConnectParams;

/// A service, and the keys of a start answer that identify it.
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
/// Keys whose URL may belong to a service's own servers.
const URLS: [&str; 4] = ["url", "serverUrl", "server_url", "room"];
/// The domains of these servers.
const DOMAINS: [(&str, &str); 2] = [("Daily", ".daily.co"), (LIVEKIT, LIVEKIT_DOMAIN)];
/// The servers of Pipecat Cloud are in Daily's domain, but their bots are not in a room.
const PIPECAT_CLOUD: &str = ".pipecat.daily.co";
const LIVEKIT: &str = "LiveKit";
const LIVEKIT_DOMAIN: &str = ".livekit.cloud";

/// Returns the error for parameters that say that the bot is in a Daily or LiveKit room and contain
/// no address that [`WebSocketTransport`](super::WebSocketTransport) or `SmallWebRtcTransport` can
/// use. Both transports return it, and transports of an app may. It shows keys and no values.
pub fn room_refusal(params: &ConnectParams) -> Option<Error> {
    let (service, key) = by_key(params).or_else(|| by_domain(params)).or_else(|| by_token(params))?;
    Some(error(service, key))
}

/// The error for a WebSocket URL of LiveKit's servers, which speak another protocol.
pub(super) fn refusal_of(url: &Url) -> Option<Error> {
    url.host_str()?.ends_with(LIVEKIT_DOMAIN).then(|| error(LIVEKIT, "wsUrl"))
}

fn error(service: &str, key: &str) -> Error {
    let text = format!(
        "the parameter '{key}' says that the bot is in a {service} room: ask the start endpoint for the transport 'webrtc' or \
         'websocket', or provide your own transport for {service}"
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

/// Pipecat's own answer for LiveKit has a `url` with any host and a `token`, and a `sessionId` as
/// for other transports.
fn by_token(params: &ConnectParams) -> Option<(&'static str, &'static str)> {
    let token = params.get(&["url"]).and_then(|_| params.get(&["token"])).and_then(Value::as_str)?;
    grants_a_room(token).then_some((LIVEKIT, "token"))
}

/// Whether a token is a JWT that grants access to a room with LiveKit's `video` claim. Its
/// signature does not matter here.
fn grants_a_room(token: &str) -> bool {
    #[derive(Deserialize)]
    struct Claims {
        video: Option<Value>,
    }
    let claims = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let claims = claims.and_then(|json| serde_json::from_slice::<Claims>(&json).ok());
    claims.is_some_and(|claims| claims.video.is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A token with these claims and without a signature.
    fn jwt(claims: &Value) -> String {
        format!("eyJhbGciOiJIUzI1NiJ9.{}.secret", URL_SAFE_NO_PAD.encode(claims.to_string()))
    }

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
    fn pipecats_answer_for_livekit_is_known_by_its_token() {
        let token = jwt(&json!({"sub": "User-1", "video": {"roomJoin": true, "room": "secret"}}));
        let text = refused(&json!({"url": "ws://127.0.0.1:7880", "token": token, "sessionId": "1"})).unwrap();
        assert!(text.contains("'token'") && text.contains("in a LiveKit room"), "{text}");
        assert!(!text.contains(&token) && !text.contains("secret"), "{text}");
    }

    #[test]
    fn other_answers_are_none() {
        for params in [
            json!({"url": "wss://h", "token": jwt(&json!({"sub": "User-1"}))}),
            json!({"token": jwt(&json!({"video": {}}))}),
            json!({"url": "wss://h", "token": "a.%%.c"}),
            json!({"url": "wss://h", "token": 7}),
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
