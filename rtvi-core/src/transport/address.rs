//! Checks the URLs and headers from an app, and names them in errors without exposing a secret.
//!
//! Pure values. Never includes a query, a fragment, user information or a header's value in a text.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use percent_encoding::percent_decode_str;
use url::Url;

/// The part of a URL that may be shown: scheme, host, port and path.
pub(super) fn shown(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}{}", url.scheme(), url.path())
}

/// The part that may be shown of a text that should be a URL.
pub(super) fn shown_text(text: &str) -> String {
    let public = text.split(['?', '#']).next().unwrap_or_default();
    // A password may contain these characters unescaped. The text is then not a URL, and the start
    // of the host is uncertain.
    let is_certain = !text.contains('@') || Url::parse(text).is_ok_and(|url| url.has_host());
    match public.rsplit_once('@') {
        Some((_, after)) => format!("…@{after}"),
        None if is_certain => public.to_owned(),
        None => "…".to_owned(),
    }
}

/// `host:port` of a URL, which is how errors name servers.
pub(super) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port_or_known_default().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The headers in the form that HTTP libraries use; repeated names are kept.
///
/// # Errors
/// A text that names the header but not its value.
pub(super) fn header_map(headers: &[(String, String)]) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let key = HeaderName::try_from(name.as_str())
            .map_err(|_| format!("'{}' is not a header name", name.escape_debug()))?;
        let mut value = HeaderValue::from_str(value).map_err(|_| {
            format!("the value of header '{name}' contains characters that a header can't carry")
        })?;
        value.set_sensitive(true);
        map.append(key, value);
    }
    Ok(map)
}

/// Moves the user information of a URL into the header `Authorization` (RFC 7617), unless the app
/// set that header itself.
pub(super) fn move_credentials(url: &mut Url, headers: &mut HeaderMap) {
    if url.username().is_empty() && url.password().is_none() {
        return;
    }
    let user = percent_decode_str(url.username());
    let password = percent_decode_str(url.password().unwrap_or_default());
    let pair: Vec<u8> = user.chain(std::iter::once(b':')).chain(password).collect();
    if let (Ok(mut value), false) = (
        HeaderValue::try_from(format!("Basic {}", BASE64_STANDARD.encode(pair))),
        headers.contains_key(header::AUTHORIZATION),
    ) {
        value.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, value);
    }
    // These calls fail only for URLs without a host, which have no user information.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
}

/// The URL of a session: the start URL with `…/sessions/{session}` instead of `…/start`. `None` if
/// the start URL does not end in that. As for servers, trailing slashes, upper case and the query
/// do not matter.
pub(super) fn session_url(start: &Url, session: &str) -> Option<Url> {
    let path = start.path().trim_end_matches('/');
    let slashes = start.path().len() - path.len();
    let mut url = path.rsplit('/').next()?.eq_ignore_ascii_case("start").then(|| start.clone())?;
    url.set_query(None);
    url.set_fragment(None);
    let mut segments = url.path_segments_mut().ok()?;
    // A trailing slash adds an empty segment.
    for _ in 0..=slashes {
        segments.pop();
    }
    segments.extend(["sessions", session]);
    drop(segments);
    Some(url)
}

/// Converts an `http` URL to `ws` and an `https` URL to `wss`; leaves every other URL unchanged.
pub(super) fn to_websocket(url: &mut Url) {
    let scheme = match url.scheme() {
        "http" => "ws",
        "https" => "wss",
        _ => return,
    };
    // This fails only between special and other schemes.
    let _ = url.set_scheme(scheme);
}

/// The part of headers that may be shown: their names.
pub(super) struct HeaderNames<'a>(pub(super) &'a [(String, String)]);

impl fmt::Debug for HeaderNames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_shown() {
        let url = Url::parse("wss://user:secret@bot.example:8443/ws/a?token=secret#secret").unwrap();
        assert_eq!(shown(&url), "wss://bot.example:8443/ws/a");
        assert_eq!(authority(&url), "bot.example:8443");
        assert_eq!(shown_text("bot:secret@example/x?token=secret"), "…@example/x");
        assert_eq!(shown_text("localhost:7860/start#a"), "localhost:7860/start");
        assert_eq!(shown_text("https://bot.example/start?for=me@example"), "https://bot.example/start");
        assert_eq!(shown_text("https://me:sec?ret@bot.example/start"), "…");
    }

    #[test]
    fn default_ports_are_named() {
        assert_eq!(authority(&Url::parse("wss://bot.example/").unwrap()), "bot.example:443");
        assert_eq!(authority(&Url::parse("ws://[::1]/").unwrap()), "[::1]:80");
    }

    #[test]
    fn bad_headers_are_named_without_their_value() {
        let header = |name: &str, value: &str| header_map(&[(name.to_owned(), value.to_owned())]);
        assert!(header("bad name", "v").unwrap_err().contains("'bad name'"));
        assert!(header("", "v").is_err());
        let error = header("X-Key", "sec\nret").unwrap_err();
        assert!(error.contains("X-Key") && !error.contains("sec"), "{error}");
        assert_eq!(header("X-Key", "value").unwrap()["x-key"], "value");
    }

    #[test]
    fn credentials_move_into_a_header() {
        let moved = |url: &str, headers: &[(String, String)]| {
            let (mut url, mut headers) = (Url::parse(url).unwrap(), header_map(headers).unwrap());
            move_credentials(&mut url, &mut headers);
            assert!(!format!("{url} {headers:?}").contains("secret"), "{url} {headers:?}");
            let value = headers.get(header::AUTHORIZATION)?.to_str().unwrap().to_owned();
            Some(value.strip_prefix("Basic ").map_or(value.clone(), |pair| {
                String::from_utf8(BASE64_STANDARD.decode(pair).unwrap()).unwrap()
            }))
        };
        for (url, pair) in [
            ("ws://me:secret@host/ws", "me:secret"),
            ("wss://me:secret@host/ws?a", "me:secret"),
            ("http://me:secret@host/", "me:secret"),
            ("https://me@host/", "me:"),
            ("https://:secret@host/", ":secret"),
            ("https://m%C3%A9%40home:se%3Acret%2F@host/", "mé@home:se:cret/"),
            ("https://me:se+cret@host/", "me:se+cret"),
        ] {
            assert_eq!(moved(url, &[]).as_deref(), Some(pair), "{url}");
        }
        assert_eq!(moved("https://host/", &[]), None);
        let own = [("authorization".to_owned(), "Bearer own".to_owned())];
        assert_eq!(moved("https://me:secret@host/", &own).as_deref(), Some("Bearer own"));
    }
}
