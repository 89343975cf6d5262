//! Reads the answer of an HTTP endpoint: the JSON object, or the server's own text about what is
//! wrong.
//!
//! Pure: bytes in, values out. Never puts a whole page into an error.

use http::StatusCode;
use serde_json::{Map, Value};

use super::Secrets;
use crate::protocol::json_text;

/// The JSON object of a successful answer. Otherwise, a text that describes what came instead,
/// without the secrets of the request.
pub(crate) fn json_object(body: &[u8], secrets: &Secrets) -> Result<Map<String, Value>, String> {
    match json_text::read(without_mark(body)) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => Err(format!("{}, not a JSON object", kind_of(&other))),
        Err(_) => Err(format!("{}, not a JSON object", describe(body, secrets))),
    }
}

/// A status as text: `404 Not Found`.
pub(crate) fn status_text(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// The text of a refusal: the status and the server's own text, if it sent any, without the secrets
/// of the request.
pub(crate) fn refusal(status: StatusCode, body: &[u8], secrets: &Secrets) -> String {
    let status = status_text(status);
    match words(body, secrets) {
        Some(words) => format!("{status}: {words}"),
        None => status,
    }
}

/// The server's text in an error body: `info`, else `detail`, else what other servers use, else the
/// body itself.
fn words(body: &[u8], secrets: &Secrets) -> Option<String> {
    let body = without_mark(body);
    match json_text::read(body) {
        Ok(Value::Object(object)) => ["info", "detail", "error", "message"]
            .iter()
            .find_map(|key| detail(object.get(*key)?, secrets))
            .or_else(|| Some(secrets.excerpt(&Value::Object(object).to_string()))),
        Ok(Value::Null) => None,
        Ok(other) => Some(secrets.excerpt(&other.to_string())),
        Err(_) if body.trim_ascii().is_empty() => None,
        Err(_) => Some(describe(body, secrets)),
    }
}

/// An error detail as text: a string, FastAPI's list of `{loc, msg}`, or other JSON unchanged.
fn detail(value: &Value, secrets: &Secrets) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(secrets.excerpt(text)),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(validation_item).collect();
            Some(secrets.excerpt(&items.join("; "))).filter(|text| !text.is_empty())
        }
        other => Some(secrets.excerpt(&other.to_string())),
    }
}

/// One entry of FastAPI's list, as `body.type: Field required`. Its `input` is omitted because it
/// may contain secrets.
fn validation_item(item: &Value) -> String {
    let Some(message) = item.get("msg").and_then(Value::as_str) else {
        return item.as_str().map_or_else(|| item.to_string(), str::to_owned);
    };
    let place: Vec<_> =
        item.get("loc").and_then(Value::as_array).into_iter().flatten().map(place_part).collect();
    if place.is_empty() { message.to_owned() } else { format!("{}: {message}", place.join(".")) }
}

fn place_part(part: &Value) -> String {
    part.as_str().map_or_else(|| part.to_string(), str::to_owned)
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "JSON null",
        Value::Bool(_) => "a JSON boolean",
        Value::Number(_) => "a JSON number",
        Value::String(_) => "a JSON string",
        Value::Array(_) => "a JSON array",
        Value::Object(_) => "a JSON object",
    }
}

/// The body without the byte order mark that some servers put before UTF-8.
fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Describes a body that is not JSON.
pub(super) fn describe(body: &[u8], secrets: &Secrets) -> String {
    let body = without_mark(body).trim_ascii();
    if body.is_empty() {
        return "an empty body".to_owned();
    }
    if let Some(encoding) = other_encoding(body) {
        return format!("text in {encoding}, which must be UTF-8");
    }
    let Ok(text) = std::str::from_utf8(body) else {
        return unreadable(body);
    };
    if text.starts_with('<') {
        return "an HTML page".to_owned();
    }
    format!("the text \"{}\"", secrets.excerpt(text))
}

/// The encoding of a text in UTF-16 or UTF-32, detected by its byte order mark or by the zeros
/// around the ASCII character that JSON begins with.
fn other_encoding(body: &[u8]) -> Option<&'static str> {
    let first = body.first_chunk::<4>()?;
    match (first, first.map(|byte| byte == 0)) {
        ([0xff, 0xfe, 0, 0] | [0, 0, 0xfe, 0xff], _) => Some("UTF-32"),
        (_, [true, true, true, false] | [false, true, true, true]) => Some("UTF-32"),
        ([0xff, 0xfe, ..] | [0xfe, 0xff, ..], _) => Some("UTF-16"),
        (_, [true, false, true, false] | [false, true, false, true]) => Some("UTF-16"),
        _ => None,
    }
}

