//! Where a redirect leads, and what may be sent there.
//!
//! Pure. A start request is a POST with secrets, so the rules are stricter than a browser's. The
//! handshake of a WebSocket follows the same rules; its `ws` and `wss` count as `http` and `https`
//! here.

use http::{Method, StatusCode, header};
use url::Url;

use crate::{error::excerpt, transport::address};

/// The number of redirects that are followed. One more is an error.
pub(in crate::transport) const MAX_REDIRECTS: usize = 5;

/// The next request after a redirect.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::transport) struct Next {
    /// The URL of the request.
    pub(in crate::transport) url: Url,
    /// GET without a body after 303; otherwise the same method, because a start endpoint can't use
    /// a GET.
    pub(in crate::transport) method: Method,
    /// Whether the app's headers may be sent (`Content-Type` always is): only to the same scheme,
    /// host and port, or from `http` to `https` of the same host.
    pub(in crate::transport) keep_headers: bool,
}

/// The next request after `status` with `location`; `None` if this is not a redirect.
///
/// # Errors
/// A text that explains why the redirect is not followed.
pub(in crate::transport) fn next(
    from: &Url,
    method: &Method,
    status: StatusCode,
    headers: &header::HeaderMap,
) -> Option<Result<Next, String>> {
    let method = match status.as_u16() {
        301 | 302 | 307 | 308 => method.clone(),
        303 => Method::GET,
        _ => return None,
    };
    Some(target(from, headers).map(|url| Next { keep_headers: same_server(from, &url), url, method }))
}

fn target(from: &Url, headers: &header::HeaderMap) -> Result<Url, String> {
    let location = headers.get(header::LOCATION).ok_or("redirected without a target")?;
    let location =
        std::str::from_utf8(location.as_bytes()).map_err(|_| "redirected to an unreadable address")?;
    let mut url = from.join(location).map_err(|_| "redirected to something that is not a URL")?;
    if is_websocket(from) {
        address::to_websocket(&mut url);
    }
    match (from.scheme(), url.scheme()) {
        (_, "https") if !is_websocket(from) => Ok(url),
        (_, "wss") if is_websocket(from) => Ok(url),
        ("http", "http") | ("ws", "ws") => Ok(url),
        (secure @ "https", plain @ "http") | (secure @ "wss", plain @ "ws") => {
            let shown = excerpt(&address::shown(&url));
            Err(format!("redirected from {secure} to {plain} ({shown}), which is not followed"))
        }
        (_, scheme) => Err(format!("redirected to the scheme '{}', which is not followed", excerpt(scheme))),
    }
}

fn is_websocket(url: &Url) -> bool {
    matches!(url.scheme(), "ws" | "wss")
}

fn same_server(from: &Url, to: &Url) -> bool {
    let upgraded =
        matches!((from.scheme(), to.scheme()), ("http", "https") | ("ws", "wss")) && to.port().is_none();
    from.host() == to.host()
        && (upgraded
            || (from.scheme() == to.scheme() && from.port_or_known_default() == to.port_or_known_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow(from: &str, status: u16, location: &str) -> Option<Result<Next, String>> {
        let headers = [(header::LOCATION, location.parse().unwrap())].into_iter().collect();
        next(&Url::parse(from).unwrap(), &Method::POST, StatusCode::from_u16(status).unwrap(), &headers)
    }

    #[test]
    fn the_post_is_kept_except_after_see_other() {
        for (status, method) in [
            (301, Method::POST),
            (302, Method::POST),
            (307, Method::POST),
            (308, Method::POST),
            (303, Method::GET),
        ] {
            let next = follow("http://a/start", status, "/start/").unwrap().unwrap();
            assert_eq!((next.url.as_str(), next.method), ("http://a/start/", method));
            assert!(next.keep_headers);
        }
        assert!(follow("http://a/start", 304, "/x").is_none());
        assert!(follow("http://a/start", 200, "/x").is_none());
    }

    #[test]
    fn headers_stay_with_their_server() {
        let keeps = |from, to| follow(from, 307, to).unwrap().unwrap().keep_headers;
        assert!(keeps("http://a/start", "https://a/start"));
        assert!(!keeps("http://a/start", "http://b/start"));
        assert!(!keeps("http://a/start", "http://a:81/start"));
        assert!(!keeps("http://a/start", "https://a:81/start"));
        assert!(keeps("ws://a:1/ws", "http://a:1/other"));
        assert!(keeps("ws://a/ws", "https://a/ws"));
        assert!(!keeps("wss://a/ws", "wss://b/ws"));
    }

    #[test]
    fn a_websockets_handshake_stays_one() {
        for (from, location, to) in [
            ("ws://a:1/ws?x=1", "/other", "ws://a:1/other"),
            ("ws://a:1/ws/", "other?y=2", "ws://a:1/ws/other?y=2"),
            ("wss://a/ws", "//b/ws", "wss://b/ws"),
            ("ws://a/ws", "http://b/ws", "ws://b/ws"),
            ("ws://a/ws", "https://b/ws", "wss://b/ws"),
            ("ws://a/ws", "wss://b/ws", "wss://b/ws"),
            ("wss://a/ws", "https://b:8443/ws", "wss://b:8443/ws"),
        ] {
            assert_eq!(follow(from, 307, location).unwrap().unwrap().url.as_str(), to);
        }
        let refused = |from, to| follow(from, 307, to).unwrap().unwrap_err();
        for location in ["ws://a/x?token=secret", "http://me:secret@a/x"] {
            let text = refused("wss://a/", location);
            assert_eq!(text, "redirected from wss to ws (ws://a/x), which is not followed");
        }
        assert!(refused("http://a/", "ws://a/").contains("'ws'"));
        assert!(refused("ws://a/", "ftp://a/").contains("'ftp'"));
    }

    #[test]
    fn unsafe_targets_are_refused() {
        let refused = |from, to| follow(from, 307, to).unwrap().unwrap_err();
        assert_eq!(
            refused("https://a/", "http://a/x?token=secret"),
            "redirected from https to http (http://a/x), which is not followed"
        );
        assert!(refused("http://a/", "file:///etc/passwd").contains("'file'"));
        assert!(refused("http://a/", "http://[").contains("not a URL"));
        assert!(refused("http://a/", &format!("{}:x", "long".repeat(100))).chars().count() < 300);
        let nowhere = next(
            &Url::parse("http://a").unwrap(),
            &Method::POST,
            StatusCode::FOUND,
            &header::HeaderMap::new(),
        );
        assert!(nowhere.unwrap().unwrap_err().contains("without a target"));
    }
}
