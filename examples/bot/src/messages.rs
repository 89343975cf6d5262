//! RTVI messages of the server, built as plain JSON.
//!
//! The form is that of pipecat-ai 1.14.0: no `id` except in answers, and no `data` key without
//! data.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

/// A message without data.
pub(crate) fn bare(kind: &str) -> Value {
    json!({ "label": "rtvi-ai", "type": kind })
}

/// A message with data.
pub(crate) fn with(kind: &str, data: Value) -> Value {
    json!({ "label": "rtvi-ai", "type": kind, "data": data })
}

/// An answer: a message with the id of the message that it answers.
pub(crate) fn answer(kind: &str, id: &str, data: Value) -> Value {
    json!({ "label": "rtvi-ai", "type": kind, "id": id, "data": data })
}

/// `error-response`.
pub(crate) fn error_response(id: &str, error: &str) -> Value {
    answer("error-response", id, json!({ "error": error }))
}

/// `server-response`; without `d` if that is null.
pub(crate) fn server_response(id: &str, request: &str, data: Value) -> Value {
    let data = if data.is_null() { json!({ "t": request }) } else { json!({ "t": request, "d": data }) };
    answer("server-response", id, data)
}

/// `server-message`; without `data` if that is null.
pub(crate) fn server_message(data: Value) -> Value {
    if data.is_null() { bare("server-message") } else { with("server-message", data) }
}

/// A message with the data `{"text": …}`.
pub(crate) fn text(kind: &str, text: &str) -> Value {
    with(kind, json!({ "text": text }))
}

/// `time` in the server's format: ISO 8601 in UTC with milliseconds.
pub(crate) fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let (days, second) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    let (second, milli) = (second % 60, since.subsec_millis());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}+00:00")
}

/// The Gregorian date of a day counted from 1970-01-01.
fn civil(mut days: u64) -> (u64, usize, u64) {
    let mut year = 1970;
    let leap = |year: u64| (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_for_no_data() {
        assert_eq!(server_message(Value::Null), json!({ "label": "rtvi-ai", "type": "server-message" }));
        assert_eq!(server_response("1", "null", Value::Null)["data"], json!({ "t": "null" }));
        assert_eq!(server_response("1", "x", json!({ "a": null }))["data"]["d"], json!({ "a": null }));
    }

    #[test]
    fn timestamps_know_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00.000+00:00"),
            (951_827_696, "2000-02-29T12:34:56.000+00:00"),
            (1_795_226_259, "2026-11-21T01:57:39.000+00:00"),
            (1_735_689_599, "2024-12-31T23:59:59.000+00:00"),
        ] {
            assert_eq!(timestamp(UNIX_EPOCH + Duration::from_secs(seconds)), expected);
        }
    }
}
