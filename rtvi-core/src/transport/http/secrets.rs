//! What of a request must not come back in an error: a server may repeat what it was sent.
//!
//! Pure. What an app puts into a request's headers and its URL's query counts as secret, whatever it is.

use std::{borrow::Cow, cmp::Reverse};

use http::{HeaderMap, header};
use serde_json::Value;
use url::Url;

use crate::error::excerpt;

/// What is shorter than this is no secret, and would be found everywhere.
const SHORTEST: usize = 6;

/// The secrets of one request in every form in which they may come back, the longest first.
#[derive(Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    pub(crate) fn of(url: &Url, headers: &HeaderMap) -> Self {
        let values = headers.iter().filter(|(name, _)| *name != header::CONTENT_TYPE);
        let texts = values.filter_map(|(_, value)| std::str::from_utf8(value.as_bytes()).ok());
        // `Bearer TOKEN` has two words.
        let words = texts.flat_map(str::split_whitespace).map(str::to_owned);
        // As the server reads it, and as it stands in the URL.
        let decoded = url.query_pairs().map(|(_, value)| value.into_owned());
        let pairs = url.query().unwrap_or_default().split('&');
        let written = pairs.map(|pair| pair.split_once('=').map_or(pair, |(_, value)| value).to_owned());
        let mut all: Vec<String> = words.chain(decoded).chain(written).collect();
        all.extend(url.password().map(str::to_owned));
        all.retain(|secret| secret.len() >= SHORTEST);
        let in_json: Vec<String> = all.iter().map(|secret| as_in_json(secret)).collect();
        all.extend(in_json);
        all.sort_by(|one, other| (Reverse(one.len()), one).cmp(&(Reverse(other.len()), other)));
        all.dedup();
        Self(all)
    }

    /// The beginning of a text on one line, with a sign in the place of each secret.
    pub(super) fn excerpt(&self, text: &str) -> String {
        excerpt(&self.hide(text))
    }

    fn hide<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let found = self.0.iter().filter(|secret| text.contains(secret.as_str()));
        found.fold(Cow::Borrowed(text), |text, secret| Cow::Owned(text.replace(secret, "…")))
    }
}

/// The text as a JSON string holds it.
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
    fn everything_else_stays() {
        let said = r#"{"detail":"abc is no application/json"}"#;
        assert_eq!(hidden(said), said);
    }
}
