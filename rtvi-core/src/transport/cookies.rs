//! The cookies of a session. They return to the servers that set them, because a load balancer may
//! use them to keep a session on one server.
//!
//! Holds values only, does no I/O. Never includes a cookie in a text.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use cookie_store::CookieStore;
use http::{HeaderMap, HeaderValue, header};
use url::Url;

use crate::log;

/// The number of cookies that are kept. Further cookies are dropped.
const MAX_COOKIES: usize = 50;
/// The maximum length of a `Set-Cookie` header, in bytes. A longer header is dropped.
const MAX_COOKIE: usize = 4 * 1024;

/// The cookies that the servers of one session have set. Clones share them.
///
/// The client sends them only with the session's own requests: redirected start requests, offers,
/// candidates and WebSocket handshakes. The rules of RFC 6265 on host, domain, path, `Secure` and
/// expiry apply; there is no list of public suffixes. A new session, or a repeated start request,
/// begins without cookies. At most 50 cookies of up to 4 KiB each are kept. `Debug` shows none.
#[derive(Clone, Default)]
pub struct Cookies(Arc<Mutex<CookieStore>>);

impl Cookies {
    /// Returns the value of the header `Cookie` for a request to `url` (`http`, `https`, `ws` or
    /// `wss`); `None` if there is no cookie for it.
    pub fn for_url(&self, url: &str) -> Option<String> {
        self.value(&Url::parse(url).ok()?, "")
    }

    /// Keeps the cookies that the server of `url` has set.
    pub(super) fn keep(&self, url: &Url, answer: &HeaderMap) {
        let url = as_http(url);
        let mut store = self.store();
        for value in answer.get_all(header::SET_COOKIE) {
            let text = std::str::from_utf8(value.as_bytes()).ok().filter(|text| text.len() <= MAX_COOKIE);
            let has_room = store.iter_unexpired().count() < MAX_COOKIES;
            // The reason for not keeping it is not logged, because it may contain part of the
            // cookie.
            if !(has_room && text.is_some_and(|text| store.parse(text, &url).is_ok())) {
                log::debug!(host = url.host_str(), "a cookie of this server was not kept");
            }
        }
    }

    /// Adds the cookies for `url` to a request's headers. A cookie that the app set itself
    /// overrides one of the same name.
    pub(super) fn add_to(&self, url: &Url, headers: &mut HeaderMap) {
        let own =
            headers.get(header::COOKIE).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let own = own.unwrap_or_default();
        let Some(ours) = self.value(url, &own) else { return };
        let all = if own.is_empty() { ours } else { format!("{own}; {ours}") };
        if let Ok(mut value) = HeaderValue::try_from(all) {
            value.set_sensitive(true);
            headers.insert(header::COOKIE, value);
        }
    }

    fn value(&self, url: &Url, own: &str) -> Option<String> {
        let is_own =
            |name: &str| own.split(';').any(|pair| pair.split('=').next().map(str::trim) == Some(name));
        let store = self.store();
        let url = as_http(url);
        let ours = store.get_request_values(&url).filter(|(name, _)| !is_own(name));
        let pairs: Vec<_> = ours.map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn store(&self) -> MutexGuard<'_, CookieStore> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cookies").field("count", &self.store().iter_any().count()).finish()
    }
}

/// Cookies know only `http` and `https`; `ws` and `wss` use the same cookies (RFC 6455 §4.1).
fn as_http(url: &Url) -> Url {
    let mut http = url.clone();
    let scheme = match url.scheme() {
        "ws" => "http",
        "wss" => "https",
        _ => return http,
    };
    // This fails only between special and other schemes.
    let _ = http.set_scheme(scheme);
    http
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn set(cookies: &Cookies, by: &str, values: &[&str]) {
        let values = values.iter().map(|value| (header::SET_COOKIE, value.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for (name, value) in values {
            headers.append(name, value);
        }
        cookies.keep(&url(by), &headers);
    }

    fn sent(cookies: &Cookies, to: &str) -> Vec<String> {
        let mut headers = HeaderMap::new();
        cookies.add_to(&url(to), &mut headers);
        let value = headers.get(header::COOKIE).map(|value| value.to_str().unwrap().to_owned());
        let mut pairs: Vec<_> = value.iter().flat_map(|value| value.split("; ")).map(str::to_owned).collect();
        pairs.sort();
        pairs
    }

    #[test]
    fn cookies_go_back_to_their_host() {
        let cookies = Cookies::default();
        set(&cookies, "https://bot.example/v1/start", &["lb=a; Path=/; HttpOnly; Secure", "way=b"]);
        assert_eq!(sent(&cookies, "https://bot.example/v1/sessions/1/api/offer"), ["lb=a", "way=b"]);
        assert_eq!(sent(&cookies, "wss://bot.example/ws"), ["lb=a"], "the path of the other does not fit");
        assert!(sent(&cookies, "https://other.example/v1/x").is_empty());
        assert!(sent(&cookies, "https://a.bot.example/v1/x").is_empty());
        assert_eq!(sent(&cookies, "http://bot.example/v1/x"), ["way=b"], "Secure");
        assert_eq!(sent(&cookies, "ws://bot.example/v1/x"), ["way=b"], "Secure");
        assert_eq!(cookies.for_url("wss://bot.example/ws").as_deref(), Some("lb=a"));
    }

    #[test]
    fn a_domain_is_wider_than_a_host() {
        let cookies = Cookies::default();
        set(
            &cookies,
            "https://start.bot.example/start",
            &["lb=a; Domain=bot.example", "x=b; Domain=other.example"],
        );
        assert_eq!(sent(&cookies, "wss://ws.bot.example/"), ["lb=a"]);
        assert!(sent(&cookies, "https://other.example/").is_empty());
    }

    #[test]
    fn the_last_value_holds_and_an_old_one_goes() {
        let cookies = Cookies::default();
        set(&cookies, "http://localhost/start", &["lb=a"]);
        set(&cookies, "http://localhost/start", &["lb=b"]);
        assert_eq!(sent(&cookies, "http://localhost/"), ["lb=b"]);
        set(&cookies, "http://localhost/start", &["lb=b; Max-Age=0"]);
        assert!(sent(&cookies, "http://localhost/").is_empty());
    }

    #[test]
    fn the_apps_own_cookies_stay() {
        let cookies = Cookies::default();
        set(&cookies, "http://localhost/start", &["lb=a", "theme=theirs"]);
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("user=me; theme=mine"));
        cookies.add_to(&url("http://localhost/"), &mut headers);
        assert_eq!(headers[header::COOKIE], "user=me; theme=mine; lb=a");
    }

    #[test]
    fn there_is_an_end_to_cookies() {
        let cookies = Cookies::default();
        let many: Vec<_> = (0..200).map(|number| format!("c{number}=x")).collect();
        set(&cookies, "http://localhost/", &many.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(sent(&cookies, "http://localhost/").len(), MAX_COOKIES);
        let long = Cookies::default();
        set(
            &long,
            "http://localhost/",
            &[&format!("c={}", "x".repeat(MAX_COOKIE)), "not a cookie", "", "=", "ok=1"],
        );
        assert_eq!(sent(&long, "http://localhost/"), ["ok=1"]);
    }

    #[test]
    fn none_is_shown() {
        let cookies = Cookies::default();
        set(&cookies, "http://localhost/", &["lb=secret"]);
        assert_eq!(format!("{cookies:?}"), "Cookies { count: 1 }");
    }
}
