//! The target of a WebSocket connection, read from the connect parameters and checked.
//!
//! Pure. Errors never contain the URL's query, the token or a header's value.

use http::HeaderMap;
use serde_json::Value;
use url::Url;

use crate::{
    error::{Error, ErrorKind},
    log,
    transport::{ConnectParams, address, headers, http::redirect, rooms},
};

/// The maximum length of a handshake's URL, in bytes, which is the limit of most servers and
/// proxies. Servers with a lower limit refuse with a status.
const MAX_URL: usize = 16 * 1024;

/// The URL to open, with token and body, and the headers to send.
#[derive(Clone, Debug)]
pub(in crate::transport) struct Target {
    pub(in crate::transport) url: Url,
    pub(in crate::transport) headers: HeaderMap,
}

impl Target {
    /// Reads the parameters. `default_url` and `default_headers` come from the transport's options;
    /// the parameters take precedence.
    pub(in crate::transport) fn new(
        params: &ConnectParams,
        default_url: Option<&str>,
        default_headers: &[(String, String)],
    ) -> Result<Self, Error> {
        let text = text(params, "wsUrl", &["wsUrl", "ws_url"])?.or(default_url);
        let none = || invalid("the parameters contain no 'wsUrl' (or 'ws_url')");
        let text = text.ok_or_else(|| rooms::room_refusal(params).unwrap_or_else(none))?;
        let mut url = websocket_url(text)?;
        if let Some(token) = text_or_empty(params, "token", &["token"])? {
            add_once(&mut url, "token", token);
        }
        if let Some(body) = body(params) {
            add_once(&mut url, "body", body);
        }
        check_length(&url)?;
        let mut headers = read_headers(params, default_headers)?;
        address::move_credentials(&mut url, &mut headers);
        Ok(Self { url, headers })
    }

    /// The target of a redirect.
    pub(super) fn redirected(mut self, next: redirect::Next) -> Self {
        if !next.keep_headers {
            self.headers.clear();
        }
        self.url = next.url;
        self.url.set_fragment(None);
        address::move_credentials(&mut self.url, &mut self.headers);
        self
    }

    /// The part of the URL that errors may show.
    pub(super) fn shown(&self) -> String {
        address::shown(&self.url)
    }

    /// Host and port, which is how errors name the server.
    pub(super) fn server(&self) -> String {
        address::authority(&self.url)
    }
}

fn invalid(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidTransportParams, text)
}

fn text<'a>(params: &'a ConnectParams, name: &str, keys: &[&str]) -> Result<Option<&'a str>, Error> {
    match params.get(keys) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(invalid(format!("the parameter '{name}' must be a string"))),
    }
}

fn text_or_empty<'a>(params: &'a ConnectParams, name: &str, keys: &[&str]) -> Result<Option<&'a str>, Error> {
    Ok(text(params, name, keys)?.filter(|text| !text.is_empty()))
}

/// Reads a `ws` or `wss` URL; `http` and `https` are converted to their WebSocket counterparts.
fn websocket_url(text: &str) -> Result<Url, Error> {
    let shown = address::shown_text(text);
    let mut url =
        Url::parse(text.trim()).map_err(|cause| invalid(format!("'{shown}' is not a URL: {cause}")))?;
    address::to_websocket(&mut url);
    if !matches!(url.scheme(), "ws" | "wss") {
        return Err(invalid(format!("'{shown}': the scheme must be ws or wss, not '{}'", url.scheme())));
    }
    if let Some(refusal) = rooms::refusal_of(&url) {
        return Err(refusal);
    }
    url.set_fragment(None);
    Ok(url)
}

/// Appends a query parameter, unless the URL already has one with this name.
fn add_once(url: &mut Url, name: &str, value: &str) {
    if !url.query_pairs().any(|(key, _)| key == name) {
        url.query_pairs_mut().append_pair(name, value);
    }
}

/// The bot's arguments as the start endpoint of Pipecat Cloud returns them: Base64 of JSON, which
/// only the URL carries to the bot.
fn body(params: &ConnectParams) -> Option<&str> {
    match params.get(&["body"])? {
        Value::String(body) => Some(body.as_str()).filter(|body| !body.is_empty()),
        _ => {
            log::warn!("the connect parameter 'body' is not a string and does not reach the bot");
            None
        }
    }
}

