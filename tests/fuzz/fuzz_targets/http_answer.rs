//! Answers of HTTP endpoints: the object they hold, what errors say of them, and where redirects
//! lead.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtvi_core::transport::fuzzing::http::{Redirected, Request};
use serde_json::{Value, json};

/// What requests hold and errors must not; the first is in the URL, also in another form.
const SECRETS: [&str; 5] =
    ["query/secret", "query%2Fsecret", "header-secret", "sécret\"with\\marks", "a/long/word/of/the/body"];
/// More than a status, a short name of what came and an excerpt can take, in characters.
const LONG: usize = 300;

fuzz_target!(|body: &[u8]| {
    for url in ["https://bots.example/start?token=query%2Fsecret", "http://127.0.0.1:7860/start"] {
        let header = |name: &str, value: String| (name.to_owned(), value);
        let headers = [
            header("Authorization", format!("Bearer {}", SECRETS[2])),
            header("X-Key", SECRETS[3].to_owned()),
        ];
        let body_sent = json!({"items": [{"key": SECRETS[4]}]});
        let request = Request::new(url, &headers, &body_sent).expect("it can be sent");
        for status in [401, 422, 599] {
            let refusal = request.refusal(status, body).expect("a status");
            assert!(refusal.starts_with(&status.to_string()));
            check_text(&refusal, url);
        }
        match request.object(body) {
            // What is no JSON may have been mended.
            Ok(object) => assert!(serde_json::from_slice(body).map_or(true, |strict: Value| strict == Value::Object(object))),
            Err(text) => check_text(&text, url),
        }
        for status in [301, 302, 303, 307, 308] {
            match request.redirected(status, body) {
                Some(Ok(next)) => check_redirect(url, status, &next),
                Some(Err(text)) => check_length(&text),
                // Not what a header can hold.
                None => {}
            }
        }
        assert!(request.redirected(200, body).is_none() && request.redirected(304, body).is_none());
    }
});

fn check_length(text: &str) {
    assert!(text.chars().count() < LONG && !text.contains(char::is_control), "{text:?}");
}

fn check_text(text: &str, url: &str) {
    check_length(text);
    let in_url = url.contains('?');
    for secret in SECRETS.iter().skip(if in_url { 0 } else { 2 }) {
        assert!(!text.contains(secret), "{text:?}");
    }
}

fn check_redirect(from: &str, status: u16, to: &Redirected) {
    let server = |url: &str| url.split('/').nth(2).map(str::to_owned);
    let host = |url: &str| server(url).map(|server| server.split(':').next().unwrap_or_default().to_owned());
    let scheme = |url: &str| url.split(':').next().unwrap_or_default().to_owned();
    assert!(matches!(scheme(&to.url).as_str(), "http" | "https"), "{to:?}");
    assert!(scheme(from) != "https" || scheme(&to.url) == "https", "{to:?}");
    assert_eq!(to.same_method, status != 303, "{to:?}");
    if to.keep_headers && !to.url.contains('@') {
        assert_eq!(host(from), host(&to.url), "{to:?}");
        assert!(scheme(from) != scheme(&to.url) || server(from) == server(&to.url), "{to:?}");
    }
}
