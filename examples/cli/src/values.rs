//! Readers for the values of command line options. Pure, except for `@FILE`.

use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use percent_encoding::percent_decode_str;
use rtvi_core::transport::IceServer;
use serde_json::{Map, Value};
use url::Url;

use crate::transport::Kind;

/// The longest time an option takes, in seconds: a week.
const MAX_SECONDS: f64 = 604_800.0;

/// The name before `=` and the JSON after it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) value: Option<Value>,
}

/// Seconds, with or without fraction.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.0..=MAX_SECONDS).contains(seconds));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| format!("not a number of seconds from 0 to {MAX_SECONDS}"))
}

/// `K: V`.
pub(crate) fn header(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("a header is written 'NAME: VALUE'".to_owned()),
    }
}

/// A JSON object, or `@FILE` with one.
pub(crate) fn json_object(text: &str) -> Result<Map<String, Value>, String> {
    let value = match text.strip_prefix('@') {
        Some(path) => json(&std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?)?,
        None => json(text)?,
    };
    match value {
        Value::Object(object) => Ok(object),
        other => Err(format!("expected a JSON object, not {other}")),
    }
}

/// `TYPE` or `TYPE=JSON`.
pub(crate) fn named(text: &str) -> Result<Named, String> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(json(value)?)),
        None => (text, None),
    };
    if name.is_empty() {
        return Err("the name before '=' is missing".to_owned());
    }
    Ok(Named { name: name.to_owned(), value })
}

/// `NAME=JSON`.
pub(crate) fn function(text: &str) -> Result<Named, String> {
    match named(text)? {
        Named { value: None, .. } => {
            Err("a function is written NAME=JSON, where JSON is its result".to_owned())
        }
        function => Ok(function),
    }
}

/// An `http` or `https` URL.
pub(crate) fn http_url(text: &str) -> Result<Url, String> {
    url(text, &["http", "https"])
}

/// A `ws` or `wss` URL.
pub(crate) fn ws_url(text: &str) -> Result<Url, String> {
    url(text, &["ws", "wss"])
}

/// A URL of one of the four schemes.
pub(crate) fn any_url(text: &str) -> Result<Url, String> {
    url(text, &["http", "https", "ws", "wss"])
}

/// A transport of the demo bot.
pub(crate) fn demo_transport() -> impl TypedValueParser<Value = Kind> {
    let names = PossibleValuesParser::new([Kind::Webrtc, Kind::Websocket].map(Kind::name));
    names.map(|name| if name == Kind::Websocket.name() { Kind::Websocket } else { Kind::Webrtc })
}

/// A STUN or TURN server: `turn:USER:PASSWORD@HOST:PORT`, `stun:HOST:PORT`. Errors contain no
/// password.
pub(crate) fn ice_server(text: &str) -> Result<IceServer, String> {
    let form = "an ICE server is written stun:HOST:PORT or turn:USER:PASSWORD@HOST:PORT";
    let (scheme, rest) = text.trim().split_once(':').ok_or(form)?;
    let is_relay = matches!(scheme, "turn" | "turns");
    if !is_relay && !matches!(scheme, "stun" | "stuns") {
        return Err(format!("the scheme is '{scheme}', not stun, stuns, turn, turns"));
    }
    let (user, host) = rest.rsplit_once('@').map_or((None, rest), |(user, host)| (Some(user), host));
    if host.is_empty() || host.starts_with('/') {
        return Err(form.to_owned());
    }
    let server = IceServer::new(format!("{scheme}:{host}"));
    match user.and_then(|user| user.split_once(':')) {
        Some((name, password)) if is_relay && !name.is_empty() => {
            Ok(IceServer { username: unescaped(name)?, credential: unescaped(password)?, ..server })
        }
        None if user.is_none() && !is_relay => Ok(server),
        _ if is_relay => {
            Err("a TURN server needs a name and a password: turn:USER:PASSWORD@HOST:PORT".to_owned())
        }
        _ => Err("a STUN server takes no name or password".to_owned()),
    }
}