fn check_length(url: &Url) -> Result<(), Error> {
    let length = url.as_str().len();
    if length <= MAX_URL {
        return Ok(());
    }
    let shown = address::shown(url);
    let shown: String = shown.chars().take(200).collect();
    Err(invalid(format!(
        "the URL {shown} has {length} bytes with its query, too many for a WebSocket handshake; the maximum is {MAX_URL}"
    )))
}

/// The default headers, replaced and extended by those of the parameters.
fn read_headers(params: &ConnectParams, default: &[(String, String)]) -> Result<HeaderMap, Error> {
    let mut headers = address::header_map(default).map_err(invalid)?;
    let given = headers::read(params.get(&["headers"]).unwrap_or(&Value::Null)).map_err(invalid)?;
    headers.extend(address::header_map(&given).map_err(invalid)?);
    match headers.keys().find(|name| is_handshake_header(name.as_str())) {
        Some(name) => Err(invalid(format!("the header '{name}' belongs to the WebSocket handshake"))),
        None => Ok(headers),
    }
}

fn is_handshake_header(name: &str) -> bool {
    matches!(name, "connection" | "upgrade" | "host") || name.starts_with("sec-websocket-")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn target(params: &Value) -> Result<Target, Error> {
        Target::new(&ConnectParams::new(params.as_object().unwrap().clone()), None, &[])
    }

    fn url(params: &Value) -> String {
        target(params).unwrap().url.into()
    }

    fn error(params: &Value) -> String {
        let error = target(params).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidTransportParams);
        error.message().to_owned()
    }

    #[test]
    fn the_start_answers_of_the_server_are_taken() {
        assert_eq!(
            url(&json!({"wsUrl": "wss://b/ws-client", "sessionId": "1", "token": null})),
            "wss://b/ws-client"
        );
        assert_eq!(url(&json!({"ws_url": "ws://b:1/ws", "token": ""})), "ws://b:1/ws");
        assert_eq!(url(&json!({"wsUrl": "https://b/ws#part"})), "wss://b/ws");
        assert_eq!(url(&json!({"wsUrl": null, "ws_url": "http://b"})), "ws://b/");
    }

    #[test]
    fn the_token_joins_the_query_once() {
        assert_eq!(url(&json!({"wsUrl": "ws://b/ws", "token": "a b&c"})), "ws://b/ws?token=a+b%26c");
        assert_eq!(url(&json!({"wsUrl": "ws://b/ws?x=%20y", "token": "t"})), "ws://b/ws?x=%20y&token=t");
        assert_eq!(url(&json!({"wsUrl": "ws://b/ws?token=own", "token": "t"})), "ws://b/ws?token=own");
    }

    #[test]
    fn the_body_joins_the_query_once() {
        let answer = |url: &str| json!({"wsUrl": url, "token": "t", "body": "eyJhIjoxfQ=="});
        assert_eq!(
            url(&answer("wss://b/ws/generic/a")),
            "wss://b/ws/generic/a?token=t&body=eyJhIjoxfQ%3D%3D"
        );
        assert_eq!(url(&answer("wss://b/ws?body=own")), "wss://b/ws?body=own&token=t");
        assert_eq!(url(&json!({"ws_url": "ws://b/", "body": "a+/="})), "ws://b/?body=a%2B%2F%3D");
        for none in [json!(null), json!(""), json!({"a": 1}), json!(5)] {
            assert_eq!(url(&json!({"wsUrl": "ws://b/ws", "body": none})), "ws://b/ws", "{none}");
        }
    }

    #[test]
    fn a_url_too_long_for_a_handshake_is_refused_with_its_length() {
        let of = |length: usize| {
            let rest = "x".repeat(length - "ws://b/?body=".len());
            json!({"wsUrl": "ws://b/", "body": rest})
        };
        assert_eq!(url(&of(MAX_URL)).len(), MAX_URL);
        let said = error(&of(MAX_URL + 1));
        assert!(said.contains("16385") && said.contains("16384") && !said.contains("xxx"), "{said}");
        assert!(error(&json!({"wsUrl": format!("ws://b/{}", "x".repeat(MAX_URL))})).len() < 400);
    }

    #[test]
    fn parameters_go_before_options() {
        let params =
            ConnectParams::websocket("ws://given/").with("headers", json!({"X-A": "given", "X-C": "c"}));
        let default = [("x-a".into(), "option".into()), ("X-B".into(), "b".into())];
        let target = Target::new(&params, Some("ws://option/"), &default).unwrap();
        assert_eq!(target.url.as_str(), "ws://given/");
        let header =
            |name: &str| target.headers.get_all(name).iter().map(|v| v.to_str().unwrap()).collect::<Vec<_>>();
        assert_eq!((header("x-a"), header("x-b"), header("x-c")), (vec!["given"], vec!["b"], vec!["c"]));
        let target = Target::new(&ConnectParams::default(), Some("ws://option/"), &[]).unwrap();
        assert_eq!(target.url.as_str(), "ws://option/");
    }

    #[test]
    fn credentials_in_the_url_become_a_header() {
        for scheme in ["ws", "wss", "http", "https"] {
            let target =
                target(&json!({"wsUrl": format!("{scheme}://me:se%20cret@b/ws"), "token": "t"})).unwrap();
            assert!(target.url.as_str().ends_with("://b/ws?token=t"));
            assert_eq!(target.headers["authorization"], "Basic bWU6c2UgY3JldA==");
            assert!(!format!("{target:?}").contains("bWU6"), "{target:?}");
        }
        let list = json!([{"name": "X", "value": "1"}, {"name": "X", "value": "2"}]);
        let repeated = target(&json!({"wsUrl": "ws://b/", "headers": list})).unwrap().headers;
        assert!(repeated.get_all("x").iter().eq(["1", "2"]), "{repeated:?}");
        let own = json!({"wsUrl": "ws://me:secret@b/", "headers": {"Authorization": "Bearer own"}});
        assert_eq!(target(&own).unwrap().headers["authorization"], "Bearer own");
    }

    #[test]
    fn rooms_of_other_services_are_named() {
        assert!(
            error(&json!({"sessionId": "1", "dailyRoom": "https://x.daily.co/r"}))
                .contains("in a Daily room")
        );
        assert!(
            error(&json!({"wsUrl": "wss://x.livekit.cloud", "token": "t"})).contains("in a LiveKit room")
        );
        assert_eq!(url(&json!({"wsUrl": "ws://b/ws", "dailyRoom": "https://x.daily.co/r"})), "ws://b/ws");
    }

    #[test]
    fn what_does_not_fit_is_named_without_secrets() {
        assert!(error(&json!({})).contains("'wsUrl'"));
        assert!(error(&json!({"wsUrl": 5})).contains("must be a string"));
        assert!(error(&json!({"wsUrl": "ws://b", "token": 5})).contains("'token'"));
        assert!(error(&json!({"wsUrl": "ftp://b/?token=secret"})).contains("'ftp'"));
        assert!(error(&json!({"wsUrl": "b:7860/ws"})).contains("'b'"));
        assert!(error(&json!({"wsUrl": "/ws?token=secret"})).contains("not a URL"));
        assert!(error(&json!({"wsUrl": ""})).contains("not a URL"));
        assert!(error(&json!({"wsUrl": "ws://b", "headers": [5]})).contains("'headers'"));
        assert!(error(&json!({"wsUrl": "ws://b", "headers": {"X": 1}})).contains("'X'"));
        assert!(error(&json!({"wsUrl": "ws://b", "headers": {"Upgrade": "x"}})).contains("handshake"));
        for params in [
            json!({"wsUrl": "ftp://u:secret@b/?token=secret"}),
            json!({"wsUrl": "/ws?token=secret"}),
            json!({"wsUrl": "ws://b", "headers": {"X": "secret\n"}}),
        ] {
            assert!(!error(&params).contains("secret"));
        }
    }
}
