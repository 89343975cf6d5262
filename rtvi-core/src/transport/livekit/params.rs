//! The server and the token of a LiveKit room, read from the connect parameters and the options.
//!
//! Pure. Errors never contain the token or the URL's query.

use serde_json::Value;
use url::Url;

use crate::{
    error::{Error, ErrorKind},
    log,
    transport::{
        ConnectParams, address,
        rooms::{LIVEKIT_TOKENS, LIVEKIT_URLS},
    },
};

use super::{LiveKitTransportOptions, join::Token};

/// Keys that other parts of a start answer use.
const OTHER_KEYS: &[&str] = &[
    "sessionId",
    "session_id",
    "roomName",
    "room_name",
    "participantName",
    "participant_name",
    "fileUploadUrl",
    "file_upload_url",
];

/// The room to join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// A `ws` or `wss` URL without a query.
    pub(super) url: Url,
    pub(super) token: Token,
}

impl Target {
    /// Reads the parameters, and the options for what they don't contain.
    pub(super) fn new(params: &ConnectParams, options: &LiveKitTransportOptions) -> Result<Self, Error> {
        warn_of_unknown(params);
        let url = text(params, LIVEKIT_URLS)?.or(options.url.as_deref()).ok_or_else(|| none("url"))?;
        let token =
            text(params, LIVEKIT_TOKENS)?.or(options.token.as_deref()).ok_or_else(|| none("token"))?;
        Ok(Self { url: server_url(url)?, token: Token::new(token)? })
    }
}

fn none(key: &str) -> Error {
    invalid(format!("the parameters for LiveKit contain no '{key}'"))
}

fn invalid(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidTransportParams, text)
}

/// The first of these parameters; an empty text counts as none.
fn text<'a>(params: &'a ConnectParams, keys: &[&str]) -> Result<Option<&'a str>, Error> {
    let key = keys.iter().find(|key| params.get(&[key]).is_some_and(|value| value.as_str() != Some("")));
    match key.and_then(|key| Some((key, params.get(&[key])?))) {
        None => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text)),
        Some((key, _)) => Err(invalid(format!("the parameter '{key}' must be a string"))),
    }
}

/// Reads the URL of a LiveKit server: `ws`, `wss`, `http` or `https`, with a path if the server is
/// below one.
pub(super) fn server_url(text: &str) -> Result<Url, Error> {
    let shown = address::shown_text(text);
    let mut url =
        Url::parse(text.trim()).map_err(|cause| invalid(format!("'{shown}' is not a URL: {cause}")))?;
    address::to_websocket(&mut url);
    if !matches!(url.scheme(), "ws" | "wss") {
        let text = format!("'{shown}': the scheme must be ws, wss, http or https, not '{}'", url.scheme());
        return Err(invalid(text));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let text = format!("'{shown}': a LiveKit server takes a token, not a user name in the URL");
        return Err(invalid(text));
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn warn_of_unknown(params: &ConnectParams) {
    let known = |key: &str| [LIVEKIT_URLS, LIVEKIT_TOKENS, OTHER_KEYS].iter().any(|keys| keys.contains(&key));
    for key in params.as_object().keys().filter(|key| !known(key)) {
        log::warn!(key = %key.escape_debug(), "unknown connect parameter, ignored");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn target(params: &Value) -> Result<Target, Error> {
        let params = ConnectParams::new(params.as_object().unwrap().clone());
        Target::new(&params, &LiveKitTransportOptions::default())
    }

    fn error(params: &Value) -> String {
        let error = target(params).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidTransportParams);
        error.message().to_owned()
    }

    #[test]
    fn start_answers_are_taken() {
        for (params, url) in [
            (
                json!({"url": "ws://127.0.0.1:7880", "token": "t", "sessionId": "8b71"}),
                "ws://127.0.0.1:7880/",
            ),
            (json!({"livekitUrl": "http://h/base", "roomToken": "t"}), "ws://h/base"),
            (json!({"livekit_url": "https://h", "participantToken": "t"}), "wss://h/"),
            (
                json!({"serverUrl": "wss://x.livekit.cloud?a=b#c", "participant_token": "t"}),
                "wss://x.livekit.cloud/",
            ),
            (json!({"url": "", "server_url": " wss://h ", "token": null, "livekitToken": "t"}), "wss://h/"),
        ] {
            assert_eq!(target(&params).unwrap().url.as_str(), url, "{params}");
        }
    }

    #[test]
    fn parameters_go_before_options() {
        let options = LiveKitTransportOptions {
            url: Some("ws://option".to_owned()),
            token: Some("option".to_owned()),
            ..LiveKitTransportOptions::default()
        };
        let of = |params: ConnectParams| Target::new(&params, &options).unwrap();
        assert_eq!(of(ConnectParams::default()).url.as_str(), "ws://option/");
        let given = of(ConnectParams::default().with("url", "ws://given").with("token", "given"));
        assert_eq!(given.url.as_str(), "ws://given/");
        assert_eq!(given.token, Token::new("given").unwrap());
    }

    #[test]
    fn what_does_not_fit_is_named_without_secrets() {
        assert!(error(&json!({"token": "secret"})).contains("'url'"));
        assert!(error(&json!({"url": "ws://h"})).contains("'token'"));
        assert!(error(&json!({"url": "ws://h", "token": 5})).contains("'token' must be a string"));
        assert!(error(&json!({"serverUrl": 5, "token": "t"})).contains("'serverUrl' must be a string"));
        assert!(error(&json!({"url": "ws://h", "token": "sec\nret"})).contains("token"));
        assert!(error(&json!({"url": "ftp://h?secret", "token": "t"})).contains("'ftp'"));
        assert!(error(&json!({"url": "h/?secret", "token": "t"})).contains("not a URL"));
        assert!(error(&json!({"url": "wss://me:secret@h", "token": "t"})).contains("user name"));
        for params in [
            json!({"url": "ws://h", "token": "secret\nsecret"}),
            json!({"url": "ftp://h?secret", "token": "secret"}),
            json!({"url": "wss://me:secret@h", "token": "t"}),
        ] {
            assert!(!error(&params).contains("secret"));
        }
    }
}