/// The text with percent-encoding resolved.
fn unescaped(text: &str) -> Result<String, String> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(Into::into).map_err(|_| "the name or password is not UTF-8 after percent-decoding".to_owned())
}

fn url(text: &str, schemes: &[&str]) -> Result<Url, String> {
    let wanted = schemes.join(", ");
    let url = Url::parse(text.trim()).map_err(|cause| {
        format!(
            "not a URL: {cause} (it begins with {wanted}, as in {}://localhost:7860)",
            schemes.first().unwrap_or(&"")
        )
    })?;
    if !schemes.contains(&url.scheme()) {
        return Err(format!("the scheme is '{}', not {wanted}", url.scheme()));
    }
    Ok(url)
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn seconds_are_bounded_and_finite() {
        assert_eq!(seconds("1.5"), Ok(Duration::from_millis(1500)));
        assert_eq!(seconds("0"), Ok(Duration::ZERO));
        for text in ["-1", "nan", "inf", "1e9", "", "2s"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn headers_are_split_at_the_first_colon() {
        assert_eq!(header("X-Time: 10:30"), Ok(("X-Time".into(), "10:30".into())));
        assert!(header("no colon").is_err() && header(": value").is_err());
    }

    #[test]
    fn names_may_have_json() {
        assert_eq!(named("a"), Ok(Named { name: "a".into(), value: None }));
        assert_eq!(named("a={\"b\":\"=\"}"), Ok(Named { name: "a".into(), value: Some(json!({"b": "="})) }));
        assert_eq!(named("a=null"), Ok(Named { name: "a".into(), value: Some(Value::Null) }));
        for text in ["", "=1", "a=", "a={", "a=text"] {
            assert!(named(text).is_err(), "{text}");
        }
        assert!(function("a").is_err() && function("a=1").is_ok());
    }

    #[test]
    fn objects_come_inline_or_from_a_file() {
        assert_eq!(json_object("{\"a\":1}").map(Value::Object), Ok(json!({"a": 1})));
        assert!(json_object("[1]").is_err_and(|text| text.contains("[1]")));
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), "{\"b\":2}").expect("written");
        assert_eq!(
            json_object(&format!("@{}", file.path().display())).map(Value::Object),
            Ok(json!({"b": 2}))
        );
        assert!(json_object("@/does/not/exist").is_err_and(|text| text.contains("/does/not/exist")));
    }

    #[test]
    fn ice_servers_have_a_password_when_they_relay() {
        assert_eq!(ice_server("stun:h:3478"), Ok(IceServer::new("stun:h:3478")));
        let turn = |user: &str, password: &str, url: &str| {
            Ok(IceServer { username: user.into(), credential: password.into(), ..IceServer::new(url) })
        };
        let url = "turn:[::1]:3478?transport=tcp";
        assert_eq!(ice_server("turn:u:p:@x@[::1]:3478?transport=tcp"), turn("u", "p:@x", url));
        assert_eq!(ice_server("turns:17%3Ame:p%25@h"), turn("17:me", "p%", "turns:h"));
        for text in [
            "h:3478",
            "http://h",
            "stun:",
            "stun://h",
            "stun:u:secret@h",
            "turn:h",
            "turn:secret@h",
            "turn::secret@h",
        ] {
            assert!(ice_server(text).is_err_and(|error| !error.contains("secret")), "{text}");
        }
    }

    #[test]
    fn urls_need_the_right_scheme() {
        assert!(http_url("http://localhost:7860/start").is_ok());
        assert!(http_url("ws://localhost").is_err_and(|text| text.contains("'ws'")));
        assert!(ws_url("localhost:7860").is_err_and(|text| text.contains("'localhost'")));
        assert!(ws_url("/ws").is_err_and(|text| text.contains("not a URL")));
        assert!(any_url("ftp://x").is_err());
    }
}
