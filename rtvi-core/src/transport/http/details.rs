//! The machine-readable details of a refusal: the server's own code, and its requested wait.
//!
//! Pure except for the system's clock, which is read if a `Retry-After` is a date and the answer
//! has no `Date`.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, header};
use serde_json::Value;

use crate::{error::Error, protocol::json_text};

use super::Secrets;

/// Where an error body has its code: at the top level, or in one of these members.
const PLACES: [&str; 2] = ["error", "detail"];

/// The machine-readable details of an error answer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Details {
    code: Option<String>,
    retry_after: Option<Duration>,
}

impl Details {
    /// Reads the details. A code that repeats a secret of the request is omitted.
    pub(crate) fn read(headers: &HeaderMap, body: &[u8], secrets: &Secrets) -> Self {
        let code = code(body).filter(|code| !secrets.are_in(code));
        Self { code, retry_after: retry_after(headers) }
    }

    /// Adds the details to an error.
    pub(crate) fn add_to(self, mut error: Error) -> Error {
        if let Some(code) = self.code {
            error = error.with_code(&code);
        }
        match self.retry_after {
            Some(wait) => error.with_retry_after(wait),
            None => error,
        }
    }
}

/// `{"code": "PCC-1004"}`, `{"code": 429}`, or the same within `error` or `detail`.
fn code(body: &[u8]) -> Option<String> {
    let body = json_text::read(body).ok()?;
    let inner = PLACES.iter().filter_map(|place| body.get(place));
    std::iter::once(&body).chain(inner).find_map(|object| text(object.get("code")?))
}

fn text(code: &Value) -> Option<String> {
    match code {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `Retry-After` (RFC 9110 §10.2.3): seconds or a date. A date in the past means no wait.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit()) {
        // More digits than fit mean the longest wait.
        return Some(text.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = date(headers, &header::DATE).unwrap_or_else(SystemTime::now);
    Some(until.duration_since(now).unwrap_or_default())
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::error::ErrorKind;

    fn code_of(body: &str) -> Option<String> {
        Details::read(&HeaderMap::new(), body.as_bytes(), &Secrets::default()).code
    }

    fn wait(headers: &[(HeaderName, &str)]) -> Option<u64> {
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        Details::read(&headers, b"", &Secrets::default()).retry_after.map(|wait| wait.as_secs())
    }

    #[test]
    fn codes_are_found_wherever_servers_put_them() {
        for (body, code) in [
            (r#"{"error":"no billing","code":"PCC-1004"}"#, Some("PCC-1004")),
            (r#"{"status":429,"code":"429","message":"later"}"#, Some("429")),
            (r#"{"code":429}"#, Some("429")),
            (r#"{"error":{"message":"full","code":"PCC-AGENT-AT-CAPACITY"}}"#, Some("PCC-AGENT-AT-CAPACITY")),
            (r#"{"detail":{"code":-7}}"#, Some("-7")),
            (r#"{"code":null,"error":{"code":"inner"}}"#, Some("inner")),
            (r#"{"code":"","detail":"x"}"#, None),
            (r#"{"code":{"a":1}}"#, None),
            (r#"{"code":true}"#, None),
            (r#"["code"]"#, None),
            (r#"{"error":"code"}"#, None),
            ("code", None),
            ("", None),
        ] {
            assert_eq!(code_of(body).as_deref(), code, "{body}");
        }
    }

    #[test]
    fn a_secret_is_no_code() {
        let url = Url::parse("https://host/start?key=query-secret").unwrap();
        let headers: HeaderMap =
            [(header::AUTHORIZATION, "Bearer pk_secret-key".parse().unwrap())].into_iter().collect();
        let secrets = Secrets::of(&url, &headers);
        for body in [r#"{"code":"pk_secret-key"}"#, r#"{"code":"no query-secret"}"#] {
            assert_eq!(Details::read(&headers, body.as_bytes(), &secrets).code, None, "{body}");
        }
        assert!(Details::read(&headers, br#"{"code":"PCC-1002"}"#, &secrets).code.is_some());
    }

    #[test]
    fn waits_are_seconds_or_dates() {
        let (name, date) = (header::RETRY_AFTER, header::DATE);
        assert_eq!(wait(&[(name.clone(), "7")]), Some(7));
        assert_eq!(wait(&[(name.clone(), " 0 ")]), Some(0));
        assert_eq!(wait(&[(name.clone(), "99999999999999999999999")]), Some(u64::MAX));
        let until = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(wait(&[(name.clone(), until), (date.clone(), "Sun, 06 Nov 1994 08:49:30 GMT")]), Some(7));
        assert_eq!(wait(&[(name.clone(), "Sunday, 06-Nov-94 08:49:37 GMT"), (date, until)]), Some(0));
        assert_eq!(wait(&[(name.clone(), until)]), Some(0), "it has passed");
        for bad in ["", "soon", "-1", "1.5", "7s"] {
            assert_eq!(wait(&[(name.clone(), bad)]), None, "{bad}");
        }
        assert_eq!(wait(&[]), None);
    }

    #[test]
    fn an_error_gets_them() {
        let details = Details { code: Some("PCC-1".to_owned()), retry_after: Some(Duration::from_secs(3)) };
        let error = details.add_to(Error::new(ErrorKind::StartBotFailed, "no"));
        assert_eq!((error.code(), error.retry_after()), (Some("PCC-1"), Some(Duration::from_secs(3))));
        let plain = Error::new(ErrorKind::StartBotFailed, "no");
        assert_eq!(Details::default().add_to(plain.clone()), plain);
    }
}
