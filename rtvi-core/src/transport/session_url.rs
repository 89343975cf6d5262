//! The URLs for requests to a bot's own HTTP endpoints: below the session's own URL, and nowhere
//! else.
//!
//! Pure. Based on Pipecat Cloud's guide to its session API; Pipecat's development runner uses the
//! same URLs.

use http::Method;
use serde_json::Value;
use url::Url;

use crate::error::{Error, ErrorKind};

use super::{ApiRequest, ConnectParams, address};

/// The paths below a session's URL that the server itself answers. They are not for requests of the
/// app.
const RESERVED: [&str; 6] = ["bot", "ws", "api/offer", "whatsapp", "readyz", "livez"];
/// The methods that are forwarded to the bot.
const METHODS: [Method; 7] =
    [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::HEAD];
/// The maximum length of a path with its query, in bytes.
const MAX_PATH: usize = 8 * 1024;

/// Reads a method that the session API accepts, in any case.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`], which names the method.
pub(crate) fn method(name: &str) -> Result<Method, Error> {
    let known = METHODS.iter().find(|method| method.as_str().eq_ignore_ascii_case(name));
    known.cloned().ok_or_else(|| {
        let name: String = name.chars().take(20).collect();
        invalid(format!("'{}' is not a method that sessions accept", name.escape_debug()))
    })
}

/// The URL of `path` in the session that `params` identify: the start URL with
/// `/sessions/{sessionId}/{path}` instead of `/start`.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for a path that leads out of the session or is reserved;
/// [`ErrorKind::UnsupportedFeature`] if the start endpoint or its answer has no sessions.
pub(crate) fn session_url(start: &ApiRequest, params: &ConnectParams, path: &str) -> Result<Url, Error> {
    let (path, query) = checked(path)?;
    let base = base(start, params)?;
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path()));
    url.set_query(query);
    // However a URL parser normalizes the path, the result must not leave the session.
    let is_within = url.origin() == base.origin() && url.path().starts_with(&format!("{}/", base.path()));
    if is_within { Ok(url) } else { Err(bad_path(path, "leads out of the session")) }
}

fn base(start: &ApiRequest, params: &ConnectParams) -> Result<Url, Error> {
    let shown = address::shown_text(&start.endpoint);
    let none = |what: &str| Error::new(ErrorKind::UnsupportedFeature, format!("{shown} {what}"));
    let session = match params.get(&["sessionId", "session_id"]) {
        Some(Value::String(session)) if !matches!(session.as_str(), "" | "." | "..") => session,
        _ => return Err(none("returned no 'sessionId', so there is no session to send requests to")),
    };
    let url = Url::parse(&start.endpoint).map_err(|_| none("is not a URL"))?;
    address::session_url(&url, session)
        .ok_or_else(|| none("does not end in '/start', so the URLs of its sessions are unknown"))
}

/// The path and the query, without the path's leading slash.
fn checked(given: &str) -> Result<(&str, Option<&str>), Error> {
    if given.len() > MAX_PATH {
        return Err(invalid(format!("the path has {} bytes; the maximum is {MAX_PATH}", given.len())));
    }
    if given.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\' || c == '#') {
        return Err(bad_path(given, "contains a space, a control character, '\\' or '#'"));
    }
    let path = given.strip_prefix('/').unwrap_or(given);
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let plain = decoded(path).ok_or_else(|| bad_path(path, "is percent-encoded too many times"))?;
    // Decoding must not reveal a hidden separator: the number of parts stays the same.
    if plain.matches('/').count() != path.matches('/').count() || plain.contains(['\\', '?', '#']) {
        return Err(bad_path(path, "contains an encoded '/', '\\', '?' or '#'"));
    }
    if plain.contains(char::is_control) {
        return Err(bad_path(path, "contains an encoded control character"));
    }
    let name = plain.strip_suffix('/').unwrap_or(&plain);
    if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(bad_path(path, "has an empty part, '.' or '..'"));
    }
    if RESERVED.contains(&name) {
        return Err(bad_path(path, "is reserved for the server itself"));
    }
    Ok((path, query))
}

/// The text without percent-encoding, however often it was encoded; `None` if more than four times.
fn decoded(text: &str) -> Option<String> {
    let mut text = text.to_owned();
    for _ in 0..=4 {
        let once = decode_once(&text);
        if once == text {
            return Some(text);
        }
        text = once;
    }
    None
}

fn decode_once(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'%').and_then(|code| std::str::from_utf8(code).ok());
        let code =
            code.filter(|code| !code.starts_with('+')).and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = code.and_then(|_| after.get(2..)).unwrap_or(after);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn bad_path(path: &str, what: &str) -> Error {
    let path: String = path.split('?').next().unwrap_or_default().chars().take(80).collect();
    invalid(format!("the path '{}' {what}", path.escape_debug()))
}

