//! What of a request must not come back in an error: a server may repeat what it was sent.
//!
//! Pure. What an app puts into a request's headers and its URL's query counts as secret, whatever it is; so does every long word of
//! its body: keys, and the passwords of a session description.

use std::borrow::Cow;

use http::{HeaderMap, header};
use serde_json::Value;
use url::Url;

/// What is shorter than this is no secret, and would be found everywhere.
const SHORTEST: usize = 6;
/// A word of a body that is shorter than this may be a name that the server's text is about.
const LONG_WORD: usize = 20;

/// The secrets of one request, the longest first.
#[derive(Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    pub(crate) fn of(url: &Url, headers: &HeaderMap) -> Self {
        let values = headers.iter().filter(|(name, _)| *name != header::CONTENT_TYPE);
        // `Bearer TOKEN` has two words.
        let words = values.filter_map(|(_, value)| value.to_str().ok()).flat_map(str::split_whitespace);
        let queries = url.query_pairs().map(|(_, value)| value.into_owned());
        let mut all: Vec<String> = words.map(str::to_owned).chain(queries).collect();
        all.extend(url.password().map(str::to_owned));
        all.retain(|secret| secret.len() >= SHORTEST);
        Self(all).sorted()
    }

    /// Those of a JSON body, too.
    pub(super) fn and_of_body(mut self, body: &[u8]) -> Self {
        if let Ok(body) = serde_json::from_slice(body) {
            add_long_words(&body, &mut self.0);
        }
        self.sorted()
    }

    fn sorted(mut self) -> Self {
        self.0.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        self
    }

    /// A body with a sign in the place of each secret. One that is no text stays as it is.
    pub(super) fn hide<'a>(&self, body: &'a [u8]) -> Cow<'a, [u8]> {
        let Ok(text) = std::str::from_utf8(body) else { return Cow::Borrowed(body) };
        if !self.0.iter().any(|secret| text.contains(secret)) {
            return Cow::Borrowed(body);
        }
        let hidden = self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "…"));
        Cow::Owned(hidden.into_bytes())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(body: &[u8]) -> String {
        let url = Url::parse("https://me:pass-word@host/start?token=query-secret&short=abc").unwrap();
        let headers = [
            (header::AUTHORIZATION, "Bearer header-secret".parse().unwrap()),
            (header::CONTENT_TYPE, "application/json".parse().unwrap()),
        ];
        String::from_utf8_lossy(&Secrets::of(&url, &headers.into_iter().collect()).hide(body)).into_owned()
    }

    #[test]
    fn what_was_sent_is_not_repeated() {
        let said = hidden(
            br#"{"detail":"bad token header-secret of query-secret, pass-word: Bearer header-secret"}"#,
        );
        assert_eq!(said, r#"{"detail":"bad token … of …, …: … …"}"#);
    }

    #[test]
    fn long_words_of_the_body_are_not_repeated() {
        let sent = br#"{"agent":"my-agent","sdp":"v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\n","keys":[{"api":"sk-0123456789abcdefghijkl"}]}"#;
        let secrets = Secrets::default().and_of_body(sent);
        let said = secrets.hide(sent);
        let hidden = r#"{"agent":"my-agent","sdp":"v=0\r\na=ice-ufrag:abcd\r\n…\r\n","keys":[{"api":"…"}]}"#;
        assert_eq!(String::from_utf8_lossy(&said), hidden);
    }

    #[test]
    fn everything_else_stays() {
        let said = r#"{"detail":"abc is no application/json"}"#;
        assert_eq!(hidden(said.as_bytes()), said);
        assert_eq!(hidden(&[0xff, 0xfe]).chars().count(), 2);
    }
}
