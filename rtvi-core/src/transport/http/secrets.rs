//! The secrets of a request, which an error must not repeat: a server may quote what it received.
//!
//! Pure. Everything in a request's headers and in its URL's query counts as secret. So does every
//! long word of its body, such as a key or the password of a session description.

use std::{borrow::Cow, cmp::Reverse};

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{
    HeaderMap,
    header::{self, HeaderName},
};
use serde_json::Value;
use url::Url;

use crate::error::excerpt;

/// A shorter text is not a secret, and would match everywhere.
const SHORTEST: usize = 6;
/// A shorter word of a body may be a name that the server's text is about.
const LONG_WORD: usize = 20;

/// Headers that contain no secret, whoever sets them.
const PUBLIC: [HeaderName; 4] = [header::ACCEPT, header::ACCEPT_ENCODING, header::CONTENT_TYPE, header::HOST];

/// The secrets of one request, in every form in which a server may quote them, longest first.
#[derive(Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    pub(crate) fn of(url: &Url, headers: &HeaderMap) -> Self {
        let values = headers.iter().filter(|(name, _)| !PUBLIC.contains(name));
        let texts = values.filter_map(|(_, value)| std::str::from_utf8(value.as_bytes()).ok());
        // `Bearer TOKEN` has two words.
        let words = texts.flat_map(str::split_whitespace).flat_map(parts);
        // As the server decodes it, and as written in the URL.
        let decoded = url.query_pairs().map(|(_, value)| value.into_owned());
        let pairs = url.query().unwrap_or_default().split('&');
        let written = pairs.map(|pair| pair.split_once('=').map_or(pair, |(_, value)| value).to_owned());
        let mut all: Vec<String> = words.chain(decoded).chain(written).collect();
        all.extend(url.password().map(str::to_owned));
        all.retain(|secret| secret.len() >= SHORTEST);
        Self::default().with(all)
    }

    /// Adds the secrets of a JSON body.
    pub(in crate::transport) fn and_of_body(self, body: &[u8]) -> Self {
        let mut words = Vec::new();
        if let Ok(body) = serde_json::from_slice(body) {
            add_long_words(&body, &mut words);
        }
        self.with(words)
    }

    fn with(mut self, secrets: Vec<String>) -> Self {
        self.0.extend(secrets.iter().map(|secret| as_in_json(secret)));
        self.0.extend(secrets);
        self.0.sort_by(|one, other| (Reverse(one.len()), one).cmp(&(Reverse(other.len()), other)));
        self.0.dedup();
        self
    }

    /// The beginning of a text on one line, with each secret replaced by `…`.
    pub(in crate::transport) fn excerpt(&self, text: &str) -> String {
        excerpt(&self.hide(text))
    }

    /// Whether a text contains a secret.
    pub(super) fn are_in(&self, text: &str) -> bool {
        self.0.iter().any(|secret| text.contains(secret.as_str()))
    }

    fn hide<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let found = self.0.iter().filter(|secret| text.contains(secret.as_str()));
        found.fold(Cow::Borrowed(text), |text, secret| Cow::Owned(text.replace(secret, "…")))
    }
}

/// A word of a header and its parts: the value of a cookie, or the user and password of basic
/// authentication.
fn parts(word: &str) -> Vec<String> {
    let word = word.trim_end_matches([';', ',']);
    let mut parts = vec![word.to_owned()];
    parts.extend(word.split_once('=').map(|(_, value)| value.trim_matches('"').to_owned()));
    let decoded = BASE64_STANDARD.decode(word).ok().and_then(|pair| String::from_utf8(pair).ok());
    if let Some((user, password)) = decoded.as_deref().and_then(|pair| pair.split_once(':')) {
        // A user name without a password is a key.
        parts.push(if password.is_empty() { user } else { password }.to_owned());
    }
    parts
}

fn add_long_words(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            words.extend(text.split_whitespace().filter(|word| word.len() >= LONG_WORD).map(str::to_owned));
        }
        Value::Array(items) => items.iter().for_each(|item| add_long_words(item, words)),
        Value::Object(fields) => fields.values().for_each(|field| add_long_words(field, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The text as written in a JSON string.
fn as_in_json(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn hidden(body: &str) -> String {
        let url = Url::parse("https://me:pass-word@host/start?token=query-secret&short=abc").unwrap();
        let headers = [
            (header::AUTHORIZATION, "Bearer header-secret".parse().unwrap()),
            (header::CONTENT_TYPE, "application/json".parse().unwrap()),
        ];
        Secrets::of(&url, &headers.into_iter().collect()).hide(body).into_owned()
    }

    #[test]
    fn what_was_sent_is_not_repeated() {
        let said = hidden(
            r#"{"detail":"bad token header-secret of query-secret, pass-word: Bearer header-secret"}"#,
        );
        assert_eq!(said, r#"{"detail":"bad token … of …, …: … …"}"#);
    }

    #[test]
    fn every_form_of_a_secret_is_hidden() {
        let url = Url::parse("https://host/start?token=a/b%26c%20d&key-alone").unwrap();
        let headers = [
            (header::AUTHORIZATION, HeaderValue::from_str("päss-word").unwrap()),
            (header::COOKIE, HeaderValue::from_static(r#"with"quote"#)),
        ];
        let secrets = Secrets::of(&url, &headers.into_iter().collect());
        for form in ["a/b&c d", "a/b%26c%20d", "key-alone", "päss-word", "with\"quote", r#"with\"quote"#] {
            assert_eq!(secrets.excerpt(&format!("not {form}!")), "not …!", "{form}");
        }
    }

    #[test]
    fn cookies_and_credentials_are_hidden_part_by_part() {
        let url = Url::parse("https://host/start").unwrap();
        let headers = [
            (header::COOKIE, HeaderValue::from_static("lb=cookie-secret; b=other-secret")),
            (header::AUTHORIZATION, HeaderValue::from_static("Basic dXNlcm5hbWU6cGFzcy1zZWNyZXQ=")),
            (header::HOST, HeaderValue::from_static("bot.example")),
            (header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br")),
        ];
        let secrets = Secrets::of(&url, &headers.into_iter().collect());
        let said = "username pass-secret dXNlcm5hbWU6cGFzcy1zZWNyZXQ= lb=cookie-secret other-secret bot.example deflate";
        assert_eq!(secrets.hide(said), "username … … … … bot.example deflate");
        let key = [(header::AUTHORIZATION, HeaderValue::from_static("Basic a2V5LXNlY3JldDo="))];
        assert_eq!(Secrets::of(&url, &key.into_iter().collect()).hide("no key-secret"), "no …");
    }

    #[test]
    fn long_words_of_the_body_are_not_repeated() {
        let sent = r#"{"agent":"my-agent","sdp":"v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\n","keys":[{"api":"sk-0123456789abcdefghijkl"}]}"#;
        let secrets = Secrets::default().and_of_body(sent.as_bytes());
        let hidden = r#"{"agent":"my-agent","sdp":"v=0\r\na=ice-ufrag:abcd\r\n…\r\n","keys":[{"api":"…"}]}"#;
        assert_eq!(secrets.hide(sent), hidden);
    }

    #[test]
    fn everything_else_stays() {
        let said = r#"{"detail":"abc is no application/json"}"#;
        assert_eq!(hidden(said), said);
    }
}