/// Describes bytes that are not UTF-8. Text in an older encoding has no control characters.
fn unreadable(body: &[u8]) -> String {
    let is_text = !body.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace());
    if is_text { "text that is not UTF-8".to_owned() } else { format!("{} bytes of binary data", body.len()) }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use url::Url;

    use super::*;

    fn refused(body: &str) -> String {
        refusal(StatusCode::BAD_REQUEST, body.as_bytes(), &Secrets::default())
    }

    #[test]
    fn the_servers_words_are_found() {
        assert_eq!(refused(r#"{"info":"full","detail":"other"}"#), "400 Bad Request: full");
        assert_eq!(refused(r#"{"info":null,"detail":"no such agent"}"#), "400 Bad Request: no such agent");
        assert_eq!(refused(r#"{"error":"limit"}"#), "400 Bad Request: limit");
        assert_eq!(refused(r#"{"code":7}"#), r#"400 Bad Request: {"code":7}"#);
        assert_eq!(refused("busy"), "400 Bad Request: the text \"busy\"");
        assert_eq!(refused(""), "400 Bad Request");
        assert_eq!(refused("null"), "400 Bad Request");
        assert_eq!(refused("<html><body>Oops</body></html>"), "400 Bad Request: an HTML page");
        assert_eq!(refusal(StatusCode::from_u16(599).unwrap(), b"", &Secrets::default()), "599");
    }

    #[test]
    fn fastapi_lists_are_readable_and_hide_the_input() {
        let body = r#"{"detail":[{"type":"missing","loc":["body","items",0,"sdp"],"msg":"Field required","input":{"key":"secret"}},{"msg":"bad"}]}"#;
        assert_eq!(refused(body), "400 Bad Request: body.items.0.sdp: Field required; bad");
        assert_eq!(refused(r#"{"detail":[]}"#), r#"400 Bad Request: {"detail":[]}"#);
    }

    #[test]
    fn what_json_escapes_is_hidden_as_well() {
        let url = Url::parse("https://host/start?token=live/secret").unwrap();
        let refused = |body: &str| {
            refusal(StatusCode::FORBIDDEN, body.as_bytes(), &Secrets::of(&url, &HeaderMap::new()))
        };
        assert_eq!(refused(r#"{"error":"no key live\/secret"}"#), "403 Forbidden: no key …");
        assert_eq!(refused(r#"{"error":{"key":"\u006cive/secret"}}"#), r#"403 Forbidden: {"key":"…"}"#);
        assert_eq!(refused(r#"[{"msg":"live\/secret"}]"#), r#"403 Forbidden: [{"msg":"…"}]"#);
        assert_eq!(refused("no key live/secret"), "403 Forbidden: the text \"no key …\"");
    }

    #[test]
    fn long_texts_are_cut_and_stay_on_a_line() {
        let text = refused(&format!("a\nb{}", "ä".repeat(500)));
        assert!(text.contains("a b") && text.ends_with("…\""));
        assert!(text.chars().count() < 250);
    }

    #[test]
    fn only_objects_are_answers() {
        assert_eq!(json_object(br#"{"a":1}"#, &Secrets::default()).unwrap()["a"], 1);
        let odd = json_object(br#"{"a":NaN,"b":"\ud83d"}"#, &Secrets::default()).unwrap();
        assert_eq!((&odd["a"], &odd["b"]), (&Value::Null, &Value::from("\u{fffd}")));
        for (body, said) in [
            ("[1]", "a JSON array"),
            ("\"x\"", "a JSON string"),
            ("", "an empty body"),
            (" <!doctype html>", "an HTML page"),
            ("ok", "the text \"ok\""),
            ("{\"a\":", "the text \"{\"a\":\""),
        ] {
            assert_eq!(
                json_object(body.as_bytes(), &Secrets::default()).unwrap_err(),
                format!("{said}, not a JSON object")
            );
        }
        assert_eq!(
            json_object(&[0xff, 0], &Secrets::default()).unwrap_err(),
            "2 bytes of binary data, not a JSON object"
        );
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        let body = "\u{feff}{\"a\":1}";
        assert_eq!(json_object(body.as_bytes(), &Secrets::default()).unwrap()["a"], 1);
        assert_eq!(refused("\u{feff}{\"detail\":\"full\"}"), "400 Bad Request: full");
        assert_eq!(refused("\u{feff}busy"), "400 Bad Request: the text \"busy\"");
        assert_eq!(refused("\u{feff}"), "400 Bad Request");
    }

    #[test]
    fn other_encodings_are_named() {
        let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
        let little = |text: &str| units(text).into_iter().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let big = |text: &str| units(text).into_iter().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        let wide =
            |text: &str| text.chars().flat_map(|sign| u32::from(sign).to_le_bytes()).collect::<Vec<_>>();
        let object = r#"{"a":1}"#;
        for (body, said) in [
            (little(object), "text in UTF-16, which must be UTF-8"),
            (big(object), "text in UTF-16, which must be UTF-8"),
            (little(&format!("\u{feff}{object}")), "text in UTF-16, which must be UTF-8"),
            (big(&format!("\u{feff}{object}")), "text in UTF-16, which must be UTF-8"),
            (wide(object), "text in UTF-32, which must be UTF-8"),
            (b"{\"a\":\"\xe4\"".to_vec(), "text that is not UTF-8"),
            (b"\x1f\x8b\x08\xff".to_vec(), "4 bytes of binary data"),
        ] {
            let error = json_object(&body, &Secrets::default()).unwrap_err();
            assert_eq!(error, format!("{said}, not a JSON object"));
            let refused = refusal(StatusCode::BAD_REQUEST, &body, &Secrets::default());
            assert_eq!(refused, format!("400 Bad Request: {said}"));
        }
        let mended = json_object(b"{\"a\":\"\xe4\"}", &Secrets::default()).unwrap();
        assert_eq!(mended["a"], "\u{fffd}", "one sign costs no answer");
    }
}