fn invalid(text: String) -> Error {
    Error::new(ErrorKind::InvalidArgument, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url_of(start: &str, path: &str) -> Result<String, Error> {
        let params = ConnectParams::default().with("sessionId", "s-1");
        session_url(&ApiRequest::new(start), &params, path).map(Into::into)
    }

    #[test]
    fn paths_are_below_the_session() {
        let start = "https://api.pipecat.daily.co/v1/public/a/start";
        let base = "https://api.pipecat.daily.co/v1/public/a/sessions/s-1";
        for (path, url) in [
            ("status", "/status"),
            ("/status", "/status"),
            ("status/", "/status/"),
            ("a/b.c/d?x=1&y=../..//", "/a/b.c/d?x=1&y=../..//"),
            ("name%20x/ä", "/name%20x/%C3%A4"),
            ("100%", "/100%"),
            ("...", "/..."),
            ("mail:me@host", "/mail:me@host"),
            ("api/offers", "/api/offers"),
            ("bot/name", "/bot/name"),
        ] {
            assert_eq!(url_of(start, path).unwrap(), format!("{base}{url}"), "{path}");
        }
        for start in ["http://h:1/start", "http://h:1/start/", "http://h:1/start?key=1#x"] {
            assert_eq!(url_of(start, "status").unwrap(), "http://h:1/sessions/s-1/status", "{start}");
        }
    }

    #[test]
    fn nothing_leads_out_of_the_session() {
        for path in [
            "",
            "/",
            "//host/x",
            "a//b",
            "http://host/x",
            "https:/host//x",
            "..",
            "../x",
            "a/../../x",
            "a/..",
            ".",
            "./a",
            "%2e%2e/x",
            "a/%2E%2e/x",
            ".%2e/x",
            "%252e%252e/x",
            "%25252525252e/x",
            "a%2fb",
            "a%2Fb",
            "a%5Cb",
            "..%2fx",
            "%2f%2fhost",
            "..\\x",
            "\\\\host",
            "a b",
            "a\nb",
            "a\tb",
            "a#b",
            "a%23b",
            "a%3Fb",
            "a%00b",
            "a%0d%0ab",
            "%252f..",
            "%5c%5chost",
            "\u{a0}",
        ] {
            let error = url_of("https://h/v1/public/a/start", path).expect_err(path);
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{path}: {error}");
        }
        let long = url_of("http://h/start", &"x".repeat(MAX_PATH + 1)).unwrap_err();
        assert!(long.message().contains("8193") && long.message().contains("8192"), "{long}");
    }

    #[test]
    fn what_the_server_answers_itself_is_reserved() {
        for path in [
            "bot",
            "/ws",
            "ws/",
            "api/offer",
            "api%2Doffer/../x",
            "api/%6fffer",
            "whatsapp",
            "readyz",
            "livez?x",
        ] {
            assert_eq!(
                url_of("http://h/start", path).unwrap_err().kind(),
                ErrorKind::InvalidArgument,
                "{path}"
            );
        }
        assert!(
            url_of("http://h/start", "ws?token=secret").unwrap_err().message().ends_with("the server itself")
        );
    }

    #[test]
    fn a_server_without_sessions_is_named() {
        let error = |start: &str, params: ConnectParams| {
            let error = session_url(&ApiRequest::new(start), &params, "x").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnsupportedFeature, "{error}");
            assert!(!error.message().contains("secret"), "{error}");
            error.message().to_owned()
        };
        let session = || ConnectParams::default().with("sessionId", "1");
        assert!(error("http://h/start?key=secret", ConnectParams::default()).contains("'sessionId'"));
        assert!(
            error("http://h/start", ConnectParams::default().with("sessionId", 5)).contains("'sessionId'")
        );
        assert!(
            error("http://h/start", ConnectParams::default().with("sessionId", "..")).contains("'sessionId'")
        );
        assert!(error("http://h/begin?key=secret", session()).contains("'/start'"));
        let slashes = ConnectParams::default().with("sessionId", "a/../b");
        let url = session_url(&ApiRequest::new("http://h/start"), &slashes, "x").unwrap();
        assert_eq!(url.as_str(), "http://h/sessions/a%2F..%2Fb/x");
    }

    #[test]
    fn methods_are_those_that_are_passed_on() {
        assert_eq!(method("get").unwrap(), Method::GET);
        assert_eq!(method("PATCH").unwrap(), Method::PATCH);
        for bad in ["", "CONNECT", "TRACE", "GET ", "G\nET"] {
            assert_eq!(method(bad).unwrap_err().kind(), ErrorKind::InvalidArgument, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_path_leaves_the_session(path in r"[a%2eEfF5cC./?#@:\\ \n]{0,12}") {
            if let Ok(url) = url_of("http://me:pw@h:1/v1/public/a/start", &path) {
                proptest::prop_assert!(url.starts_with("http://me:pw@h:1/v1/public/a/sessions/s-1/"), "{path}: {url}");
            }
        }
    }
}
